//! Columns that a file may lack, and others that it may not have.

use serde_json::json;

use super::*;
use crate::declaration::{Declaration, Place};
use crate::rejects::ADDED;

/// Orders of which the number is required, and no more than it.
fn orders(fields_match: &str) -> Dataset {
    let document = json!({
        "fields": [
            {"name": "number", "type": "integer", "titles": ["Order No."], "constraints": {"required": true}},
            {"name": "customer", "type": "string"},
            {"name": "amount", "type": "number", "decimals": 2, "digits": 14},
        ],
        "fieldsMatch": fields_match,
    });
    let declaration = Declaration::parse(&document).unwrap();
    declaration.compile(&Place::declared("orders", 1, 1, &[1, 2, 3]))
}

fn looked_at(fields_match: &str, file: &str) -> Result<Look, Reason> {
    looked(&orders(fields_match), &[], file.as_bytes())
}

fn order(file: &str) -> Vec<Option<usize>> {
    looked_at("partial", file).unwrap().heading.column_order
}

#[test]
fn a_column_that_is_not_required_may_be_missing() {
    let look = looked_at("partial", "amount;number\n1.50;7\n").unwrap();
    assert_eq!(look.heading.column_order, [Some(2), Some(0)]);
    assert_eq!(look.heading.missing, ["customer"]);
    let warnings = look.heading.warnings();
    let codes: Vec<_> = warnings.iter().map(|it| it.code()).collect();
    assert_eq!(codes, ["columns_missing"]);
    let words = "Columns that are not in the file are null in every row: \"customer\".";
    assert_eq!(warnings[0].to_string(), words);
}

#[test]
fn a_required_column_must_be_there() {
    let refusal = looked_at("partial", "customer,amount\nAda,1.50\n");
    let finding = refused(refusal, "bad_heading", &["Missing: \"number\"."]);
    assert!(!finding.to_string().contains("\"customer\""), "{finding:?}");
}

#[test]
fn other_headings_name_the_same_column() {
    assert_eq!(order("ORDER NO,customer\n7,Ada\n"), [Some(0), Some(1)]);
    let twice = looked_at("partial", "number,Order No.\n7,7\n");
    refused(twice, "bad_heading", &["More than once: \"number\"."]);
}

#[test]
fn of_several_lines_the_one_with_most_columns_is_the_heading() {
    // A title that is the name of a column, and a line of one of them.
    let file = "Number\n\nnumber;customer;amount\n7;Ada;1.50\n";
    let look = looked_at("partial", file).unwrap();
    assert_eq!(look.heading.column_order.len(), 3);
    assert_eq!((look.reading.preamble, look.reading.delimiter), (2, b';'));
    // Of equal ones it is the first.
    assert_eq!(
        looked_at("partial", "number\n7\n")
            .unwrap()
            .reading
            .preamble,
        0
    );
}

#[test]
fn what_a_file_may_have_is_declared() {
    let more = "number,customer,amount,remark\n7,Ada,1.50,x\n";
    let fewer = "number,customer\n7,Ada\n";
    let all = "number,customer,amount\n7,Ada,1.50\n";
    for (fields_match, taken) in [
        ("partial", [true, true, true]),
        ("superset", [false, true, true]),
        ("subset", [true, false, true]),
        ("equal", [false, false, true]),
    ] {
        let looks = [more, fewer, all].map(|file| looked_at(fields_match, file).is_ok());
        assert_eq!(looks, taken, "{fields_match}");
    }
    let others = looked_at("equal", more);
    refused(others, "bad_heading", &["Unknown: \"remark\"."]);
}

#[test]
fn the_file_of_rejected_rows_may_come_back() {
    let added: Vec<_> = ADDED.iter().map(|it| String::from_utf8_lossy(it)).collect();
    let file = format!(
        "number,customer,amount,{}\n7,Ada,1.50,,,\n",
        added.join(",")
    );
    let look = looked_at("equal", &file).unwrap();
    assert!(look.is_rejects_file && look.heading.warnings().is_empty());
}
