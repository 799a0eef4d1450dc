use anyhow::{Context as _, Result, anyhow};
use aws::objects::Objects;
use clap::Args;
use domain::import::Import;
use domain::plan::{Chunk, Planner, Start};
use postgres::{imports, planning};
use uuid::Uuid;

use super::{say, say_peak};
use crate::{environment, server::Server};

/// Plans an import whose heading is stored.
#[derive(Args)]
pub struct Work {
    /// Database
    #[arg(long)]
    pub database: String,
    /// Import
    #[arg(long)]
    pub import: Uuid,
}

/// Reads the object once, commits chunks as their ends are known, says their numbers.
pub async fn run(work: Work) -> Result<()> {
    let database = Server::open()
        .await?
        .database(&work.database, "plan-chunks")?;
    let mut client = database.connection().await?;
    let import = imports::by_uid(&client, work.import)
        .await?
        .context("no such import")?;
    let config = aws::config().await;
    let objects = Objects::new(&config, environment::required("UPLOAD_BUCKET")?);
    let (byte, line) = import.after_heading()?;
    let version = import.pinned_version()?;
    let mut planner = Planner::by(
        &import.reading(),
        import.chunk_bytes.unwrap_or_default().into(),
        Start::after_heading(byte, line),
    );
    let size = import.object_size;
    let mut reader = objects
        .read(&import.object_key, version, byte, size)
        .await?;
    let (mut ready, mut total) = (Vec::new(), 0);
    while let Some(bytes) = reader.next().await? {
        planner
            .push(&bytes, &mut ready)
            .map_err(|reason| anyhow!(reason.to_string()))?;
        if !ready.is_empty() {
            planning::add_chunks(&mut client, &import, &ready).await?;
            total += say_all(&mut ready)?;
        }
    }
    ready.extend(
        planner
            .finish()
            .map_err(|reason| anyhow!(reason.to_string()))?,
    );
    end(&mut client, &import, total, ready).await?;
    say_peak()
}

async fn end(
    client: &mut postgres::Client,
    import: &Import,
    total: i32,
    mut rest: Vec<Chunk>,
) -> Result<()> {
    let total = total + i32::try_from(rest.len())?;
    planning::end_plan(client, import, &rest, total).await?;
    say_all(&mut rest)?;
    Ok(())
}

fn say_all(chunks: &mut Vec<Chunk>) -> Result<i32> {
    let count = i32::try_from(chunks.len())?;
    for chunk in chunks.drain(..) {
        say(&chunk.number.to_string())?;
    }
    Ok(count)
}
