use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, anyhow, bail};
use aws::objects::Objects;
use domain::catalog::{self, BASELINE};
use domain::dataset::Dataset;
use domain::declaration::Declaration;
use domain::max_errors::MaxErrors;
use domain::quota::Quotas;
use domain::reading::ReadingRequest;
use jiff::{SignedDuration, Timestamp};
use postgres::finishing::{self, Judged};
use postgres::imports::{self, Created, NewImport, Pinned};
use postgres::{Client, chunks, datasets, planning};
use uuid::Uuid;

use super::{Arena, Setup, Table};
use crate::children::{Said, Talking};
use crate::measured::Measured;
use crate::sample_file::SampleFile;
use crate::{apart, environment, wide};

const DATABASE: &str = "bench_engine";

/// The object every run of the engine reads: beside the users' objects, so that no event starts
/// an import.
#[derive(Default)]
pub struct Uploaded {
    key: String,
    version: String,
}

impl Uploaded {
    pub async fn delete(&self) -> Result<()> {
        if !self.key.is_empty() {
            objects().await?.delete_all_versions(&self.key).await?;
        }
        Ok(())
    }
}

async fn objects() -> Result<Objects> {
    let config = aws::config().await;
    Ok(Objects::new(
        &config,
        environment::required("UPLOAD_BUCKET")?,
    ))
}

pub async fn upload(file: &SampleFile) -> Result<Uploaded> {
    let objects = objects().await?;
    let key = format!("bench/{}", Uuid::new_v4());
    objects.put(&key, std::fs::read(&file.path)?.into()).await?;
    let found = objects
        .find(&key)
        .await?
        .context("the object is not there")?;
    Ok(Uploaded {
        key,
        version: found.version,
    })
}

/// From the planner's start to the last worker's end.
pub async fn measure(arena: &Arena, setup: Setup) -> Result<Measured> {
    let server = &arena.server;
    server.create(DATABASE).await?;
    let mut client = server.connect(DATABASE).await?;
    postgres::migrations::run(&mut client).await?;
    let import = begin(&mut client, arena, setup).await?;
    cut_as_asked(&client, import, setup).await?;
    if setup.table == Table::Apart {
        apart::create(&client).await?;
    }
    let watch = server.watch().await?;
    let (planner, peaks) = tokio::task::block_in_place(|| run_children(import, setup))?;
    if setup.table == Table::Apart {
        apart::index(&client).await?;
    }
    let measured = server.measured(&watch, arena.file.rows).await?;
    demand_proof(&client, import, setup).await?;
    drop(client);
    server.drop(DATABASE).await?;
    Ok(Measured {
        planner_peak: Some(planner),
        worker_peak: peaks.into_iter().max(),
        ..measured
    })
}

/// An import whose object has arrived and whose heading is stored.
async fn begin(client: &mut Client, arena: &Arena, setup: Setup) -> Result<Uuid> {
    let owner = Uuid::new_v4();
    let dataset = match setup.table {
        Table::Twin => declared(client, owner, &twin()?).await?,
        Table::Wide => declared(client, owner, &wide::declaration()?).await?,
        Table::Sales | Table::Apart => BASELINE.clone(),
    };
    let look = arena.file.look(&dataset)?;
    let new = NewImport {
        uid: Uuid::new_v4(),
        owner,
        dataset,
        object_key: arena.uploaded.key.clone(),
        object_size: arena.file.bytes as i64,
        upload_expires_at: Timestamp::now() + SignedDuration::from_hours(2),
        holds: false,
        max_errors: MaxErrors::Percent(100),
        said: ReadingRequest::default(),
        validate_only: false,
        replaces: None,
        retry_of: None,
        idempotency: None,
        quotas: Quotas::UNLIMITED,
    };
    let Created::Import(import) = imports::create(client, &new).await? else {
        bail!("the import was not created");
    };
    let (version, size) = (&arena.uploaded.version, arena.file.bytes as i64);
    let pinned = imports::pin(client, import.uid, version, size).await?;
    if !matches!(pinned, Pinned::Now(_)) {
        bail!("the object was not pinned");
    }
    planning::begin(client, import.uid, import.run, "none").await?;
    let (uid, run) = (import.uid, import.run);
    planning::store_heading(client, uid, run, &look.reading, &look.heading).await?;
    Ok(import.uid)
}

