//! What a type compiles to.

use serde_json::{Value, json};

use super::{of, one, parsed, told};
use crate::cell::{Kind, Value as Cell, parse_as};
use crate::declaration::Place;
use crate::reading::Reading;

fn kind(of_type: &str, properties: Value) -> Kind {
    parsed(&one(of_type, properties)).fields[0].kind.clone()
}

#[test]
fn types_are_stored_as_they_are_declared() {
    let bounds =
        |min: Value, max: Value| json!({ "constraints": { "minimum": min, "maximum": max } });
    for (of_type, properties, sql) in [
        ("string", json!({}), "text"),
        ("string", json!({ "format": "email" }), "text"),
        ("string", json!({ "format": "uuid" }), "uuid"),
        ("integer", json!({}), "bigint"),
        (
            "integer",
            bounds(json!(i64::MIN), json!(i64::MAX)),
            "bigint",
        ),
        (
            "integer",
            bounds(json!(0), json!("9223372036854775808")),
            "numeric",
        ),
        (
            "integer",
            bounds(json!("-9223372036854775809"), json!(0)),
            "numeric",
        ),
        ("number", json!({}), "numeric"),
        ("number", json!({ "decimals": 2 }), "numeric"),
        ("number", json!({ "decimals": 2, "digits": 12 }), "numeric"),
        ("number", json!({ "decimals": 2, "digits": 14 }), "money"),
        ("boolean", json!({}), "boolean"),
        ("date", json!({}), "date"),
        ("datetime", json!({}), "timestamp"),
        ("datetime", json!({ "timezone": "UTC" }), "timestamptz"),
        ("time", json!({}), "time"),
        ("year", json!({}), "integer"),
        ("yearmonth", json!({}), "date"),
    ] {
        assert_eq!(
            kind(of_type, properties.clone()).sql().code(),
            sql,
            "{of_type} {properties}"
        );
    }
}

#[test]
fn what_needs_nothing_more_is_plain() {
    let amount = json!({ "decimals": 2, "digits": 14 });
    assert_eq!(kind("number", amount), Kind::MONEY);
    let length = json!({ "constraints": { "maxLength": 15 } });
    assert_eq!(kind("string", length), Kind::text(15));
    let bounds = json!({ "constraints": { "minimum": -1, "maximum": "5" } });
    assert_eq!(kind("integer", bounds), Kind::integer(-1, 5));
    let usual = json!({ "formats": ["%-m/%-d/%Y", "%-d.%-m.%Y", "default"] });
    assert_eq!(kind("date", usual), Kind::DATE);
    assert_ne!(kind("date", json!({})), Kind::DATE);
}

/// The cells of a declared dataset are read by what was declared, through its reading.
#[test]
fn cells_are_read_by_the_declaration() {
    let declaration = parsed(&super::everything());
    let numbers: Vec<i32> = (1..=declaration.fields.len() as i32).collect();
    let dataset = declaration.compile(&Place::declared("all", 1, 1, &numbers));
    let forms = Reading::declared(&dataset).forms(&dataset);
    let read = |name: &str, cell: &str| {
        let at = declaration.position(name).unwrap();
        let value = parse_as(&dataset.columns[at].kind, cell.as_bytes(), &forms);
        value.map(|it| format!("{it:?}")).map_err(|it| it.code())
    };
    for (name, cell, expected) in [
        ("code", "AB-1", Ok("Text(\"AB-1\")")),
        ("code", "ab-1", Err("pattern_does_not_match")),
        ("code", "AB-123456789", Err("too_long")),
        ("kind", "three", Err("not_in_enum")),
        ("mail", "nobody", Err("bad_email")),
        ("count", "12 pieces", Ok("Integer(12)")),
        ("count", "13", Err("not_in_enum")),
        ("price", "1.234,50", Ok("Money(123450)")),
        ("price", "0,25", Err("out_of_range")),
        ("paid", "yes", Ok("Boolean(true)")),
        ("paid", "no", Err("not_in_enum")),
        ("day", "27.01.2026", Ok("Date(2026-01-27)")),
        ("day", "2026-01-27", Ok("Date(2026-01-27)")),
        ("day", "27.01.1999", Err("out_of_range")),
        ("due", "2026-01-27", Err("bad_date")),
        ("year", "2000", Ok("Year(2000)")),
        ("year", "1999", Err("not_in_enum")),
    ] {
        let expected = expected.map(ToOwned::to_owned);
        assert_eq!(read(name, cell), expected, "{name} {cell}");
    }
    let at = "2026-01-27 12:00";
    let stored = parse_as(&dataset.columns[12].kind, at.as_bytes(), &forms).unwrap();
    let Cell::Timestamp(stored) = stored else {
        panic!("{stored:?}")
    };
    assert_eq!(stored.to_string(), "2026-01-27T11:00:00Z");
}

