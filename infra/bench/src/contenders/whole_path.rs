use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use super::Arena;
use crate::api::PASSWORD;
use crate::measured::Measured;
use crate::sales_file::SalesFile;
use crate::{environment, processes};

/// The import is looked at so often; its times are the database's own.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const AT_MOST: Duration = Duration::from_secs(900);

/// A user of the running stack who uploads the file again and again.
pub struct WholePath {
    address: String,
    authorization: String,
    endpoint: String,
    file: Vec<u8>,
}

impl WholePath {
    /// Signs up.
    pub fn new(file: &SalesFile) -> Result<Self> {
        let mut path = Self {
            address: environment::required("API_URL")?,
            authorization: String::new(),
            endpoint: environment::required("AWS_ENDPOINT_URL")?,
            file: std::fs::read(&file.path)?,
        };
        let login = json!({
            "username": format!("bench-{}", Uuid::new_v4().simple()),
            "password": PASSWORD,
        });
        path.post("/auth/users/", &login)?;
        let tokens = path.post("/token/", &login)?;
        let access = tokens["access"].as_str().context("no token")?;
        path.authorization = format!("Bearer {access}");
        Ok(path)
    }

    /// From the object's arrival to `completed`, as the database dates it.
    pub async fn measure(&self, arena: &Arena) -> Result<Measured> {
        let client = connect().await?;
        let before = Functions::look(&self.endpoint);
        before.forget_peaks();
        let import = self.post(
            "/collect/baseline/",
            &json!({"filename": "bench.csv", "size": self.file.len()}),
        )?;
        tokio::task::block_in_place(|| self.put(&import["upload"]))?;
        let arrived = Timestamp::now();
        let watch = arena.server.watch().await?;
        let emulator = emulator_cpu(&before);
        let (uid, completed) = completed(&client).await?;
        let measured = arena.server.measured(&watch, arena.file.rows).await?;
        let after = Functions::look(&self.endpoint);
        let number = &import["id"];
        self.delete(&client, &format!("/collect/baseline/{number}/"), uid)
            .await?;
        Ok(Measured {
            seconds: completed.duration_since(arrived).as_secs_f64(),
            client_cpu: after.cpu_since(&before),
            emulator_cpu: Some(emulator_cpu(&after) - emulator),
            worker_peak: after.peak_of("ImportChunk"),
            planner_peak: after.peak_of("PlanChunks"),
            ..measured
        })
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let mut request = ureq::post(format!("{}{path}", self.address));
        if !self.authorization.is_empty() {
            request = request.header("Authorization", &self.authorization);
        }
        Ok(request.send_json(body)?.body_mut().read_json()?)
    }

    fn put(&self, upload: &Value) -> Result<()> {
        let mut request = ureq::put(upload["url"].as_str().context("no upload URL")?);
        for (name, value) in upload["headers"].as_object().into_iter().flatten() {
            // Both follow from the request itself.
            if !["content-length", "host"].contains(&name.to_lowercase().as_str()) {
                request = request.header(name, value.as_str().unwrap_or_default());
            }
        }
        request.send(&self.file[..])?;
        Ok(())
    }

    /// Leaves the next run an empty table. The rows go at once: taking back is measured elsewhere.
    async fn delete(&self, client: &Client, path: &str, uid: Uuid) -> Result<()> {
        client.batch_execute("TRUNCATE sales_record").await?;
        let address = format!("{}{path}", self.address);
        let request = ureq::delete(address).header("Authorization", &self.authorization);
        request.call()?;
        let sql = "SELECT state FROM import WHERE uid = $1";
        wait_for(client, sql, uid, |state| state == "deleted").await
    }
}

/// A session on the product's own database.
async fn connect() -> Result<Client> {
    let url = environment::required("DATABASE_URL")?;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Waits for the newest import to be completed; its uid and the time.
async fn completed(client: &Client) -> Result<(Uuid, Timestamp)> {
    let newest = "SELECT uid FROM import ORDER BY id DESC LIMIT 1";
    let uid: Uuid = client.query_one(newest, &[]).await?.get(0);
    let sql = "SELECT state FROM import WHERE uid = $1";
    wait_for(client, sql, uid, |state| state == "completed").await?;
    let sql = "SELECT finished_at FROM import WHERE uid = $1";
    Ok((uid, client.query_one(sql, &[&uid]).await?.get(0)))
}

async fn wait_for(
    client: &Client,
    sql: &str,
    uid: Uuid,
    enough: impl Fn(&str) -> bool,
) -> Result<()> {
    let began = std::time::Instant::now();
    loop {
        let state: String = client.query_one(sql, &[&uid]).await?.get(0);
        if enough(&state) {
            return Ok(());
        }
        if began.elapsed() > AT_MOST || ["failed", "cancelled"].contains(&state.as_str()) {
            bail!("the import is {state}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The stack's function processes and the CPU each has used.
struct Functions(HashMap<u32, (String, f64)>);

impl Functions {
    fn look(endpoint: &str) -> Self {
        let functions = processes::functions(endpoint).into_iter();
        Self(
            functions
                .map(|(pid, name)| (pid, (name, processes::cpu(pid))))
                .collect(),
        )
    }

    fn forget_peaks(&self) {
        self.0.keys().for_each(|pid| processes::forget_peak(*pid));
    }

    fn cpu_since(&self, before: &Self) -> f64 {
        let used = |(pid, (_, cpu)): (&u32, &(String, f64))| {
            cpu - before.0.get(pid).map_or(0.0, |(_, before)| *before)
        };
        self.0.iter().map(used).sum()
    }

    fn peak_of(&self, function: &str) -> Option<u64> {
        let pids = self
            .0
            .iter()
            .filter(|(_, (name, _))| name.contains(function));
        pids.filter_map(|(pid, _)| processes::peak(*pid)).max()
    }
}

/// The emulator started the functions.
fn emulator_cpu(functions: &Functions) -> f64 {
    let emulator = functions.0.keys().find_map(|pid| processes::parent(*pid));
    emulator.map_or(0.0, processes::cpu)
}
