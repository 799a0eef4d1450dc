//! Columns of CSV on the Web as fields of Table Schema.

use serde_json::{Map, Value, json};

/// The field that says what the column says, as far as a field can.
pub fn field(column: &Value) -> Value {
    let datatype = &column["datatype"];
    let base = datatype.as_str().or_else(|| datatype["base"].as_str());
    let base = base.unwrap_or("string");
    let mut field = of_base(base);
    field["name"] = json!("column");
    if column.get("separator").is_some() {
        field["type"] = json!("list");
    }
    if let Some(word) = column.get("null") {
        field["missingValues"] = json!([word]);
    }
    if column["required"] == true {
        constrain(&mut field, "required", json!(true));
    }
    for (theirs, ours) in BOUNDS {
        if let Some(bound) = datatype.get(theirs) {
            constrain(&mut field, ours, bound.clone());
        }
    }
    lengths(&mut field, datatype);
    if let Some(format) = datatype.get("format") {
        format_of(&mut field, base, format);
    }
    field
}

const BOUNDS: [(&str, &str); 6] = [
    ("minimum", "minimum"),
    ("maximum", "maximum"),
    ("minInclusive", "minimum"),
    ("maxInclusive", "maximum"),
    ("minExclusive", "exclusiveMinimum"),
    ("maxExclusive", "exclusiveMaximum"),
];

fn of_base(base: &str) -> Value {
    let integer = |bounds: Value| json!({ "type": "integer", "constraints": bounds });
    match base {
        "anyURI" => json!({ "type": "string", "format": "uri" }),
        "decimal" | "double" | "float" | "number" => json!({ "type": "number" }),
        "integer" | "long" => json!({ "type": "integer" }),
        "int" => integer(json!({ "minimum": i32::MIN, "maximum": i32::MAX })),
        "short" => integer(json!({ "minimum": i16::MIN, "maximum": i16::MAX })),
        "byte" => integer(json!({ "minimum": i8::MIN, "maximum": i8::MAX })),
        "unsignedLong" => integer(json!({ "minimum": 0, "maximum": u64::MAX.to_string() })),
        "unsignedInt" => integer(json!({ "minimum": 0, "maximum": u32::MAX })),
        "unsignedShort" => integer(json!({ "minimum": 0, "maximum": u16::MAX })),
        "unsignedByte" => integer(json!({ "minimum": 0, "maximum": u8::MAX })),
        "positiveInteger" => integer(json!({ "minimum": 1 })),
        "nonNegativeInteger" => integer(json!({ "minimum": 0 })),
        "negativeInteger" => integer(json!({ "maximum": -1 })),
        "nonPositiveInteger" => integer(json!({ "maximum": 0 })),
        "boolean" => {
            json!({ "type": "boolean", "trueValues": ["true", "1"], "falseValues": ["false", "0"] })
        }
        "date" => json!({ "type": "date" }),
        "time" => json!({ "type": "time" }),
        "dateTime" | "datetime" => json!({ "type": "datetime" }),
        "dateTimeStamp" => json!({ "type": "datetime", "timezone": "UTC" }),
        "gYear" => json!({ "type": "year" }),
        "gYearMonth" => json!({ "type": "yearmonth" }),
        _ => json!({ "type": "string" }),
    }
}

fn constrain(field: &mut Value, name: &str, value: Value) {
    field["constraints"][name] = value;
}

/// A length is the least and the most at a time.
fn lengths(field: &mut Value, datatype: &Value) {
    let said = |name: &str| datatype[name].as_u64();
    let least = said("length").max(said("minLength"));
    let most = [said("length"), said("maxLength")].into_iter().flatten();
    for (name, chars) in [("minLength", least), ("maxLength", most.min())] {
        if let Some(chars) = chars {
            constrain(field, name, json!(chars));
        }
    }
}

fn format_of(field: &mut Value, base: &str, format: &Value) {
    let text = format.as_str().or_else(|| format["pattern"].as_str());
    let put = |field: &mut Value, properties: Map<String, Value>| {
        let all = field.as_object_mut().expect("a field is an object");
        all.extend(properties);
    };
    match base {
        "boolean" => {
            let (yes, no) = text.and_then(|it| it.split_once('|')).unwrap_or_default();
            field["trueValues"] = json!([yes]);
            field["falseValues"] = json!([no]);
        }
        "date" | "time" | "dateTime" | "datetime" | "dateTimeStamp" => {
            let pattern = strptime(text.unwrap_or_default());
            if pattern.contains("%z") && base == "dateTime" {
                field["timezone"] = json!("UTC");
            }
            field["format"] = json!(pattern);
        }
        _ if ["number", "integer"].contains(&field["type"].as_str().unwrap_or_default()) => {
            let properties = number(format, field["type"] == "number");
            put(field, properties);
        }
        _ => constrain(field, "pattern", json!(text)),
    }
}

/// A pattern of Unicode's as one of strptime's.
fn strptime(pattern: &str) -> String {
    // Those that begin with another one come before it.
    const FIELDS: [(&str, &str); 15] = [
        ("yyyy", "%Y"),
        ("yy", "%y"),
        ("MM", "%m"),
        ("M", "%-m"),
        ("dd", "%d"),
        ("d", "%-d"),
        ("HH", "%H"),
        ("mm", "%M"),
        ("ss", "%S"),
        ("SSS", "%f"),
        ("SS", "%f"),
        ("S", "%f"),
        ("XXX", "%z"),
        ("XX", "%z"),
        ("X", "%z"),
    ];
    let mut rest = pattern;
    let mut text = String::new();
    while let Some(first) = rest.chars().next() {
        match FIELDS.iter().find(|(field, _)| rest.starts_with(field)) {
            Some((field, ours)) => {
                text.push_str(ours);
                rest = &rest[field.len()..];
            }
            None => {
                text.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    text
}

/// What a field can say of a format of numbers: its two characters, and how many decimals.
fn number(format: &Value, may_have_decimals: bool) -> Map<String, Value> {
    let mut properties = Map::new();
    let pattern = format.as_str().or_else(|| format["pattern"].as_str());
    let (whole, decimals) = pattern.map_or(("", None), |it| match it.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (it, None),
    });
    let grouped = whole.contains(',').then(|| json!(","));
    if let Some(group) = format.get("groupChar").cloned().or(grouped) {
        properties.insert("groupChar".to_owned(), group);
    }
    if let Some(decimal) = format.get("decimalChar") {
        properties.insert("decimalChar".to_owned(), decimal.clone());
    }
    if let Some(decimals) = decimals.filter(|_| may_have_decimals) {
        let digits = decimals.chars().filter(|it| "0#".contains(*it)).count();
        properties.insert("decimals".to_owned(), json!(digits));
    }
    properties
}