#[test]
fn the_dialect_is_the_reading() {
    let declaration = parsed(&super::everything());
    let numbers: Vec<i32> = (1..=declaration.fields.len() as i32).collect();
    let dataset = declaration.compile(&Place::declared("all", 1, 1, &numbers));
    let reading = Reading::declared(&dataset);
    let said = (
        reading.delimiter,
        reading.quote,
        reading.preamble,
        reading.heading_lines,
    );
    assert_eq!(said, (b';', Some(b'\''), 2, 2));
    assert_eq!(reading.encoding.name(), "windows-1252");
    assert_eq!(reading.escape, crate::reading::Escape::Byte(b'\\'));
    assert!(reading.skip_initial_space && reading.strict);
    assert_eq!(
        (reading.decimal, reading.group.map(|it| it.char())),
        (b',', Some('.'))
    );
}

#[test]
fn a_declared_dialect_is_not_looked_for() {
    let look = |dialect: Value, file: &str| {
        let mut document = of(json!([
            { "name": "a", "title": "Title", "type": "string", "titles": ["Kode"] },
            { "name": "b", "type": "string" },
        ]));
        document["dialect"] = dialect;
        let dataset = parsed(&document).compile(&Place::declared("x", 1, 1, &[1, 2]));
        let said = Reading::declared(&dataset);
        let look = crate::first_look::look(file.as_bytes(), 0, true, &dataset, &said);
        look.map(|it| it.unwrap()).map(|it| {
            let reading = &it.reading;
            (
                it.heading.column_order,
                reading.delimiter,
                reading.preamble,
                reading.heading_lines,
            )
        })
    };
    let declared = json!({ "delimiter": ";", "headerRows": [2], "commentRows": [1] });
    let both = vec![Some(0), Some(1)];
    let found = Ok((both.clone(), b';', 1, 1));
    assert_eq!(look(declared.clone(), "x,y\nTITLE;b\n1;2\n"), found);
    assert_eq!(look(declared.clone(), "x,y\nkode;b\n1;2\n"), found);
    assert_eq!(look(declared.clone(), "x,y\na;b\n1;2\n"), found);
    assert!(look(declared.clone(), "a;b\n1;2\n").is_err());
    assert!(look(declared, "x\na,b\n1,2\n").is_err());
    let none = json!({ "header": false });
    assert_eq!(look(none, "1,2\n"), Ok((both.clone(), b',', 0, 0)));
    let free = look(json!({}), "x\ny\nTitle|b\n1|2\n");
    assert_eq!(free, Ok((both, b'|', 2, 1)));
}

#[test]
fn a_row_that_no_page_holds_is_refused() {
    let fields = |count: usize, of_type: Value| {
        let field = |at: usize| {
            let mut field = of_type.clone();
            field["name"] = json!(format!("f{at}"));
            field
        };
        of((0..count).map(field).collect())
    };
    let required = |of_type: &str, more: Value| {
        let mut field = json!({ "type": of_type, "constraints": { "required": true } });
        field["constraints"]
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        field
    };
    let mut uuid = required("string", json!({}));
    uuid["format"] = json!("uuid");
    assert_eq!(told(&fields(500, uuid.clone())), ["fields never_fits"]);
    assert_eq!(told(&fields(400, uuid)), [""; 0]);
    let texts = required("string", json!({ "minLength": 20 }));
    assert_eq!(told(&fields(500, texts)), ["fields never_fits"]);
    assert_eq!(told(&fields(500, required("datetime", json!({})))), [""; 0]);
    assert_eq!(told(&fields(500, json!({ "type": "string" }))), [""; 0]);
}

/// The bound is of all patterns together, and small ones are many.
#[test]
fn patterns_are_bounded_together() {
    let fields = |count: usize, pattern: fn(usize) -> String| {
        let field = |at: usize| {
            let constraints = json!({ "pattern": pattern(at) });
            json!({ "name": format!("f{at}"), "type": "string", "constraints": constraints })
        };
        of((0..count).map(field).collect())
    };
    assert_eq!(told(&fields(500, |at| format!("[A-Z]{{3}}-{at}"))), [""; 0]);
    let large = |at: usize| format!(r"\d{{10}}{at}");
    assert_eq!(told(&fields(10, large)), [""; 0]);
    let told = told(&fields(500, large));
    let (first, rest) = told.split_first().unwrap();
    assert!(
        first.ends_with("constraints.pattern patterns_too_large"),
        "{first}"
    );
    assert!(rest.len() < 499, "some of them are taken");
}
