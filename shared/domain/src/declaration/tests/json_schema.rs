//! The JSON Schema and the parser refuse the same documents, as far as structure goes.

use boon::{Compiler, SchemaIndex, Schemas};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{everything, everything_but_pairs, of, problems};
use crate::declaration::{ProblemKind, SCHEMA};
use crate::limits::*;

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn new() -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        let location = "http://localhost/declaration.json";
        let document = serde_json::from_str(SCHEMA).unwrap();
        compiler.add_resource(location, document).unwrap();
        let index = compiler.compile(location, &mut schemas).unwrap();
        Self { schemas, index }
    }

    /// Fails if one of both refuses the document for its structure and the other does not.
    fn agrees(&self, document: &Value) {
        let problems = problems(document);
        let refused = problems
            .iter()
            .any(|it| ProblemKind::is_structural(it.code));
        let validated = self.schemas.validate(document, self.index);
        let says = validated.as_ref().err().map(ToString::to_string);
        assert_eq!(
            refused,
            says.is_some(),
            "{document}\n{problems:?}\n{says:?}"
        );
    }
}

#[test]
fn valid_documents() {
    let schema = Schema::new();
    schema.agrees(&everything());
    for text in [
        include_str!("../../catalog/baseline.json"),
        include_str!("../../catalog/team.json"),
    ] {
        schema.agrees(&serde_json::from_str(text).unwrap());
    }
}

/// The limits stand in both: at each of them both agree, and above it both refuse.
#[test]
fn limits() {
    let schema = Schema::new();
    let text = |chars: usize| json!("é".repeat(chars));
    let field = |of_type: &str, name: &str, value: Value| {
        let mut field = json!({ "name": "a", "type": of_type });
        field[name] = value;
        of(json!([field]))
    };
    let constraint = |of_type: &str, name: &str, value: Value| {
        field(of_type, "constraints", json!({ name: value }))
    };
    let list = |entry: Value, length: usize| Value::Array(vec![entry; length]);
    let whole = |name: &str, value: Value| {
        let mut document = of(json!([{ "name": "a", "type": "string" }]));
        document[name] = value;
        document
    };
    type Limited<'f> = (usize, &'f dyn Fn(usize) -> Value);
    let limited: [Limited<'_>; 21] = [
        (HEADING_CHARS_AT_MOST, &|it| {
            field("string", "name", text(it))
        }),
        (HEADING_CHARS_AT_MOST, &|it| {
            field("string", "titles", json!([text(it)]))
        }),
        (TITLES_AT_MOST, &|it| {
            field("string", "titles", list(json!("x"), it))
        }),
        (DESCRIPTION_CHARS_AT_MOST, &|it| {
            field("string", "description", text(it))
        }),
        (EXAMPLE_CHARS_AT_MOST, &|it| {
            field("string", "example", text(it))
        }),
        (MISSING_VALUES_AT_MOST, &|it| {
            field("string", "missingValues", list(json!(""), it))
        }),
        (MISSING_VALUE_CHARS_AT_MOST, &|it| {
            whole("missingValues", json!([text(it)]))
        }),
        (MISSING_VALUES_AT_MOST, &|it| {
            field("boolean", "trueValues", list(json!("x"), it))
        }),
        (CHOICES_AT_MOST, &|it| {
            constraint("string", "enum", list(json!("x"), it))
        }),
        (CHOICE_CHARS_AT_MOST, &|it| {
            constraint("string", "enum", json!([text(it)]))
        }),
        (BOUND_CHARS_AT_MOST, &|it| {
            constraint("number", "minimum", text(it))
        }),
        (BOUND_CHARS_AT_MOST, &|it| {
            constraint("date", "maximum", text(it))
        }),
        (PATTERN_CHARS_AT_MOST, &|it| {
            constraint("string", "pattern", text(it))
        }),
        (RECORD_BYTES_AT_MOST as usize, &|it| {
            constraint("string", "maxLength", json!(it))
        }),
        (DATE_FORMATS_AT_MOST, &|it| {
            field("date", "formats", list(json!("default"), it))
        }),
        (FORMAT_CHARS_AT_MOST, &|it| {
            field("time", "format", text(it))
        }),
        (FORMAT_CHARS_AT_MOST, &|it| {
            field("datetime", "timezone", text(it))
        }),
        (crate::cell::DIGITS_AT_MOST.into(), &|it| {
            field("number", "digits", json!(it))
        }),
        (TOTALS_AT_MOST, &|it| {
            whole("inOrder", list(json!(["a", "a"]), it))
        }),
        (SUMMED_COLUMNS_AT_MOST, &|it| {
            whole("sums", json!({ "by": list(json!("a"), it), "of": ["a"] }))
        }),
        (DATASET_FIELDS_AT_MOST, &|it| {
            of(list(json!({ "name": "a", "type": "string" }), it))
        }),
    ];
    for (most, document) in limited {
        let structural = |document: &Value| {
            let problems = problems(document).into_iter();
            let mut codes = problems.map(|it| it.code);
            codes.any(ProblemKind::is_structural)
        };
        for length in [1, most] {
            assert!(
                !structural(&document(length)),
                "{:.200}",
                document(length).to_string()
            );
        }
        assert!(
            structural(&document(most + 1)),
            "{:.200}",
            document(most + 1).to_string()
        );
        schema.agrees(&document(most));
        schema.agrees(&document(most + 1));
    }
}

