//! The rejects file is made from the object itself, which is read again where records were
//! rejected: the row errors that are kept do not hold whole records.

use std::time::Instant;

use domain::dataset::Dataset;
use domain::import::Import;
use domain::limits::REJECTED_FILE_WITHIN;
use domain::plan::Chunk;
use domain::record::{Record, RecordReader};
use domain::rejects::{RejectedFile, Room};
use domain::row::RowParser;
use lambda::Failure;
use postgres::chunks;

use crate::FinishImport;

/// Writes the rejected records of one chunk into the file.
struct Rejecting<'f> {
    parser: &'f RowParser,
    file: &'f mut RejectedFile,
    /// For the records whose row errors are kept.
    room: &'f mut Room,
}

impl Rejecting<'_> {
    /// False when no further record of the chunk is to be taken.
    fn take(&mut self, record: &Record) -> bool {
        let Err(errors) = self.parser.parse(record) else {
            return true;
        };
        self.room.take(errors.len()) && self.file.push(record, &errors)
    }
}

impl FinishImport {
    /// Stores the rejects file of an import. Returns how many records are in it.
    pub(crate) async fn store_rejected(
        &self,
        import: &Import,
        dataset: &'static Dataset,
    ) -> Result<i64, Failure> {
        let begin = Instant::now();
        let chunks = self
            .database
            .run(async |client| chunks::rejecting(client, import.id).await)
            .await?;
        let order = import.column_order.iter().flatten();
        let order = order.map(|it| usize::try_from(*it).ok()).collect();
        let parser = RowParser::new(dataset, order);
        let mut file = RejectedFile::new(&self.heading(import).await?);
        let chunk_bytes = import.chunk_bytes.unwrap_or(1).into();
        let mut room = Room::new(import.object_size, chunk_bytes);
        for chunk in chunks {
            if room.is_full() || begin.elapsed() > REJECTED_FILE_WITHIN {
                break;
            }
            room.begin_chunk();
            let rejecting = Rejecting {
                parser: &parser,
                file: &mut file,
                room: &mut room,
            };
            self.read_chunk(import, &chunk, rejecting).await?;
        }
        let records = file.records;
        let key = import.rejected_key();
        self.objects.put(&key, file.finish().into()).await?;
        Ok(records)
    }

    async fn heading(&self, import: &Import) -> Result<Record, Failure> {
        let (end, _) = import.after_heading()?;
        let mut reader = self.read(import, 0, end).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = reader.next().await? {
            bytes.extend_from_slice(&piece);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut records = RecordReader::new(0, 1);
        let mut heading = Record::default();
        if !records.read(text, &mut heading).1 {
            records.finish(&mut heading);
        }
        Ok(heading)
    }

    async fn read_chunk(
        &self,
        import: &Import,
        chunk: &Chunk,
        mut rejecting: Rejecting<'_>,
    ) -> Result<(), Failure> {
        let (number, line) = (chunk.first_record, chunk.first_line);
        let mut records = RecordReader::new(number.try_into()?, line.try_into()?);
        let mut record = Record::default();
        let mut reader = self.read(import, chunk.byte_start, chunk.byte_end).await?;
        while let Some(piece) = reader.next().await? {
            let mut bytes = &piece[..];
            while !bytes.is_empty() {
                let (taken, complete) = records.read(bytes, &mut record);
                bytes = &bytes[taken..];
                if complete && !rejecting.take(&record) {
                    return Ok(());
                }
            }
        }
        if records.finish(&mut record) {
            rejecting.take(&record);
        }
        Ok(())
    }

    async fn read(
        &self,
        import: &Import,
        start: i64,
        end: i64,
    ) -> Result<aws::objects::ObjectReader, Failure> {
        let version = import.pinned_version()?;
        let reader = self.objects.read(&import.object_key, version, start, end);
        Ok(reader.await?)
    }
}
