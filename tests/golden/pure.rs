//! The files through the domain alone, which is called as plan-chunks and import-chunk call it. The
//! chunk size decides where a file is cut, the piece size in what pieces its bytes arrive. Neither
//! may change the outcome.

use std::borrow::Cow;

use contracts::http::rows::{file_date, money};
use domain::cell::Value;
use domain::dataset::Dataset;
use domain::first_look;
use domain::heading::Heading;
use domain::limits::FIRST_LOOK_BYTES;
use domain::plan::{Chunk, Planner, chunk_bytes};
use domain::preparing::{self, Packing};
use domain::reason::{NoRecords, Reason};
use domain::record::{Record, RecordReader};
use domain::row::{RowError, RowParser};
use prepare::{Preparer, Source, Step, zip};
use serde_json::json;

use super::file::Golden;
use super::outcome::{Outcome, Rejected};

/// The most chunks that a file is cut into: large files are not cut at the smallest sizes.
const CUTS_AT_MOST: usize = 2_000;

#[test]
fn every_file_ends_as_its_page_says() {
    if std::env::var_os("COLLECT_WRITE_GOLDEN").is_some() {
        Golden::all()
            .iter()
            .for_each(|file| file.write(&whole(file)));
    }
    for file in Golden::all() {
        let outcome = whole(&file);
        assert_eq!(outcome, file.expected(), "{}", file.trap);
    }
}

#[test]
fn cuts_and_pieces_do_not_change_the_outcome() {
    for file in Golden::all() {
        let expected = file.expected();
        let least = (file.bytes.len() / CUTS_AT_MOST).max(1);
        let cuts = [1, 2, 3, 5, 7, 11, 16, 23, 40, 64, 101, 1_000, 100_000];
        for cut in cuts.into_iter().filter(|&it| it >= least) {
            for piece in [cut, 13 * least, usize::MAX] {
                let outcome = outcome(&file, cut as i64, piece);
                assert_eq!(outcome, expected, "{} cut at {cut}, by {piece}", file.trap);
            }
        }
    }
}

fn whole(file: &Golden) -> Outcome {
    outcome(file, chunk_bytes(file.bytes.len() as i64), usize::MAX)
}

fn outcome(file: &Golden, chunk_bytes: i64, piece: usize) -> Outcome {
    import(file, chunk_bytes, piece).unwrap_or_else(|it| Outcome::failed(&it))
}

fn import(file: &Golden, chunk_bytes: i64, piece: usize) -> Result<Outcome, Reason> {
    let text = prepared(&file.bytes, piece)?;
    let heading = heading(&text, file.dataset)?;
    let mut outcome = Outcome::completed(heading.warning().as_slice());
    for chunk in plan(&text, &heading, chunk_bytes, piece)? {
        import_chunk(file, &text, &heading, &chunk, piece, &mut outcome);
    }
    Ok(outcome)
}

/// The text that is planned: what the preparer makes of the object, or the object.
fn prepared(object: &[u8], piece: usize) -> Result<Cow<'_, [u8]>, Reason> {
    let first = &object[..object.len().min(FIRST_LOOK_BYTES)];
    if !preparing::is_needed(first, None).unwrap_or(false) {
        return Ok(object.into());
    }
    let (source, read) = match preparing::packing(first)? {
        Packing::Zip => {
            let zip::Look::Found(file) = zip::look(object, 0)? else {
                panic!("all of it was seen");
            };
            let read = file.start as usize..file.end as usize;
            (Source::File(file), &object[read])
        }
        packing => (Source::All(packing), object),
    };
    let mut preparer = Preparer::new(&source, object.len() as i64, None);
    let mut text = Vec::new();
    for mut piece in read.chunks(piece) {
        while preparer.step(&mut piece, false, &mut text)? == Step::Again {}
    }
    while preparer.step(&mut &b""[..], true, &mut text)? != Step::Whole {}
    Ok(text.into())
}

/// The planner's first step: the heading.
fn heading(bytes: &[u8], dataset: &Dataset) -> Result<Heading, Reason> {
    let first = &bytes[..bytes.len().min(FIRST_LOOK_BYTES)];
    let whole_file = first.len() == bytes.len();
    first_look::read(first, whole_file, dataset)
        .map(|it| it.expect("the first bytes hold every heading that is accepted"))
}

fn plan(
    bytes: &[u8],
    heading: &Heading,
    chunk_bytes: i64,
    piece: usize,
) -> Result<Vec<Chunk>, Reason> {
    let mut planner = Planner::new(chunk_bytes, heading.data_start());
    let mut chunks = Vec::new();
    for piece in bytes[heading.byte_end as usize..].chunks(piece) {
        planner.push(piece, &mut chunks)?;
    }
    chunks.extend(planner.finish()?);
    if chunks.iter().map(|it| it.records).sum::<i64>() == 0 {
        return Err(Reason::NoRecords(NoRecords::OnlyHeading));
    }
    Ok(chunks)
}

/// A worker's part: turns one chunk into rows and row errors.
fn import_chunk(
    file: &Golden,
    text: &[u8],
    heading: &Heading,
    chunk: &Chunk,
    piece: usize,
    outcome: &mut Outcome,
) {
    let range = &text[chunk.byte_start as usize..chunk.byte_end as usize];
    let parser = RowParser::new(file.dataset, heading.column_order.clone());
    let mut reader = RecordReader::new(chunk.first_record as u64, chunk.first_line as u64);
    let mut record = Record::default();
    let mut records = 0;
    let mut take = |record: &Record| {
        records += 1;
        match parser.parse(record) {
            Ok(row) => outcome.rows.push(row.iter().map(shown).collect()),
            Err(errors) => outcome.row_errors.extend(errors.into_iter().map(rejected)),
        }
    };
    for mut piece in range.chunks(piece) {
        while !piece.is_empty() {
            let (taken, complete) = reader.read(piece, &mut record);
            piece = &piece[taken..];
            if complete {
                take(&record);
            }
        }
    }
    if reader.finish(&mut record) {
        take(&record);
    }
    assert_eq!(records, chunk.records, "{}: {chunk:?}", file.trap);
}

fn shown(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Text(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Money(cents) => money(*cents),
        Value::Date(date) => json!(file_date(*date)),
    }
}

fn rejected(error: RowError) -> Rejected {
    Rejected {
        record: error.record,
        line: error.line,
        column: error.column,
        code: error.code.to_owned(),
        value: error.value,
        message: error.message,
    }
}
