use proptest::prelude::*;

use super::*;
use crate::reading::Reading;
use crate::record::{Record, RecordReader, RecordWriter};

fn dialect(delimiter: u8, quote: Option<u8>, escape: Escape) -> Dialect {
    Dialect {
        delimiter: Some(delimiter),
        quote,
        escape,
        ..Dialect::USUAL
    }
}

fn written(dialect: &Dialect, cells: &[impl AsRef<[u8]>], guard: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut record = DialectWriter::new(&mut out, dialect);
    for cell in cells {
        record.cell(cell.as_ref(), guard);
    }
    record.end();
    out
}

/// The cells of the one record in the text.
fn read(dialect: &Dialect, text: &[u8]) -> Vec<Vec<u8>> {
    let mut dataset = crate::dataset::Dataset::clone(&crate::catalog::TEAM);
    dataset.reading.dialect = *dialect;
    let reading = Reading::declared(&dataset);
    let mut record = Record::default();
    let (bytes, complete) = RecordReader::by(&reading, 1, 1).read(text, &mut record);
    assert!(complete && bytes + 1 >= text.len(), "{text:?}");
    (0..record.len())
        .map(|at| record.field(at).unwrap().to_vec())
        .collect()
}

#[test]
fn cells_as_their_dialect_has_them() {
    let (comma, pipe) = (b',', b'|');
    let (double, single) = (Some(b'"'), Some(b'\''));
    #[rustfmt::skip]
    let table = [
        (dialect(comma, double, Escape::Doubled),      "a,\"b\"", "\"a,\"\"b\"\"\""),
        (dialect(b';', double, Escape::Doubled),       "a;b",     "\"a;b\""),
        (dialect(pipe, single, Escape::Doubled),       "it's",    "'it''s'"),
        (dialect(pipe, double, Escape::Byte(b'\\')),   "a\"\\|",  "\"a\\\"\\\\|\""),
        (dialect(pipe, None, Escape::Byte(b'\\')),     "a|\"\n",  "a\\|\"\\\n"),
        (dialect(pipe, None, Escape::None),            "\"a\"",   "\"a\""),
        (dialect(comma, double, Escape::None),         "5\" a",   "5\" a"),
        // What the dialect cannot hold is not lost.
        (dialect(pipe, None, Escape::None),            "a|\"b",   "\"a|\"\"b\""),
        (dialect(comma, double, Escape::None),         "\"a\"",   "\"\"\"a\"\"\""),
        (dialect(comma, double, Escape::None),         "5\", a",  "\"5\"\", a\""),
    ];
    for (dialect, cell, expected) in table {
        let line = String::from_utf8(written(&dialect, &[cell, ""], false)).unwrap();
        let delimiter = char::from(dialect.delimiter.unwrap());
        assert_eq!(line, format!("{expected}{delimiter}\r\n"), "{dialect:?}");
    }
}

#[test]
fn formulas_are_guarded_where_it_is_asked() {
    let dialect = dialect(b';', Some(b'"'), Escape::Doubled);
    let cells = ["=1+1", "-1", "'@x", "a"];
    assert_eq!(written(&dialect, &cells, true), b"'=1+1;-1;''@x;a\r\n");
    assert_eq!(written(&dialect, &cells, false), b"=1+1;-1;'@x;a\r\n");
}

#[test]
fn a_heading_of_several_lines_has_its_words_in_the_first() {
    let mut dataset = crate::dataset::Dataset::clone(&crate::catalog::TEAM);
    dataset.columns.truncate(2);
    dataset.columns[0].heading = "=Team".to_owned();
    let heading = |dataset: &crate::dataset::Dataset| {
        let mut part = crate::export::Part::new(false, 1_000);
        part.heading(dataset, true);
        String::from_utf8(part.finish()).unwrap()
    };
    assert_eq!(heading(&dataset), "'=Team,manager_name\r\n");
    dataset.reading.dialect = Dialect {
        preamble: Some(2),
        heading_lines: Some(2),
        ..dialect(b';', Some(b'"'), Escape::Doubled)
    };
    assert_eq!(
        heading(&dataset),
        "\r\n\r\n'=Team;manager_name\r\n\"\";\r\n"
    );
    dataset.reading.dialect = Dialect {
        heading_lines: Some(0),
        ..Dialect::USUAL
    };
    assert_eq!(heading(&dataset), "");
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let delimiter = prop::sample::select(b",;|\t:".to_vec());
    let quote = prop::sample::select(vec![Some(b'"'), Some(b'\''), None]);
    let escape = prop_oneof![
        Just(Escape::Doubled),
        Just(Escape::Byte(b'\\')),
        Just(Escape::None)
    ];
    (delimiter, quote, escape, any::<bool>()).prop_map(|(delimiter, quote, escape, skip)| Dialect {
        skip_initial_space: skip,
        ..dialect(delimiter, quote, escape)
    })
}

/// Whether every text can be written in this dialect so that it is read again.
fn holds_all(dialect: &Dialect) -> bool {
    match (dialect.quote, dialect.escape) {
        (Some(_), Escape::Doubled | Escape::Byte(_)) => true,
        (Some(_), Escape::None) | (None, _) => false,
    }
}

/// Whether this text can.
fn holds(dialect: &Dialect, cell: &str) -> bool {
    let syntax = |it: char| {
        "\r\n\\".contains(it) || dialect.delimiter.is_some_and(|byte| it == char::from(byte))
    };
    match (dialect.quote, dialect.escape) {
        _ if holds_all(dialect) => true,
        (Some(quote), _) => !cell.contains(char::from(quote)),
        (None, Escape::Byte(_)) => !cell.starts_with([' ', '\t']),
        (None, _) => !cell.contains(syntax) && !cell.starts_with([' ', '\t']),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_000, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_the_same(
        dialect in dialects(),
        cells in prop::collection::vec("[a-z,;|:\t\"'\\\\\r\n =+é-]{0,6}", 2..5),
        guarded in any::<bool>(),
    ) {
        prop_assume!(cells.iter().all(|it| holds(&dialect, it)));
        // The guard is an apostrophe itself.
        let guarded = guarded && (dialect.quote != Some(b'\'') || dialect.escape != Escape::None);
        let text = written(&dialect, &cells, guarded);
        let found: Vec<Vec<u8>> = read(&dialect, &text)
            .iter()
            .map(|it| if guarded { guard::unguarded(it).to_vec() } else { it.clone() })
            .collect();
        let expected: Vec<Vec<u8>> = cells.iter().map(|it| it.clone().into_bytes()).collect();
        prop_assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(&text));
    }

    /// Cells in the usual dialect, which has a writer of its own for its speed.
    #[test]
    fn both_writers_write_what_reads_the_same(cells in prop::collection::vec("[a-z,;|\t\"\r\n =é-]{0,6}", 2..5)) {
        let mut usual = Vec::new();
        let mut record = RecordWriter::new(&mut usual);
        for cell in &cells {
            record.text(cell.as_bytes(), false);
        }
        record.end();
        let declared = written(&Dialect::USUAL, &cells, false);
        prop_assert_eq!(read(&Dialect::USUAL, &usual), read(&Dialect::USUAL, &declared));
    }
}