/// The paths of all values in a document.
fn pointers(value: &Value) -> Vec<String> {
    let inside = |key: String, value: &Value| {
        let key = key.replace('~', "~0").replace('/', "~1");
        let below = pointers(value).into_iter();
        below
            .map(move |it| format!("/{key}{it}"))
            .collect::<Vec<_>>()
    };
    let mut all = vec![String::new()];
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, it)| all.extend(inside(key.clone(), it))),
        Value::Array(list) => {
            let entries = list.iter().enumerate();
            entries.for_each(|(at, it)| all.extend(inside(at.to_string(), it)));
        }
        _ => {}
    }
    all
}

/// Values of every type and of every edge that the schema speaks of.
fn value() -> impl Strategy<Value = Value> {
    let texts = prop::sample::select(vec![
        "",
        " ",
        "\u{feff}",
        "\u{85}",
        "x",
        "\t",
        ";",
        "ä",
        "'",
        "\u{2019}",
        "\n",
        "any",
        "default",
        "uuid",
        "email",
        "string",
        "integer",
        "number",
        "boolean",
        "date",
        "datetime",
        "time",
        "year",
        "yearmonth",
        "partial",
        "exact",
        "5%",
        "0000000000100%",
        "101%",
        "7",
        "UTC",
        "%Y-%m-%d",
        "code",
        "1,5",
    ]);
    let properties = prop::sample::select(vec![
        json!({}),
        json!([]),
        json!(["x"]),
        json!([""]),
        json!([1, 2]),
        json!([5]),
        json!(["x", "y", "z"]),
        json!({ "required": true }),
        json!({ "minimum": 1 }),
        json!({ "pattern": "a" }),
        json!({ "field": "total", "product": ["count", "price"], "difference": ["a", "b"] }),
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(5.0),
        json!(5.5),
        json!(39),
        json!(1e300),
        json!(10_001),
        json!(999_999_999_999u64),
        json!(1_000_000_000_000u64),
    ]);
    prop_oneof![texts.prop_map(|it| json!(it)), properties]
}

/// Every name that some part of the document knows, and a few that none does.
const NAMES: [&str; 30] = [
    "name",
    "type",
    "title",
    "titles",
    "example",
    "format",
    "formats",
    "timezone",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "decimals",
    "digits",
    "trueValues",
    "missingValues",
    "constraints",
    "required",
    "minLength",
    "pattern",
    "minimum",
    "enum",
    "primaryKey",
    "unique",
    "fields",
    "dialect",
    "sums",
    "by",
    "headerRows",
    "product",
    "",
];

#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Add(&'static str, Value),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        value().prop_map(Change::Replace),
        Just(Change::Remove),
        (prop::sample::select(&NAMES[..]), value()).prop_map(|(name, it)| Change::Add(name, it)),
    ]
}

fn apply(document: &mut Value, at: prop::sample::Index, change: Change) {
    let pointers = pointers(document);
    let pointer = at.get(&pointers);
    match change {
        Change::Replace(value) => *document.pointer_mut(pointer).unwrap() = value,
        Change::Add(name, value) => {
            if let Some(Value::Object(map)) = document.pointer_mut(pointer) {
                map.insert(name.to_owned(), value);
            }
        }
        Change::Remove => {
            let Some((parent, key)) = pointer.rsplit_once('/') else {
                return;
            };
            match document.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.remove(key)),
                Some(Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
                _ => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn both_refuse_the_same_documents(
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
    ) {
        thread_local! {
            static SCHEMA_OF_ALL: Schema = Schema::new();
        }
        let mut document = everything_but_pairs();
        for (at, change) in changes {
            apply(&mut document, at, change);
        }
        SCHEMA_OF_ALL.with(|schema| schema.agrees(&document));
    }
}
