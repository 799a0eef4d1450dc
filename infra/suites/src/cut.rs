//! Cuts a file into its heading and its rows, as the service would, with chunks of several sizes.

use anyhow::{Result, ensure};
use domain::cell::Value;
use domain::dataset::Dataset;
use domain::plan::{Chunk, Planner, Start};
use domain::reading::Reading;
use domain::reason::Reason;
use domain::record::{Record, RecordReader};
use domain::row::{Parsed, RowParser};
use domain::verdict::{Totals, judge};
use domain::witness::Witness;

/// Bytes of a chunk and of the pieces in which they come: every one must give the same.
const CUTS: [(i64, usize); 4] = [(1, 7), (100, usize::MAX), (4_096, 3), (i64::MAX, 500)];

/// The heading of a file, as its reading says.
pub struct Heading {
    pub names: Vec<String>,
    /// Where its records begin.
    pub start: Start,
}

/// What would be stored of a file, and what the verdict on it would be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub rows: Vec<Vec<String>>,
    pub rejected: u64,
    pub refused: Option<&'static str>,
}

/// Skips the lines before the heading and reads it, whatever its names are.
pub fn heading(text: &[u8], reading: &Reading) -> Heading {
    let mut at = 0;
    for _ in 0..reading.preamble {
        let line = text[at..]
            .iter()
            .position(|it| *it == b'\n' || *it == b'\r');
        at = line.map_or(text.len(), |it| after_break(text, at + it + 1));
    }
    let mut reader = RecordReader::by(reading, 0, u64::from(reading.preamble) + 1);
    let mut line = u64::from(reading.preamble) + 1;
    let mut record = Record::default();
    let mut names: Vec<String> = Vec::new();
    for _ in 0..reading.heading_lines {
        let (taken, complete) = reader.read(&text[at..], &mut record);
        at += taken;
        if !complete && !reader.finish(&mut record) {
            break;
        }
        line = record.line + record.lines;
        let cells = record.iter().map(String::from_utf8_lossy);
        for (i, cell) in cells.enumerate() {
            match names.get_mut(i) {
                Some(name) => *name = format!("{name} {cell}"),
                None => names.push(cell.into_owned()),
            }
        }
    }
    let at = after_break(text, at - reader.bytes_behind());
    let start = Start::after_heading(at as i64, line as i64);
    Heading { names, start }
}

fn after_break(text: &[u8], at: usize) -> usize {
    let inside = at > 0 && text[at - 1] == b'\r' && text.get(at) == Some(&b'\n');
    at + usize::from(inside)
}

/// Reads the rows after a heading, by every cut.
pub fn rows(
    text: &[u8],
    start: Start,
    dataset: &Dataset,
    order: &[Option<usize>],
    reading: &Reading,
) -> Result<Rows> {
    let parser = RowParser::by(dataset, order.to_vec(), reading);
    let mut all: Option<Rows> = None;
    for (chunk_bytes, piece) in CUTS {
        let cut = Cut {
            text,
            parser: &parser,
            reading,
            piece,
        };
        let rows = cut.rows(start, chunk_bytes, dataset);
        let same = all.as_ref().is_none_or(|it| *it == rows);
        ensure!(same, "chunks of {chunk_bytes} bytes give other rows");
        all = Some(rows);
    }
    Ok(all.unwrap_or_default())
}

/// One way to cut a text.
struct Cut<'t> {
    text: &'t [u8],
    parser: &'t RowParser<'t>,
    reading: &'t Reading,
    piece: usize,
}

impl Cut<'_> {
    /// The rows of all chunks. A plan that fails is the file's refusal; what a chunk of all bytes
    /// would give is scored.
    fn rows(&self, start: Start, chunk_bytes: i64, dataset: &Dataset) -> Rows {
        let mut rows = Rows::default();
        let mut witness = Witness::of(dataset);
        let chunks = self.plan(start, chunk_bytes).unwrap_or_else(|reason| {
            rows.refused = Some(reason.code());
            vec![whole(start, self.text)]
        });
        for chunk in &chunks {
            self.read(chunk, &mut rows, &mut witness);
        }
        let totals = Totals {
            rows: rows.rows.len() as u64,
            rejected: rows.rejected,
            whole: true,
        };
        let most = dataset.reading.max_errors;
        let verdict = judge(dataset, self.reading, &witness, totals, most);
        rows.refused = rows.refused.or(verdict.failure.map(|it| it.code()));
        rows
    }

    fn plan(&self, start: Start, chunk_bytes: i64) -> Result<Vec<Chunk>, Reason> {
        let mut planner = Planner::by(self.reading, chunk_bytes, start);
        let mut chunks = Vec::new();
        for piece in self.text[start.byte as usize..].chunks(self.piece) {
            planner.push(piece, &mut chunks)?;
        }
        chunks.extend(planner.finish()?);
        Ok(chunks)
    }

    fn read(&self, chunk: &Chunk, rows: &mut Rows, witness: &mut Witness) {
        let bytes = &self.text[chunk.byte_start as usize..chunk.byte_end as usize];
        let (number, line) = (chunk.first_record as u64, chunk.first_line as u64);
        let mut reader = RecordReader::by(self.reading, number, line);
        let mut record = Record::default();
        for mut piece in bytes.chunks(self.piece) {
            while !piece.is_empty() {
                let (taken, complete) = reader.read(piece, &mut record);
                piece = &piece[taken..];
                if complete {
                    self.take(&record, rows, witness);
                }
            }
        }
        while reader.finish(&mut record) {
            self.take(&record, rows, witness);
        }
    }

    fn take(&self, record: &Record, rows: &mut Rows, witness: &mut Witness) {
        match self.parser.read(record, witness) {
            Parsed::Row(row) => rows.rows.push(row.iter().map(text_of).collect()),
            Parsed::Rejected(_) => rows.rejected += 1,
            Parsed::Empty => {}
        }
    }
}

fn whole(start: Start, text: &[u8]) -> Chunk {
    Chunk {
        number: 0,
        byte_start: start.byte,
        byte_end: text.len() as i64,
        first_record: start.record,
        first_line: start.line,
        records: 0,
        lines: 0,
    }
}

fn text_of(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => (*text).to_owned(),
        // Every column is declared as text.
        _ => String::new(),
    }
}
