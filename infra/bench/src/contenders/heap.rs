use anyhow::{Result, bail};
use domain::plan::Chunk;

use super::Arena;
use crate::children::heap_worker::TABLE;
use crate::children::{Said, Talking};
use crate::measured::Measured;

const DATABASE: &str = "bench_heap";
const STREAMS: u64 = 2;

/// Two processes, half the file each, from the disk into a table without an index.
pub async fn measure(arena: &Arena) -> Result<Measured> {
    let server = &arena.server;
    server.create(DATABASE).await?;
    let mut client = server.connect(DATABASE).await?;
    postgres::migrations::run(&mut client).await?;
    let bare = format!("CREATE TABLE {TABLE} (LIKE sales_record)");
    client.batch_execute(&bare).await?;
    let parts = arena.file.parts(STREAMS)?;
    let watch = server.watch().await?;
    let peaks = tokio::task::block_in_place(|| run_children(arena, &parts))?;
    let measured = server.measured(&watch, arena.file.rows).await?;
    super::programs::demand_rows(&client, TABLE, arena.file.rows).await?;
    drop(client);
    server.drop(DATABASE).await?;
    Ok(Measured {
        worker_peak: peaks.into_iter().max(),
        ..measured
    })
}

fn run_children(arena: &Arena, parts: &[Chunk]) -> Result<Vec<u64>> {
    let children = parts
        .iter()
        .map(|part| Talking::start(&arguments(arena, part)));
    let children = children.collect::<Result<Vec<_>, _>>()?;
    children.into_iter().map(end).collect()
}

fn end(mut child: Talking) -> Result<u64> {
    match child.listen()? {
        Said::Peak(bytes) => child.end().map(|()| bytes),
        Said::Chunk(_) => bail!("a heap worker knows no chunks"),
    }
}

fn arguments(arena: &Arena, part: &Chunk) -> Vec<String> {
    let (start, end) = (part.byte_start.to_string(), part.byte_end.to_string());
    let file = arena.file.path.display().to_string();
    let pairs = [
        ("--database", DATABASE),
        ("--file", &file),
        ("--start", &start),
        ("--end", &end),
    ];
    let pairs = pairs
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value.to_owned()]);
    std::iter::once("heap-worker".to_owned())
        .chain(pairs)
        .collect()
}
