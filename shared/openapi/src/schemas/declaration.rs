//! The schema of a declaration, which is kept with the code that reads it.

use domain::declaration::SCHEMA;
use serde_json::{Map, Value};

/// The schema, and beside it those that it refers to, each by its name.
///
/// # Panics
/// The schema is no JSON.
pub(super) fn schemas() -> Map<String, Value> {
    let mut whole: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    refer(&mut whole);
    let definitions = whole.as_object_mut().and_then(|it| it.remove("$defs"));
    let mut schemas = Map::new();
    if let Some(Value::Object(definitions)) = definitions {
        schemas.extend(definitions.into_iter().map(|(name, it)| (named(&name), it)));
    }
    if let Some(it) = whole.as_object_mut() {
        it.remove("$schema");
    }
    schemas.insert("Declaration".to_owned(), whole);
    schemas
}

fn named(definition: &str) -> String {
    format!("Declaration_{definition}")
}

/// Lets each reference lead to where the definition is in the description.
fn refer(schema: &mut Value) {
    match schema {
        Value::Object(it) => {
            if let Some(Value::String(reference)) = it.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{}", named(name));
            }
            it.values_mut().for_each(refer);
        }
        Value::Array(it) => it.iter_mut().for_each(refer),
        _ => {}
    }
}
