mod canonical;
mod changes;
mod every_text;
mod json_schema;
mod refused;
mod stored;
mod values;

use serde_json::{Value, json};

use super::{Declaration, Problem, ProblemKind};

/// A document that has every property once at least.
fn everything() -> Value {
    serde_json::from_str(include_str!("tests/everything.json")).unwrap()
}

/// The same with one pattern of dates a field: pairs of them are compared over forty years.
fn everything_but_pairs() -> Value {
    let mut document = everything();
    document["fields"][10]["formats"] = json!(["%d.%m.%Y"]);
    document
}

/// A document of these fields.
fn of(fields: Value) -> Value {
    json!({ "fields": fields })
}

/// A document of one field of this type, with these properties.
fn one(of_type: &str, properties: Value) -> Value {
    let mut field = json!({ "name": "a", "type": of_type });
    let all = field.as_object_mut().unwrap();
    all.extend(properties.as_object().unwrap().clone());
    of(json!([field]))
}

fn parsed(document: &Value) -> Declaration {
    Declaration::parse(document).unwrap_or_else(|it| panic!("{document}: {it:?}"))
}

fn problems(document: &Value) -> Vec<Problem> {
    Declaration::parse(document).err().unwrap_or_default()
}

/// The path and code of each problem.
fn told(document: &Value) -> Vec<String> {
    let problems = problems(document).into_iter();
    problems
        .map(|it| format!("{} {}", it.path, it.code))
        .collect()
}

#[test]
fn what_can_be_declared_is_declared() {
    let declaration = parsed(&everything());
    assert_eq!(declaration.fields.len(), 15);
    assert_eq!(declaration.sorted_by, declaration.position("day"));
    assert_eq!(
        declaration.missing_values(&declaration.fields[1]),
        ["", "n/a"]
    );
    assert_eq!(declaration.missing_values(&declaration.fields[0]), ["-"]);
    assert_eq!(declaration.forms().decimal, b',');
}

#[test]
fn every_problem_of_a_document_is_told() {
    let document = json!({
        "fields": [
            { "name": "a", "type": "integer", "constraints": { "minimum": 5, "maximum": 1 } },
            { "name": "b", "type": "text", "requird": true },
            { "name": "c", "type": "date", "formats": ["%m/%d/%Y", "%d/%m/%Y"], "requird": true },
            "d",
        ],
        "primaryKey": "a",
        "sortedBy": "e",
        "maxErrors": "many",
    });
    let expected = [
        "primaryKey not_supported",
        "fields[1].type not_a_choice",
        "fields[2].requird not_supported",
        "fields[3] wrong_type",
        "fields[0].constraints.minimum bad_bounds",
        "fields[2].formats[1] patterns_disagree",
        "sortedBy unknown_field",
        "maxErrors not_a_choice",
    ];
    assert_eq!(told(&document), expected);
    let meant = &problems(&document)[2].message;
    assert!(meant.ends_with("Known here: name, type, title, titles, description, example, missingValues, constraints, format, formats."), "{meant}");
}

#[test]
fn a_document_of_problems_alone_is_answered_shortly() {
    let map: serde_json::Map<_, _> = (0..20_000).map(|it| (format!("p{it}"), json!(1))).collect();
    let problems = problems(&Value::Object(map));
    assert_eq!(problems.len(), crate::limits::PROBLEMS_TOLD_AT_MOST);
    let most = problems.iter().map(|it| it.message.len()).max();
    assert!(most.unwrap() < 500);
    let huge = json!({ "fields": [], "x": "y".repeat(crate::limits::DECLARATION_BYTES_AT_MOST) });
    assert_eq!(told(&huge), [" too_large"]);
}

