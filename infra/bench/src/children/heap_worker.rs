use std::io::{Read as _, Seek as _};
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use domain::reading::Reading;
use domain::record::{Record, RecordReader};
use domain::row::{Parsed, RowParser};
use domain::witness::Witness;
use postgres::copy::{RowBuffer, RowSink};

use super::say_peak;
use crate::server::Server;

/// Copies bytes of a file into a table without an index.
#[derive(Args)]
pub struct Work {
    /// Database
    #[arg(long)]
    pub database: String,
    /// File
    #[arg(long)]
    pub file: PathBuf,
    /// First byte
    #[arg(long)]
    pub start: u64,
    /// The byte after the last one
    #[arg(long)]
    pub end: u64,
}

/// The table of the heap: its rows are in no order.
pub const TABLE: &str = "heap";

/// Parses and copies as a worker does, from the disk, in one transaction.
pub async fn run(work: Work) -> Result<()> {
    let client = Server::open().await?.connect(&work.database).await?;
    let heap = Dataset {
        table: TABLE.to_owned(),
        sorted_by: None,
        ..(**BASELINE).clone()
    };
    let mut sink = RowSink::open(&client, &heap, 1, RowBuffer::default()).await?;
    let reading = Reading::declared(&BASELINE);
    let order = (0..BASELINE.columns.len()).map(Some).collect();
    let parser = RowParser::by(&BASELINE, order, &reading);
    let mut witness = Witness::of(&BASELINE);
    let mut file = std::fs::File::open(&work.file)?;
    file.seek(std::io::SeekFrom::Start(work.start))?;
    let mut file = file.take(work.end - work.start);
    let (mut reader, mut record) = (RecordReader::by(&reading, 1, 1), Record::default());
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        let mut bytes = &buffer[..count];
        while !bytes.is_empty() {
            let (taken, complete) = reader.read(bytes, &mut record);
            bytes = &bytes[taken..];
            if complete {
                let Parsed::Row(values) = parser.read(&record, &mut witness) else {
                    bail!("a bad sample record");
                };
                sink.push(i64::try_from(record.number)?, &values).await?;
            }
        }
    }
    sink.finish().await?;
    say_peak()
}
