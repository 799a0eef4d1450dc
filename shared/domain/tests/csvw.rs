//! The W3C's test suite of CSV on the Web is a second oracle of what a cell may be: csvw/cases.json
//! holds its tests of cells, csvw/README.md says whose they are. Each column is declared in our words,
//! as near as they come; where we say something else than the test does, the reason is listed, and
//! nothing else is.

mod csvw {
    pub mod declared;
}

use std::collections::BTreeSet;

use domain::declaration::{Declaration, Place};
use serde::Deserialize;
use serde_json::{Value, json};

const CASES: &str = include_str!("csvw/cases.json");

#[derive(Deserialize)]
struct Case {
    test: String,
    valid: bool,
    columns: Vec<Value>,
    #[serde(rename = "primaryKey")]
    primary_key: Option<Value>,
    csv: String,
}

/// The code of what is wrong with a column: with its declaration, or with the first cell that does
/// not fit. Each column is a document of its own, so that no other one is to blame.
fn complaint(case: &Case, at: usize) -> Option<&'static str> {
    let mut document = json!({ "fields": [csvw::declared::field(&case.columns[at])] });
    if let Some(key) = &case.primary_key {
        document["primaryKey"] = key.clone();
    }
    let declaration = match Declaration::parse(&document) {
        Ok(declaration) => declaration,
        Err(problems) => return Some(problems[0].code),
    };
    let dataset = declaration.compile(&Place::declared("x", 1, 1, &[1]));
    let mut reader = csv::Reader::from_reader(case.csv.as_bytes());
    let records = reader.records().map(|it| it.expect("the record is CSV"));
    let mut cells = records.filter_map(|it| it.get(at).map(str::to_owned));
    let forms = declaration.forms();
    cells.find_map(|cell| {
        let parsed = dataset.columns[0].parse(cell.as_bytes(), &forms);
        parsed.err().map(|it| it.code())
    })
}

/// What we say otherwise. Of a valid file it is each column that we complain of; of an invalid one
/// that we complain of none, or only of what a declaration cannot say.
fn differences(case: &Case) -> Vec<String> {
    let test = &case.test;
    let complaints = (0..case.columns.len()).map(|it| (it, complaint(case, it)));
    let complaints: Vec<(usize, &str)> =
        complaints.filter_map(|(at, it)| Some((at, it?))).collect();
    let mut codes = complaints.iter().map(|it| it.1);
    match case.valid {
        true => complaints
            .iter()
            .map(|(at, code)| format!("{test}: column {} is valid, ours {code}", at + 1))
            .collect(),
        false if codes.any(|it| it != "not_supported") => Vec::new(),
        false if complaints.is_empty() => vec![format!("{test}: invalid, ours valid")],
        false => vec![format!("{test}: invalid, ours not_supported")],
    }
}

