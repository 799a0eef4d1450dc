//! The files through the domain alone, which is called as plan-chunks and import-chunk call it. The
//! chunk size decides where a file is cut, the piece size in what pieces its bytes arrive. Neither
//! may change the outcome.

use std::borrow::Cow;
use std::collections::BTreeMap;

use contracts::http::rows::{file_date, money};
use domain::cell::Value;
use domain::dataset::Dataset;
use domain::first_look::{self, Look};
use domain::heading::Heading;
use domain::limits::FIRST_LOOK_BYTES;
use domain::max_errors::MaxErrors;
use domain::plan::{Chunk, Planner, chunk_bytes};
use domain::preparing::{self, Packing};
use domain::reading::{Encoding, Origin, Part, Reading, ReadingRequest};
use domain::reason::{NoRecords, Reason};
use domain::record::{Record, RecordReader};
use domain::row::{Parsed, RowParser};
use domain::verdict::{Totals, judge};
use domain::witness::Witness;
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
    let text = prepared(file, piece)?;
    let Look {
        reading, heading, ..
    } = look(file, &text)?;
    let mut worker = Worker {
        parser: RowParser::by(&file.dataset, heading.column_order.clone(), &reading),
        reading,
        piece,
        outcome: Outcome::completed(&heading.warnings()),
        witness: Witness::of(&file.dataset),
        totals: Totals {
            whole: true,
            ..Totals::default()
        },
    };
    for chunk in plan(&text.bytes, &worker.reading, &heading, chunk_bytes, piece)? {
        worker.import_chunk(file, &text.bytes, &chunk);
    }
    Ok(worker.judged(file))
}

/// The text that is planned: what the preparer makes of the object, or the object.
struct Text<'f> {
    bytes: Cow<'f, [u8]>,
    /// What it was decoded from, if it was prepared.
    encoding: Option<Encoding>,
}

fn prepared(file: &Golden, piece: usize) -> Result<Text<'_>, Reason> {
    let object = &file.bytes[..];
    let first = &object[..object.len().min(FIRST_LOOK_BYTES)];
    let encoding = said_encoding(file);
    let needed = match preparing::is_needed(first, encoding) {
        Err(_) if encoding.is_none() => false,
        needed => needed?,
    };
    if !needed {
        return Ok(Text {
            bytes: object.into(),
            encoding: None,
        });
    }
    let (source, read) = source(object, first)?;
    let mut preparer = Preparer::new(&source, object.len() as i64, encoding);
    let mut bytes = Vec::new();
    for mut piece in read.chunks(piece) {
        while preparer.step(&mut piece, false, &mut bytes)? == Step::Again {}
    }
    while preparer.step(&mut &b""[..], true, &mut bytes)? != Step::Whole {}
    Ok(Text {
        bytes: bytes.into(),
        encoding: preparer.preparation().map(|it| it.encoding),
    })
}

fn source<'o>(object: &'o [u8], first: &[u8]) -> Result<(Source, &'o [u8]), Reason> {
    Ok(match preparing::packing(first)? {
        Packing::Zip => {
            let zip::Look::Found(file) = zip::look(object, 0)? else {
                panic!("all of it was seen");
            };
            let read = file.start as usize..file.end as usize;
            (Source::File(file), &object[read])
        }
        packing => (Source::All(packing), object),
    })
}

/// The planner's first step: how the file is read, and its heading.
fn look(file: &Golden, text: &Text<'_>) -> Result<Look, Reason> {
    let first = &text.bytes[..text.bytes.len().min(FIRST_LOOK_BYTES)];
    let whole_file = first.len() == text.bytes.len();
    let mut said = said(file).reading(&file.dataset).unwrap();
    let mark = match text.encoding {
        None => first_look::text_mark(first)?,
        Some(encoding) => {
            if encoding != said.encoding && !said.was_said(Part::Encoding) {
                said.found(Part::Encoding);
            }
            said.encoding = encoding;
            first_look::mark_of(first)
        }
    };
    let look = first_look::look(first, mark, whole_file, &file.dataset, &said)?;
    Ok(look.expect("the first bytes hold every heading that is accepted"))
}

