//! The rejects file is made from the object itself, which is read again where records were
//! rejected: the row errors that are kept do not hold whole records.

use std::ops::ControlFlow;
use std::time::Instant;

use domain::dataset::Dataset;
use domain::import::Import;
use domain::limits::REJECTED_FILE_WITHIN;
use domain::record::Record;
use domain::rejects::{RejectsFile, Room};
use domain::row::{Parsed, RowParser};
use domain::witness::Witness;
use lambda::Failure;
use postgres::chunks;

use crate::FinishImport;
use crate::object::parser;

/// Writes the rejected records of one chunk into the file.
struct Rejecting<'f> {
    parser: &'f RowParser<'f>,
    file: &'f mut RejectsFile,
    /// The receipts have it: nothing is read off this one.
    witness: &'f mut Witness,
    /// For the records whose row errors are kept.
    room: &'f mut Room,
}

impl Rejecting<'_> {
    /// Breaks when no further record of the chunk is to be taken.
    fn take(&mut self, record: &Record) -> ControlFlow<()> {
        let Parsed::Rejected(errors) = self.parser.read(record, self.witness) else {
            return ControlFlow::Continue(());
        };
        match self.room.take(errors.len()) && self.file.push(record, &errors) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

impl FinishImport {
    /// Stores the rejects file of an import. Returns how many records are in it.
    pub(crate) async fn store_rejected(
        &self,
        import: &Import,
        dataset: &Dataset,
    ) -> Result<i64, Failure> {
        let begin = Instant::now();
        let chunks = self
            .database
            .run(async |client| chunks::rejecting(client, import.id).await)
            .await?;
        let (reading, parser) = (import.reading(), parser(import, dataset));
        let mut file = RejectsFile::new(&reading, &self.names(import, dataset).await?);
        let mut witness = Witness::of(dataset);
        let chunk_bytes = import.chunk_bytes.unwrap_or(1).into();
        let mut room = Room::new(import.read_bytes(), chunk_bytes);
        for chunk in chunks {
            if room.is_full() || begin.elapsed() > REJECTED_FILE_WITHIN {
                break;
            }
            room.begin_chunk();
            let mut rejecting = Rejecting {
                parser: &parser,
                file: &mut file,
                witness: &mut witness,
                room: &mut room,
            };
            let take = |record: &Record| rejecting.take(record);
            self.each_record(import, &chunk, &reading, take).await?;
        }
        let records = file.records;
        let key = import.rejected_key();
        self.objects.put(&key, file.finish().into()).await?;
        Ok(records)
    }
}
