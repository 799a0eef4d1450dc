//! The schemas of bodies: of the types that are sent, and of the one document that is taken.

mod codes;
mod declaration;

use contracts::http::{
    accounts, api_keys, audit, chunks, datasets, events, exports, imports, listing::Listing,
    refusals, rows, service, usage,
};
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema as _, ToSchema};

type Found = Vec<(String, RefOr<Schema>)>;

/// Every schema by its name.
pub(crate) fn all() -> Map<String, Value> {
    let mut found = Found::new();
    of_answers(&mut found);
    of_refusals(&mut found);
    let mut schemas: Map<String, Value> = found
        .into_iter()
        .map(|(name, schema)| (name, whole(&schema)))
        .collect();
    codes::fill_in(&mut schemas);
    for name in ["FileObject", "ExportObject"] {
        let id = &mut schemas[name]["properties"]["id"];
        *id = json!({"type": ["integer", "string"], "description": id["description"]});
    }
    declaration::fill_in(&mut schemas);
    schemas.extend(declaration::schemas());
    schemas.extend(made_here());
    schemas.sort_keys();
    schemas
}

fn of_answers(found: &mut Found) {
    add::<accounts::Registered<'_>>(found);
    add::<accounts::TokenPair>(found);
    add::<accounts::Access>(found);
    add::<accounts::AccountDeletion>(found);
    add::<accounts::Me<'_>>(found);
    add::<accounts::RotatedPair>(found);
    add_listed::<api_keys::ApiKeyObject>(found);
    add_listed::<audit::AuditEntry>(found);
    add_listed::<datasets::DatasetEntry>(found);
    add::<datasets::DatasetObject>(found);
    add::<datasets::Dropping>(found);
    add::<datasets::InferredDeclaration>(found);
    add::<datasets::Validation>(found);
    add_listed::<imports::FileObject>(found);
    add_listed::<exports::ExportObject>(found);
    add_listed::<rows::SalesEntry>(found);
    add_listed::<rows::RowEntry>(found);
    add_listed::<rows::FieldsEntry>(found);
    add_listed::<rows::GroupEntry>(found);
    add_listed::<rows::SummaryEntry>(found);
    add_listed::<rows::ErrorEntry>(found);
    add::<service::Health>(found);
    add::<usage::UsageObject>(found);
    add_listed::<chunks::ChunkRun>(found);
    add_listed::<events::EventEntry>(found);
}

fn of_refusals(found: &mut Found) {
    add::<refusals::Detail>(found);
    add::<refusals::Coded>(found);
    add::<refusals::AnotherActive>(found);
    add::<refusals::BeingReplaced>(found);
    add::<refusals::DeclarationRefused>(found);
    add::<refusals::InUse>(found);
    add::<refusals::OverQuota>(found);
    add::<refusals::TokenRefused>(found);
}

/// A type with all that it is made of.
fn add<T: ToSchema>(found: &mut Found) {
    found.push((T::name().into_owned(), T::schema()));
    T::schemas(found);
}

/// A type that comes in pages, with its page.
fn add_listed<T: ToSchema>(found: &mut Found) {
    add::<T>(found);
    found.push((page_of(&T::name()), Listing::<T>::schema()));
}

/// The name of a page of such objects.
pub(crate) fn page_of(name: &str) -> String {
    format!("Listing_{name}")
}

/// A schema that says which fields always come: all that are not left out when they have no value.
/// Those are marked as never null.
fn whole(schema: &RefOr<Schema>) -> Value {
    let mut schema = serde_json::to_value(schema).unwrap_or_default();
    unwrap_lines(&mut schema);
    let always = schema["properties"].as_object().map(|properties| {
        let needed = names(&schema["required"]);
        let comes = |(name, it): &(&String, &Value)| needed.contains(*name) || may_be_null(it);
        let names = properties.iter().filter(comes).map(|it| it.0.clone());
        names.collect::<Vec<_>>()
    });
    if let Some(always) = always {
        schema["required"] = json!(always);
    }
    schema
}

/// A comment in the source has lines; a description has sentences.
fn unwrap_lines(schema: &mut Value) {
    match schema {
        Value::String(text) => *text = text.replace('\n', " "),
        Value::Object(it) => it.values_mut().for_each(unwrap_lines),
        Value::Array(it) => it.iter_mut().for_each(unwrap_lines),
        _ => {}
    }
}

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

fn may_be_null(property: &Value) -> bool {
    let is_null = |it: &Value| it == "null" || it["type"] == "null";
    let any = |list: &Value| list.as_array().is_some_and(|it| it.iter().any(is_null));
    any(&property["type"]) || any(&property["oneOf"]) || any(&property["anyOf"])
}

/// What no type stands for.
fn made_here() -> Map<String, Value> {
    let sentences = json!({"type": "array", "items": {"type": "string"}});
    let schemas = json!({
        "FieldErrors": {
            "type": "object",
            "description": "Sentences for each field that is invalid.",
            "additionalProperties": sentences,
            "minProperties": 1,
        },
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}
