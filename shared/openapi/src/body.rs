//! What is sent and what comes back, as OpenAPI has it.

use contracts::http::routes::Route;
use serde_json::{Map, Value, json};

use crate::operation::{Answer, Body, Examples, Operation};
use crate::parameters::{Group, Parameter};
use crate::refusals::{self, BY_STATUS};
use crate::schemas::page_of;
use crate::shape::Shape;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
const CSV: &str = "text/csv";

/// The body of a request; nothing for none.
pub(crate) fn request(body: Body) -> Option<Value> {
    let content = match body {
        Body::None => return None,
        Body::Fields(groups) | Body::MayBeFields(groups) => {
            let fields = fields(groups, |_| true);
            json!({JSON: fields, FORM: fields, MULTIPART: fields})
        }
        Body::Upload(groups) => {
            let is_file = |it: &Parameter| it.shape == Shape::File;
            let asks = |it: &Parameter| ["filename", "size"].contains(&it.name);
            let form = needing(fields(groups, |it| !asks(it)), &["file"]);
            let asked = needing(fields(groups, |it| !is_file(it)), &["filename", "size"]);
            json!({MULTIPART: form, JSON: asked})
        }
        Body::Form(groups) => json!({MULTIPART: fields(groups, |_| true)}),
        Body::FormOrFile(groups) => {
            let file = json!({"schema": Shape::File.schema()});
            json!({MULTIPART: fields(groups, |_| true), CSV: file})
        }
        Body::Declaration => json!({JSON: {"schema": Shape::Declaration.schema()}}),
    };
    let required = !matches!(body, Body::MayBeFields(_));
    Some(json!({"required": required, "content": content}))
}

fn fields(groups: &[Group], has: impl Fn(&Parameter) -> bool) -> Value {
    let all = groups.iter().flat_map(|it| it.names).filter(|it| has(it));
    let needed: Vec<&str> = all
        .clone()
        .filter(|it| it.needed)
        .map(|it| it.name)
        .collect();
    let properties: Map<String, Value> = all
        .filter(|it| !it.is_of_any_field())
        .map(|it| (it.name.to_owned(), described(it)))
        .collect();
    let schema = json!({"type": "object", "properties": properties, "required": needed});
    json!({"schema": schema})
}

fn needing(mut content: Value, names: &[&str]) -> Value {
    content["schema"]["required"] = json!(names);
    content
}

fn described(parameter: &Parameter) -> Value {
    let mut schema = parameter.shape.schema();
    schema["description"] = json!(words(parameter));
    schema
}

/// What it may be, and what it does.
pub(crate) fn words(parameter: &Parameter) -> String {
    format!("{}: {}", parameter.value, parameter.does)
}

/// Every answer to a request, by its status.
pub(crate) fn responses(operation: &Operation, examples: &Examples) -> Value {
    let mut all = Map::new();
    for &(status, answer) in operation.answers {
        let seen = examples.get(&format!("{} {status}", operation.request()));
        all.insert(status.to_string(), answered(operation, answer, seen));
    }
    for status in operation.statuses().into_iter().filter(|it| *it >= 400) {
        let reference = json!({"$ref": format!("#/components/responses/{status}")});
        all.insert(status.to_string(), reference);
    }
    all.sort_keys();
    Value::Object(all)
}

fn answered(operation: &Operation, answer: Answer, seen: Option<&Value>) -> Value {
    let (kind, schema) = match answer {
        Answer::Nothing => return json!({"description": operation.to}),
        Answer::Object(name) => (JSON, object(name)),
        Answer::AnyOf(names) => {
            let any: Vec<Value> = names.iter().map(|it| object(it)).collect();
            (JSON, json!({"anyOf": any}))
        }
        Answer::Empty => (JSON, json!({"type": "object"})),
        Answer::Page(name) => (JSON, object(&page_of(name))),
        Answer::PageOfAny(names) => (JSON, page_of_any(names)),
        Answer::Csv => (CSV, json!({"type": "string"})),
        Answer::Columns => (JSON, object("Columns")),
        Answer::Html => ("text/html", json!({"type": "string"})),
        Answer::Description => (JSON, json!({"type": "object"})),
    };
    let mut content = json!({"schema": schema});
    if let Some(example) = seen {
        content["example"] = example.clone();
    }
    json!({"description": operation.to, "content": {kind: content}})
}

/// Where the schema of this name is.
fn object(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// As a page of one kind of object is, but for its entries.
fn page_of_any(names: &[&str]) -> Value {
    let entries: Vec<Value> = names.iter().map(|it| object(it)).collect();
    let results = json!({"type": "array", "items": {"anyOf": entries}});
    let link = json!({"type": ["string", "null"]});
    json!({
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": ["integer", "null"]},
            "next": link,
            "previous": link,
            "results": results,
        },
    })
}

/// What is answered from 400 on, by status.
pub(crate) fn refused() -> Value {
    let all = BY_STATUS.iter().map(|&(status, when)| {
        let codes = refusals::codes(status);
        let told = match codes.as_slice() {
            [] => String::new(),
            codes => format!(" Codes: `{}`.", codes.join("`, `")),
        };
        let content = json!({JSON: {"schema": refusal(status)}});
        let answer = json!({"description": format!("{when}{told}"), "content": content});
        (status.to_string(), answer)
    });
    Value::Object(all.collect())
}

/// The bodies that a refusal of this status may have.
fn refusal(status: u16) -> Value {
    let names: &[&str] = match status {
        400 => &["FieldErrors", "Detail", "Coded", "DeclarationRefused"],
        401 => &["Detail", "Coded", "TokenRefused"],
        403 => &["Detail", "AnotherActive", "Coded"],
        409 => &[
            "Detail",
            "Coded",
            "BeingReplaced",
            "DeclarationRefused",
            "InUse",
            "OverQuota",
        ],
        429 => &["Detail", "OverQuota"],
        _ => &["Detail", "Coded"],
    };
    let refer = |it: &&str| json!({"$ref": format!("#/components/schemas/{it}")});
    json!({"anyOf": names.iter().map(refer).collect::<Vec<_>>()})
}

/// The variables of a path.
pub(crate) fn variables(route: Route) -> Vec<Value> {
    let parts = route.path().split('/');
    let names = parts.filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
    names.map(variable).collect()
}

fn variable(name: &str) -> Value {
    let (schema, words) = match name {
        "id" => (
            json!({"type": "integer", "minimum": 1}),
            "The number of an import or export.",
        ),
        "name" => (dataset(), "The name of a dataset."),
        _ => (
            dataset(),
            "`baseline` (sales records), `team`, or a dataset that you have declared.",
        ),
    };
    json!({"name": name, "in": "path", "required": true, "schema": schema, "description": words})
}

fn dataset() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})
}
