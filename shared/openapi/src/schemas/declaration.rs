//! The schema of a declaration, which is kept with the code that reads it.

use domain::declaration::{SCHEMA, Type};
use serde_json::{Map, Value, json};
use strum::VariantNames as _;

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
    schemas.insert("Column".to_owned(), column());
    schemas.insert("Columns".to_owned(), columns());
    schemas
}

/// Lets the declarations in answers be what a declaration is.
///
/// # Panics
/// A type has lost its declaration.
pub(super) fn fill_in(schemas: &mut Map<String, Value>) {
    for name in ["DatasetObject", "InferredDeclaration"] {
        let property = &mut schemas[name]["properties"]["declaration"];
        assert!(property["type"] == "object", "{name} has no declaration");
        let description = property["description"].take();
        *property = declaration(&description);
    }
}

fn declaration(description: &Value) -> Value {
    json!({"$ref": "#/components/schemas/Declaration", "description": description})
}

/// A column, as it is shown: the domain makes it, and no type stands for it.
fn column() -> Value {
    object(
        "A column of a dataset.",
        &json!({
            "field": {
                "type": "string",
                "description": "The name of the field: the key of its values in answers, and of filters.",
            },
            "heading": {
                "type": "string",
                "description": "What it is called in a file that is written: its title, or else its name.",
            },
            "type": {
                "type": "string",
                "enum": Type::VARIANTS,
                "description": "The type that is declared.",
            },
            "answered_as": {
                "type": "string",
                "enum": ["boolean", "number", "string"],
                "description": "The type of JSON that answers have its values in: a number that some program would round is a string.",
            },
            "nullable": {
                "type": "boolean",
                "description": "Whether a row may have no value in it.",
            },
        }),
    )
}

fn columns() -> Value {
    object(
        "The columns of a dataset, how their values are answered, and its declaration.",
        &json!({
            "dataset": {"type": "string", "description": "What the dataset is called in paths."},
            "version": {
                "type": "integer",
                "format": "int32",
                "description": "Version of the declaration, counted from 1.",
            },
            "columns": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Column"},
                "description": "In the order of the declaration.",
            },
            "declaration": declaration(&json!("The declaration in its shortest form.")),
        }),
    )
}

/// An object that always has all of these properties.
fn object(description: &str, properties: &Value) -> Value {
    let names = properties.as_object().into_iter().flatten();
    let names: Vec<&String> = names.map(|it| it.0).collect();
    json!({
        "type": "object",
        "description": description,
        "required": names,
        "properties": properties,
    })
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
