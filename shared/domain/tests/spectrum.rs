//! What a reader of CSV must be able to read, case by case: the traits that the test data of
//! csv-spectrum (npm) has, in files of our own.

#![allow(clippy::unwrap_used)] // a test may: its helpers stand outside the test functions

use domain::catalog::BASELINE;
use domain::plan::{Planner, Start};
use domain::reading::Reading;
use domain::record::{Record, RecordReader};

/// What it shows, the file with `\n`, and the cells of its records.
type Case = (
    &'static str,
    &'static str,
    &'static [&'static [&'static str]],
);

const CASES: &[Case] = &[
    ("plain", "x,y\n7,8\n", &[&["x", "y"], &["7", "8"]]),
    (
        "a delimiter in quotes",
        "name,town\nAda,\"Paris, Rue 3\"\n",
        &[&["name", "town"], &["Ada", "Paris, Rue 3"]],
    ),
    (
        "empty cells with and without quotes",
        "x,y,z\n1,\"\",\n\"\",,3\n",
        &[&["x", "y", "z"], &["1", "", ""], &["", "", "3"]],
    ),
    (
        "doubled quotes",
        "x,y\n\"say \"\"no\"\"\",\"\"\"\"\n",
        &[&["x", "y"], &["say \"no\"", "\""]],
    ),
    (
        "a document in a cell",
        "id,shape\n5,\"{\"\"at\"\": [1, 2], \"\"of\"\": \"\"line\"\"}\"\n",
        &[
            &["id", "shape"],
            &["5", "{\"at\": [1, 2], \"of\": \"line\"}"],
        ],
    ),
    (
        "numbers in a list in quotes",
        "id,place\n6,\"48.85,-2.35\"\n7,\"-33.4, 70.6\"\n",
        &[
            &["id", "place"],
            &["6", "48.85,-2.35"],
            &["7", "-33.4, 70.6"],
        ],
    ),
    (
        "line breaks in quotes",
        "x,y\n\"one\ntwo\",3\n\"\n\",4\n",
        &[&["x", "y"], &["one\ntwo", "3"], &["\n", "4"]],
    ),
    (
        "quotes and line breaks in quotes",
        "x,y\n1,\"so \"\"\nhe\"\" said\"\n2,\"\"\"\n\"\"\"\n",
        &[&["x", "y"], &["1", "so \"\nhe\" said"], &["2", "\"\n\""]],
    ),
    (
        "characters beyond ASCII",
        "x,y\n\u{2603},\u{f1}\n\"\u{4e2d}, \u{6587}\",\u{1f600}\n",
        &[
            &["x", "y"],
            &["\u{2603}", "\u{f1}"],
            &["\u{4e2d}, \u{6587}", "\u{1f600}"],
        ],
    ),
    (
        "no line break at the end",
        "x,y\n7,8",
        &[&["x", "y"], &["7", "8"]],
    ),
];

/// The records of all chunks of a plan with chunks of this size, in pieces of this length.
fn records(text: &str, chunk_bytes: i64, piece: usize) -> Vec<Vec<String>> {
    let reading = Reading::declared(&BASELINE);
    let mut planner = Planner::by(&reading, chunk_bytes, Start::after_heading(0, 1));
    let mut chunks = Vec::new();
    for piece in text.as_bytes().chunks(piece) {
        planner.push(piece, &mut chunks).unwrap();
    }
    chunks.extend(planner.finish().unwrap());
    let mut all = Vec::new();
    for chunk in chunks {
        let bytes = &text.as_bytes()[chunk.byte_start as usize..chunk.byte_end as usize];
        let mut reader = RecordReader::by(&reading, 1, 1);
        let mut record = Record::default();
        let mut take = |record: &Record| {
            assert_eq!(record.broken_quotes(), None, "{text:?}");
            let cells = record
                .iter()
                .map(|it| String::from_utf8(it.to_vec()).unwrap());
            all.push(cells.collect::<Vec<_>>());
        };
        for mut piece in bytes.chunks(piece) {
            while !piece.is_empty() {
                let (taken, complete) = reader.read(piece, &mut record);
                piece = &piece[taken..];
                if complete {
                    take(&record);
                }
            }
        }
        while reader.finish(&mut record) {
            take(&record);
        }
    }
    all
}

#[test]
fn every_case_with_every_line_break_and_cut() {
    for (what, file, expected) in CASES {
        for line_break in ["\n", "\r\n", "\r"] {
            let file = file.replace('\n', line_break);
            let cell = |it: &&str| it.replace('\n', line_break);
            let row = |it: &&[&str]| it.iter().map(cell).collect::<Vec<_>>();
            let expected: Vec<_> = expected.iter().map(row).collect();
            for (chunk_bytes, piece) in [(1, 1), (1, 3), (9, 2), (1_000, 1_000)] {
                let read = records(&file, chunk_bytes, piece);
                assert_eq!(read, expected, "{what}, {line_break:?}, {chunk_bytes}");
            }
        }
    }
}
