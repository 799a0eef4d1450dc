//! The files that are imported: each generated once, the same bytes everywhere.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use domain::first_look::{Look, look};
use domain::limits::FIRST_LOOK_BYTES;
use domain::plan::{Chunk, Planner};
use domain::reading::Reading;

use crate::{environment, wide};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// Sales records.
    Sales,
    /// Records of 100 columns.
    Wide,
}

/// A file that is imported.
pub struct SampleFile {
    pub records: Records,
    pub rows: u64,
    pub path: PathBuf,
    pub bytes: u64,
}

impl SampleFile {
    /// One of sales records.
    pub fn sales(rows: u64) -> Result<Self> {
        Self::of(Records::Sales, rows)
    }

    /// Writes it below `target/bench/` unless it is there.
    pub fn of(records: Records, rows: u64) -> Result<Self> {
        let name = match records {
            Records::Sales => "sales",
            Records::Wide => "wide",
        };
        let path = environment::output_folder()?.join(format!("{name}-{rows}.csv"));
        if !path.exists() {
            eprintln!("generating {rows} {name} records");
            let new = path.with_extension("new");
            let mut out = std::io::BufWriter::new(std::fs::File::create(&new)?);
            match records {
                Records::Sales => xtask::sample::sales_records(1, rows, &mut out)?,
                Records::Wide => wide::records(1, rows, &mut out)?,
            }
            out.flush()?;
            std::fs::rename(new, &path)?;
        }
        let bytes = path.metadata()?.len();
        Ok(Self {
            records,
            rows,
            path,
            bytes,
        })
    }

    /// Its reading and its heading, as a file of this dataset.
    pub fn look(&self, dataset: &Dataset) -> Result<Look> {
        use std::io::Read as _;
        let mut start = Vec::new();
        std::fs::File::open(&self.path)?
            .take(FIRST_LOOK_BYTES as u64)
            .read_to_end(&mut start)?;
        let whole = start.len() as u64 == self.bytes;
        match look(&start, 0, whole, dataset, &Reading::declared(dataset)) {
            Ok(Some(look)) => Ok(look),
            other => bail!("the sample has no heading: {other:?}"),
        }
    }

    /// Cuts a file of sales records into this number of parts of about one size.
    pub fn parts(&self, count: u64) -> Result<Vec<Chunk>> {
        let Look {
            reading, heading, ..
        } = self.look(&BASELINE)?;
        let chunk_bytes = (self.bytes / count) as i64;
        let mut planner = Planner::by(&reading, chunk_bytes, heading.data_start());
        let mut parts = Vec::new();
        let bytes = std::fs::read(&self.path)?;
        let body = &bytes[heading.byte_end as usize..];
        planner
            .push(body, &mut parts)
            .map_err(|reason| anyhow!("{reason:?}"))?;
        parts.extend(planner.finish().map_err(|reason| anyhow!("{reason:?}"))?);
        Ok(parts)
    }
}
