//! What a dataset answers about itself: its declaration, and how its values are answered.

use serde_json::{Value, json};

use super::{Declaration, Field};
use crate::cell::{Kind, SqlType};

impl Declaration {
    /// The document of `GET …/schema/`.
    pub fn shown(&self, name: &str, version: i32) -> Value {
        let columns = self.fields.iter().map(|field| {
            json!({
                "field": field.name,
                "heading": field.title.as_ref().unwrap_or(&field.name),
                "type": field.form.of.name(),
                "answered_as": answered_as(&field.kind),
                "nullable": self.may_be_null(field),
            })
        });
        json!({
            "dataset": name,
            "version": version,
            "columns": columns.collect::<Vec<_>>(),
            "declaration": self.to_json(),
        })
    }

    /// True if a row may have no value in the field: where it is not required, and its cell means
    /// none or its column is not in the file.
    pub fn may_be_null(&self, field: &Field) -> bool {
        let may_lack = self.fields_match.may_have_fewer();
        !field.required && (may_lack || !self.missing_values(field).is_empty())
    }
}

/// The type of JSON that answers have its values in. A number that some program would round is a
/// string.
fn answered_as(kind: &Kind) -> &'static str {
    match kind.sql() {
        SqlType::Boolean => "boolean",
        _ if kind.is_json_number() => "number",
        _ => "string",
    }
}
