//! What is said about an import beside its file, if it has one: in the query, or in fields of the body by the same
//! names.

use std::collections::BTreeMap;

use domain::reading::Part;
use lambda::http::body::{Field, Fields};
use lambda::http::words::NOT_A_STRING;
use lambda::http::{FieldErrors, Refusal, Request, query};
use serde_json::Value;

pub const MAX_ERRORS: &str = "max_errors";
pub const ON_FAILURE: &str = "on_failure";
pub const VALIDATE_ONLY: &str = "validate_only";

const TWICE: &str = "The query and the body say two different things.";

/// The parameters of an upload that were said, by their names. What is empty in the query was not
/// said, unless nothing is what it means: `quote=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<&'static str, String>);

impl Parameters {
    /// Those of the query.
    pub fn of_query(request: &Request) -> Self {
        let said = names().filter_map(|name| Some((name, query::last(request, name)?)));
        Self(said.collect())
    }

    /// Adds those of the body.
    ///
    /// # Errors
    /// 400 for a value that is neither text, number, true nor false, and for one that differs from
    /// the query's.
    pub fn and(mut self, fields: Fields<'_>) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        for name in names() {
            match fields.get(name).map(text) {
                None | Some(Ok(None)) => {}
                Some(Err(message)) => errors.add(name, vec![message.to_owned()]),
                Some(Ok(Some(value))) => {
                    let before = self.0.insert(name, value.clone());
                    if before.is_some_and(|it| it != value) {
                        errors.add(name, vec![TWICE.to_owned()]);
                    }
                }
            }
        }
        errors.or(self)
    }

    /// The value of a parameter, unless it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|it| !it.is_empty())
    }

    /// All that was said, by name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    let parts = Part::ALL.into_iter().map(Part::name);
    parts.chain([MAX_ERRORS, ON_FAILURE, VALIDATE_ONLY])
}

/// The value as a query would have it; `None` if it is null.
fn text(field: Field<'_>) -> Result<Option<String>, &'static str> {
    match field {
        Field::Text(text) => Ok(Some(text.to_owned())),
        Field::Json(Value::Null) => Ok(None),
        Field::Json(Value::String(text)) => Ok(Some(text.clone())),
        Field::Json(Value::Number(number)) => Ok(Some(number.to_string())),
        Field::Json(Value::Bool(yes)) => Ok(Some(yes.to_string())),
        Field::Json(_) | Field::File(_) => Err(NOT_A_STRING),
    }
}

#[cfg(test)]
mod tests {
    use lambda::http::body::Content;
    use serde_json::json;

    use super::*;

    fn of_body(body: Value) -> Result<Parameters, Refusal> {
        Parameters::default().and(Content::Json(body).fields().unwrap())
    }

    #[test]
    fn values_of_json_are_those_of_a_query() {
        let said = of_body(json!({
            "skip_lines": 3, "skip_initial_space": true, "quote": "", "dates": "dmy",
            "decimal": null, "filename": "x.csv", "max_errors": "5%",
        }));
        let said = said.unwrap();
        let all: Vec<_> = said.all().collect();
        #[rustfmt::skip]
        let expected = [
            ("dates", "dmy"), ("max_errors", "5%"), ("quote", ""), ("skip_initial_space", "true"),
            ("skip_lines", "3"),
        ];
        assert_eq!(all, expected);
        assert_eq!((said.get("quote"), said.get("dates")), (None, Some("dmy")));
    }

    #[test]
    fn what_is_said_twice_is_the_same_or_refused() {
        let query = Parameters(BTreeMap::from([("dates", "dmy".to_owned())]));
        let and = |value: &str| {
            let body = Content::Json(json!({"dates": value}));
            query.clone().and(body.fields().unwrap())
        };
        assert_eq!(and("dmy").unwrap(), query);
        let refused = and("ymd").unwrap_err().into_response();
        let words = r#"{"dates":["The query and the body say two different things."]}"#;
        assert_eq!(String::from_utf8_lossy(refused.body()), words);
    }

    #[test]
    fn a_list_is_no_value() {
        let refused = of_body(json!({"delimiter": [";"]})).unwrap_err();
        let body = r#"{"delimiter":["Not a valid string."]}"#;
        assert_eq!(
            String::from_utf8_lossy(refused.into_response().body()),
            body
        );
    }
}
