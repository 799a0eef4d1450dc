//! The traps of CSV by name: what the reader and the planner make of each.

#![allow(clippy::unwrap_used)] // a test may: its helpers stand outside the test functions

use domain::limits::RECORD_BYTES_AT_MOST;
use domain::plan::{Chunk, Planner, Start, chunk_bytes};
use domain::reason::Reason;
use domain::record::{Record, RecordReader};

/// Every record as `line: field|field`, read from the input in these pieces.
fn records(pieces: &[&[u8]]) -> Vec<String> {
    let mut reader = RecordReader::new(1, 1);
    let mut record = Record::default();
    let mut all = Vec::new();
    for piece in pieces {
        let mut rest = *piece;
        while !rest.is_empty() {
            let (taken, complete) = reader.read(rest, &mut record);
            rest = &rest[taken..];
            if complete {
                all.push(shown(&record));
            }
        }
    }
    if reader.finish(&mut record) {
        all.push(shown(&record));
    }
    all
}

fn shown(record: &Record) -> String {
    let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
    format!("{}: {}", record.line, fields.join("|"))
}

/// The byte ranges of the chunks and their records.
fn ranges(pieces: &[&[u8]], chunk_bytes: i64) -> Vec<(i64, i64, i64)> {
    let chunks = plan(pieces, chunk_bytes).unwrap();
    let range = |chunk: &Chunk| (chunk.byte_start, chunk.byte_end, chunk.records);
    chunks.iter().map(range).collect()
}

fn plan(pieces: &[&[u8]], chunk_bytes: i64) -> Result<Vec<Chunk>, Reason> {
    let mut planner = Planner::new(chunk_bytes, Start::after_heading(0, 1));
    let mut chunks = Vec::new();
    for piece in pieces {
        planner.push(piece, &mut chunks)?;
    }
    chunks.extend(planner.finish()?);
    Ok(chunks)
}

#[test]
fn quoted_newline() {
    let file: &[u8] = b"\"a\nb\",c\r\n\"d\r\ne\rf\",g\nh,i\n";
    assert_eq!(records(&[file]), ["1: a\nb|c", "3: d\r\ne\rf|g", "6: h|i"]);
    assert_eq!(ranges(&[file], 1), [(0, 9, 1), (9, 20, 1), (20, 24, 1)]);
    let lines: Vec<_> = plan(&[file], 1)
        .unwrap()
        .iter()
        .map(|chunk| chunk.lines)
        .collect();
    assert_eq!(lines, [2, 3, 1]);
}

#[test]
fn crlf_split_between_pieces() {
    let pieces: [&[u8]; 4] = [b"a,b\r", b"\nc,d", b"\r", b"\n"];
    assert_eq!(records(&pieces), ["1: a|b", "2: c|d"]);
    assert_eq!(ranges(&pieces, 1), [(0, 5, 1), (5, 10, 1)]);
}

#[test]
fn lone_carriage_returns() {
    assert_eq!(records(&[b"a\rb\r\rc"]), ["1: a", "2: b", "4: c"]);
    assert_eq!(
        ranges(&[b"a\rb\r\rc"], 2),
        [(0, 2, 1), (2, 4, 1), (4, 6, 1)]
    );
}

#[test]
fn quotes_split_between_pieces() {
    let pieces: [&[u8]; 6] = [b"\"", b"a\"", b"\"b", b"\"", b",\"\"", b"\n"];
    assert_eq!(records(&pieces), ["1: a\"b|"]);
}

#[test]
fn lone_quote_in_a_field_is_data() {
    let file: &[u8] = b"5\" pipe,a\nb \"c\",d\n";
    assert_eq!(records(&[file]), ["1: 5\" pipe|a", "2: b \"c\"|d"]);
    assert_eq!(ranges(&[file], 1), [(0, 10, 1), (10, 18, 1)]);
}

