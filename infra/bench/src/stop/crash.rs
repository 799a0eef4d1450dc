use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::{import, wait_until};
use crate::server::connect_to_product;
use crate::user::{Import, User};

/// Records of the import that is under way when the server crashes.
const ROWS: u64 = 1_000_000;
const AT_MOST: Duration = Duration::from_secs(300);

/// One session of the server is killed in mid-import: PostgreSQL ends all others, recovers from
/// its WAL and starts again, as it does after a crash of its machine.
pub async fn measure(client: &Client, user: &User) -> Result<Value> {
    let import = import(user, ROWS)?;
    let some = "SELECT chunks_done >= 2 FROM import WHERE uid = $1";
    wait_until(client, some, &import).await?;
    crash(client).await?;
    let begin = Instant::now();
    let client = until_connected(begin).await?;
    let database = begin.elapsed();
    while !user.is_answered() {
        give_up_after(begin)?;
    }
    let api = begin.elapsed();
    let done = chunks_done(&client, &import).await?;
    while chunks_done(&client, &import).await? == done && !completed(&client, &import).await? {
        give_up_after(begin)?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let moves = begin.elapsed();
    let ended = "SELECT state = 'completed' FROM import WHERE uid = $1";
    wait_until(&client, ended, &import).await?;
    let all = begin.elapsed();
    println!(
        "PostgreSQL crashed in mid-import: it answers after {}, the API after {}, the next chunk \
         is stored after {}, the import completed after {}",
        shown(database),
        shown(api),
        shown(moves),
        shown(all)
    );
    forget(&client, user, &import).await?;
    Ok(json!({
        "database_seconds": database.as_secs_f64(),
        "api_seconds": api.as_secs_f64(),
        "next_chunk_seconds": moves.as_secs_f64(),
        "completed_seconds": all.as_secs_f64(),
    }))
}

/// Kills one session, and no process but that.
async fn crash(client: &Client) -> Result<()> {
    let pid: i32 = client
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    let killed = Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status()?;
    match killed.success() {
        true => Ok(()),
        false => bail!("the session could not be killed"),
    }
}

async fn until_connected(begin: Instant) -> Result<Client> {
    // The server needs a moment to notice.
    tokio::time::sleep(Duration::from_millis(20)).await;
    loop {
        if let Ok(client) = connect_to_product().await
            && client.batch_execute("SELECT 1").await.is_ok()
        {
            return Ok(client);
        }
        give_up_after(begin)?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn give_up_after(begin: Instant) -> Result<()> {
    match begin.elapsed() > AT_MOST {
        true => bail!("it did not recover"),
        false => Ok(()),
    }
}

async fn chunks_done(client: &Client, import: &Import) -> Result<i32> {
    let sql = "SELECT chunks_done FROM import WHERE uid = $1";
    Ok(client.query_one(sql, &[&import.uid]).await?.get(0))
}

async fn completed(client: &Client, import: &Import) -> Result<bool> {
    let sql = "SELECT state = 'completed' FROM import WHERE uid = $1";
    Ok(client.query_one(sql, &[&import.uid]).await?.get(0))
}

/// Makes room for the next one.
async fn forget(client: &Client, user: &User, import: &Import) -> Result<()> {
    client.batch_execute("TRUNCATE sales_record").await?;
    user.delete(&import.path)?;
    let ended = "SELECT state = 'deleted' FROM import WHERE uid = $1";
    wait_until(client, ended, import).await
}

fn shown(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
