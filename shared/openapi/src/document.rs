//! The description as a whole.

use contracts::http::routes::Route;
use serde_json::{Map, Value, json};

use crate::body::{refused, request, responses, variables, words};
use crate::operation::{Examples, Operation};
use crate::operations;
use crate::parameters::Parameter;
use crate::schemas;

/// Of this API, not of OpenAPI: it grows with what is asked for anew.
const VERSION: &str = env!("CARGO_PKG_VERSION");

const ABOUT: &str = "CSV imports that can be stopped and taken back, provably. A slash at the end of a path makes no difference. Parameters and fields that are not known are ignored; one that is nearly a known one is named in `warnings`, or refused. Expect new fields in answers.";

/// The description, OpenAPI 3.1, with these examples. Its server is `/`, which whoever serves it replaces by the address
/// of the API.
#[must_use]
pub fn document(examples: &Examples) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Collect",
            "description": ABOUT,
            "version": VERSION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths(examples),
        "components": {
            "schemas": schemas::all(),
            "responses": refused(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of `POST /token/`, or an API key.",
                },
            },
        },
    })
}

fn paths(examples: &Examples) -> Map<String, Value> {
    let paths = Route::ALL.iter().map(|&route| {
        let operations = operations::all().filter(|it| it.route == route);
        let methods = operations.map(|it| (it.method.to_lowercase(), described(it, examples)));
        (route.written(), Value::Object(methods.collect()))
    });
    paths.collect()
}

fn described(operation: &Operation, examples: &Examples) -> Value {
    let mut all = json!({
        "operationId": operation.id,
        "summary": operation.to,
        "tags": [operations::topic_of(operation)],
        "parameters": parameters(operation),
        "responses": responses(operation, examples),
    });
    if let Some(body) = request(operation.body) {
        all["requestBody"] = body;
    }
    if operation.route.is_open() {
        all["security"] = json!([]);
    }
    all
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let mut all = variables(operation.route);
    let queried = || operation.query.iter().flat_map(|it| it.names);
    let plain = queried().filter(|it| !it.is_of_any_field());
    all.extend(plain.map(|it| parameter(it, "query")));
    all.extend(operation.headers.iter().map(|it| parameter(it, "header")));
    if queried().any(Parameter::is_of_any_field) {
        all.push(of_any_field(queried().filter(|it| it.is_of_any_field())));
    }
    all
}

fn parameter(it: &Parameter, place: &str) -> Value {
    json!({
        "name": it.name,
        "in": place,
        "required": it.needed,
        "schema": it.shape.schema(),
        "description": words(it),
    })
}

/// Parameters whose names the description cannot know: those of the fields of a dataset.
fn of_any_field<'p>(parameters: impl Iterator<Item = &'p Parameter>) -> Value {
    let words: Vec<String> = parameters
        .map(|it| format!("`{}`: {}", it.name, it.does))
        .collect();
    json!({
        "name": "filters",
        "in": "query",
        "style": "form",
        "explode": true,
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        "description": format!("By the fields of the dataset. {}", words.join("; ")),
    })
}
