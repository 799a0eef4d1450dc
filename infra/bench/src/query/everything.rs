//! The list of all imports and exports, of a user who has a few and of one who has many: a page is to
//! cost the same.

use std::time::Instant;

use anyhow::{Result, bail};
use postgres::everything::{self, Wanted};
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::pages::shown;
use super::timing::{percentiles, through_handler};
use crate::report::grouped;
use crate::user::User;

/// How many imports the users have.
const FEW: i32 = 10;
const MANY: i32 = 10_000;

/// Entries of a page.
const LIMIT: i64 = 10;

/// As the queue of the template has it.
const VISIBILITY_SECONDS: i32 = 360;

const HEADING: &str = "| imports of a user | page of 10 | filter that nothing matches | its handler |\n|---|---|---|---|\n";

/// Times of a page, of a page under a filter that leaves nothing, and of the page through the handler.
pub async fn measure(client: &mut Client, samples: usize) -> Result<Value> {
    let mut users = Vec::new();
    for imports in [FEW, MANY] {
        let user = User::sign_up()?;
        let owner = user.owner(client).await?;
        fill(client, owner, imports).await?;
        users.push((imports, user, owner));
    }
    client
        .batch_execute("VACUUM ANALYZE import, import_event")
        .await?;
    let mut figures = Map::new();
    for (imports, user, owner) in users {
        let path = format!("/collect/imports/?limit={LIMIT}");
        let none = Wanted {
            states: Some(vec!["expired".to_owned()]),
            ..Wanted::default()
        };
        let figure = json!({
            "page": page(client, owner, &Wanted::default(), LIMIT, samples).await?,
            "no_match": page(client, owner, &none, 0, samples).await?,
            "handler": through_handler(&user, &path, samples)?,
        });
        println!("{imports} imports: {}", line(&figure));
        figures.insert(imports.to_string(), figure);
    }
    Ok(Value::Object(figures))
}

/// Beside the one that says who the user is.
async fn fill(client: &Client, owner: Uuid, imports: i32) -> Result<()> {
    let sql = "INSERT INTO import (uid, owner, dataset, number, state, object_key, object_size, \
             upload_expires_at, finished_at) \
         SELECT gen_random_uuid(), $1, 'team', n + 1, 'cancelled', 'uploads/team/x/file.csv', 1, \
             now(), now() FROM generate_series(1, $2::integer) AS n";
    client.execute(sql, &[&owner, &(imports - 1)]).await?;
    Ok(())
}

async fn page(
    client: &mut Client,
    owner: Uuid,
    wanted: &Wanted,
    entries: i64,
    samples: usize,
) -> Result<Value> {
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        let page = everything::page(client, owner, wanted, None, LIMIT, VISIBILITY_SECONDS).await?;
        times.push(begin.elapsed());
        if page.entries.len() as i64 != entries {
            bail!("a page of {} entries", page.entries.len());
        }
    }
    Ok(percentiles(times))
}

fn line(figure: &Value) -> String {
    ["page", "no_match", "handler"]
        .map(|key| format!("{key} {}", shown(&figure[key])))
        .join(", ")
        + " ms"
}

/// A table, and what a page of the many costs against one of the few.
pub fn text(figures: &Value) -> String {
    let row = |imports: i32| {
        let of = &figures[imports.to_string()];
        let cell = |key: &str| shown(&of[key]);
        let (page, no_match, handler) = (cell("page"), cell("no_match"), cell("handler"));
        let imports = grouped(f64::from(imports));
        format!("| {imports} | {page} | {no_match} | {handler} |\n")
    };
    let median = |imports: i32| figures[imports.to_string()]["page"]["p50_ms"].as_f64();
    let ratio = median(MANY).zip(median(FEW)).map(|(many, few)| many / few);
    format!(
        "The list of all imports and exports, milliseconds, p50 / p99. A page of the many costs {:.1} times one of the few.\n\n{HEADING}{}{}",
        ratio.unwrap_or(f64::NAN),
        row(FEW),
        row(MANY)
    )
}
