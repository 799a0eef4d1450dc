use domain::dataset::Dataset;
use domain::record::{Record, RecordReader};
use domain::row::{RowError, RowParser};
use lambda::Failure;
use postgres::Client;
use postgres::chunks::{Claimed, Receipt};
use postgres::copy::{RowBuffer, RowSink};

/// The rows of a chunk on their way into the database.
pub struct ChunkRows {
    sink: Option<RowSink>,
    reader: RecordReader,
    parser: RowParser,
    record: Record,
    /// Rows given to the COPY.
    pub imported: i64,
    /// Records rejected.
    pub rejected: i64,
    /// The row errors that are kept: all errors of the first rejected records.
    pub errors: Vec<RowError>,
    /// Errors that may still be kept.
    may_keep: usize,
    /// The memory the rows were sorted in, once the COPY has ended.
    buffer: RowBuffer,
}

impl ChunkRows {
    /// Opens the COPY of a claimed chunk.
    pub async fn open(
        client: &Client,
        claimed: &Claimed,
        dataset: &'static Dataset,
        parser: RowParser,
        buffer: RowBuffer,
    ) -> Result<Self, Failure> {
        let chunk = &claimed.chunk;
        let first_record = u64::try_from(chunk.first_record)?;
        let first_line = u64::try_from(chunk.first_line)?;
        Ok(Self {
            sink: Some(RowSink::open(client, dataset, claimed.import_id, buffer).await?),
            reader: RecordReader::new(first_record, first_line),
            parser,
            record: Record::default(),
            imported: 0,
            rejected: 0,
            errors: Vec::new(),
            may_keep: claimed.errors_kept,
            buffer: RowBuffer::default(),
        })
    }

    /// Takes the next bytes of the chunk.
    pub async fn push(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let (taken, complete) = self.reader.read(bytes, &mut self.record);
            bytes = &bytes[taken..];
            if complete {
                self.take_record().await?;
            }
        }
        Ok(())
    }

    /// Called after the last byte: ends the COPY and checks the chunk against its plan.
    pub async fn finish(mut self, claimed: &Claimed) -> Result<Self, Failure> {
        while self.reader.finish(&mut self.record) {
            self.take_record().await?;
        }
        let sink = self.sink.take().ok_or(ENDED)?;
        let (stored, buffer) = sink.finish().await?;
        let stored = i64::try_from(stored)?;
        self.buffer = buffer;
        let records = claimed.chunk.records;
        if stored != self.imported || self.imported + self.rejected != records {
            return Err(format!(
                "the chunk was planned with {records} records and has {} good and {} bad ones",
                self.imported, self.rejected
            )
            .into());
        }
        Ok(self)
    }

    /// The memory for the next chunk.
    pub fn take_buffer(&mut self) -> RowBuffer {
        std::mem::take(&mut self.buffer)
    }

    /// The receipt of what was stored.
    pub fn receipt(&self) -> Receipt {
        Receipt {
            rows_imported: self.imported,
            rows_rejected: self.rejected,
        }
    }

    async fn take_record(&mut self) -> Result<(), Failure> {
        match self.parser.parse(&self.record) {
            Ok(values) => {
                let number = i64::try_from(self.record.number)?;
                let sink = self.sink.as_mut().ok_or(ENDED)?;
                sink.push(number, &values).await?;
                self.imported += 1;
            }
            Err(errors) => {
                self.rejected += 1;
                self.keep(errors);
            }
        }
        Ok(())
    }

    /// Keeps all errors of a record or drops all of them. After the first record that is dropped,
    /// no more errors are kept.
    fn keep(&mut self, errors: Vec<RowError>) {
        match self.may_keep.checked_sub(errors.len()) {
            Some(left) => {
                self.may_keep = left;
                self.errors.extend(errors);
            }
            None => self.may_keep = 0,
        }
    }
}

const ENDED: &str = "the COPY has ended";
