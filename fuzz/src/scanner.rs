//! Any bytes, cut at any size and arriving in any pieces: the records are those that the `csv`
//! crate reads, and neither the cuts nor the pieces change them.

use domain::plan::{Chunk, Planner, Start};
use domain::record::{Record, RecordReader};

/// A record: its number, its line and its fields.
type Seen = (u64, u64, Vec<Vec<u8>>);

/// The first two bytes choose where the rest is cut and in what pieces it arrives.
pub fn check(input: &[u8]) {
    let [cut, piece, file @ ..] = input else {
        return;
    };
    let (cut, piece) = (i64::from(*cut) + 1, usize::from(*piece) + 1);
    let whole = records(file, usize::MAX, 1, 1);
    let fields: Vec<_> = whole.iter().map(|(_, _, fields)| fields.clone()).collect();
    assert_eq!(fields, oracle(file));
    let mut found = Vec::new();
    let mut next = Start::after_heading(0, 1);
    for chunk in plan(file, cut, piece) {
        assert_eq!((chunk.number, chunk.byte_start), (next.number, next.byte));
        assert_eq!(
            (chunk.first_record, chunk.first_line),
            (next.record, next.line)
        );
        let range = &file[chunk.byte_start as usize..chunk.byte_end as usize];
        let (record, line) = (chunk.first_record as u64, chunk.first_line as u64);
        let own = records(range, piece, record, line);
        assert_eq!(own.len() as i64, chunk.records);
        found.extend(own);
        next = Start::after(&chunk);
    }
    assert_eq!(next.byte as usize, file.len());
    assert_eq!(found, whole);
}

fn plan(file: &[u8], cut: i64, piece: usize) -> Vec<Chunk> {
    let mut planner = Planner::new(cut, Start::after_heading(0, 1));
    let mut chunks = Vec::new();
    for piece in file.chunks(piece) {
        let pushed = planner.push(piece, &mut chunks);
        pushed.expect("no record is too long");
    }
    let last = planner.finish();
    chunks.extend(last.expect("no record is too long"));
    chunks
}

fn records(file: &[u8], piece: usize, first_record: u64, first_line: u64) -> Vec<Seen> {
    let mut reader = RecordReader::new(first_record, first_line);
    let mut record = Record::default();
    let mut all = Vec::new();
    for mut piece in file.chunks(piece) {
        while !piece.is_empty() {
            let (taken, complete) = reader.read(piece, &mut record);
            piece = &piece[taken..];
            if complete {
                all.push(seen(&record));
            }
        }
    }
    if reader.finish(&mut record) {
        all.push(seen(&record));
    }
    all
}

fn seen(record: &Record) -> Seen {
    let fields = record.iter().map(<[u8]>::to_vec).collect();
    (record.number, record.line, fields)
}

/// The records that the `csv` crate reads. It drops a byte order mark at the start of a file, where
/// a reader of chunks never starts; the empty line in front prevents that and changes nothing else.
fn oracle(file: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let file = [b"\n", file].concat();
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .flexible(true)
        .has_headers(false)
        .from_reader(&file[..]);
    let fields = |record: csv::ByteRecord| record.iter().map(<[u8]>::to_vec).collect();
    let records = reader.byte_records();
    records
        .map(|it| fields(it.expect("it reads from memory")))
        .collect()
}
