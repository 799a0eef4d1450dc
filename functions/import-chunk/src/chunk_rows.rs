use domain::dataset::Dataset;
use domain::plan::Chunk;
use domain::record::{Record, RecordReader};
use domain::row::{Parsed, RowError, RowParser};
use domain::witness::{ContentCounter, Witness};
use lambda::Failure;
use postgres::Client;
use postgres::chunks::{Claimed, Receipt};
use postgres::copy::{RowBuffer, RowSink};

/// The rows of a chunk on their way into the database.
pub struct ChunkRows<'d> {
    sink: Option<RowSink>,
    reader: RecordReader,
    parser: RowParser<'d>,
    record: Record,
    /// Rows given to the COPY.
    pub imported: i64,
    /// Records rejected.
    pub rejected: i64,
    /// What the chunk says about its own reading.
    witness: Witness,
    content: ContentCounter,
    /// The row errors that are kept: all errors of the first rejected records.
    pub errors: Vec<RowError>,
    /// Errors that may still be kept.
    may_keep: usize,
    /// The memory the rows were sorted in, once the COPY has ended.
    buffer: RowBuffer,
}

impl<'d> ChunkRows<'d> {
    /// Opens the COPY of a claimed chunk.
    pub async fn open(
        client: &Client,
        claimed: &Claimed,
        dataset: &'d Dataset,
        buffer: RowBuffer,
    ) -> Result<Self, Failure> {
        let chunk = &claimed.chunk;
        let order = claimed.column_order.iter();
        let order = order.map(|it| usize::try_from(*it).ok()).collect();
        let first_record = u64::try_from(chunk.first_record)?;
        let first_line = u64::try_from(chunk.first_line)?;
        Ok(Self {
            sink: Some(RowSink::open(client, dataset, claimed.import_id, buffer).await?),
            reader: RecordReader::by(&claimed.reading, first_record, first_line),
            parser: RowParser::by(dataset, order, &claimed.reading),
            record: Record::default(),
            imported: 0,
            rejected: 0,
            witness: Witness::of(dataset),
            content: ContentCounter::default(),
            errors: Vec::new(),
            may_keep: claimed.errors_kept,
            buffer: RowBuffer::default(),
        })
    }

    /// Takes the next bytes of the chunk.
    pub async fn push(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        self.content.push(bytes);
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
        let unfinished_line = self.reader.is_inside_line();
        while self.reader.finish(&mut self.record) {
            self.take_record().await?;
        }
        self.witness.lines.empty += self.reader.empty_lines();
        let sink = self.sink.take().ok_or(ENDED)?;
        let (stored, buffer) = sink.finish().await?;
        let stored = i64::try_from(stored)?;
        self.buffer = buffer;
        self.check(&claimed.chunk, stored, unfinished_line)?;
        Ok(self)
    }

    /// A chunk that is not what was planned is read by other rules than it was cut by.
    fn check(&self, chunk: &Chunk, stored: i64, unfinished_line: bool) -> Result<(), Failure> {
        let (records, lines) = (chunk.records, chunk.lines + i64::from(unfinished_line));
        let empty = self.witness.empty.cast_signed();
        let found = self.imported + self.rejected + empty;
        let lines_found = self.witness.lines.all().cast_signed();
        if stored == self.imported && found == records && lines_found == lines {
            return Ok(());
        }
        Err(format!(
            "the chunk was planned with {records} records on {lines} lines and has {} good, {} bad \
             and {empty} empty ones on {lines_found}",
            self.imported, self.rejected
        )
        .into())
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
            witness: self.witness.clone(),
            content: self.content.clone().finish(),
        }
    }

    async fn take_record(&mut self) -> Result<(), Failure> {
        match self.parser.read(&self.record, &mut self.witness) {
            Parsed::Empty => {}
            Parsed::Row(values) => {
                let number = i64::try_from(self.record.number)?;
                let sink = self.sink.as_mut().ok_or(ENDED)?;
                sink.push(number, &values).await?;
                self.imported += 1;
            }
            Parsed::Rejected(errors) => {
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