#[test]
fn a_place_of_a_declared_dataset_has_no_text_in_its_sql() {
    let declaration = parsed(&of(json!([
        { "name": "\"; drop table import; --", "type": "string" },
        { "name": "select", "type": "integer" },
    ])));
    let place = super::Place::declared("robert", 17, 2, &[1, 4]);
    let dataset = declaration.compile(&place);
    assert_eq!(dataset.table, "d_17");
    let names: Vec<&str> = dataset.columns.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["c1", "c4"]);
    assert_eq!((dataset.id, dataset.version), (Some(17), 2));
}

#[test]
fn a_template_is_the_heading_and_the_examples() {
    let text = |document: &Value| String::from_utf8(parsed(document).template()).unwrap();
    let fields = json!([
        { "name": "a;b", "type": "string", "example": "say \"no\"" },
        { "name": "n", "type": "integer", "missingValues": ["-"] },
    ]);
    assert_eq!(
        text(&of(fields.clone())),
        "\"a;b\",n\r\n\"say \"\"no\"\"\",-\r\n"
    );
    let said = |dialect: Value| json!({ "fields": fields, "dialect": dialect });
    let semicolons = said(json!({ "delimiter": ";", "headerRows": [2, 3] }));
    let expected = "\r\n\"a;b\";n\r\n\"\";\r\n\"say \"\"no\"\"\";-\r\n";
    assert_eq!(text(&semicolons), expected);
    let none = said(json!({ "header": false, "quoteChar": "'" }));
    assert_eq!(text(&none), "say \"no\",-\r\n");
    let empty = of(json!([{ "name": "a", "type": "string" }]));
    assert_eq!(text(&empty), "a\r\n");
}

#[test]
fn a_template_of_a_built_in_dataset_is_a_file_of_it() {
    for dataset in crate::catalog::all() {
        let declaration = crate::catalog::declaration(&dataset.name).unwrap();
        let file = declaration.template();
        let said = crate::reading::Reading::declared(dataset);
        let look = crate::first_look::look(&file, 0, true, dataset, &said)
            .unwrap()
            .unwrap();
        let order: Vec<_> = (0..dataset.columns.len()).map(Some).collect();
        assert_eq!(look.heading.column_order, order);
    }
}

#[test]
fn a_schema_says_how_values_are_answered() {
    let document = of(json!([
        { "name": "a", "title": "A b", "type": "integer" },
        { "name": "b", "type": "integer", "constraints": { "minimum": 0, "maximum": 9, "required": true } },
        { "name": "c", "type": "boolean" },
        { "name": "d", "type": "string", "missingValues": [] },
    ]));
    let shown = parsed(&document).shown("things", 3);
    let columns = json!([
        { "field": "a", "heading": "A b", "type": "integer", "answered_as": "string", "nullable": true },
        { "field": "b", "heading": "b", "type": "integer", "answered_as": "number", "nullable": false },
        { "field": "c", "heading": "c", "type": "boolean", "answered_as": "boolean", "nullable": true },
        { "field": "d", "heading": "d", "type": "string", "answered_as": "string", "nullable": true },
    ]);
    assert_eq!(shown["columns"], columns);
    assert_eq!(
        (&shown["dataset"], &shown["version"]),
        (&json!("things"), &json!(3))
    );
    assert_eq!(shown["declaration"], parsed(&document).to_json());
}

/// A whole number says nothing of decimals, but `4.747` is one here, so a point is not before them.
#[test]
fn a_point_that_groups_digits_is_before_no_decimals() {
    for (group, decimal) in [(".", b','), (",", b'.'), (" ", b'.')] {
        let forms = parsed(&one("integer", json!({ "groupChar": group }))).forms();
        assert_eq!(forms.decimal, decimal, "{group}");
    }
}

/// Every code is met by a document, a name or a change of one: none is for nothing.
#[test]
fn every_code_is_met() {
    let mut met = refused::codes();
    met.extend(changes::codes());
    met.extend(["too_large", "bad_name", "taken_name"]);
    let missing: Vec<_> = ProblemKind::CODES
        .iter()
        .filter(|it| !met.contains(*it))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
