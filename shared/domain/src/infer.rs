//! Proposes a declaration for a file that nobody has declared, from its first bytes. What the bytes
//! leave open is no guess of the declaration but a doubt beside it.

mod columns;
mod doubt;
mod names;
mod table;

use serde_json::{Map, Value, json};

use doubt::merged;
pub use doubt::{Doubt, DoubtKind};

use crate::declaration::{Declaration, Problem};
use crate::first_look::text_mark;
use crate::limits::{DATASET_FIELDS_AT_MOST, SAMPLE_BYTES_LOOKED_AT};
use crate::reason::{NoRecords, NotText, Reason};
use columns::Columns;
use table::Table;

/// A file with a NUL within these first bytes is no text. One that has it later has a bad cell.
const NO_NUL_WITHIN: usize = 4 * 1024;

/// A declaration that reads every record that was looked at, but for those with another number of
/// cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// The declaration.
    pub declaration: Declaration,
    /// What a person should look at before declaring it.
    pub doubts: Vec<Doubt>,
}

/// Why there is no declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotInferred {
    /// What was sent is no CSV.
    File(Reason),
    /// Its columns cannot be declared: they are too many, or a heading is too long.
    Declaration(Vec<Problem>),
}

/// Looks at the first bytes of a file, UTF-8 or else taken as windows-1252; `whole` says that the
/// file has no others.
///
/// # Errors
/// See [`NotInferred`].
pub fn infer(sample: &[u8], whole: bool) -> Result<Inferred, NotInferred> {
    let mark = text_mark(sample).map_err(NotInferred::File)?;
    let text = cut(&sample[mark..], whole);
    if memchr::memchr(0, &text[..text.len().min(NO_NUL_WITHIN)]).is_some() {
        return Err(NotInferred::File(Reason::NotText(NotText::Nulls)));
    }
    let (text, is_utf8) = decoded(text);
    if text.trim().is_empty() {
        return Err(NotInferred::File(Reason::NoRecords(NoRecords::Empty)));
    }
    let table = Table::of(text.as_bytes());
    if table.width > DATASET_FIELDS_AT_MOST {
        return Err(NotInferred::Declaration(too_many_fields()));
    }
    let mut doubts = table.doubts();
    if !is_utf8 {
        doubts.push(Doubt::at("dialect.encoding", &DoubtKind::NotUtf8));
    }
    let columns = Columns::of(&table);
    let fields = columns.fields(&mut doubts);
    let document = document(fields, &table, is_utf8);
    let declaration = Declaration::parse(&document).map_err(NotInferred::Declaration)?;
    Ok(Inferred {
        declaration,
        doubts: merged(doubts),
    })
}

/// What a declaration of more fields than are taken is refused for.
fn too_many_fields() -> Vec<Problem> {
    let field = |at: usize| json!({ "name": format!("column_{at}"), "type": "string" });
    let fields: Vec<Value> = (0..=DATASET_FIELDS_AT_MOST).map(field).collect();
    let declared = Declaration::parse(&json!({ "fields": fields }));
    declared.err().unwrap_or_default()
}

/// What is looked at: whole lines, unless there is only one.
fn cut(text: &[u8], whole: bool) -> &[u8] {
    let first = &text[..text.len().min(SAMPLE_BYTES_LOOKED_AT)];
    if whole && first.len() == text.len() {
        return first;
    }
    let end = memchr::memrchr2(b'\n', b'\r', first);
    &first[..end.map_or(first.len(), |it| it + 1)]
}

/// The characters of windows-1252 from 0x80 to 0x9F; the rest is latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text, and whether it is UTF-8.
fn decoded(bytes: &[u8]) -> (String, bool) {
    let char = |&byte: &u8| match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        byte => char::from(byte),
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        // The sample may end within a character.
        Err(error) if error.error_len().is_none() => {
            let text = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            (text.into_owned(), true)
        }
        Err(_) => (bytes.iter().map(char).collect(), false),
    }
}

fn document(fields: Vec<Value>, table: &Table, is_utf8: bool) -> Value {
    let mut dialect = Map::new();
    if !is_utf8 {
        dialect.insert("encoding".to_owned(), json!("windows-1252"));
    }
    let delimiter = char::from(table.delimiter).to_string();
    dialect.insert("delimiter".to_owned(), json!(delimiter));
    if table.heading.is_none() {
        dialect.insert("header".to_owned(), json!(false));
    }
    json!({ "fields": fields, "dialect": dialect })
}

#[cfg(test)]
mod tests;
