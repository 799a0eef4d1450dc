//! The body of a request: urlencoded form, multipart form or JSON, by its content type.

mod multipart;
mod urlencoded;

use std::collections::BTreeSet;

use bytes::Bytes;
use domain::limits::FIELDS_AT_MOST;
use lambda_http::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::{Body, Refusal, Request};

/// The content of a body.
#[derive(Debug, PartialEq)]
pub enum Content {
    /// A form, or no body at all: names and values in their order.
    Form(Vec<(String, FormPart)>),
    /// Any JSON value.
    Json(Value),
}

/// One value of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormPart {
    /// Text; bytes that are not UTF-8 are replaced by U+FFFD.
    Text(String),
    /// A file.
    File(File),
}

/// A file as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As the client named it: not safe to use as it is.
    pub name: String,
    /// Its whole content.
    pub bytes: Bytes,
}

/// The value of one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    /// Text of a form.
    Text(&'a str),
    /// A file of a multipart form.
    File(&'a File),
    /// A value of a JSON object.
    Json(&'a Value),
}

/// Reads the body. Without one, it is an empty form, whatever its content type says.
///
/// # Errors
/// 415 for a content type that is not supported; 400 for a body that is not what its content type
/// says.
pub async fn read(request: Request) -> Result<Content, Refusal> {
    let media_type = media_type(&request);
    let bytes = bytes(request);
    if bytes.is_empty() {
        return Ok(Content::Form(Vec::new()));
    }
    match essence(&media_type).as_str() {
        "application/json" => json(&bytes),
        "application/x-www-form-urlencoded" => urlencoded::read(&bytes),
        "multipart/form-data" => multipart::read(&media_type, bytes).await,
        _ => Err(Refusal::UnsupportedMediaType(media_type)),
    }
}

/// The number of bytes of the body.
pub fn len(request: &Request) -> usize {
    request.body().len()
}

/// The content type of the body, as the client wrote it; empty without one.
pub fn media_type(request: &Request) -> String {
    let header = request.headers().get(CONTENT_TYPE);
    let bytes = header.map_or(b"".as_slice(), |it| it.as_bytes());
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// What a content type is without its parameters, in lower case: `text/csv`.
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// The body as it is.
pub fn bytes(request: Request) -> Bytes {
    match request.into_body() {
        Body::Text(text) => text.into(),
        Body::Binary(bytes) => bytes.into(),
        _ => Bytes::new(),
    }
}

fn json(bytes: &[u8]) -> Result<Content, Refusal> {
    serde_json::from_slice(bytes)
        .map(Content::Json)
        .map_err(|error| Refusal::Unreadable(format!("JSON parse error - {error}")))
}

fn too_many_fields() -> Refusal {
    Refusal::Unreadable(format!("The form has more than {FIELDS_AT_MOST} fields."))
}

impl Content {
    /// The fields of a form or of a JSON object.
    ///
    /// # Errors
    /// 400 for JSON that is no object.
    pub fn fields(&self) -> Result<Fields<'_>, Refusal> {
        match self {
            Content::Form(parts) => Ok(Fields::Form(parts)),
            Content::Json(Value::Object(map)) => Ok(Fields::Json(map)),
            Content::Json(other) => Err(not_a_dictionary(other)),
        }
    }
}

/// The fields of a body, by name.
#[derive(Clone, Copy, Debug)]
pub enum Fields<'a> {
    /// The fields of a form, in their order.
    Form(&'a [(String, FormPart)]),
    /// The fields of a JSON object.
    Json(&'a Map<String, Value>),
}

impl<'a> Fields<'a> {
    /// The field of this name. If a form has several, the last file counts or, if none is a file,
    /// the last text.
    pub fn get(self, name: &str) -> Option<Field<'a>> {
        match self {
            Fields::Json(map) => map.get(name).map(Field::Json),
            Fields::Form(parts) => {
                let mut named = parts.iter().rev().filter(|(it, _)| it == name);
                let last = named.clone().next();
                let file = named.find(|(_, part)| matches!(part, FormPart::File(_)));
                file.or(last).map(|(_, part)| part.into())
            }
        }
    }
}

impl<'a> Fields<'a> {
    /// The names of all fields, each once, in the order of their letters.
    pub fn names(self) -> BTreeSet<&'a str> {
        match self {
            Fields::Json(map) => map.keys().map(String::as_str).collect(),
            Fields::Form(parts) => parts.iter().map(|(name, _)| name.as_str()).collect(),
        }
    }
}

impl<'a> From<&'a FormPart> for Field<'a> {
    fn from(part: &'a FormPart) -> Self {
        match part {
            FormPart::Text(text) => Field::Text(text),
            FormPart::File(file) => Field::File(file),
        }
    }
}

/// In the words of the original's framework, which names Python's types.
fn not_a_dictionary(value: &Value) -> Refusal {
    let found = match value {
        Value::Null => {
            let errors = super::FieldErrors::one("non_field_errors", "No data provided");
            return Refusal::Fields(errors);
        }
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    };
    let words = format!("Invalid data. Expected a dictionary, but got {found}.");
    Refusal::Fields(super::FieldErrors::one("non_field_errors", words))
}

#[cfg(test)]
mod tests;