fn said_encoding(file: &Golden) -> Option<Encoding> {
    said(file).encoding()
}

fn said(file: &Golden) -> ReadingRequest {
    let pairs = file.said.iter();
    let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_str()));
    ReadingRequest::parse(pairs).unwrap()
}

fn max_errors(file: &Golden) -> MaxErrors {
    let said = file.said.iter().find(|(name, _)| name == "max_errors");
    let declared = file.dataset.reading.max_errors;
    said.map_or(declared, |(_, value)| value.parse().unwrap())
}

fn plan(
    bytes: &[u8],
    reading: &Reading,
    heading: &Heading,
    chunk_bytes: i64,
    piece: usize,
) -> Result<Vec<Chunk>, Reason> {
    let mut planner = Planner::by(reading, chunk_bytes, heading.data_start());
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

/// What workers and finish-import do.
struct Worker<'d> {
    reading: Reading,
    parser: RowParser<'d>,
    piece: usize,
    outcome: Outcome,
    witness: Witness,
    totals: Totals,
}

impl Worker<'_> {
    /// Turns one chunk into rows and row errors.
    fn import_chunk(&mut self, file: &Golden, text: &[u8], chunk: &Chunk) {
        let range = &text[chunk.byte_start as usize..chunk.byte_end as usize];
        let (first_record, first_line) = (chunk.first_record as u64, chunk.first_line as u64);
        let mut reader = RecordReader::by(&self.reading, first_record, first_line);
        let mut record = Record::default();
        let (mut records, lines_before) = (0, self.witness.lines.all());
        for mut piece in range.chunks(self.piece) {
            while !piece.is_empty() {
                let (taken, complete) = reader.read(piece, &mut record);
                piece = &piece[taken..];
                if complete {
                    records += 1;
                    self.take(&record);
                }
            }
        }
        let lines = chunk.lines as u64 + u64::from(reader.is_inside_line());
        while reader.finish(&mut record) {
            records += 1;
            self.take(&record);
        }
        self.witness.lines.empty += reader.empty_lines();
        let found = (records, self.witness.lines.all() - lines_before);
        assert_eq!(found, (chunk.records, lines), "{}: {chunk:?}", file.trap);
    }

    fn take(&mut self, record: &Record) {
        match self.parser.read(record, &mut self.witness) {
            Parsed::Empty => {}
            Parsed::Row(row) => {
                self.totals.rows += 1;
                self.outcome.rows.push(row.iter().map(shown).collect());
            }
            Parsed::Rejected(errors) => {
                self.totals.rejected += 1;
                let errors = errors.into_iter().map(Rejected::from);
                self.outcome.row_errors.extend(errors);
            }
        }
    }

    fn judged(self, file: &Golden) -> Outcome {
        let (dataset, max_errors) = (&file.dataset, max_errors(file));
        let verdict = judge(
            dataset,
            &self.reading,
            &self.witness,
            self.totals,
            max_errors,
        );
        match verdict.failure {
            Some(reason) => Outcome {
                warnings: self.outcome.warnings,
                row_errors: self.outcome.row_errors,
                ..Outcome::failed(&reason)
            },
            None => Outcome {
                read_as: read_as(&self.reading, dataset),
                ..self.outcome.and(&verdict.warnings)
            },
        }
    }
}

fn read_as(reading: &Reading, dataset: &Dataset) -> BTreeMap<String, String> {
    let parts = reading.read_as(dataset).into_iter();
    let origin = |it: Origin| json!(it).as_str().unwrap().to_owned();
    Outcome::read_as(
        dataset,
        parts.map(|it| (it.part.name().to_owned(), origin(it.origin), it.value)),
    )
}

fn shown(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Text(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Money(cents) => money(*cents),
        Value::Date(date) => json!(file_date(*date)),
        other => unreachable!("no built-in dataset has {other:?}"),
    }
}
