//! The main job on files of real size, for people to watch: a file of sales records all the way,
//! and a file of teams taken back half-way.

mod api;
mod watch;

use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use api::Api;
use watch::Watch;

use crate::progress::{Phase, say};
use crate::stack::Stack;
use crate::{database, env_file, sample, up};

const SALES_RECORDS: u64 = 100_000;
const TEAMS: u64 = 1_000_000;
/// Share of the teams that are in when the import is cancelled.
const CANCEL_AT: f64 = 0.4;

pub fn demo() -> Result<()> {
    let stack = Stack::up();
    up::up(&stack, true)?;
    let variables = env_file::read(&stack.env_file())?;
    let address = env_file::get(&variables, "API_URL")?;
    let user = sign_up(address)?;
    let mut api = Api::new(address);
    api.sign_in(&user.access);
    import_sales(&api)?;
    query_sales(&api)?;
    cancel_teams(&api)?;
    say(&format!(
        "see it all at {address}/console/: sign in as {} with the password {}",
        user.name, user.password
    ));
    Ok(())
}

/// A new user, of a stack that is thrown away.
pub struct SignedUp {
    name: String,
    password: String,
    pub access: String,
    pub refresh: String,
}

/// Signs a new user up, and in.
pub fn sign_up(address: &str) -> Result<SignedUp> {
    let api = Api::new(address);
    let name = format!("demo-{}", &database::random_password()?[..8]);
    let password = database::random_password()?;
    let login = json!({"username": name, "password": password});
    api.post("/auth/users/", &login)?;
    let tokens = api.post("/token/", &login)?;
    say(&format!("signed up as {name}"));
    let token = |name: &str| {
        let token = tokens[name].as_str().map(str::to_owned);
        token.with_context(|| format!("no {name} token"))
    };
    Ok(SignedUp {
        access: token("access")?,
        refresh: token("refresh")?,
        name,
        password,
    })
}

fn import_sales(api: &Api) -> Result<()> {
    let mut file = Vec::new();
    sample::sales_records(1, SALES_RECORDS, &mut file)?;
    let path = upload(api, "baseline", "100000-sales-records.csv", &file)?;
    let started = Instant::now();
    let import =
        Watch::new(api, &path, SALES_RECORDS).until(|import| import["status"] == "completed")?;
    let (rows, rejected) = (
        &import["progress"]["rows_imported"],
        &import["progress"]["rows_rejected"],
    );
    say(&format!(
        "completed in {:.1} s: {rows} rows, {rejected} rejected",
        started.elapsed().as_secs_f32()
    ));
    Ok(())
}

/// Asks for an upload URL and puts the file there; gives the path of the import.
fn upload(api: &Api, dataset: &str, name: &str, file: &[u8]) -> Result<String> {
    let request = json!({"filename": name, "size": file.len()});
    let import = api.post(&format!("/collect/{dataset}/"), &request)?;
    let phase = Phase::start(format!(
        "Uploading {name}, {:.1} MB",
        file.len() as f64 / 1e6
    ));
    api.put_object(&import["upload"], file)?;
    phase.done();
    Ok(format!("/collect/{dataset}/{}/", import["id"]))
}

fn query_sales(api: &Api) -> Result<()> {
    let path = "/collect/data/?from=2015-08-01&limit=3";
    let page = api.get(path)?;
    say(&format!(
        "GET {path}: {} rows, the newest of them:",
        page["count"]
    ));
    for row in page["results"].as_array().into_iter().flatten() {
        say(&summary(&row["data"]));
    }
    Ok(())
}

/// A row in a line: all fourteen columns would fill the screen.
fn summary(data: &Value) -> String {
    let text = |name: &str| data[name].as_str().unwrap_or_default().trim().to_owned();
    format!(
        "  {:<10}  {:<32}  {:<15}  {:>5} units  profit {}",
        text("Order Date"),
        text("Country"),
        text("Item Type"),
        data["Units Sold"],
        data["Total Profit"]
    )
}

fn cancel_teams(api: &Api) -> Result<()> {
    let mut file = Vec::new();
    sample::teams(1, TEAMS, &mut file)?;
    let path = upload(api, "team", "1000000-teams.csv", &file)?;
    let enough = |import: &Value| rows(import) as f64 > CANCEL_AT * TEAMS as f64;
    let import = Watch::new(api, &path, TEAMS).until(enough)?;
    api.post(&format!("{path}cancel/"), &json!({}))?;
    say(&format!(
        "POST {path}cancel/ with {} rows in",
        rows(&import)
    ));
    let import = Watch::new(api, &path, TEAMS).until(|import| import["status"] == "cancelled")?;
    say(&format!("cancelled; the proof: {}", import["rollback"]));
    Ok(())
}

fn rows(import: &Value) -> u64 {
    import["progress"]["rows_imported"]
        .as_u64()
        .unwrap_or_default()
}
