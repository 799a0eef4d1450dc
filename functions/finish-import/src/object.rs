//! The object of an import, read once more.

use std::ops::ControlFlow;

use aws::objects::ObjectReader;
use domain::dataset::Dataset;
use domain::first_look;
use domain::import::Import;
use domain::plan::Chunk;
use domain::reading::Reading;
use domain::record::{Record, RecordReader};
use domain::row::RowParser;
use domain::witness::{ContentCounter, ContentSum, Witness};
use lambda::Failure;

use crate::FinishImport;

impl FinishImport {
    /// The names of the file's columns.
    pub(crate) async fn names(
        &self,
        import: &Import,
        dataset: &Dataset,
    ) -> Result<Vec<String>, Failure> {
        let (end, _) = import.after_heading()?;
        let mut bytes = Vec::new();
        if end > 0 {
            let mut reader = self.read(import, 0, end).await?;
            while let Some(piece) = reader.next().await? {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok(first_look::names(&bytes, &import.reading(), dataset))
    }

    /// Gives each record of a chunk, with its text, to `take`, until that has enough.
    pub(crate) async fn each_record(
        &self,
        import: &Import,
        chunk: &Chunk,
        reading: &Reading,
        mut take: impl FnMut(&Record) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let mut records = reader_of(chunk, reading)?.keep_text();
        let mut record = Record::default();
        let mut reader = self.read(import, chunk.byte_start, chunk.byte_end).await?;
        while let Some(piece) = reader.next().await? {
            let mut bytes = &piece[..];
            while !bytes.is_empty() {
                let (taken, complete) = records.read(bytes, &mut record);
                bytes = &bytes[taken..];
                if complete && take(&record).is_break() {
                    return Ok(());
                }
            }
        }
        while records.finish(&mut record) && take(&record).is_continue() {}
        Ok(())
    }

    /// Counts what a chunk says about its own reading, whose receipt is from before that was
    /// counted.
    pub(crate) async fn count_again(
        &self,
        import: &Import,
        dataset: &Dataset,
        chunk: &Chunk,
    ) -> Result<(Witness, ContentSum), Failure> {
        let reading = import.reading();
        let parser = parser(import, dataset);
        let mut witness = Witness::of(dataset);
        let mut content = ContentCounter::default();
        let mut records = reader_of(chunk, &reading)?;
        let mut record = Record::default();
        let mut reader = self.read(import, chunk.byte_start, chunk.byte_end).await?;
        while let Some(piece) = reader.next().await? {
            content.push(&piece);
            let mut bytes = &piece[..];
            while !bytes.is_empty() {
                let (taken, complete) = records.read(bytes, &mut record);
                bytes = &bytes[taken..];
                if complete {
                    parser.read(&record, &mut witness);
                }
            }
        }
        while records.finish(&mut record) {
            parser.read(&record, &mut witness);
        }
        witness.lines.empty += records.empty_lines();
        Ok((witness, content.finish()))
    }

    async fn read(&self, import: &Import, start: i64, end: i64) -> Result<ObjectReader, Failure> {
        let object = import.read_object()?;
        let reader = self.objects.read(object.key, object.version, start, end);
        Ok(reader.await?)
    }
}

/// What turns the import's records into rows.
pub(crate) fn parser<'d>(import: &Import, dataset: &'d Dataset) -> RowParser<'d> {
    let order = import.column_order.iter().flatten();
    let order = order.map(|it| usize::try_from(*it).ok()).collect();
    RowParser::by(dataset, order, &import.reading())
}

fn reader_of(chunk: &Chunk, reading: &Reading) -> Result<RecordReader, Failure> {
    let (number, line) = (chunk.first_record, chunk.first_line);
    Ok(RecordReader::by(
        reading,
        number.try_into()?,
        line.try_into()?,
    ))
}
