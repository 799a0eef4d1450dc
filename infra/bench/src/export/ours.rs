//! write-export in a process of its own, so that CPU and memory are its alone, as in Lambda: rows
//! out of PostgreSQL, parts into the local S3.

use std::sync::Arc;
use std::time::Instant;

use aws::objects::{Objects, Uploaded};
use bytes::Bytes;
use clap::Args;
use conduct::ExportConductor;
use contracts::workflow::ExportRun;
use domain::export::{Export, Filters, PART_BYTES, State};
use jiff::{SignedDuration, Timestamp};
use postgres::exports::{self, Created, NewExport};
use tokio_postgres::Client;
use uuid::Uuid;
use write_export::{BUDGET, WriteExport};

use super::DATABASE;
use crate::children::{Said, Talking, say_peak};
use crate::measured::Measured;
use crate::server::Server;
use crate::{Outcome, environment};

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
) -> Outcome<Measured> {
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

/// Seconds the local S3 takes to make an object of parts with so many bytes in all: to read and
/// hash each of them once more.
async fn join(objects: &Objects, key: &str, bytes: i64) -> Outcome<f64> {
    let upload = objects.begin_parts(key, "text/csv").await?;
    let whole = Bytes::from(vec![b'x'; PART_BYTES]);
    let mut left = usize::try_from(bytes)?;
    let mut parts = Vec::new();
    while left > 0 {
        let part = whole.slice(..left.min(PART_BYTES));
        left -= part.len();
        let number = i32::try_from(parts.len())? + 1;
        match objects.put_part(key, &upload, number, part).await? {
            Uploaded::Done(part) => parts.push(part),
            Uploaded::Gone => return Err("the upload is gone".into()),
        }
    }
    let begin = Instant::now();
    let joined = objects.join_parts(key, &upload, parts).await?;
    let seconds = begin.elapsed().as_secs_f64();
    if let Uploaded::Gone = joined {
        return Err("the upload is gone".into());
    }
    objects.delete_all_versions(key).await?;
    Ok(seconds)
}

async fn create(client: &mut Client, owner: Uuid, gzip: bool, guard: bool) -> Outcome<Export> {
    let uid = Uuid::new_v4();
    let new = NewExport {
        uid,
        owner,
        filters: Filters::default(),
        gzip,
        guard,
        object_key: format!("bench/{uid}"),
        confirmed: true,
        confirm_expires_at: Timestamp::now() + SignedDuration::from_hours(1),
        idempotency: None,
    };
    let pinned = exports::pin(client, owner, &new.filters, gzip).await?;
    match exports::create(client, &new, &pinned).await? {
        Created::Export(export) => Ok(*export),
        other => Err(format!("the export was not created: {other:?}").into()),
    }
}

fn run_child(export: Uuid) -> Outcome<u64> {
    let arguments = ["export-writer", "--export", &export.to_string()].map(str::to_owned);
    let mut child = Talking::start(&arguments)?;
    match child.listen()? {
        Said::Peak(bytes) => child.end().map(|()| bytes),
        Said::Chunk(_) => Err("a writer has no chunks".into()),
    }
}

/// Bytes of the file, if it is whole.
async fn demand_whole(client: &Client, export: &Export, rows: i64) -> Outcome<i64> {
    let written = exports::by_uid(client, export.uid).await?;
    match written {
        Some(it) if it.state == State::Completed && it.rows_done == rows => Ok(it.bytes_done),
        other => Err(format!("the export is not whole: {other:?}").into()),
    }
}

async fn objects() -> Outcome<Objects> {
    let config = aws::config().await;
    Ok(Objects::new(
        &config,
        environment::required("UPLOAD_BUCKET")?,
    ))
}

/// What the child does: what the function does with one event.
pub async fn write(work: Work) -> Outcome {
    let database = Arc::new(Server::open().await?.database(DATABASE, "write-export")?);
    let objects = objects().await?;
    let config = aws::config().await;
    let conductor = ExportConductor::from_environment(&config, database.clone(), objects.clone())?;
    let writer = WriteExport::new(database, conductor, objects, 1, BUDGET);
    let run = ExportRun {
        export: work.export,
        run: 1,
    };
    if writer.write(run).await?.more {
        return Err("one invocation was not enough".into());
    }
    say_peak()
}
