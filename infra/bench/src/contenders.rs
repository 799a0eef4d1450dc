//! Who is measured against whom.

mod engine;
mod heap;
mod programs;
mod whole_path;

use anyhow::{Context as _, Result};

use crate::contenders::whole_path::WholePath;
use crate::measured::Measured;
use crate::sample_file::SampleFile;
use crate::server::Server;

pub use engine::Uploaded;

/// One way of getting the file into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Planner and workers, each a process, the object read through the local S3.
    Engine(Setup),
    /// Everything, from the object's arrival to `completed`.
    WholePath,
    /// `psql \copy`, one stream, key and index on the order date: what a user would set up.
    Psql,
    /// Two streams of binary COPY into a table without index: the floor.
    Heap,
    /// pgloader.
    Pgloader,
    /// Django's `bulk_create`.
    Django,
    /// DuckDB's reader of CSV and its extension for PostgreSQL.
    Duckdb,
    /// Sling.
    Sling,
}

/// How the engine is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    pub workers: usize,
    /// Other than the planner would choose.
    pub chunk_mib: Option<i32>,
    /// Where the rows go.
    pub table: Table,
}

/// The table that the engine fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// That of the sales records.
    Sales,
    /// That of a declared dataset with the same columns.
    Twin,
    /// That of a declared dataset with 100 columns.
    Wide,
    /// One without an index that the import has for itself; the index is built at the end. What
    /// attaching it to what readers see would cost comes on top.
    Apart,
}

impl Setup {
    /// As it is deployed.
    pub const fn workers(workers: usize) -> Self {
        Self {
            workers,
            chunk_mib: None,
            table: Table::Sales,
        }
    }

    fn name(self) -> String {
        let mut name = match self.workers {
            1 => "engine, 1 worker".to_owned(),
            workers => format!("engine, {workers} workers"),
        };
        if let Some(mib) = self.chunk_mib {
            name += &format!(", chunks of {mib} MiB");
        }
        name += match self.table {
            Table::Sales => "",
            Table::Twin => ", declared twin",
            Table::Wide => ", declared",
            Table::Apart => ", a table of its own, index at the end",
        };
        name
    }
}

impl Contender {
    /// As it is called in the table.
    pub fn name(self) -> String {
        match self {
            Self::Engine(setup) => setup.name(),
            Self::WholePath => "whole path, local cloud".into(),
            Self::Psql => "psql \\copy, 1 stream".into(),
            Self::Heap => "COPY into a bare heap, 2 streams".into(),
            Self::Pgloader => "pgloader".into(),
            Self::Django => "Django bulk_create(1000)".into(),
            Self::Duckdb => "DuckDB, its postgres extension".into(),
            Self::Sling => "sling".into(),
        }
    }

    /// Why it cannot be measured here.
    pub fn missing(self) -> Option<String> {
        match self {
            Self::Pgloader => programs::pgloader_missing(),
            Self::Django => programs::django_missing(),
            Self::Duckdb => programs::duckdb_missing(),
            Self::Sling => programs::sling_missing(),
            _ => None,
        }
    }
}

/// What the contenders share.
pub struct Arena {
    pub server: Server,
    pub file: SampleFile,
    pub uploaded: Uploaded,
    whole_path: Option<WholePath>,
}

impl Arena {
    /// Puts the file where the contenders need it.
    pub async fn new(file: SampleFile, contenders: &[Contender]) -> Result<Self> {
        let server = Server::open().await?;
        let uploaded = match contenders
            .iter()
            .any(|it| matches!(it, Contender::Engine(_)))
        {
            true => engine::upload(&file).await?,
            false => Uploaded::default(),
        };
        let whole_path = match contenders.contains(&Contender::WholePath) {
            true => Some(WholePath::new(&file)?),
            false => None,
        };
        Ok(Self {
            server,
            file,
            uploaded,
            whole_path,
        })
    }

    /// One run of one contender.
    pub async fn measure(&self, contender: Contender) -> Result<Measured> {
        match contender {
            Contender::Engine(setup) => engine::measure(self, setup).await,
            Contender::WholePath => {
                let whole_path = self.whole_path.as_ref().context("no API to measure")?;
                whole_path.measure(self).await
            }
            Contender::Psql => programs::psql(self).await,
            Contender::Heap => heap::measure(self).await,
            Contender::Pgloader => programs::pgloader(self).await,
            Contender::Django => programs::django(self).await,
            Contender::Duckdb => programs::duckdb(self).await,
            Contender::Sling => programs::sling(self).await,
        }
    }

    /// Frees what was uploaded.
    pub async fn close(self) -> Result<()> {
        self.uploaded.delete().await
    }
}