#[test]
fn bytes_behind_a_closing_quote_are_data() {
    assert_eq!(records(&[b"\"a\"b\"c,\"d\"\"\"\n"]), ["1: ab\"c|d\""]);
}

#[test]
fn unclosed_quote_at_the_end() {
    let file: &[u8] = b"a,b\nc,\"d\ne,f\n";
    assert_eq!(records(&[file]), ["1: a|b", "2: c|d\ne,f\n"]);
    assert_eq!(ranges(&[file], 1), [(0, 4, 1), (4, 13, 1)]);
}

#[test]
fn blank_lines_are_no_records() {
    let file: &[u8] = b"\n\r\na,b\n\n\nc,d\n\n\r\n";
    assert_eq!(records(&[file]), ["3: a|b", "6: c|d"]);
    assert_eq!(records(&[b" \n"]), ["1:  "]);
    assert_eq!(records(&[b"\"\"\n,\n"]), ["1: ", "2: |"]);
}

#[test]
fn blank_lines_at_the_end_are_covered() {
    assert_eq!(ranges(&[b"a,b\n\n\n"], 4), [(0, 4, 1), (4, 6, 0)]);
    assert_eq!(ranges(&[b"a,b\n\n\n"], 5), [(0, 5, 1), (5, 6, 0)]);
    assert_eq!(ranges(&[b"a,b\n\n\n"], 9), [(0, 6, 1)]);
    assert_eq!(ranges(&[b"\r\n\r\n"], 9), [(0, 4, 0)]);
}

#[test]
fn no_final_newline() {
    assert_eq!(records(&[b"a,b\nc,"]), ["1: a|b", "2: c|"]);
    assert_eq!(ranges(&[b"a,b\nc,"], 4), [(0, 4, 1), (4, 6, 1)]);
}

#[test]
fn nothing_behind_the_heading() {
    assert_eq!(records(&[]), [""; 0]);
    assert_eq!(ranges(&[], 1), []);
}

#[test]
fn a_record_that_never_ends_is_refused() {
    let mut file = b"a,b\n\nc,\"d\n".to_vec();
    let record_start = 5;
    let limit = record_start + usize::try_from(RECORD_BYTES_AT_MOST).unwrap();
    file.resize(limit, b'x');
    assert_eq!(
        ranges(&[&file], 1).len(),
        3,
        "the longest record that is taken"
    );
    file.push(b'\n');
    let refused = plan(&[&file], 1).unwrap_err();
    assert_eq!(refused.code(), "record_too_large");
    assert!(refused.to_string().contains("line 3 "), "{refused:?}");
    assert!(
        refused.to_string().contains("never be closed"),
        "{refused:?}"
    );
    // For any pieces, and long before the end of the file.
    let pieces: Vec<_> = file.chunks(1_000).collect();
    assert_eq!(plan(&pieces, 1), Err(refused.clone()));
    file.resize(2 * limit, b'"');
    assert_eq!(plan(&[&file], 1), Err(refused));
}

#[test]
fn a_long_record_is_measured_without_its_line_break() {
    let limit = usize::try_from(RECORD_BYTES_AT_MOST).unwrap();
    let mut file = vec![b'x'; limit];
    file.extend(b"\r\na\n");
    assert_eq!(ranges(&[&file], 1).len(), 2);
    file.insert(0, b'x');
    assert_eq!(plan(&[&file], 1).unwrap_err().code(), "record_too_large");
}

#[test]
fn chunk_sizes() {
    const MIB: i64 = 1024 * 1024;
    let table = [
        (0, 4 * MIB),
        (12_484_501, 4 * MIB),
        (64 * MIB, 4 * MIB),
        (128 * MIB, 8 * MIB),
        (256 * MIB, 16 * MIB),
        (5_000_000 * MIB, 16 * MIB),
    ];
    for (size, expected) in table {
        assert_eq!(chunk_bytes(size), expected, "{size}");
    }
}
