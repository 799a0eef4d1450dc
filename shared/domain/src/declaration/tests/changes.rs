//! What a declaration may become: a change for each line of the rules.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{everything, parsed};
use crate::declaration::{CHANGES, Evolution, evolve};

/// The line of the rules, and changes of the document with every property that it speaks of.
type Line = (&'static str, Vec<fn(&mut Value)>);

/// The field of this name.
fn field<'d>(document: &'d mut Value, name: &str) -> &'d mut Value {
    let fields = document["fields"].as_array_mut().unwrap();
    fields.iter_mut().find(|it| it["name"] == name).unwrap()
}

fn add(document: &mut Value, field: Value) {
    document["fields"].as_array_mut().unwrap().push(field);
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name).unwrap();
}

fn may() -> Vec<Line> {
    vec![
        (
            "another field, if it is optional",
            vec![|it| add(it, json!({ "name": "new", "type": "date" }))],
        ),
        (
            "the order of the fields",
            vec![|it| it["fields"].as_array_mut().unwrap().reverse()],
        ),
        (
            "`title`, `titles`, `description`, `example` of a field",
            vec![
                |it| field(it, "code")["title"] = json!("Another"),
                |it| field(it, "kind")["titles"] = json!(["Sort"]),
                |it| field(it, "kind")["description"] = json!("What kind."),
                |it| remove(field(it, "code"), "example"),
            ],
        ),
        (
            "`required` of a field, unless rows are sorted by it",
            vec![
                |it| remove(&mut field(it, "code")["constraints"], "required"),
                |it| field(it, "kind")["constraints"]["required"] = json!(true),
            ],
        ),
        (
            "`missingValues` of a field that is no string",
            vec![|it| field(it, "count")["missingValues"] = json!(["none"])],
        ),
        (
            "`minLength`, `maxLength`, `pattern`, `enum`, `format` `email` and `uri` of a string",
            vec![
                |it| field(it, "code")["constraints"]["maxLength"] = json!(20),
                |it| remove(&mut field(it, "code")["constraints"], "pattern"),
                |it| field(it, "kind")["constraints"]["enum"] = json!(["one"]),
                |it| remove(field(it, "mail"), "format"),
            ],
        ),
        (
            "`minimum`, `maximum`, `enum` of other types within the same SQL type, unless rows are sorted by an integer",
            vec![
                |it| field(it, "count")["constraints"]["maximum"] = json!(2_000_000),
                |it| field(it, "day")["constraints"]["minimum"] = json!("1990-01-01"),
                |it| remove(&mut field(it, "paid")["constraints"], "enum"),
                |it| field(it, "huge")["constraints"]["minimum"] = json!(0),
            ],
        ),
        (
            "`decimals` and `digits` of a number within the same SQL type",
            vec![|it| add_number(it, json!(3))],
        ),
        (
            "`format` and `formats` of dates and times; one `timezone` for another",
            vec![
                |it| {
                    field(it, "due")["format"] = json!("%d/%m/%Y");
                    field(it, "due")["example"] = json!("27/01/2026");
                },
                |it| field(it, "at")["timezone"] = json!("UTC"),
            ],
        ),
        (
            "`decimalChar`, `groupChar`, `bareNumber`, `trueValues`, `falseValues`",
            vec![|it| field(it, "total")["bareNumber"] = json!(false), |it| {
                field(it, "paid")["trueValues"] = json!(["ja"])
            }],
        ),
        (
            "`dialect`, `fieldsMatch`, `multiline`",
            vec![
                |it| remove(it, "dialect"),
                |it| it["fieldsMatch"] = json!("subset"),
                |it| it["multiline"] = json!(false),
            ],
        ),
        (
            "`maxErrors`, `oneAtATime`, `inOrder`",
            vec![
                |it| it["maxErrors"] = json!(7),
                |it| it["oneAtATime"] = json!(false),
                |it| remove(it, "inOrder"),
            ],
        ),
        (
            "`sums`, which are made anew of the rows, an import a minute",
            vec![|it| it["sums"]["of"] = json!(["count"]), |it| {
                remove(it, "sums")
            }],
        ),
    ]
}

/// The plain number of the document before: see [`before`].
fn add_number(document: &mut Value, decimals: Value) {
    field(document, "plain")["decimals"] = decimals;
}

