use std::time::Instant;

use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::{import, wait_until};
use crate::user::User;

/// From the cancel of an import whose rows are nearly all stored to `cancelled`, proof included.
pub async fn measure(client: &Client, user: &User, rows: u64) -> Result<Value> {
    let import = import(user, rows)?;
    let most = format!(
        "SELECT rows_imported >= {} FROM import WHERE uid = $1",
        rows / 2
    );
    wait_until(client, &most, &import).await?;
    user.post(&format!("{}pause/", import.path), &json!({}))?;
    let calm = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE xact_start IS NOT NULL \
         AND application_name = 'import-chunk') AND state = 'paused' FROM import WHERE uid = $1";
    wait_until(client, calm, &import).await?;
    let begin = Instant::now();
    user.post(&format!("{}cancel/", import.path), &json!({}))?;
    let ended = "SELECT state = 'cancelled' FROM import WHERE uid = $1";
    wait_until(client, ended, &import).await?;
    let took = begin.elapsed().as_secs_f64();
    let proof = "SELECT rows_deleted, rows_remaining FROM import WHERE uid = $1";
    let proof = client.query_one(proof, &[&import.uid]).await?;
    let (deleted, remaining): (i64, i64) = (proof.get(0), proof.get(1));
    let per_million = took * 1e6 / deleted as f64;
    println!(
        "cancel to fully taken back: {per_million:.2} s per million rows \
         ({deleted} rows in {took:.2} s, {remaining} left)"
    );
    Ok(json!({"rows": deleted, "seconds": took, "seconds_per_million": per_million}))
}
