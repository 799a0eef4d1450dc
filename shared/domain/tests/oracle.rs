//! The record reader and the chunk planner against the `csv` crate as oracle, for any bytes, any
//! split into pieces and any chunk size.

#![allow(clippy::unwrap_used)] // a test may: its helpers stand outside the test functions

use domain::catalog::BASELINE;
use domain::plan::{Chunk, Planner, Start};
use domain::reading::{Reading, ReadingRequest};
use domain::record::{Record, RecordReader};
use proptest::prelude::*;

/// A record as the tests compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    number: u64,
    line: u64,
    fields: Vec<Vec<u8>>,
}

fn seen(record: &Record) -> Seen {
    assert_eq!(record.iter().count(), record.len());
    Seen {
        number: record.number,
        line: record.line,
        fields: record.iter().map(<[u8]>::to_vec).collect(),
    }
}

/// The records by our reader, which gets the bytes in pieces of these lengths, in turn.
fn records(bytes: &[u8], pieces: &[usize], first_record: u64, first_line: u64) -> Vec<Seen> {
    read_all(RecordReader::new(first_record, first_line), bytes, pieces).0
}

/// All records of the bytes, and how many lines the records and the empty lines have.
fn read_all(mut reader: RecordReader, bytes: &[u8], pieces: &[usize]) -> (Vec<Seen>, u64) {
    let mut record = Record::default();
    let mut all = Vec::new();
    let mut lines = 0;
    for piece in split(bytes, pieces) {
        let mut rest = piece;
        while !rest.is_empty() {
            let (taken, complete) = reader.read(rest, &mut record);
            rest = &rest[taken..];
            if complete {
                all.push(seen(&record));
                lines += record.lines;
            } else {
                assert!(rest.is_empty(), "bytes left without a record");
            }
        }
    }
    while reader.finish(&mut record) {
        all.push(seen(&record));
        lines += record.lines;
    }
    (all, lines + reader.empty_lines())
}

fn split<'b>(bytes: &'b [u8], pieces: &[usize]) -> Vec<&'b [u8]> {
    let mut rest = bytes;
    let mut lengths = pieces.iter().cycle();
    let mut all = Vec::new();
    while !rest.is_empty() {
        let length = lengths
            .next()
            .map_or(rest.len(), |&piece| piece.min(rest.len()));
        let (piece, others) = rest.split_at(length.max(1));
        all.push(piece);
        rest = others;
    }
    all
}

/// The fields of the records by the `csv` crate. The crate drops a byte order mark at the start of
/// a file, where our reader never starts; an empty line before prevents that and changes nothing
/// else.
fn oracle(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut file = b"\n".to_vec();
    file.extend(bytes);
    csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(&file[..])
        .byte_records()
        .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
        .collect()
}

/// The line every record starts on, told by where the `csv` crate saw it start and a plain count
/// of the line breaks before.
fn oracle_lines(bytes: &[u8]) -> Vec<u64> {
    let mut file = b"\n".to_vec();
    file.extend(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(&file[..]);
    let mut lines = Vec::new();
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap() {
        // The crate's position is right after the record before; line breaks may follow first.
        let mut start = record.position().unwrap().byte() as usize;
        while matches!(file[start], b'\r' | b'\n') {
            start += 1;
        }
        let before = String::from_utf8_lossy(&file[1.min(start)..start]).replace("\r\n", "\n");
        let breaks = before.matches(['\r', '\n']).count();
        lines.push(breaks as u64 + 1);
    }
    lines
}

fn plan(bytes: &[u8], pieces: &[usize], chunk_bytes: i64, start: Start) -> Vec<Chunk> {
    let mut planner = Planner::new(chunk_bytes, start);
    let mut chunks = Vec::new();
    let mut position = start.byte;
    for piece in split(bytes, pieces) {
        planner.push(piece, &mut chunks).unwrap();
        position += piece.len() as i64;
        assert_eq!(planner.position(), position);
        assert_eq!(
            planner.planned_to(),
            chunks.last().map_or(start.byte, |chunk| chunk.byte_end)
        );
    }
    chunks.extend(planner.finish().unwrap());
    chunks
}

/// A start somewhere in an object, so that nothing works only from 0.
const START: Start = Start {
    number: 3,
    byte: 1_000,
    record: 11,
    line: 23,
};

fn range<'b>(bytes: &'b [u8], chunk: &Chunk) -> &'b [u8] {
    &bytes[(chunk.byte_start - START.byte) as usize..(chunk.byte_end - START.byte) as usize]
}