/// The declaration of the sales records, to be a user's own.
fn twin() -> Result<Declaration> {
    catalog::declaration(&BASELINE.name).context("no such declaration")
}

/// The dataset that a user has declared so.
async fn declared(
    client: &mut Client,
    owner: Uuid,
    declaration: &Declaration,
) -> Result<Arc<Dataset>> {
    const NAME: &str = "bench";
    datasets::declare(client, owner, NAME, declaration, 1, Quotas::UNLIMITED).await?;
    let found = datasets::find(client, owner, NAME).await?;
    found.context("the dataset is not declared")
}

async fn cut_as_asked(client: &Client, import: Uuid, setup: Setup) -> Result<()> {
    if let Some(mib) = setup.chunk_mib {
        let bytes = mib << 20;
        let sql = "UPDATE import SET chunk_bytes = $2 WHERE uid = $1";
        client.execute(sql, &[&import, &bytes]).await?;
    }
    Ok(())
}

/// What finish-import would say: the figures are of an import that holds.
async fn demand_proof(client: &Client, uid: Uuid, setup: Setup) -> Result<()> {
    let import = imports::by_uid(client, uid)
        .await?
        .context("the import is gone")?;
    let dataset = match setup.table {
        Table::Apart => Arc::new(apart::dataset().clone()),
        Table::Sales | Table::Twin | Table::Wide => datasets::of_import(client, &import).await?,
    };
    let proof = finishing::count_and_prove(client, &import, &dataset).await?;
    let receipts = chunks::receipts(client, import.id).await?;
    let counted = receipts.iter().filter_map(|it| it.witness.as_ref());
    let judged = Judged {
        lines: counted.map(|(witness, _)| witness.lines.all()).sum(),
        ..Judged::default()
    };
    match proof.holds(&import, &judged) {
        true => Ok(()),
        false => bail!("the import does not hold: {proof:?}"),
    }
}

fn run_children(import: Uuid, setup: Setup) -> Result<(u64, Vec<u64>)> {
    let (planned, chunks) = channel();
    let chunks = Mutex::new(chunks);
    std::thread::scope(|scope| {
        let planner = scope.spawn(|| plan(import, planned));
        let workers: Vec<_> = (0..setup.workers)
            .map(|_| scope.spawn(|| work(import, setup.table == Table::Apart, &chunks)))
            .collect();
        let peaks = workers.into_iter().map(joined).collect::<Result<_, _>>()?;
        Ok((joined(planner)?, peaks))
    })
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_| anyhow!("a thread broke off"))?
}

fn arguments(command: &str, import: Uuid) -> Vec<String> {
    let import = import.to_string();
    [command, "--database", DATABASE, "--import", &import]
        .map(str::to_owned)
        .to_vec()
}

fn plan(import: Uuid, planned: Sender<i32>) -> Result<u64> {
    let mut planner = Talking::start(&arguments("planner", import))?;
    loop {
        match planner.listen()? {
            Said::Chunk(number) => planned.send(number)?,
            Said::Peak(bytes) => return planner.end().map(|()| bytes),
        }
    }
}

fn work(import: Uuid, apart: bool, chunks: &Mutex<Receiver<i32>>) -> Result<u64> {
    let mut arguments = arguments("worker", import);
    arguments.extend(apart.then(|| "--apart".to_owned()));
    let mut worker = Talking::start(&arguments)?;
    let next = || chunks.lock().ok()?.recv().ok();
    while let Some(number) = next() {
        worker.tell(number)?;
        worker.listen()?;
    }
    worker.tell_end();
    match worker.listen()? {
        Said::Peak(bytes) => worker.end().map(|()| bytes),
        Said::Chunk(_) => bail!("a worker did a chunk twice"),
    }
}