fn may_not() -> Vec<Line> {
    vec![
        (
            "a field is gone, or has another name",
            vec![|it| field(it, "mail")["name"] = json!("email"), |it| {
                drop(it["fields"].as_array_mut().unwrap().remove(2))
            }],
        ),
        (
            "another field that is required",
            vec![|it| {
                let constraints = json!({ "required": true });
                add(
                    it,
                    json!({ "name": "new", "type": "date", "constraints": constraints }),
                );
            }],
        ),
        (
            "`type` of a field",
            vec![|it| {
                *field(it, "year") = json!({ "name": "year", "type": "integer", "groupChar": "." })
            }],
        ),
        (
            "`format` of a string from or to `uuid`",
            vec![
                |it| *field(it, "id") = json!({ "name": "id", "type": "string" }),
                |it| field(it, "link")["format"] = json!("uuid"),
            ],
        ),
        (
            "bounds of an integer from or to more than 64 bits",
            vec![|it| remove(&mut field(it, "huge")["constraints"], "maximum")],
        ),
        (
            "`decimals` and `digits` of a number from or to 2 and 14, which are stored as an amount",
            vec![|it| {
                add_number(it, json!(2));
                field(it, "plain")["digits"] = json!(14);
            }],
        ),
        (
            "`timezone` of a datetime where there was none, or none where there was one",
            vec![|it| remove(field(it, "at"), "timezone")],
        ),
        (
            "`missingValues` of a string",
            vec![
                |it| field(it, "code")["missingValues"] = json!(["-", ""]),
                |it| it["missingValues"] = json!([""]),
            ],
        ),
        (
            "`minimum` or `maximum` of an integer that rows are sorted by",
            vec![|it| field(it, "count")["constraints"]["maximum"] = json!(2_000_000)],
        ),
        ("`sortedBy`", vec![|it| remove(it, "sortedBy")]),
        (
            "`totals`",
            vec![|it| remove(it, "totals"), |it| {
                it["totals"].as_array_mut().unwrap().reverse()
            }],
        ),
    ]
}

/// Every property, and a number that is no amount. For the lines about an integer that rows are
/// sorted by, they are.
fn before(line: &str) -> Value {
    let mut document = everything();
    add(
        &mut document,
        json!({ "name": "plain", "type": "number", "decimalChar": ",", "groupChar": "." }),
    );
    if line.contains("integer that rows") {
        document["sortedBy"] = json!("count");
    }
    if line.contains("sorted by") && document["sortedBy"] == "count" || line == "`sortedBy`" {
        remove(&mut document, "sums");
    }
    document
}

fn changed(line: &str, change: fn(&mut Value)) -> Evolution {
    let old = before(line);
    let mut new = old.clone();
    change(&mut new);
    evolve(&parsed(&old), &parsed(&new))
}

/// The codes that a change can have.
pub(super) fn codes() -> BTreeSet<&'static str> {
    let changes = may_not().into_iter();
    let changes = changes.flat_map(|(line, changes)| changes.into_iter().map(move |it| (line, it)));
    let problems = changes.flat_map(|(line, change)| match changed(line, change) {
        Evolution::Incompatible(problems) => problems,
        _ => Vec::new(),
    });
    problems.map(|it| it.code).collect()
}

#[test]
fn every_line_of_the_rules_has_a_change() {
    let tables = [(true, may()), (false, may_not())];
    let lines = tables
        .iter()
        .flat_map(|(may, table)| table.iter().map(|it| (it.0, *may)));
    let rules = CHANGES.iter().map(|it| (it.what, it.may));
    assert!(lines.eq(rules));
}

#[test]
fn what_may_change_while_there_are_rows() {
    for (line, changes) in may() {
        for (number, change) in changes.into_iter().enumerate() {
            let evolution = changed(line, change);
            let added = match line {
                "another field, if it is optional" => vec![16],
                _ => Vec::new(),
            };
            assert_eq!(
                evolution,
                Evolution::Compatible { added },
                "{line} {number}"
            );
        }
    }
}

#[test]
fn what_may_not() {
    for (line, changes) in may_not() {
        for (number, change) in changes.into_iter().enumerate() {
            let evolution = changed(line, change);
            let refused = matches!(&evolution, Evolution::Incompatible(it) if !it.is_empty());
            assert!(refused, "{line} {number}: {evolution:?}");
        }
    }
}

#[test]
fn the_same_document_changes_nothing() {
    let document = parsed(&everything());
    assert_eq!(evolve(&document, &document), Evolution::Same);
    let written_otherwise = parsed(&document.to_json());
    assert_eq!(evolve(&document, &written_otherwise), Evolution::Same);
}

#[test]
fn the_places_of_what_may_not_change() {
    let paths = |line: &str, change: fn(&mut Value)| match changed(line, change) {
        Evolution::Incompatible(problems) => {
            let told = problems.iter().map(|it| format!("{} {}", it.path, it.code));
            told.collect::<Vec<_>>().join(", ")
        }
        other => format!("{other:?}"),
    };
    let renamed = paths("", |it| field(it, "mail")["name"] = json!("email"));
    assert_eq!(renamed, "fields field_removed");
    let retyped = paths("", |it| {
        *field(it, "year") = json!({ "name": "year", "type": "date" })
    });
    assert_eq!(retyped, "fields[14].type type_changed");
    let stored = paths("", |it| remove(field(it, "at"), "timezone"));
    assert_eq!(stored, "fields[12] storage_changed");
}
