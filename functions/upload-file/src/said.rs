//! What is said by name beside the file: in the query or, where the body has fields, in one of them.

use std::collections::BTreeMap;

use lambda::http::body::{Field, Fields};
use lambda::http::{Request, query};
use serde_json::Value;

/// Values by their names. Of a name that comes twice the last value counts, and one in the query
/// counts before one in the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said(BTreeMap<String, String>);

impl Said {
    /// What the query says.
    pub fn in_query(request: &Request) -> Self {
        Self(query::pairs(request).into_iter().collect())
    }

    /// The same, and what a field of one of these names says.
    pub fn or_in(
        mut self,
        fields: Fields<'_>,
        names: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        for name in names {
            let value = fields.get(name).and_then(text);
            if let Some(value) = value.filter(|_| !self.0.contains_key(name)) {
                self.0.insert(name.to_owned(), value);
            }
        }
        self
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Every name and its value.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Null says nothing. A list or an object is no value of any name, and is refused as its text.
fn text(field: Field<'_>) -> Option<String> {
    match field {
        Field::Text(text) => Some(text.to_owned()),
        Field::Json(Value::String(text)) => Some(text.clone()),
        Field::Json(Value::Null) | Field::File(_) => None,
        Field::Json(value) => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use lambda::http::body::Content;
    use lambda_http::RequestExt;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_query_counts_before_the_body() {
        let query = HashMap::from([("a".to_owned(), vec!["1".to_owned(), "2".to_owned()])]);
        let request = Request::default().with_query_string_parameters(query);
        let body = json!({"a": "3", "b": true, "c": 5, "d": null, "e": [], "f": "x"});
        let content = Content::Json(body);
        let names = ["a", "b", "c", "d", "e"];
        let said = Said::in_query(&request).or_in(content.fields().unwrap(), names);
        let pairs: Vec<_> = said.pairs().collect();
        assert_eq!(pairs, [("a", "2"), ("b", "true"), ("c", "5"), ("e", "[]")]);
        assert_eq!((said.get("a"), said.get("f")), (Some("2"), None));
    }
}
