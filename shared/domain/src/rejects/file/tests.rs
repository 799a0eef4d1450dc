use proptest::prelude::*;

use super::*;
use crate::catalog::TEAM;
use crate::first_look::{FileKind, kind, look};
use crate::reading::ReadingRequest;
use crate::record::RecordReader;
use crate::row::{Parsed, RowParser};
use crate::witness::Witness;

const NAMES: [&[u8]; 3] = [b"team_name", b"manager_name", b"manager_phone_number"];

fn reading(said: &[(&str, &str)]) -> Reading {
    let request = ReadingRequest::parse(said.iter().copied()).unwrap();
    request.reading(&TEAM).unwrap()
}

/// Reads records; returns how many became rows, the rejects file, and how many are in it.
fn import(
    reading: &Reading,
    order: Vec<Option<usize>>,
    names: &[&[u8]],
    bytes: &[u8],
) -> (usize, Vec<u8>, i64) {
    let parser = RowParser::by(&TEAM, order, reading);
    let mut reader = RecordReader::by(reading, 1, 2).keep_text();
    let mut file = RejectsFile::new(reading, names);
    let mut record = Record::default();
    let mut witness = Witness::of(&TEAM);
    let mut rows = 0;
    let mut rest = bytes;
    loop {
        let (taken, complete) = reader.read(rest, &mut record);
        rest = &rest[taken..];
        let last = !complete && rest.is_empty() && reader.finish(&mut record);
        if !complete && !last {
            break;
        }
        match parser.read(&record, &mut witness) {
            Parsed::Row(_) => rows += 1,
            Parsed::Rejected(errors) => assert!(file.push(&record, &errors)),
            Parsed::Empty => {}
        }
    }
    let records = file.records;
    (rows, file.finish(), records)
}

fn first(said: &[(&str, &str)], bytes: &str) -> (String, i64) {
    let order = (0..3).map(Some).collect();
    let (_, file, records) = import(&reading(said), order, &NAMES, bytes.as_bytes());
    (String::from_utf8(file).unwrap(), records)
}

/// Uploads a rejects file as it is, with what was said before.
fn again(said: &[(&str, &str)], file: &[u8]) -> (usize, Vec<u8>, i64) {
    may_come_again(said, file).unwrap()
}

/// As [`again`]; nothing if the whole file is refused.
fn may_come_again(said: &[(&str, &str)], file: &[u8]) -> Option<(usize, Vec<u8>, i64)> {
    let FileKind::Text { mark } = kind(file).unwrap() else {
        panic!("it is text")
    };
    let look = look(file, mark, true, &TEAM, &reading(said)).ok()??;
    assert!(look.is_rejects_file && look.reading.guarded);
    let start = usize::try_from(look.heading.byte_end).unwrap();
    let names: Vec<&[u8]> = NAMES.into_iter().chain(ADDED).collect();
    Some(import(
        &look.reading,
        look.heading.column_order,
        &names,
        &file[start..],
    ))
}

#[test]
fn records_as_they_were_and_why() {
    let (file, _) = first(
        &[],
        "Owls,Ada\n\"=1\",\"a \"\"b\"\"\",1234567890123456\na,b,c,d\n",
    );
    let expected = [
        "\u{feff}team_name,manager_name,manager_phone_number,record,line,error",
        "Owls,Ada,1,2,\"Expected 3 columns as in the heading, found 2.\"",
        "'=1,\"a \"\"b\"\"\",1234567890123456,2,3,manager_phone_number: Ensure this field has no more than 15 characters.",
        "a,b,c,d,3,4,\"Expected 3 columns as in the heading, found 4.\"",
        "",
    ];
    assert_eq!(file, expected.join("\r\n"));
}

#[test]
fn the_dialect_is_that_of_the_original() {
    let (file, _) = first(&[("delimiter", ";"), ("quote", "'")], "'a;b';'c''d'\n");
    assert!(
        file.contains("\r\n'a;b';'c''d';1;2;'Expected 3 columns as in the heading, found 2.'"),
        "{file}"
    );
    let (file, _) = first(&[("quote", "")], "\"a,b\n");
    assert!(
        file.contains("\r\n\"a,b,1,2,Expected 3 columns as in the heading  found 2.\r\n"),
        "{file}"
    );
    let (file, _) = first(&[("escape", "\\")], "\"a\\\"b\",c\n");
    assert!(file.contains("\r\n\"a\\\"b\",c,1,2,"), "{file}");
}

#[test]
fn uncorrected_it_is_rejected_again_and_does_not_grow() {
    let records = "Owls,Ada\n\"Owls,\"Ada, the first\",1\na,b,c,d\n=1,+2,12345678901234567\n\"=a\"b,c,d\n\"x\ny\",z\n";
    let (file, count) = first(&[], records);
    let (rows, second, records) = again(&[], file.as_bytes());
    assert_eq!((rows, records), (0, count));
    let (rows, _, records) = again(&[], &second);
    assert_eq!((rows, records), (0, count));
}

#[test]
fn a_quote_that_was_never_closed_takes_no_other_record_along() {
    for said in [&[][..], &[("delimiter", ";")]] {
        let records = "Owls,\"Ada,1\nFoxes,Bo,2\nCats,\"Cy\",3\nOwls,Ada\nDogs,Di\n";
        let records = match said {
            [] => records.to_owned(),
            _ => records.replace(',', ";"),
        };
        let (file, count) = first(said, &records);
        assert_eq!(count, 3);
        let (rows, _, records) = again(said, file.as_bytes());
        assert_eq!((rows, records), (0, count), "{file}");
    }
}

#[test]
fn corrected_it_is_taken() {
    let (file, _) = first(&[], "=Owls,Ada,12345678901234567\n");
    let corrected = file.replace("12345678901234567", "1");
    let (rows, _, records) = again(&[], corrected.as_bytes());
    assert_eq!((rows, records), (1, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_rejected_record_is_stored_as_it_is(bytes in "[abc,;\"'=\n\r \t\\\\-]{0,60}", said in 0usize..5) {
        let said: &[(&str, &str)] = [
            &[][..],
            &[("delimiter", ";")],
            &[("quote", "'")],
            &[("quote", "")],
            &[("escape", "\\")],
        ][said];
        let order = (0..3).map(Some).collect();
        let file = bytes.as_bytes();
        let open = crate::plan::Planner::by(&reading(said), 1, crate::plan::Start::after_heading(0, 1));
        let mut open = open;
        open.push(file, &mut Vec::new()).unwrap();
        // An import with a quote that is never closed has no rejects file.
        if open.finish().is_err() {
            return Ok(());
        }
        let (_, rejects, count) = import(&reading(said), order, &NAMES, file);
        if let Some((rows, _, records)) = may_come_again(said, &rejects) {
            prop_assert_eq!((rows, records), (0, count), "{}", String::from_utf8_lossy(&rejects));
        }
    }
}
