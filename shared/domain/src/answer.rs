//! How many bytes rows take in an answer. Lambda hands an answer over as a string of JSON, in which
//! the JSON of the rows is written once more: a quote of a cell is `\\\"` there.

use crate::cell::{Json, Kind, Value, json};
use crate::dataset::{Column, Dataset};

/// What a row has beside its fields: `{"import":2147483647,"record":…,"data":{}},` written twice.
const ROW: usize = 80;

/// What a field has beside its name and its text: quotes, a colon and a comma, written twice.
const FIELD: usize = 10;

/// The most bytes of a value that is no text: an exact number has 38 digits and 400 places.
const VALUE_AT_MOST: usize = 512;

/// The most bytes that a character takes: one that cannot be seen is `\\u0001`.
const CHARACTER_AT_MOST: usize = 7;

/// The bytes of a row, by the names of its fields. No fewer than it has, and few more.
pub fn row_bytes<'v>(dataset: &Dataset, values: impl IntoIterator<Item = Value<'v>>) -> usize {
    let cells = dataset.columns.iter().zip(values);
    let field = |(column, value): (&Column, Value<'_>)| {
        let value = match json(&column.kind, &value) {
            Json::Null | Json::Boolean(_) => 5,
            Json::Number(digits) => digits.len(),
            Json::Text(text) => text_bytes(&text),
        };
        FIELD + text_bytes(&column.field) + value
    };
    ROW + cells.map(field).sum::<usize>()
}

/// The most bytes that a row of the dataset may have.
pub fn row_bytes_at_most(dataset: &Dataset) -> usize {
    let field = |column: &Column| {
        let value = match &column.kind {
            Kind::Text { max_chars, .. } => max_chars.saturating_mul(CHARACTER_AT_MOST),
            _ => VALUE_AT_MOST,
        };
        value.saturating_add(FIELD + text_bytes(&column.field))
    };
    let fields = dataset.columns.iter().map(field);
    fields.fold(ROW, usize::saturating_add)
}

/// The bytes of a text between its quotes, written as JSON twice.
pub fn text_bytes(text: &str) -> usize {
    let byte = |it: u8| match it {
        b'"' | b'\\' => 4,
        b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 3,
        0..0x20 => CHARACTER_AT_MOST,
        _ => 1,
    };
    text.bytes().map(byte).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog;
    use crate::limits::{ANSWER_BYTES_AT_MOST, ROWS_PAGE};

    proptest! {
        #[test]
        fn a_text_is_written_twice(text in "[\\x00-\\x7f\u{80}-\u{10ffff}]{0,60}") {
            let once = serde_json::to_string(&text).unwrap();
            let twice = serde_json::to_string(&once).unwrap();
            // Both pairs of quotes: two of them are escaped.
            prop_assert_eq!(text_bytes(&text) + 6, twice.len());
        }
    }

    /// No page of the original is too large, so none of its pages is ever cut or refused for it.
    #[test]
    fn every_page_of_a_built_in_dataset_fits_into_an_answer() {
        let rows = usize::try_from(ROWS_PAGE.at_most).unwrap() + 1;
        for dataset in catalog::all() {
            let most = row_bytes_at_most(dataset) * rows;
            assert!(most < ANSWER_BYTES_AT_MOST, "{}: {most}", dataset.name);
        }
    }

    #[test]
    fn a_row_has_no_more_bytes_than_are_counted() {
        let dataset = &*catalog::TEAM;
        let cells = ["\"\u{1}ä\\\n", "", "(555) 1"];
        let fields = dataset.columns.iter().zip(cells);
        let data: Vec<String> = fields
            .map(|(column, cell)| format!("{}:{}", quoted(&column.field), quoted(cell)))
            .collect();
        let (import, record) = (i32::MAX, i64::MAX);
        let row = format!(
            "{{\"import\":{import},\"record\":{record},\"data\":{{{}}}}},",
            data.join(",")
        );
        let written = quoted(&row).len() - 2;
        let counted = row_bytes(dataset, cells.map(Value::Text));
        assert!(
            (written..written + 20).contains(&counted),
            "{written} {counted}"
        );
        assert!(counted <= row_bytes_at_most(dataset));
    }

    fn quoted(text: &str) -> String {
        serde_json::to_string(text).unwrap()
    }
}
