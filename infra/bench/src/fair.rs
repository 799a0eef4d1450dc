//! `bench fair`: how much longer an import takes while another user imports as much as they may.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;
use tokio::time::sleep;
use tokio_postgres::Client;
use uuid::Uuid;
use xtask::measurements::FairOptions;

use crate::server::connect_to_product;
use crate::user::{Import, User};
use crate::{environment, report};

/// The database has no event to wait for.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);
const GIVE_UP_AFTER: Duration = Duration::from_secs(600);

/// Measures, prints and writes.
pub async fn run(options: FairOptions) -> Result<()> {
    println!("bench fair, {}", environment::machine());
    let client = connect_to_product().await?;
    let (small, large) = (teams(options.rows)?, teams(options.crowd_rows)?);
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let user = User::sign_up()?;
        alone.push(import(&client, &user, &small).await?);
        let crowd = User::sign_up()?;
        let imports = begin_crowd(&client, &crowd, options.imports, &large).await?;
        beside.push(import(&client, &user, &small).await?);
        if !is_at_work(&client, &imports).await? {
            bail!("the others were done before it: take more of them, or larger ones");
        }
        for import in &imports {
            crowd.delete(&import.path)?;
        }
    }
    let (alone, beside) = (middle(alone), middle(beside));
    let ratio = beside / alone;
    println!(
        "alone {alone:.2} s, beside {} imports of another user {beside:.2} s: {ratio:.1} times as long",
        options.imports
    );
    let figures = json!({"alone_s": alone, "beside_s": beside, "ratio": ratio});
    report::write("fair", &figures)
}

fn teams(rows: u64) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    xtask::sample::teams(1, rows, &mut file)?;
    Ok(file)
}

/// Seconds from the upload to the moment when the rows appear.
async fn import(client: &Client, user: &User, file: &[u8]) -> Result<f64> {
    let import = uploaded(user, file)?;
    let begin = Instant::now();
    let sql = "SELECT state = 'completed' FROM import WHERE uid = $1";
    wait(client, sql, import.uid).await?;
    Ok(begin.elapsed().as_secs_f64())
}

fn uploaded(user: &User, file: &[u8]) -> Result<Import> {
    tokio::task::block_in_place(|| {
        let import = user.ask_for_url("team", file.len() as u64)?;
        user.put(&import, file)?;
        Ok(import)
    })
}

/// Begins the imports of the other user, and waits until workers store chunks of the last one.
async fn begin_crowd(
    client: &Client,
    crowd: &User,
    imports: usize,
    file: &[u8],
) -> Result<Vec<Import>> {
    let mut begun = Vec::new();
    for _ in 0..imports {
        begun.push(uploaded(crowd, file)?);
    }
    if let Some(last) = begun.last() {
        let sql = "SELECT chunks_done > 0 FROM import WHERE uid = $1";
        wait(client, sql, last.uid).await?;
    }
    Ok(begun)
}

async fn is_at_work(client: &Client, imports: &[Import]) -> Result<bool> {
    let uids: Vec<Uuid> = imports.iter().map(|it| it.uid).collect();
    let sql = "SELECT count(*) > 0 FROM import WHERE uid = ANY($1) AND state = 'importing'";
    Ok(client.query_one(sql, &[&uids]).await?.try_get(0)?)
}

async fn wait(client: &Client, sql: &str, uid: Uuid) -> Result<()> {
    let begin = Instant::now();
    while !client
        .query_one(sql, &[&uid])
        .await?
        .try_get::<_, bool>(0)?
    {
        if begin.elapsed() > GIVE_UP_AFTER {
            bail!("import {uid} does not get there");
        }
        sleep(LOOK_AGAIN_AFTER).await;
    }
    Ok(())
}

/// The middle one of some numbers.
fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
