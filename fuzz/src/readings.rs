//! Any bytes under any reading, cut at any size and arriving in any pieces: neither the cuts nor the
//! pieces change the records, every line is counted once, and a successor of the planner plans the
//! same. Lone quotes are told alike by all of them.

use domain::catalog::BASELINE;
use domain::plan::{Chunk, Planner, Start};
use domain::reading::{Reading, ReadingRequest};
use domain::record::{Record, RecordReader};

/// A record: its number, its line, its cells, its text, and whether a quote in it is open.
type Seen = (u64, u64, Vec<Vec<u8>>, Vec<u8>, bool);

/// What a reader gave: the records, and the lines of records and empty lines.
#[derive(Debug, PartialEq)]
struct Read {
    records: Vec<Seen>,
    lines: u64,
}

/// The first three bytes choose the reading, where the rest is cut, and in what pieces it arrives.
pub fn check(input: &[u8]) {
    let [said, cut, piece, file @ ..] = input else {
        return;
    };
    let Some(reading) = reading(usize::from(*said)) else {
        return;
    };
    let (cut, piece) = (i64::from(*cut) + 1, usize::from(*piece) + 1);
    let start = Start::after_heading(0, 1);
    let whole = read(&reading, file, usize::MAX, start);
    assert_eq!(read(&reading, file, piece, start), whole);
    let Some(chunks) = plan(&reading, file, cut, piece, start) else {
        assert!(whole.records.last().is_some_and(|it| it.4), "an open quote");
        return;
    };
    let mut found = Read {
        records: Vec::new(),
        lines: 0,
    };
    let mut next = start;
    for (i, chunk) in chunks.iter().enumerate() {
        assert_eq!((chunk.number, chunk.byte_start), (next.number, next.byte));
        assert_eq!(
            (chunk.first_record, chunk.first_line),
            (next.record, next.line)
        );
        let range = &file[chunk.byte_start as usize..chunk.byte_end as usize];
        let own = read(&reading, range, piece, next);
        assert_eq!(own.records.len() as i64, chunk.records);
        found.records.extend(own.records);
        found.lines += own.lines;
        next = Start::after(chunk);
        let rest = &file[next.byte as usize..];
        let others = plan(&reading, rest, cut, usize::MAX, next);
        assert_eq!(others.as_deref(), Some(&chunks[i + 1..]));
    }
    assert_eq!(next.byte as usize, file.len());
    assert_eq!(found, whole);
}

/// The reading of this number among all combinations, unless it clashes.
fn reading(number: usize) -> Option<Reading> {
    let pick = |by: usize, all: &[&'static str]| all[number / by % all.len()];
    let said = [
        ("quote", pick(1, &["\"", "'", ""])),
        ("escape", pick(3, &["doubled", "\\", "", "\""])),
        ("delimiter", pick(12, &[",", ";", "tab", " "])),
        ("skip_initial_space", pick(48, &["false", "true"])),
    ];
    let request = ReadingRequest::parse(said).ok()?;
    request.reading(&BASELINE).ok()
}

/// The chunks, or `None` if a quote is never closed.
fn plan(
    reading: &Reading,
    file: &[u8],
    cut: i64,
    piece: usize,
    start: Start,
) -> Option<Vec<Chunk>> {
    let mut planner = Planner::by(reading, cut, start);
    let mut chunks = Vec::new();
    for piece in file.chunks(piece) {
        let pushed = planner.push(piece, &mut chunks);
        pushed.expect("no record is too long");
    }
    chunks.extend(planner.finish().ok()?);
    Some(chunks)
}

fn read(reading: &Reading, file: &[u8], piece: usize, start: Start) -> Read {
    let (number, line) = (start.record as u64, start.line as u64);
    let mut reader = RecordReader::by(reading, number, line).keep_text();
    let mut record = Record::default();
    let mut all = Read {
        records: Vec::new(),
        lines: 0,
    };
    for mut piece in file.chunks(piece) {
        while !piece.is_empty() {
            let (taken, complete) = reader.read(piece, &mut record);
            piece = &piece[taken..];
            if complete {
                all.take(&record);
            }
        }
    }
    while reader.finish(&mut record) {
        all.take(&record);
    }
    assert_eq!(reader.bytes_behind(), 0);
    all.lines += reader.empty_lines();
    all
}

impl Read {
    fn take(&mut self, record: &Record) {
        let cells = record.iter().map(<[u8]>::to_vec).collect();
        let text = record.text().to_vec();
        let open = record.has_open_quote();
        self.lines += record.lines;
        let seen = (record.number, record.line, cells, text, open);
        self.records.push(seen);
    }
}