/// Everything a plan promises.
fn check_plan(bytes: &[u8], chunks: &[Chunk], chunk_bytes: i64) {
    let whole = records(bytes, &[], START.record as u64, START.line as u64);
    let mut next = START;
    let mut found = Vec::new();
    for (i, chunk) in chunks.iter().enumerate() {
        let expected = Start {
            number: chunk.number,
            byte: chunk.byte_start,
            record: chunk.first_record,
            line: chunk.first_line,
        };
        assert_eq!(expected, next, "chunks follow each other");
        let length = chunk.byte_end - chunk.byte_start;
        assert!(length > 0 && (length >= chunk_bytes || i + 1 == chunks.len()));
        let range = range(bytes, chunk);
        let own = records(
            range,
            &[],
            chunk.first_record as u64,
            chunk.first_line as u64,
        );
        assert_eq!(own.len() as i64, chunk.records, "{range:?}");
        found.extend(own);
        next = Start::after(chunk);
    }
    assert_eq!(
        next.byte,
        START.byte + bytes.len() as i64,
        "the plan covers the object"
    );
    assert_eq!(next.record as usize, START.record as usize + whole.len());
    assert_eq!(found, whole);
}

/// Bytes in which every trap of CSV is frequent.
fn any_csv() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        4 => Just(b"\"".to_vec()),
        3 => Just(b",".to_vec()),
        2 => Just(b"\n".to_vec()),
        2 => Just(b"\r".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        2 => Just(b"ab".to_vec()),
        1 => Just(b"\"\"".to_vec()),
        1 => Just(b"\xef\xbb\xbf".to_vec()),
        1 => Just(b" ".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..40),
    ];
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

/// A well-formed file as other programs write it: quotes where they must be and where they need
/// not be, one kind of line break.
fn tidy_csv() -> impl Strategy<Value = Vec<u8>> {
    let field = ("[a-z ',\"\r\n]{0,12}", any::<bool>()).prop_map(|(text, quoted)| {
        if quoted || text.contains(['"', ',', '\r', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    });
    let record = prop::collection::vec(field, 1..5).prop_map(|fields| fields.join(","));
    let records = prop::collection::vec(record, 0..20);
    (
        records,
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        any::<bool>(),
    )
        .prop_map(|(records, line_break, closed)| {
            let mut text = records.join(line_break);
            if closed {
                text.push_str(line_break);
            }
            text.into_bytes()
        })
}

fn csv_file() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![any_csv(), tidy_csv()]
}

fn pieces() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1usize..20, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn records_are_those_of_the_csv_crate(bytes in csv_file(), pieces in pieces()) {
        let ours = records(&bytes, &pieces, 1, 1);
        let fields: Vec<_> = ours.iter().map(|record| record.fields.clone()).collect();
        prop_assert_eq!(fields, oracle(&bytes));
        let numbers: Vec<_> = ours.iter().map(|record| record.number).collect();
        prop_assert_eq!(numbers, (1..=ours.len() as u64).collect::<Vec<_>>());
        let lines: Vec<_> = ours.iter().map(|record| record.line).collect();
        prop_assert_eq!(lines, oracle_lines(&bytes));
    }

    #[test]
    fn chunks_hold_the_records_of_the_file_in_order_once(
        bytes in csv_file(), pieces in pieces(), chunk_bytes in 1i64..60,
    ) {
        let chunks = plan(&bytes, &pieces, chunk_bytes, START);
        check_plan(&bytes, &chunks, chunk_bytes);
        prop_assert_eq!(&chunks, &plan(&bytes, &[], chunk_bytes, START), "a plan knows no pieces");
    }

    #[test]
    fn a_successor_plans_the_same(
        bytes in csv_file(), pieces in pieces(), chunk_bytes in 1i64..60,
    ) {
        let chunks = plan(&bytes, &[], chunk_bytes, START);
        for (i, chunk) in chunks.iter().enumerate() {
            let start = Start::after(chunk);
            let rest = &bytes[(start.byte - START.byte) as usize..];
            prop_assert_eq!(&plan(rest, &pieces, chunk_bytes, start)[..], &chunks[i + 1..]);
        }
    }
}

