//! The rejects file is made from the object itself, which is read again where records were
//! rejected: the row errors that are kept do not hold whole records.

use std::time::Instant;

use domain::dataset::Dataset;
use domain::import::Import;
use domain::limits::REJECTED_FILE_WITHIN;
use domain::plan::Chunk;
use domain::record::{Record, RecordReader};
use domain::rejects::{RejectedFile, errors_kept_per_chunk};
use domain::row::RowParser;
use lambda::Failure;
use postgres::chunks;

use crate::FinishImport;

/// Writes the rejected records of one chunk into the file.
struct Rejecting<'f> {
    parser: &'f RowParser,
    file: &'f mut RejectedFile,
    /// Row errors that this chunk may still bring.
    room: usize,
}

impl Rejecting<'_> {
    /// False when no further record of the chunk is to be taken.
    fn take(&mut self, record: &Record) -> bool {
        let Err(errors) = self.parser.parse(record) else {
            return true;
        };
        let left = self.room.checked_sub(errors.len());
        self.room = left.unwrap_or(0);
        left.is_some() && self.file.push(record, &errors)
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
        for chunk in chunks {
            if begin.elapsed() > REJECTED_FILE_WITHIN {
                break;
            }
            self.read_chunk(import, &chunk, &parser, &mut file).await?;
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
        parser: &RowParser,
        file: &mut RejectedFile,
    ) -> Result<(), Failure> {
        let chunk_bytes = import.chunk_bytes.unwrap_or(1).into();
        let room = errors_kept_per_chunk(import.read_bytes(), chunk_bytes);
        let mut rejecting = Rejecting { parser, file, room };
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
        let object = import.read_object()?;
        let reader = self.objects.read(object.key, object.version, start, end);
        Ok(reader.await?)
    }
}
