//! Schemas, as people read them.

use serde_json::Value;

use super::parts::{anchor, escaped, markdown, table};
use super::place;

/// Every object of the description that has fields.
pub(super) fn all(document: &Value) -> String {
    let schemas = document["components"]["schemas"].as_object();
    let objects = schemas.into_iter().flatten();
    let objects = objects.filter(|(_, it)| it["properties"].is_object());
    let objects = objects.map(|(name, schema)| {
        let words = markdown(schema["description"].as_str().unwrap_or_default());
        let fields = fields("Fields", schema);
        format!(
            "<section id=\"{}\">\n<h3>{}</h3>\n<p>{words}</p>\n{fields}</section>\n",
            anchor(name),
            escaped(name),
        )
    });
    format!(
        "<h2 id=\"objects\">Objects</h2>\n{}",
        objects.collect::<String>()
    )
}

/// The fields of an object.
pub(super) fn fields(title: &str, schema: &Value) -> String {
    let always = schema["required"].as_array();
    let comes = |name: &str| always.is_some_and(|it| it.iter().any(|it| it == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    let rows = properties.map(|(name, it)| {
        let missing = if comes(name) { "" } else { ", or missing" };
        [
            format!("<code>{}</code>", escaped(name)),
            format!("{}{missing}", kind(it)),
            markdown(words(it)),
        ]
    });
    table(title, ["field", "type", "what it is"], rows)
}

/// A description may stand beside a schema or within its alternative.
fn words(schema: &Value) -> &str {
    let within = schema["oneOf"].as_array().into_iter().flatten();
    let mut all = std::iter::once(schema).chain(within);
    let said = all.find_map(|it| it["description"].as_str());
    said.unwrap_or_default()
}

/// What a value may be.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return place(reference.rsplit('/').next().unwrap_or_default());
    }
    if let Some(any) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        return any.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(words) = schema["enum"].as_array() {
        return one_of(words);
    }
    match &schema["type"] {
        Value::Array(any) => {
            let each = any
                .iter()
                .map(|it| named(it.as_str().unwrap_or_default(), schema));
            each.collect::<Vec<_>>().join(" or ")
        }
        one => named(one.as_str().unwrap_or("object"), schema),
    }
}

fn one_of(words: &[Value]) -> String {
    let words = words.iter().map(|it| match it {
        Value::String(it) => format!("<code>{}</code>", escaped(it)),
        other => format!("<code>{}</code>", escaped(&other.to_string())),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn named(kind: &str, schema: &Value) -> String {
    match (kind, schema["format"].as_str()) {
        ("array", _) => format!("list of {}", self::kind(&schema["items"])),
        ("integer", _) => "whole number".to_owned(),
        ("boolean", _) => "true or false".to_owned(),
        ("string", Some("date-time")) => "time".to_owned(),
        ("string", Some("date")) => "date".to_owned(),
        ("string", Some("binary")) => "file".to_owned(),
        ("string", _) => "text".to_owned(),
        (other, _) => escaped(other),
    }
}

/// What a reference leads to, or the value itself.
pub(super) fn followed<'d>(value: &'d Value, document: &'d Value) -> &'d Value {
    let reference = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    reference
        .and_then(|it| document.pointer(it))
        .unwrap_or(value)
}
