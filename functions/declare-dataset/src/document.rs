//! The document of a declaration, as it is sent.

use std::fmt;

use contracts::http::refusals::DeclarationRefused;
use domain::declaration::{Declaration, Problem};
use domain::limits::DECLARATION_BYTES_AT_MOST;
use lambda::http::{Refusal, Request, body};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The declaration that is the body of a request.
///
/// # Errors
/// 413 for a body that is too large, 415 for one that is no JSON, and 400.
pub fn read(request: Request) -> Result<Declaration, Refusal> {
    let media_type = body::media_type(&request);
    let bytes = body::bytes(request);
    if bytes.is_empty() {
        return of(&Value::Null);
    }
    match body::essence(&media_type).as_str() {
        "application/json" => parse(&bytes),
        _ => Err(Refusal::UnsupportedMediaType(media_type)),
    }
}

/// The declaration in these bytes of JSON.
///
/// # Errors
/// 400 for what is no JSON, or no declaration.
pub fn parse(bytes: &[u8]) -> Result<Declaration, Refusal> {
    if bytes.len() > DECLARATION_BYTES_AT_MOST {
        return Err(too_large());
    }
    let document: Said = serde_json::from_slice(bytes)
        .map_err(|error| Refusal::Unreadable(format!("JSON parse error - {error}")))?;
    of(&document.0)
}

fn of(document: &Value) -> Result<Declaration, Refusal> {
    Declaration::parse(document).map_err(refused)
}

/// 400: this is wrong with the document.
pub fn refused(problems: Vec<Problem>) -> Refusal {
    let first = problems.first();
    let detail = match first {
        Some(Problem { path, message, .. }) if path.is_empty() => message.clone(),
        Some(Problem { path, message, .. }) => format!("{path}: {message}"),
        None => String::new(),
    };
    let others = problems.len().saturating_sub(1);
    let detail = match others {
        0 => detail,
        1 => format!("{detail} One more problem is listed."),
        others => format!("{detail} {others} more problems are listed."),
    };
    Refusal::Declaration {
        status: 400,
        body: DeclarationRefused {
            detail,
            code: "bad_declaration",
            problems,
        },
    }
}

fn too_large() -> Refusal {
    Refusal::Coded {
        status: 413,
        code: "body_too_large",
        detail: format!("A declaration may have at most {DECLARATION_BYTES_AT_MOST} bytes."),
    }
}

/// A JSON value in which no object says a property twice: the second would silently count.
struct Said(Value);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceOnly).map(Said)
    }
}

struct OnceOnly;

impl<'de> DeserializeSeed<'de> for OnceOnly {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OnceOnly {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = access.next_element_seed(OnceOnly)? {
            list.push(entry);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(OnceOnly)?;
            if map.contains_key(&name) {
                let shown: String = name.chars().take(40).collect();
                return Err(A::Error::custom(format!("\"{shown}\" is said twice")));
            }
            map.insert(name, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_read_as_it_is() {
        let text = r#"{"a": [1, -2, 3.5, true, null, "é"], "b": {"c": {}}}"#;
        let said: Said = serde_json::from_str(text).unwrap();
        let expected = json!({"a": [1, -2, 3.5, true, null, "é"], "b": {"c": {}}});
        assert_eq!(said.0, expected);
    }

    #[test]
    fn nothing_is_said_twice() {
        for text in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"fields": [{"name": "x", "name": "y"}]}"#,
            r#"{"a": 1, "\u0061": 2}"#,
        ] {
            let error = serde_json::from_str::<Said>(text)
                .err()
                .unwrap()
                .to_string();
            assert!(error.contains(" is said twice at line 1 "), "{error}");
        }
    }

    fn told(bytes: &[u8]) -> (u16, String) {
        let response = parse(bytes).unwrap_err().into_response();
        let body = String::from_utf8_lossy(response.body()).into_owned();
        (response.status().as_u16(), body)
    }

    #[test]
    fn a_refusal_names_the_first_problem_and_lists_all() {
        let (status, body) = told(br#"{"fields": [], "colour": 1}"#);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["code"]), (400, &json!("bad_declaration")));
        let problems = body["problems"].as_array().unwrap();
        assert_eq!(problems.len(), 2, "{body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.ends_with(" One more problem is listed."), "{detail}");
        let first = problems[0]["path"].as_str().unwrap();
        assert!(detail.starts_with(&format!("{first}: ")), "{detail}");
    }

    #[test]
    fn what_is_no_json_is_said_so() {
        let (status, body) = told(b"{");
        assert!(
            status == 400 && body.starts_with(r#"{"detail":"JSON parse error - "#),
            "{body}"
        );
        let (status, _) = told(&vec![b' '; DECLARATION_BYTES_AT_MOST + 1]);
        assert_eq!(status, 413);
    }
}
