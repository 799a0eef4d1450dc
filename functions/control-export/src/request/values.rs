use domain::limits::TEXT_CHARS_AT_MOST;
use jiff::civil::Date;
use lambda::http::body::Field;
use lambda::http::words::{
    NO_NUL, NOT_A_BOOLEAN, NOT_A_DATE, NOT_A_STRING, NOT_AN_INTEGER, too_long,
};
use serde_json::Value;

/// The text of a field with its white space, because stored values keep theirs. `None` if there is
/// no text.
pub fn text(field: Option<Field<'_>>) -> Result<Option<String>, String> {
    let Some(text) = plain(field)? else {
        return Ok(None);
    };
    if text.contains('\0') {
        return Err(NO_NUL.into());
    }
    if text.chars().count() > TEXT_CHARS_AT_MOST {
        return Err(too_long(TEXT_CHARS_AT_MOST));
    }
    Ok(Some(text))
}

/// A date as YYYY-MM-DD, the form that queries take.
pub fn date(field: Option<Field<'_>>) -> Result<Option<Date>, String> {
    let read = |text: String| lambda::http::dates::read(text.trim()).ok_or(NOT_A_DATE.into());
    plain(field).map_err(|_| NOT_A_DATE)?.map(read).transpose()
}

pub fn integer(field: Option<Field<'_>>) -> Result<Option<i32>, String> {
    let read = |text: String| text.trim().parse().map_err(|_| NOT_AN_INTEGER.into());
    plain(field)
        .map_err(|_| NOT_AN_INTEGER)?
        .map(read)
        .transpose()
}

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

/// The text of a form field, or a JSON string or number as text. `None` if the field is missing,
/// null or empty.
fn plain(field: Option<Field<'_>>) -> Result<Option<String>, String> {
    let text = match field {
        None | Some(Field::Json(Value::Null)) => return Ok(None),
        Some(Field::Text(text)) => text.to_owned(),
        Some(Field::Json(Value::String(text))) => text.clone(),
        Some(Field::Json(Value::Number(number))) => number.to_string(),
        Some(Field::Json(_) | Field::File(_)) => return Err(NOT_A_STRING.into()),
    };
    Ok(Some(text).filter(|it| !it.is_empty()))
}
