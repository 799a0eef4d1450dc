//! What requests take: parameters of queries, fields of bodies, headers.

mod accounts;
mod datasets;
mod lists;
mod rows;
mod uploads;

pub use accounts::{DELETION, NEW_KEY, NEW_PASSWORD, REFRESH, SIGN_IN, SIGN_OUT, SIGN_UP};
pub use datasets::{DROP, SAMPLE, TRIED, VERSION};
pub use lists::{AUDIT, EVERYTHING, LIST, STATES};
pub use rows::{CURSOR, EXPORT, FIELDS, GROUPS, SALES, SALES_GROUPS};
pub use uploads::{IMPORT_OPTIONS, READING, UPLOAD};

use crate::shape::Shape;

/// What requests of one kind take.
pub struct Group {
    /// The requests, for people: Markdown.
    pub title: &'static str,
    /// One after the other.
    pub names: &'static [Parameter],
}

/// A parameter or field.
pub struct Parameter {
    /// As it is sent; `{field}` in it is the name of any field of a dataset.
    pub name: &'static str,
    /// What it may be, for programs.
    pub shape: Shape,
    /// What it may be, for people: Markdown.
    pub value: &'static str,
    /// What it does, for people: Markdown.
    pub does: &'static str,
    /// Whether the request is refused without it.
    pub needed: bool,
}

/// Every group, in the order in which people read them.
pub const ALL: [Group; 24] = [
    SIGN_UP,
    NEW_PASSWORD,
    DELETION,
    NEW_KEY,
    SIGN_IN,
    REFRESH,
    SIGN_OUT,
    UPLOAD,
    IMPORT_OPTIONS,
    READING,
    SAMPLE,
    TRIED,
    VERSION,
    DROP,
    STATES,
    EVERYTHING,
    AUDIT,
    LIST,
    SALES,
    CURSOR,
    EXPORT,
    FIELDS,
    GROUPS,
    SALES_GROUPS,
];

/// The header by which a request is carried out once.
pub const IDEMPOTENCY_KEY: Parameter = taken(
    "Idempotency-Key",
    Shape::Text,
    "ASCII text",
    "upload, replacement, retry, export: the same request with the same key is carried out once",
);

/// The header without which no cookie counts.
pub const CONSOLE: Parameter = taken(
    "X-Collect-Console",
    Shape::Choice(&["1"]),
    "`1`",
    "`/token/` with `cookie`, and wherever the cookie is to be read: `/token/refresh/` and `/token/blacklist/`, if the body has no `refresh`",
);

/// The header by which an answer is left out that would say nothing new.
pub const IF_NONE_MATCH: Parameter = taken(
    "If-None-Match",
    Shape::Text,
    "an `ETag`, or several by comma",
    "`GET` of an import, an export, a list of imports, the list of all: 304 without a body if the answer would say nothing new",
);

const fn taken(
    name: &'static str,
    shape: Shape,
    value: &'static str,
    does: &'static str,
) -> Parameter {
    let needed = false;
    Parameter {
        name,
        shape,
        value,
        does,
        needed,
    }
}

impl Parameter {
    const fn needed(self) -> Self {
        Self {
            needed: true,
            ..self
        }
    }

    /// Whether it stands for one parameter for each field of a dataset.
    #[must_use]
    pub fn is_of_any_field(&self) -> bool {
        self.name.contains('{')
    }
}
