//! write-export in a process of its own, so that CPU and memory are its alone, as in Lambda: rows
//! out of PostgreSQL, parts into the local S3.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Error, Result, bail};
use aws::objects::{Objects, Uploaded};
use bytes::Bytes;
use clap::Args;
use conduct::ExportConductor;
use contracts::workflow::ExportRun;
use domain::catalog::BASELINE;
use domain::export::{Export, State};
use domain::filter::{Filter, StoredFilter};
use domain::limits::{EXPORT_PART_BYTES, LONG_FUNCTION_BUDGET};
use domain::quota::Quotas;
use jiff::{SignedDuration, Timestamp};
use postgres::exports::{self, Created, NewExport};
use tokio_postgres::Client;
use uuid::Uuid;
use write_export::WriteExport;

use super::DATABASE;
use crate::children::{Said, Talking, say_peak};
use crate::environment;
use crate::measured::Measured;
use crate::server::Server;

/// A writer's work.
#[derive(Args)]
pub struct Work {
    /// Export
    #[arg(long)]
    export: Uuid,
}

/// From the writer's start to its end.
pub async fn measure(
    server: &Server,
    client: &mut Client,
    owner: Uuid,
    rows: i64,
    [gzip, guard]: [bool; 2],
) -> Result<Measured> {
    let export = create(client, owner, gzip, guard).await?;
    let watch = server.watch().await?;
    let peak = tokio::task::block_in_place(|| run_child(export.uid))?;
    let measured = server.measured(&watch, rows.unsigned_abs()).await?;
    let written = demand_whole(client, &export, rows).await?;
    let objects = objects().await?;
    objects.delete_all_versions(&export.object_key).await?;
    Ok(Measured {
        worker_peak: Some(peak),
        join_seconds: Some(join(&objects, &export.object_key, written).await?),
        ..measured
    })
}

/// Seconds the local S3 takes to join parts of this size into one object: it reads and hashes each
/// of them once more.
async fn join(objects: &Objects, key: &str, bytes: i64) -> Result<f64> {
    let upload = objects.begin_parts(key, "text/csv").await?;
    let whole = Bytes::from(vec![b'x'; EXPORT_PART_BYTES]);
    let mut left = usize::try_from(bytes)?;
    let mut parts = Vec::new();
    while left > 0 {
        let part = whole.slice(..left.min(EXPORT_PART_BYTES));
        left -= part.len();
        let number = i32::try_from(parts.len())? + 1;
        match objects.put_part(key, &upload, number, part).await? {
            Uploaded::Done(part) => parts.push(part),
            Uploaded::Gone => bail!("the upload is gone"),
        }
    }
    let begin = Instant::now();
    let joined = objects.join_parts(key, &upload, parts).await?;
    let seconds = begin.elapsed().as_secs_f64();
    if let Uploaded::Gone = joined {
        bail!("the upload is gone");
    }
    objects.delete_all_versions(key).await?;
    Ok(seconds)
}

async fn create(client: &mut Client, owner: Uuid, gzip: bool, guard: bool) -> Result<Export> {
    let uid = Uuid::new_v4();
    let new = NewExport {
        uid,
        owner,
        dataset: BASELINE.clone(),
        filters: StoredFilter::default(),
        gzip,
        guard,
        object_key: format!("bench/{uid}"),
        confirmed: true,
        confirm_expires_at: Timestamp::now() + SignedDuration::from_hours(1),
        idempotency: None,
        quotas: Quotas::UNLIMITED,
    };
    let pinned = exports::pin(client, owner, &BASELINE, &Filter::default(), gzip).await?;
    match exports::create(client, &new, &pinned).await? {
        Created::Export(export) => Ok(*export),
        other => bail!("the export was not created: {other:?}"),
    }
}

fn run_child(export: Uuid) -> Result<u64> {
    let arguments = ["export-writer", "--export", &export.to_string()].map(str::to_owned);
    let mut child = Talking::start(&arguments)?;
    match child.listen()? {
        Said::Peak(bytes) => child.end().map(|()| bytes),
        Said::Chunk(_) => bail!("a writer has no chunks"),
    }
}

/// Bytes of the file, if it is whole.
async fn demand_whole(client: &Client, export: &Export, rows: i64) -> Result<i64> {
    let written = exports::by_uid(client, export.uid).await?;
    match written {
        Some(it) if it.state == State::Completed && it.rows_done == rows => Ok(it.bytes_done),
        other => bail!("the export is not whole: {other:?}"),
    }
}

async fn objects() -> Result<Objects> {
    let config = aws::config().await;
    Ok(Objects::new(
        &config,
        environment::required("UPLOAD_BUCKET")?,
    ))
}

/// What the child does: what the function does with one event.
pub async fn write(work: Work) -> Result<()> {
    let database = Arc::new(Server::open().await?.database(DATABASE, "write-export")?);
    let objects = objects().await?;
    let config = aws::config().await;
    let conductor = ExportConductor::from_environment(&config, database.clone(), objects.clone())?;
    let writer = WriteExport::new(database, conductor, objects, 1, LONG_FUNCTION_BUDGET);
    let run = ExportRun {
        export: work.export,
        run: 1,
    };
    let written = writer.write(run).await.map_err(Error::from_boxed)?;
    if written.more {
        bail!("one invocation was not enough");
    }
    say_peak()
}
