//! What could be said so that cells which do not fit are read.

use super::sample::Sample;
use crate::cell::Kind;
use crate::forms::{DateForms, DateOrder, Forms, words_for_numbers};
use crate::reading::Encoding;
use crate::reason::{Found, advice};
use crate::words;

/// Other forms explain a column if they take this many of a hundred of its bad cells.
const EXPLAINED_PERCENT: usize = 90;

/// The words that would take the bad cells of a column, as few as do; none if no words would.
pub(super) fn of_column(sample: &Sample<'_>, column: usize) -> Vec<String> {
    match &sample.dataset.columns[column].kind {
        kind if kind.is_date() => dates(sample, |forms| {
            takes(sample, column, forms, EXPLAINED_PERCENT)
        }),
        Kind::Year(_) => Vec::new(),
        kind if kind.is_number() => numbers(sample, column),
        _ => Vec::new(),
    }
}

/// One `0,125` says what each `1,500` is: words that take all cells come before those that take most.
fn numbers(sample: &Sample<'_>, column: usize) -> Vec<String> {
    let first = sample.bad_cells(column).next().unwrap_or_default();
    let words = |percent: usize| {
        let takes = |forms: &Forms| takes(sample, column, forms, percent);
        words_for_numbers(&sample.forms, first, takes)
    };
    match words(100) {
        for_all if for_all.is_empty() => words(EXPLAINED_PERCENT),
        for_all => for_all,
    }
}

/// Whether at least this many of a hundred bad cells of a column are read in these forms.
fn takes(sample: &Sample<'_>, column: usize, forms: &Forms, percent: usize) -> bool {
    let parsed = |cell| sample.parsed(column, cell, forms).is_some();
    let taken = sample.bad_cells(column).filter(|cell| parsed(cell)).count();
    taken * 100 >= sample.bad_cells(column).count() * percent
}

fn dates(sample: &Sample<'_>, takes: impl Fn(&Forms) -> bool) -> Vec<String> {
    let mut orders = DateOrder::ALL.into_iter();
    let taking = orders.find(|&order| {
        let dates = DateForms::said(order);
        takes(&Forms {
            dates,
            dates_said: true,
            ..sample.forms
        })
    });
    let words = taking.map(|it| format!("dates={}", it.name()));
    words.into_iter().collect()
}

/// The first cell that is no UTF-8, if no cell has a character above ASCII that is.
pub(super) fn encoding(sample: &Sample<'_>) -> Option<Found> {
    let records = sample.records.iter();
    let cells = records.flat_map(|record| record.iter().map(move |cell| (record, cell)));
    let above: Vec<_> = cells.filter(|(_, cell)| !cell.is_ascii()).collect();
    let &(record, cell) = above.first()?;
    let none_valid = above
        .iter()
        .all(|(_, cell)| std::str::from_utf8(cell).is_err());
    let named = Encoding::Windows1252.name();
    none_valid.then(|| Found {
        column: None,
        line: record.line,
        cell: words::shown(cell),
        readings: vec![format!("encoding={named}")],
    })
}

/// The first cell that is shown, and what could be done about all of them.
pub(super) fn in_words(sample: &Sample<'_>, found: &[Found]) -> Vec<String> {
    let wants_dates = found.iter().any(|it| {
        let column = sample
            .dataset
            .columns
            .iter()
            .find(|known| Some(known.heading.as_str()) == it.column.as_deref());
        column.is_some_and(|it| it.kind.is_date()) && it.readings.is_empty()
    });
    let forms = wants_dates.then(|| {
        let forms = sample.forms.dates.in_words();
        format!("Dates are read as {forms}.")
    });
    let shown = found.first().map(Found::in_words);
    let others = advice(found);
    shown.into_iter().chain(forms).chain(others).collect()
}
