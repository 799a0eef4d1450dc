//! Text fields, as the original's framework reads and refuses them.

use serde_json::Value;

use super::body::{Field, Fields};
use super::words::{NO_NUL, NOT_A_BOOLEAN, NOT_A_STRING, NOT_BLANK, NOT_NULL, REQUIRED};

/// The text of a field that must be there and not blank, without white space around it.
///
/// # Errors
/// The message for the client.
pub fn required(fields: Fields<'_>, name: &str) -> Result<String, &'static str> {
    let field = fields.get(name).ok_or(REQUIRED)?;
    let text = text(field)?;
    if text.is_empty() {
        return Err(NOT_BLANK);
    }
    Ok(text)
}

/// The text of a field that must be there and not blank, exactly as it was sent: a password.
///
/// # Errors
/// The message for the client.
pub fn as_sent(fields: Fields<'_>, name: &str) -> Result<String, &'static str> {
    let text = whole(fields.get(name).ok_or(REQUIRED)?)?;
    if text.trim().is_empty() {
        return Err(NOT_BLANK);
    }
    Ok(text)
}

/// The text of a field that may be missing or blank (then it is empty), without white space
/// around it.
///
/// # Errors
/// The message for the client.
pub fn optional(fields: Fields<'_>, name: &str) -> Result<String, &'static str> {
    fields.get(name).map_or(Ok(String::new()), text)
}

/// The text, unless it holds a NUL.
///
/// # Errors
/// The message for the client.
pub fn without_nul(text: String) -> Result<String, &'static str> {
    if text.contains('\0') {
        return Err(NO_NUL);
    }
    Ok(text)
}

/// True or false. `None` if the field is missing, null or empty.
///
/// # Errors
/// The message for the client.
pub fn boolean(field: Option<Field<'_>>) -> Result<Option<bool>, &'static str> {
    let text = match field {
        None | Some(Field::Json(Value::Null)) => return Ok(None),
        Some(Field::Json(Value::Bool(value))) => return Ok(Some(*value)),
        Some(field) => text(field).map_err(|_| NOT_A_BOOLEAN)?,
    };
    match text.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "1" | "on" | "yes" => Ok(Some(true)),
        "false" | "0" | "off" | "no" => Ok(Some(false)),
        _ => Err(NOT_A_BOOLEAN),
    }
}

fn text(field: Field<'_>) -> Result<String, &'static str> {
    whole(field).map(|text| text.trim().to_owned())
}

fn whole(field: Field<'_>) -> Result<String, &'static str> {
    match field {
        Field::Text(text) => Ok(text.into()),
        Field::Json(Value::String(text)) => Ok(text.clone()),
        Field::Json(Value::Number(number)) => Ok(number.to_string()),
        Field::Json(Value::Null) => Err(NOT_NULL),
        Field::Json(_) | Field::File(_) => Err(NOT_A_STRING),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::body::Content;

    #[test]
    fn fields_of_json() {
        let content = Content::Json(json!({
            "text": " a b ", "blank": " \n", "null": null, "number": 12.5, "yes": true,
            "list": [], "nul": "a\0b",
        }));
        #[rustfmt::skip]
        let table = [
            ("text", Ok("a b".into()), Ok("a b".into())),
            ("blank", Err(NOT_BLANK), Ok(String::new())),
            ("null", Err(NOT_NULL), Err(NOT_NULL)),
            ("number", Ok("12.5".into()), Ok("12.5".into())),
            ("yes", Err(NOT_A_STRING), Err(NOT_A_STRING)),
            ("list", Err(NOT_A_STRING), Err(NOT_A_STRING)),
            ("nul", Ok("a\0b".into()), Ok("a\0b".into())),
            ("missing", Err(REQUIRED), Ok(String::new())),
        ];
        let fields = content.fields().unwrap();
        for (name, needed, wanted) in table {
            assert_eq!(required(fields, name), needed, "{name}");
            assert_eq!(optional(fields, name), wanted, "{name}");
        }
    }

    #[test]
    fn a_password_is_taken_as_it_was_sent() {
        let content = Content::Json(json!({
            "padded": "  a b\t", "blank": " \n", "empty": "", "null": null, "number": 12.5,
            "list": [],
        }));
        #[rustfmt::skip]
        let table = [
            ("padded", Ok("  a b\t".into())),
            ("blank", Err(NOT_BLANK)),
            ("empty", Err(NOT_BLANK)),
            ("null", Err(NOT_NULL)),
            ("number", Ok("12.5".into())),
            ("list", Err(NOT_A_STRING)),
            ("missing", Err(REQUIRED)),
        ];
        let fields = content.fields().unwrap();
        for (name, expected) in table {
            assert_eq!(as_sent(fields, name), expected, "{name}");
        }
    }

    #[test]
    fn truths() {
        let content = Content::Json(json!({
            "yes": true, "no": false, "word": " True ", "number": 0, "null": null, "blank": "",
            "text": "perhaps", "list": [],
        }));
        let fields = content.fields().unwrap();
        #[rustfmt::skip]
        let table = [
            ("yes", Ok(Some(true))), ("no", Ok(Some(false))), ("word", Ok(Some(true))),
            ("number", Ok(Some(false))), ("null", Ok(None)), ("blank", Ok(None)),
            ("missing", Ok(None)), ("text", Err(NOT_A_BOOLEAN)), ("list", Err(NOT_A_BOOLEAN)),
        ];
        for (name, expected) in table {
            assert_eq!(boolean(fields.get(name)), expected, "{name}");
        }
    }

    #[test]
    fn text_with_a_nul() {
        assert_eq!(without_nul("a\0b".to_owned()), Err(NO_NUL));
        assert_eq!(without_nul("ab".to_owned()), Ok("ab".to_owned()));
    }
}
