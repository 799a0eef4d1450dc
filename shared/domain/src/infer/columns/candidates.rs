//! What a column may be, tried through the kinds that a declaration compiles to.

use serde_json::{Map, Value, json};

use crate::cell::{Kind, parse_as};
use crate::declaration::Declaration;
use crate::forms::Forms;

/// A type that is no number, with its properties.
pub(super) struct Candidate {
    pub(super) properties: Map<String, Value>,
    pub(super) kind: Kind,
    /// Two words that may mean other things: only both together are true and false.
    both: Option<(&'static str, &'static str)>,
}

/// Patterns of dates, those of one order together.
const DATES: [&str; 20] = [
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d. %B %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%Y-%b-%d",
];

/// Patterns of a date with a time; those of times stand behind each of those of dates.
const TIMES: [&str; 4] = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p"];
const DATES_OF_TIMES: [&str; 9] = [
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%m/%d/%y", "%d/%m/%y",
    "%d.%m.%y",
];

/// Words for true and false that are no default.
const WORDS: [(&str, &str); 13] = [
    ("yes", "no"),
    ("Yes", "No"),
    ("YES", "NO"),
    ("y", "n"),
    ("Y", "N"),
    ("t", "f"),
    ("T", "F"),
    ("on", "off"),
    ("J", "N"),
    ("Ja", "Nein"),
    ("ja", "nein"),
    ("Oui", "Non"),
    ("oui", "non"),
];

/// Every candidate, the more particular first.
pub(super) fn all() -> Vec<Candidate> {
    let words = |yes: &[&str], no: &[&str]| json!({ "type": "boolean", "trueValues": yes, "falseValues": no });
    let pairs = WORDS.iter().filter_map(|(yes, no)| {
        let both = Some((*yes, *no));
        let candidate = Candidate::new(words(&[yes], &[no]))?;
        Some(Candidate { both, ..candidate })
    });
    let pairs: Vec<Candidate> = pairs.collect();
    let clear = words(&["true", "True", "TRUE"], &["false", "False", "FALSE"]);
    let mut all = Vec::new();
    all.push(json!({ "type": "string", "format": "uuid" }));
    all.push(json!({ "type": "date" }));
    all.extend(DATES.map(|it| json!({ "type": "date", "format": it })));
    all.push(json!({ "type": "datetime" }));
    all.push(json!({ "type": "datetime", "timezone": "UTC" }));
    for date in DATES_OF_TIMES {
        let formats =
            TIMES.map(|time| json!({ "type": "datetime", "format": format!("{date} {time}") }));
        all.extend(formats);
    }
    all.push(json!({ "type": "time" }));
    all.push(json!({ "type": "yearmonth" }));
    all.push(json!({ "type": "string", "format": "email" }));
    all.push(json!({ "type": "string", "format": "uri" }));
    let booleans = Candidate::new(clear).into_iter().chain(pairs);
    booleans
        .chain(all.into_iter().filter_map(Candidate::new))
        .collect()
}

impl Candidate {
    pub(super) fn new(properties: Value) -> Option<Self> {
        let mut field = properties.clone();
        field["name"] = json!("a");
        let declaration = Declaration::parse(&json!({ "fields": [field] })).ok()?;
        let kind = declaration.fields.into_iter().next()?.kind;
        match properties {
            Value::Object(properties) => Some(Self {
                properties,
                kind,
                both: None,
            }),
            _ => None,
        }
    }

    /// Whether a column may be of it at all: a column of F alone is not known to be of false ones.
    pub(super) fn is_shown_by(&self, cells: &[(u64, &str)]) -> bool {
        let is_there = |word: &str| cells.iter().any(|(_, cell)| cell.trim() == word);
        self.both
            .is_none_or(|(yes, no)| is_there(yes) && is_there(no))
    }

    pub(super) fn takes(&self, cell: &str) -> bool {
        parse_as(&self.kind, cell.as_bytes(), &Forms::PLAIN).is_ok()
    }

    /// True if both read the cell, as two values of one type.
    pub(super) fn reads_otherwise(&self, other: &Self, cell: &str) -> bool {
        let read = |it: &Self| {
            parse_as(&it.kind, cell.as_bytes(), &Forms::PLAIN)
                .ok()
                .map(|it| format!("{it:?}"))
        };
        self.kind.sql() == other.kind.sql() && !self.kind.is_text() && read(self) != read(other)
    }

    pub(super) fn of(&self) -> &'static str {
        match &self.properties["type"] {
            it if it == "boolean" => "boolean",
            it if it == "date" => "date",
            it if it == "datetime" => "datetime",
            it if it == "time" => "time",
            it if it == "yearmonth" => "yearmonth",
            _ => "string with a format",
        }
    }

    /// Its pattern.
    pub(super) fn format(&self) -> &str {
        let format = self.properties.get("format").and_then(Value::as_str);
        format.unwrap_or("default")
    }
}
