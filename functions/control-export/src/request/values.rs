use lambda::http::body::Field;
use lambda::http::words::{NOT_A_BOOLEAN, NOT_A_STRING};
use serde_json::Value;

pub fn boolean(field: Option<Field<'_>>) -> Result<Option<bool>, String> {
    if let Some(Field::Json(Value::Bool(value))) = field {
        return Ok(Some(*value));
    }
    let read = |text: String| match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Ok(true),
        "false" | "0" | "off" | "no" => Ok(false),
        _ => Err(NOT_A_BOOLEAN.to_owned()),
    };
    plain(field)
        .map_err(|_| NOT_A_BOOLEAN)?
        .map(read)
        .transpose()
}

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
