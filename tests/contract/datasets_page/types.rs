//! The types, and what a value must be.

use domain::declaration::{Declaration, Type, properties_of_field};
use serde_json::{Value, json};

use super::{code, table};

/// A type with its properties, as an example of it is declared, and what a cell is.
const TYPES: [(&str, &str, &str); 14] = [
    ("string", "{}", "any text, kept exactly as it is"),
    ("string", r#"{"format": "email"}"#, "an address of email"),
    ("string", r#"{"format": "uri"}"#, "a URI with its scheme"),
    ("string", r#"{"format": "uuid"}"#, "a UUID with its hyphens"),
    (
        "integer",
        "{}",
        "digits, with a minus before them or not: `-1234`",
    ),
    (
        "integer",
        r#"{"constraints": {"maximum": "99999999999999999999"}}"#,
        "one whose bounds are beyond 64 bits",
    ),
    (
        "number",
        "{}",
        "digits with a point or not, exact, also `1.5e-7`; at most 38 significant digits. No `INF`, no `NaN`",
    ),
    (
        "number",
        r#"{"decimals": 2, "digits": 14}"#,
        "an amount: 1 to 12 digits, then at most 2 after a point, and no other way to write it (not `.50`, `+1.50` or `1e3`). The fastest of the numbers; `totals` are of these",
    ),
    ("boolean", "{}", "one of `trueValues` or `falseValues`"),
    (
        "date",
        "{}",
        "`2026-01-27`, or by its patterns; years 1 to 9999",
    ),
    (
        "datetime",
        "{}",
        "`2026-01-27T10:00:00`, with a blank for the `T` or not, with up to six decimals; stored as written",
    ),
    (
        "datetime",
        r#"{"timezone": "Europe/Berlin"}"#,
        "the same, with an offset (`Z`, `+02:00`) or in the zone that is declared: a point in time",
    ),
    ("time", "{}", "`10:00:00`"),
    ("year", "{}", "`2026`"),
];

const YEARMONTH: (&str, &str, &str) = ("yearmonth", "{}", "`2026-01`, stored as the first day");

const PATTERNS: &str = "
Patterns are those of strptime: `%Y` `%y` `%m` `%d` `%j` `%b` `%B` `%a` `%A` `%H` `%I` `%p` `%M` `%S` `%f` `%z`, and `%F` `%T` `%R` `%D` for some of them together. A number may lack its leading zero in a file, unless another number follows it; `%-d` writes it without one, too. Names of months are English. `any` is refused: a form that is guessed may be read as another day.

A number is a JSON number in answers where its bounds and decimals keep it exact in every program (within 2^53 − 1); otherwise it is a string. `GET …/schema/` says which.

";

fn declared(of: &str, properties: &str) -> Declaration {
    let mut field: Value = serde_json::from_str(properties).unwrap();
    field["name"] = json!("a");
    field["type"] = json!(of);
    Declaration::parse(&json!({ "fields": [field] })).unwrap()
}

fn row((of, properties, cell): (&str, &str, &str)) -> [String; 4] {
    let declaration = declared(of, properties);
    let shown = declaration.shown("a", 1);
    let answered = shown["columns"][0]["answered_as"].as_str().unwrap();
    let with = match properties {
        "{}" => String::new(),
        properties => format!(" with `{}`", &properties[1..properties.len() - 1]),
    };
    let sql = match declaration.fields[0].kind.sql().code() {
        "money" => "numeric(14, 2)",
        other => other,
    };
    [
        format!("`{of}`{with}"),
        cell.to_owned(),
        sql.to_owned(),
        answered.to_owned(),
    ]
}

pub fn page() -> String {
    let rows = TYPES.into_iter().chain([YEARMONTH]).map(row);
    let types = table(["type", "a cell is", "PostgreSQL", "in JSON"], rows);
    format!(
        "## Types\n\nBlanks around a cell are dropped, except of a string.\n\n{types}{PATTERNS}"
    )
}

const CONSTRAINTS: [(&str, &str); 7] = [
    ("required", "true if every row has a value"),
    ("enum", "the only values allowed, a list"),
    ("minLength", "the fewest characters"),
    ("maxLength", "the most characters"),
    (
        "pattern",
        "a regular expression that the whole cell must match, in the syntax of the [`regex` crate](https://docs.rs/regex/latest/regex/#syntax): no look-around, no back references, and time linear in the cell",
    ),
    ("minimum", "the smallest value allowed"),
    ("maximum", "the largest value allowed"),
];

pub fn constraints() -> String {
    let all = Type::ALL;
    let rows = CONSTRAINTS.map(|(name, what)| {
        let has = |it: &&Type| properties_of_field(**it, false).1.contains(&name);
        let of: Vec<String> = all.iter().filter(has).map(|it| code(it.name())).collect();
        let of = if of.len() == all.len() {
            "all".to_owned()
        } else {
            of.join(", ")
        };
        [code(name), of, what.to_owned()]
    });
    format!(
        "## Constraints\n\n{}\nValues are written as cells would be, or as ISO 8601 has them: `\"minimum\": \"2026-01-01\"`. Numbers are JSON numbers, or strings with digits and a point; one with more than 15 digits is a string, because JSON may have changed it (`inexact`).\n\n```json\n{{\n  \"fields\": [\n    {{\"name\": \"sku\", \"type\": \"string\", \"example\": \"AB-1234\", \"constraints\": {{\"required\": true, \"pattern\": \"[A-Z]{{2}}-[0-9]{{4}}\"}}}},\n    {{\"name\": \"size\", \"type\": \"string\", \"constraints\": {{\"enum\": [\"S\", \"M\", \"L\"]}}}},\n    {{\"name\": \"weight\", \"type\": \"number\", \"bareNumber\": false, \"example\": \"1.5 kg\", \"constraints\": {{\"minimum\": 0.001, \"maximum\": 1000}}}},\n    {{\"name\": \"made\", \"type\": \"date\", \"formats\": [\"%d.%m.%Y\", \"default\"], \"constraints\": {{\"minimum\": \"2000-01-01\"}}}}\n  ]\n}}\n```\n\n",
        table(["constraint", "types", "what it is"], rows)
    )
}

/// Every type and every constraint has its line.
#[test]
fn every_type_is_described() {
    for of in Type::ALL {
        let described = TYPES.iter().chain([&YEARMONTH]);
        assert!(
            described.clone().any(|it| it.0 == of.name()),
            "{}",
            of.name()
        );
        for name in properties_of_field(*of, false).1 {
            assert!(CONSTRAINTS.iter().any(|it| it.0 == name), "{name}");
        }
    }
}
