//! `bench prepare`: time and memory of prepare-object, for files of which one is a hundred times
//! the other.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, Error, Result, bail};
use aws::objects::Objects;
use clap::Args;
use conduct::Conductor;
use contracts::workflow::Run;
use domain::catalog::BASELINE;
use domain::import::Import;
use domain::limits::LONG_FUNCTION_BUDGET;
use domain::max_errors::MaxErrors;
use domain::quota::Quotas;
use domain::reading::ReadingRequest;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use postgres::imports::{self, Created, NewImport};
use prepare_object::PrepareObject;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;
use xtask::measurements::PrepareOptions;

use crate::children::{Said, Talking, say_peak};
use crate::measured::Measured;
use crate::sample_file::SampleFile;
use crate::server::Server;
use crate::{environment, report};

const DATABASE: &str = "bench_prepare";

/// A preparer's work.
#[derive(Args)]
pub struct Work {
    /// Import
    #[arg(long)]
    import: Uuid,
}

/// Measures, prints and writes.
pub async fn run(options: PrepareOptions) -> Result<()> {
    let machine = environment::machine();
    println!("bench prepare, {machine}");
    let server = Server::open().await?;
    server.create(DATABASE).await?;
    let measured = all(&server, &options).await;
    server.drop(DATABASE).await?;
    report::write("prepare", &json!({"machine": machine, "lines": measured?}))
}

async fn all(server: &Server, options: &PrepareOptions) -> Result<Vec<serde_json::Value>> {
    let mut client = server.connect(DATABASE).await?;
    postgres::migrations::run(&mut client).await?;
    let mut lines = Vec::new();
    for &rows in &options.rows {
        let text = std::fs::read(&SampleFile::sales(rows)?.path)?;
        for (name, object) in [("gzip", gzip(&text)?), ("utf-16", utf16(&text)?)] {
            let (packed, size) = (object.len(), text.len());
            let measured = measure(server, &mut client, object, size).await?;
            let peak = measured.worker_peak.unwrap_or(0);
            println!(
                "{name}, {rows} rows: {packed} bytes to {size}, {:.2} s, {:.2} s of CPU, peak {:.1} MiB",
                measured.seconds,
                measured.client_cpu,
                peak as f64 / f64::from(1 << 20)
            );
            lines.push(json!({"file": name, "rows": rows, "bytes": packed, "text_bytes": size, "run": measured}));
        }
    }
    Ok(lines)
}

fn gzip(text: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(text)?;
    Ok(encoder.finish()?)
}

fn utf16(text: &[u8]) -> Result<Vec<u8>> {
    let units = std::str::from_utf8(text)?.encode_utf16();
    Ok(units.flat_map(u16::to_le_bytes).collect())
}

async fn measure(
    server: &Server,
    client: &mut Client,
    object: Vec<u8>,
    size: usize,
) -> Result<Measured> {
    let objects = objects().await?;
    let import = arrived(client, &objects, object).await?;
    let watch = server.watch().await?;
    let peak = tokio::task::block_in_place(|| run_child(import.uid))?;
    let measured = server.measured(&watch, 0).await?;
    let prepared = imports::by_uid(client, import.uid).await?;
    let prepared = prepared.context("no import")?;
    if prepared.preparation().is_none() || prepared.read_bytes() != i64::try_from(size)? {
        bail!("the object is not whole: {prepared:?}");
    }
    objects.delete_all_below(&import.prepared_keys()).await?;
    objects.delete_all_versions(&import.object_key).await?;
    Ok(Measured {
        worker_peak: Some(peak),
        ..measured
    })
}

/// An import whose object is there and pinned, under a key whose event starts nothing.
async fn arrived(client: &mut Client, objects: &Objects, object: Vec<u8>) -> Result<Import> {
    let uid = Uuid::new_v4();
    let new = NewImport {
        uid,
        owner: Uuid::new_v4(),
        dataset: BASELINE.clone(),
        object_key: format!("bench/{uid}"),
        object_size: i64::try_from(object.len())?,
        upload_expires_at: Timestamp::now() + SignedDuration::from_hours(1),
        idempotency: None,
        holds: false,
        max_errors: MaxErrors::Percent(100),
        said: ReadingRequest::default(),
        validate_only: false,
        retry_of: None,
        replaces: None,
        quotas: Quotas::UNLIMITED,
    };
    let Created::Import(_) = imports::create(client, &new).await? else {
        bail!("the import was not created");
    };
    objects.put(&new.object_key, object.into()).await?;
    let found = objects.find(&new.object_key).await?;
    let found = found.context("the object is not there")?;
    imports::pin(client, uid, &found.version, found.size).await?;
    let import = imports::by_uid(client, uid).await?;
    import.context("no such import")
}

fn run_child(import: Uuid) -> Result<u64> {
    let arguments = ["preparer", "--import", &import.to_string()].map(str::to_owned);
    let mut child = Talking::start(&arguments)?;
    match child.listen()? {
        Said::Peak(bytes) => child.end().map(|()| bytes),
        Said::Chunk(_) => bail!("a preparer has no chunks"),
    }
}

async fn objects() -> Result<Objects> {
    let config = aws::config().await;
    let bucket = environment::required("UPLOAD_BUCKET")?;
    Ok(Objects::new(&config, bucket))
}

/// What the child does: what the function does with one event.
pub async fn work(work: Work) -> Result<()> {
    let database = Arc::new(Server::open().await?.database(DATABASE, "prepare-object")?);
    let config = aws::config().await;
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let objects = objects().await?;
    let preparer = PrepareObject::new(database, conductor, objects, LONG_FUNCTION_BUDGET);
    let run = Run {
        import: work.import,
        run: 1,
    };
    let prepared = preparer.prepare(run).await.map_err(Error::from_boxed)?;
    if prepared.more {
        bail!("one invocation was not enough");
    }
    say_peak()
}
