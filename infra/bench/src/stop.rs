//! `bench stop`: how soon a cancel holds, how long a rollback takes, how soon imports go on after
//! PostgreSQL has crashed.

mod crash;
mod take_back;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use xtask::measurements::StopOptions;

use crate::sample_file::SampleFile;
use crate::server::connect_to_product;
use crate::user::{Import, User};
use crate::{environment, report};

/// Measures, prints and writes.
pub async fn run(options: StopOptions) -> Result<()> {
    println!("bench stop, {}", environment::machine());
    let figures = all(&options).await?;
    report::write("stop", &figures)
}

async fn all(options: &StopOptions) -> Result<Value> {
    let client = connect_to_product().await?;
    let user = User::sign_up()?;
    let cancels = cancels(&client, &user, options.cancels).await?;
    let taken_back = take_back::measure(&client, &user, options.rows).await?;
    let mut crashes = Vec::new();
    for _ in 0..options.crashes {
        // The session of the one before was killed.
        crashes.push(crash::measure(&connect_to_product().await?, &user).await?);
    }
    Ok(json!({"cancels": cancels, "taken_back": taken_back, "crashes": crashes}))
}

/// From the request to the answer, from which on no row is visible. Also the UPDATE alone: the
/// local cloud makes a request slower than it is anywhere else.
async fn cancels(client: &Client, user: &User, count: usize) -> Result<Value> {
    let mut answered = Vec::new();
    let mut updated = Vec::new();
    for number in 0..count {
        let import = user.post(
            "/collect/team/",
            &json!({"filename": "bench.csv", "size": 1000 + number}),
        )?;
        let path = format!("/collect/team/{}/cancel/", import["id"]);
        let begin = Instant::now();
        user.post(&path, &json!({}))?;
        answered.push(begin.elapsed());
        updated.push(cancel_alone(client).await?);
    }
    Ok(json!({
        "answered_ms": shown("cancel, from request to answer, through the local cloud", answered),
        "updated_ms": shown("its UPDATE and commit alone", updated),
    }))
}

fn shown(what: &str, mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let (p50, p99, count) = (at(&times, 50), at(&times, 99), times.len());
    println!("{what}: p50 {p50:.1} ms, p99 {p99:.1} ms ({count} times)");
    json!({"p50": p50, "p99": p99, "count": count})
}

/// The statement of a cancel alone, on an import of no user.
async fn cancel_alone(client: &Client) -> Result<Duration> {
    let owner = Uuid::new_v4();
    let under_way = "INSERT INTO import (uid, owner, dataset, number, state, object_key, object_size, \
         upload_expires_at) VALUES (gen_random_uuid(), $1, 'team', 1, 'importing', 'x', 1, now())";
    client.execute(under_way, &[&owner]).await?;
    let begin = Instant::now();
    postgres::imports::cancel(client, owner, "team", 1).await?;
    let took = begin.elapsed();
    let gone = "DELETE FROM import WHERE owner = $1";
    client.execute(gone, &[&owner]).await?;
    Ok(took)
}

/// Milliseconds at this percentile of sorted times.
fn at(times: &[Duration], percent: usize) -> f64 {
    let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times
        .get(index)
        .map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
}

/// A baseline that has been uploaded.
fn import(user: &User, rows: u64) -> Result<Import> {
    let file = SampleFile::sales(rows)?;
    let import = user.ask_for_url("baseline", file.bytes)?;
    user.put(&import, &std::fs::read(&file.path)?)?;
    Ok(import)
}

/// Waits until the query, which takes the import's uid, says yes.
async fn wait_until(client: &Client, sql: &str, import: &Import) -> Result<()> {
    let begin = Instant::now();
    while !client
        .query_one(sql, &[&import.uid])
        .await?
        .get::<_, bool>(0)
    {
        if begin.elapsed() > Duration::from_secs(300) {
            bail!("{sql}: it did not happen to {}", import.uid);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!((at(&times, 50), at(&times, 99)), (100.0, 198.0));
        assert_eq!(at(&times[..1], 99), 1.0);
    }
}
