//! What a value may be, as JSON Schema.

use serde_json::{Value, json};

/// What a value may be. Queries and forms have it as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// An address of mail, or nothing.
    Email,
    /// A whole number from this one.
    Whole(i64),
    /// A whole number from the first to the second.
    Between(i64, i64),
    /// `2015-08-01`
    Date,
    /// `2027-01-31T00:00:00Z`
    Time,
    /// `true` or `false`, also as text.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Text that this regular expression describes.
    Pattern(&'static str),
    /// Bytes of a file.
    File,
    /// The declaration of a dataset, as JSON.
    Declaration,
}

impl Shape {
    /// The schema of such a value.
    #[must_use]
    pub fn schema(self) -> Value {
        match self {
            Shape::Text => json!({"type": "string"}),
            Shape::Email => json!({"type": "string", "format": "email"}),
            Shape::Whole(least) => json!({"type": "integer", "minimum": least}),
            Shape::Between(least, most) => {
                json!({"type": "integer", "minimum": least, "maximum": most})
            }
            Shape::Time => json!({"type": "string", "format": "date-time"}),
            Shape::Date => json!({"type": "string", "format": "date"}),
            Shape::Flag => json!({"type": "boolean"}),
            Shape::Choice(choices) => json!({"type": "string", "enum": choices}),
            Shape::Pattern(pattern) => json!({"type": "string", "pattern": pattern}),
            Shape::File => {
                json!({"type": "string", "contentMediaType": "text/csv", "format": "binary"})
            }
            Shape::Declaration => json!({"$ref": "#/components/schemas/Declaration"}),
        }
    }
}
