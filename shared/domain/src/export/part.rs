use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::dataset::Dataset;
use crate::dialect::Dialect;
use crate::record::{DialectWriter, LINE_END, RecordWriter};

/// Every sales record has fewer bytes than this: five texts of 500 characters of up to 4 bytes, with
/// quotes doubled, and nine numbers and dates. Where a row of a declared dataset has more, the buffer
/// grows.
const CLOSE_TO: usize = 32 * 1024;

/// Rows are compressed in blocks of this many bytes: the encoder is not called for each row.
const BLOCK: usize = 64 * 1024;

/// The level of compression: twice the speed of the default level for a tenth more bytes.
const LEVEL: u32 = 3;

/// A part of the file that is being filled. It holds whole rows and, if it is compressed, complete
/// gzip members. Its bytes follow from its rows alone, so two writers of a part write the same.
pub struct Part {
    lines: Vec<u8>,
    gzip: Option<GzEncoder<Vec<u8>>>,
    limit: usize,
    rows: i64,
}

impl Part {
    /// An empty part that is full after `limit` bytes, usually [`EXPORT_PART_BYTES`](crate::limits::EXPORT_PART_BYTES).
    pub fn new(gzip: bool, limit: usize) -> Self {
        let compressor =
            || GzEncoder::new(Vec::with_capacity(limit + BLOCK), Compression::new(LEVEL));
        let room = if gzip { BLOCK } else { limit };
        Self {
            lines: Vec::with_capacity(room + CLOSE_TO),
            gzip: gzip.then(compressor),
            limit,
            rows: 0,
        }
    }

    /// Writes what stands before the rows in files of this dataset: empty lines where lines before
    /// the heading are declared, and every column's heading, in the dataset's order.
    pub fn heading(&mut self, dataset: &Dataset, guard: bool) {
        let dialect = &dataset.reading.dialect;
        for _ in 0..dialect.preamble.unwrap_or(0) {
            self.lines.extend_from_slice(LINE_END);
        }
        for line in 0..dialect.heading_lines.unwrap_or(1) {
            let mut heading = self.declared_row(dialect);
            for column in &dataset.columns {
                // The cells of several lines are joined; the others have nothing to add.
                let text = if line == 0 { &column.heading } else { "" };
                heading.cell(text.as_bytes(), guard);
            }
            heading.end();
        }
    }

    /// Begins a row in the usual dialect. Call [`Part::count`] after its end.
    #[inline]
    pub fn row(&mut self) -> RecordWriter<'_> {
        RecordWriter::new(&mut self.lines)
    }

    /// Begins a row in a declared dialect. Call [`Part::count`] after its end.
    pub fn declared_row(&mut self, dialect: &Dialect) -> DialectWriter<'_> {
        DialectWriter::new(&mut self.lines, dialect)
    }

    /// Counts the row that was written.
    #[inline]
    pub fn count(&mut self) {
        self.rows += 1;
        if self.gzip.is_some() && self.lines.len() >= BLOCK {
            self.compress();
        }
    }

    /// The number of rows in it.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// True if nothing is in it, not even a heading.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.rows == 0
    }

    /// True if it has reached its limit: the next row goes into another part.
    #[inline]
    pub fn is_full(&self) -> bool {
        match &self.gzip {
            None => self.lines.len() >= self.limit,
            Some(gzip) => gzip.get_ref().len() >= self.limit,
        }
    }

    /// Ends the part and returns its bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.compress();
        match self.gzip {
            None => self.lines,
            Some(gzip) => gzip.finish().expect(MEMORY),
        }
    }

    fn compress(&mut self) {
        if let Some(gzip) = &mut self.gzip {
            gzip.write_all(&self.lines).expect(MEMORY);
            self.lines.clear();
        }
    }
}

const MEMORY: &str = "compressing into memory cannot fail";

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::MultiGzDecoder;

    use super::*;
    use crate::catalog::BASELINE;

    const LIMIT: usize = 100_000;

    /// The parts of this many rows in all, each cut where it is full.
    fn parts(rows: i64, gzip: bool) -> Vec<(i64, Vec<u8>)> {
        let mut parts = Vec::new();
        let mut part = Part::new(gzip, LIMIT);
        part.heading(&BASELINE, true);
        for row in 0..rows {
            let mut record = part.row();
            let number = row.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64);
            record.integer(number.to_string().as_bytes());
            record.end();
            part.count();
            if part.is_full() {
                let full = std::mem::replace(&mut part, Part::new(gzip, LIMIT));
                parts.push((full.rows(), full.finish()));
            }
        }
        if !part.is_empty() {
            parts.push((part.rows(), part.finish()));
        }
        parts
    }

    fn whole(parts: &[(i64, Vec<u8>)]) -> Vec<u8> {
        parts.iter().flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    #[test]
    fn the_heading_is_the_originals() {
        let mut part = Part::new(false, LIMIT);
        part.heading(&BASELINE, true);
        let expected = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
            Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit\r\n";
        assert_eq!(String::from_utf8(part.finish()).unwrap(), expected);
    }

    #[test]
    fn parts_are_whole_rows_and_together_the_file() {
        let parts = parts(20_000, false);
        assert!(parts.len() > 3);
        assert_eq!(parts.iter().map(|it| it.0).sum::<i64>(), 20_000);
        for (_, bytes) in &parts[..parts.len() - 1] {
            assert!(bytes.len() >= LIMIT && bytes.len() < LIMIT + CLOSE_TO);
            assert!(bytes.ends_with(b"\r\n"));
        }
        assert_eq!(whole(&parts).split(|it| *it == b'\n').count(), 20_002);
    }

    #[test]
    fn parts_of_gzip_members_are_together_the_same_file() {
        let packed = parts(50_000, true);
        assert!(packed.len() > 1);
        assert!(
            packed
                .iter()
                .all(|(_, bytes)| bytes.starts_with(&[0x1f, 0x8b]))
        );
        let mut unpacked = Vec::new();
        let file = whole(&packed);
        MultiGzDecoder::new(&file[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, whole(&parts(50_000, false)));
    }

    #[test]
    fn the_same_rows_are_the_same_bytes() {
        assert_eq!(parts(30_000, true), parts(30_000, true));
    }

    #[test]
    fn a_part_without_rows_may_have_a_heading() {
        assert!(Part::new(true, LIMIT).is_empty());
        let mut part = Part::new(false, LIMIT);
        part.heading(&BASELINE, true);
        assert!(!part.is_empty());
        assert_eq!(part.rows(), 0);
    }
}
