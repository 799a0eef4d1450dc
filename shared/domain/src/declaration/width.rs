//! Rows must fit a page of PostgreSQL.

use super::Declaration;
use super::field::Field;
use super::problem::{ProblemKind, too_wide};
use crate::cell::SqlType;
use crate::limits::ROW_BYTES_AT_MOST;

/// Bytes of a row before its columns, without the bits for nulls; the number of the import and of
/// the record are two more columns.
const ROW_HEAD: usize = 24;
const NUMBERS: usize = 16;

/// Bytes that a long text leaves in the row when it is stored elsewhere.
const STORED_ELSEWHERE: usize = 18;

/// A row of required fields that no page can hold, however short its values.
pub(super) fn never_fits(declaration: &Declaration) -> Option<ProblemKind> {
    let required = declaration.fields.iter().filter(|it| it.required);
    let least: usize = required.map(least).sum();
    let nulls = match declaration.fields.iter().all(|it| it.required) {
        true => 0,
        false => declaration.fields.len().div_ceil(8),
    };
    let bytes = ROW_HEAD + nulls + NUMBERS + least;
    (bytes > ROW_BYTES_AT_MOST).then(|| too_wide(bytes))
}

/// The fewest bytes of a value, without what aligns it.
fn least(field: &Field) -> usize {
    match field.kind.sql() {
        SqlType::Text => (1 + field.form.min_length).min(STORED_ELSEWHERE),
        SqlType::Uuid => 16,
        SqlType::Bigint | SqlType::Timestamp | SqlType::Timestamptz | SqlType::Time => 8,
        // A length, a head, and no digits: zero.
        SqlType::Numeric | SqlType::Money => 3,
        SqlType::Boolean => 1,
        SqlType::Date | SqlType::Integer => 4,
    }
}