/// Why we say something else: a reason, and the tests.
const DIFFERENCES: &[(&str, &[&str])] = &[
    (
        "What is no number is not stored as one: NaN, INF.",
        &[
            "test155: column 3 is valid, ours not_a_number",
            "test155: column 4 is valid, ours not_a_number",
            "test155: column 5 is valid, ours not_a_number",
        ],
    ),
    (
        "An exponent is a way to write a number, also an exact one.",
        &["test164: invalid, ours valid"],
    ),
    (
        "A number with a sign for percent or per mille is another number: it is kept as text, or read with `bareNumber` false.",
        &[
            "test170: column 1 is valid, ours not_a_number",
            "test171: column 1 is valid, ours not_a_number",
            "test283: column 3 is valid, ours not_a_number",
            "test283: column 4 is valid, ours not_a_number",
            "test283: column 5 is valid, ours not_a_number",
            "test283: column 6 is valid, ours not_a_number",
            "test283: column 7 is valid, ours not_a_number",
        ],
    ),
    (
        "An offset that is not stored would be lost: a datetime has one where a `timezone` is declared, a day, a time of day, a year and a month have none.",
        &[
            "test187: column 1 is valid, ours bad_date",
            "test187: column 10 is valid, ours bad_yearmonth",
            "test187: column 2 is valid, ours bad_time",
            "test187: column 3 is valid, ours bad_datetime",
            "test187: column 4 is valid, ours bad_datetime",
            "test187: column 9 is valid, ours bad_year",
            "test188: column 15 is valid, ours bad_format",
            "test188: column 16 is valid, ours bad_format",
            "test189: column 5 is valid, ours bad_format",
            "test189: column 6 is valid, ours bad_format",
        ],
    ),
    (
        "A year of two digits may be declared: 1969 to 2068.",
        &["test191: invalid, ours valid"],
    ),
    (
        "Binary data is text, whose length is its characters.",
        &[
            "test195: column 3 is valid, ours too_long",
            "test195: column 4 is valid, ours too_long",
        ],
    ),
    (
        "A property that means nothing for a type, a bound that is not part of it, lists and keys are refused by name, whatever the file has.",
        &[
            "test201: invalid, ours not_supported",
            "test202: column 5 is valid, ours not_supported",
            "test202: column 6 is valid, ours not_supported",
            "test207: invalid, ours not_supported",
            "test208: invalid, ours not_supported",
            "test209: column 5 is valid, ours not_supported",
            "test209: column 6 is valid, ours not_supported",
            "test214: invalid, ours not_supported",
            "test215: invalid, ours not_supported",
            "test216: invalid, ours not_supported",
            "test217: invalid, ours not_supported",
            "test219: invalid, ours not_supported",
            "test220: invalid, ours not_supported",
            "test221: invalid, ours not_supported",
            "test222: invalid, ours not_supported",
            "test223: invalid, ours not_supported",
            "test224: invalid, ours not_supported",
            "test225: invalid, ours not_supported",
            "test226: invalid, ours not_supported",
            "test227: invalid, ours not_supported",
            "test228: column 1 is valid, ours not_supported",
            "test229: column 1 is valid, ours not_supported",
            "test230: invalid, ours not_supported",
            "test231: column 1 is valid, ours not_supported",
            "test232: invalid, ours not_supported",
            "test233: column 1 is valid, ours not_supported",
            "test233: column 2 is valid, ours not_supported",
            "test234: invalid, ours not_supported",
        ],
    ),
    (
        "A fraction of a second has up to six digits, whatever a pattern of Unicode's counts.",
        &["test247: invalid, ours valid"],
    ),
    (
        "A duration is text: a `pattern` may say more.",
        &[
            "test279: invalid, ours valid",
            "test280: invalid, ours valid",
            "test281: invalid, ours valid",
        ],
    ),
    (
        "Groups have three digits. They are not of two as in India, and decimals have none.",
        &[
            "test282: column 3 is valid, ours not_an_integer",
            "test282: column 7 is valid, ours not_a_number",
            "test284: column 4 is valid, ours not_an_integer",
            "test284: column 5 is valid, ours not_an_integer",
            "test284: column 6 is valid, ours not_an_integer",
            "test284: column 7 is valid, ours not_an_integer",
            "test284: column 9 is valid, ours not_an_integer",
            "test285: column 1 is valid, ours not_a_number",
            "test285: column 2 is valid, ours not_a_number",
            "test285: column 3 is valid, ours not_a_number",
            "test285: column 4 is valid, ours not_a_number",
            "test285: column 5 is valid, ours not_a_number",
            "test285: column 6 is valid, ours not_a_number",
            "test295: invalid, ours valid",
        ],
    ),
    (
        "A pattern of digits is declared as far as `groupChar` and `decimals` go: the least digits are not, and groups may be left out.",
        &[
            "test288: invalid, ours valid",
            "test289: invalid, ours valid",
            "test292: invalid, ours valid",
            "test293: invalid, ours valid",
            "test298: invalid, ours valid",
            "test300: invalid, ours valid",
            "test302: invalid, ours valid",
        ],
    ),
];

#[test]
fn files_are_what_the_tests_say_or_it_is_told_why_not() {
    let cases: Vec<Case> = serde_json::from_str(CASES).unwrap();
    assert_eq!(cases.len(), 112);
    let found: BTreeSet<String> = cases.iter().flat_map(differences).collect();
    let listed: BTreeSet<String> = DIFFERENCES
        .iter()
        .flat_map(|(_, tests)| tests.iter().map(|it| (*it).to_owned()))
        .collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new: {new:#?}\ngone: {gone:#?}"
    );
}
