//! Any bytes as the beginning of a file: the result is a heading that holds every column once, or a
//! reason in a few printable words. A longer prefix never changes the heading that a shorter one
//! gave.

use domain::catalog::ALL;
use domain::dataset::Dataset;
use domain::first_look;
use domain::heading::{self, Heading};
use domain::reason::{Reason, StoredReason};

/// The first byte chooses the dataset, the second where the file is cut.
pub fn check(input: &[u8]) {
    let [dataset, cut, file @ ..] = input else {
        return;
    };
    let dataset = ALL[usize::from(*dataset) % ALL.len()];
    let whole = read(file, true, dataset);
    let prefix = &file[..usize::from(*cut).min(file.len())];
    if let Ok(Some(heading)) = read(prefix, false, dataset) {
        assert_eq!(whole, Ok(Some(heading)));
    }
    if let Err(reason) = first_look::read(file, true, dataset) {
        is_tellable((&reason).into());
    }
}

fn read(file: &[u8], whole: bool, dataset: &Dataset) -> Result<Option<Heading>, Reason> {
    let read = heading::read(file, whole, dataset);
    match &read {
        Ok(Some(heading)) => is_sound(heading, file, dataset),
        Ok(None) => assert!(!whole, "the whole file decides"),
        Err(reason) => is_tellable(reason.into()),
    }
    read
}

fn is_sound(heading: &Heading, file: &[u8], dataset: &Dataset) {
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
    if let Some(warning) = heading.warning() {
        is_tellable((&warning).into());
    }
}

fn is_tellable(reason: StoredReason) {
    assert!(
        reason
            .code
            .bytes()
            .all(|it| it.is_ascii_lowercase() || it == b'_')
    );
    assert!(!reason.detail.contains(char::is_control), "{reason:?}");
    assert!(reason.detail.chars().count() < 3_000, "{reason:?}");
    assert!(reason.detail.ends_with('.'), "{reason:?}");
}
