use lambda::http::body::Field;
use lambda::http::words::NOT_A_STRING;
use serde_json::Value;

/// The text of a form field with its white space, because stored values keep theirs, or a JSON string or number as text. `None` if the field is missing,
/// null or empty.
pub fn plain(field: Option<Field<'_>>) -> Result<Option<String>, String> {
    let text = match field {
        None | Some(Field::Json(Value::Null)) => return Ok(None),
        Some(Field::Text(text)) => text.to_owned(),
        Some(Field::Json(Value::String(text))) => text.clone(),
        Some(Field::Json(Value::Number(number))) => number.to_string(),
        Some(Field::Json(_) | Field::File(_)) => return Err(NOT_A_STRING.into()),
    };
    Ok(Some(text).filter(|it| !it.is_empty()))
}