/// The values of parameters, and what the `csv` crate is told for them.
fn any_reading() -> impl Strategy<Value = Reading> {
    let delimiter = prop::sample::select(vec![",", ";", "tab", "|", " "]);
    let quote = prop::sample::select(vec!["\"", "'", ""]);
    let escape = prop::sample::select(vec!["doubled", "", "\\"]);
    (delimiter, quote, escape, any::<bool>()).prop_filter_map("it clashes", |said| {
        let (delimiter, quote, escape, skip) = said;
        let skip = if skip { "true" } else { "false" };
        let said = [
            ("delimiter", delimiter),
            ("quote", quote),
            ("escape", escape),
            ("skip_initial_space", skip),
        ];
        ReadingRequest::parse(said).ok()?.reading(&BASELINE).ok()
    })
}

/// The fields by the `csv` crate, which knows no escape outside of quotes and skips no blanks.
fn oracle_by(reading: &Reading, bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let file = [b"\n", bytes].concat();
    csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(reading.delimiter)
        .quoting(reading.quote.is_some())
        .quote(reading.quote.unwrap_or(b'"'))
        .double_quote(reading.escape == domain::reading::Escape::Doubled)
        .from_reader(&file[..])
        .byte_records()
        .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
        .collect()
}

fn records_by(reading: &Reading, bytes: &[u8], pieces: &[usize], at: Start) -> (Vec<Seen>, u64) {
    let reader = RecordReader::by(reading, at.record as u64, at.line as u64);
    read_all(reader, bytes, pieces)
}

fn csv_in_any_dialect() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop::sample::select(&b"\"\"'',;|\t \n\r\\ab\xe9"[..]);
    // Lone quotes, and the quotes that tell them.
    let token = prop::sample::select(vec![
        "a,\"\n", "b,\"c\n", "\"d,", "\n\"e\"", ",\"f\"", "g,h\n", "\r\n", "\"", "\"\"", ",", "\n",
        "\\\"", "a;'\n", ";'b'", "\n'c'", "a\t\"\n", "\t\"b\"",
    ]);
    let tokens = prop::collection::vec(token, 0..30).prop_map(|it| it.concat().into_bytes());
    prop_oneof![prop::collection::vec(byte, 0..80), tokens]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn other_readings_are_those_of_the_csv_crate(reading in any_reading(), bytes in csv_in_any_dialect()) {
        // The crate tells no lone quotes.
        let reading = Reading { strict: false, ..reading };
        let same = !reading.skip_initial_space && !matches!(reading.escape, domain::reading::Escape::Byte(_));
        if same {
            let (ours, _) = records_by(&reading, &bytes, &[], Start::after_heading(0, 1));
            let fields: Vec<_> = ours.into_iter().map(|record| record.fields).collect();
            prop_assert_eq!(fields, oracle_by(&reading, &bytes));
        }
    }

    #[test]
    fn chunks_of_any_reading_hold_its_records_and_lines(
        reading in any_reading(), bytes in csv_in_any_dialect(), pieces in pieces(), chunk_bytes in 1i64..40,
    ) {
        let at = Start::after_heading(0, 1);
        let (whole, lines) = records_by(&reading, &bytes, &pieces, at);
        let mut planner = Planner::by(&reading, chunk_bytes, at);
        let mut chunks = Vec::new();
        for piece in split(&bytes, &pieces) {
            planner.push(piece, &mut chunks).unwrap();
        }
        match planner.finish() {
            Ok(last) => chunks.extend(last),
            Err(reason) => {
                prop_assert_eq!(reason.code(), "open_quote");
                return Ok(());
            }
        }
        let (mut found, mut found_lines, mut planned_lines) = (Vec::new(), 0, 0);
        for chunk in &chunks {
            let range = &bytes[chunk.byte_start as usize..chunk.byte_end as usize];
            let start = Start { number: 0, byte: 0, record: chunk.first_record, line: chunk.first_line };
            let (own, lines) = records_by(&reading, range, &[], start);
            prop_assert_eq!(own.len() as i64, chunk.records);
            found.extend(own);
            found_lines += lines;
            planned_lines += chunk.lines as u64;
        }
        prop_assert_eq!(found, whole);
        prop_assert_eq!(found_lines, lines);
        let open_line = bytes.last().is_some_and(|it| !matches!(it, b'\n' | b'\r'));
        prop_assert_eq!(lines, planned_lines + u64::from(open_line));
    }
}
