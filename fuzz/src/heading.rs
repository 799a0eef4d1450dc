//! Any bytes as a file: the result is a reading and a heading that holds every column once, or a
//! reason in a few printable words.

use domain::catalog;
use domain::dataset::Dataset;
use domain::first_look::{self, FileKind, Look};
use domain::reading::{Reading, ReadingRequest};
use domain::reason::{Reason, StoredReason};

/// The first byte chooses the dataset, the second the delimiter, if one is said.
pub fn check(input: &[u8]) {
    let [dataset, delimiter, file @ ..] = input else {
        return;
    };
    let datasets = catalog::all();
    let dataset = datasets[usize::from(*dataset) % datasets.len()];
    match read(file, dataset, &said(*delimiter, dataset)) {
        Ok(look) => is_sound(&look, file, dataset),
        Err(reason) => is_tellable((&reason).into()),
    }
}

fn said(delimiter: u8, dataset: &Dataset) -> Reading {
    let delimiter = char::from(delimiter).to_string();
    let said = ReadingRequest::parse([("delimiter", delimiter.as_str())]);
    let reading = said.ok().and_then(|it| it.reading(dataset).ok());
    reading.unwrap_or_else(|| Reading::declared(dataset))
}

fn read(file: &[u8], dataset: &Dataset, said: &Reading) -> Result<Look, Reason> {
    let mark = match first_look::kind(file)? {
        FileKind::Text { mark } => mark,
        _ => 0, // whatever is prepared may hold any bytes
    };
    let look = first_look::look(file, mark, true, dataset, said)?;
    Ok(look.expect("the whole file decides"))
}

fn is_sound(look: &Look, file: &[u8], dataset: &Dataset) {
    let heading = &look.heading;
    let order = &heading.column_order;
    for column in 0..dataset.columns.len() {
        let times = order.iter().filter(|&&it| it == Some(column)).count();
        assert_eq!(times, 1, "{heading:?}");
    }
    assert_eq!(
        order.iter().flatten().count() + heading.unknown.len(),
        order.len()
    );
    assert!(heading.byte_end > 0 && heading.byte_end as usize <= file.len());
    assert!(heading.next_line >= 1);
    for warning in heading.warnings() {
        is_tellable((&warning).into());
    }
}

fn is_tellable(reason: StoredReason) {
    let known = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    assert!(reason.code.bytes().all(known));
    assert!(!reason.detail.contains(char::is_control), "{reason:?}");
    assert!(reason.detail.chars().count() < 3_000, "{reason:?}");
    assert!(reason.detail.ends_with('.'), "{reason:?}");
}
