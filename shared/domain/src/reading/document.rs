//! A reading as JSON, by the names of Frictionless' Table Dialect and Table Schema where one
//! exists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Encoding, Escape, Origin, Part, Reading};
use crate::forms::{Currency, DateOrder, Group};

/// The heading's lines are numbered as in the file, so lines before the first are the preamble.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Document {
    encoding: Encoding,
    delimiter: char,
    quote_char: Option<char>,
    double_quote: bool,
    escape_char: Option<char>,
    skip_initial_space: bool,
    header: bool,
    /// Empty if there is no header.
    header_rows: Vec<u32>,
    /// The lines before the header, or before the first record if there is none.
    comment_rows: Vec<u32>,
    decimal_char: char,
    group_char: Option<String>,
    currency: Option<String>,
    date_order: Option<DateOrder>,
    guarded: bool,
    origins: BTreeMap<Part, Origin>,
}

impl From<Reading> for Document {
    fn from(it: Reading) -> Self {
        let first = it.preamble + 1;
        let escape_char = match it.escape {
            Escape::Byte(byte) => Some(char::from(byte)),
            Escape::Doubled | Escape::None => None,
        };
        Self {
            encoding: it.encoding,
            delimiter: char::from(it.delimiter),
            quote_char: it.quote.map(char::from),
            double_quote: it.escape == Escape::Doubled,
            escape_char,
            skip_initial_space: it.skip_initial_space,
            header: it.heading_lines > 0,
            header_rows: (first..first + it.heading_lines).collect(),
            comment_rows: (1..first).collect(),
            decimal_char: char::from(it.decimal),
            group_char: it.group.map(|it| it.char().into()),
            currency: it.currency.map(|it| it.as_str().into()),
            date_order: it.dates,
            guarded: it.guarded,
            origins: it.origins,
        }
    }
}

impl TryFrom<Document> for Reading {
    type Error = &'static str;

    fn try_from(it: Document) -> Result<Self, Self::Error> {
        let escape = match (it.double_quote, it.escape_char) {
            (true, None) => Escape::Doubled,
            (false, Some(char)) => Escape::Byte(byte(char)?),
            (false, None) => Escape::None,
            (true, Some(_)) => return Err("one escape at most"),
        };
        let group = it.group_char.map(|it| Group::of(&it).ok_or("groupChar"));
        let currency = it.currency.map(|it| Currency::of(&it).ok_or("currency"));
        Ok(Self {
            encoding: it.encoding,
            delimiter: byte(it.delimiter)?,
            quote: it.quote_char.map(byte).transpose()?,
            escape,
            skip_initial_space: it.skip_initial_space,
            preamble: count(it.comment_rows.len())?,
            heading_lines: count(it.header_rows.len())?,
            decimal: byte(it.decimal_char)?,
            group: group.transpose()?,
            currency: currency.transpose()?,
            dates: it.date_order,
            strict: true,
            guarded: it.guarded,
            origins: it.origins,
        })
    }
}

fn byte(char: char) -> Result<u8, &'static str> {
    let byte = u8::try_from(char).map_err(|_| "an ASCII character is needed")?;
    byte.is_ascii()
        .then_some(byte)
        .ok_or("an ASCII character is needed")
}

fn count(lines: usize) -> Result<u32, &'static str> {
    u32::try_from(lines).map_err(|_| "too many lines")
}
