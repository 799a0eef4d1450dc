//! The sentences about columns that do not fit. They say what the values look like, show one cell
//! of each column, and name what could be said so that it is read.

use super::cells::{Expected, Look};
use super::guess::Guess;
use super::readings;
use super::sample::Sample;
use crate::arithmetic::Total;
use crate::limits::FIRST_LOOK_EXAMPLES;
use crate::reason::{Found, Reason, Told};
use crate::row::{RowError, RowParser};
use crate::words;

pub(super) fn columns_do_not_fit(sample: &Sample<'_>) -> Reason {
    let found = bad_cells(sample);
    let mut sentences = vec![how_many(sample)];
    match usual_width(sample) {
        Some(width) => sentences.push(another_width(sample, width)),
        None => {
            sentences.extend(bad_columns(sample));
            sentences.extend(wrong_totals(sample));
            sentences.extend(Guess::about(sample).map(|it| it.in_words(sample)));
        }
    }
    sentences.extend(readings::in_words(sample, &found));
    let told = Told::new(sentences.join(" ")).at(found);
    Reason::ColumnsDoNotFit(told.with_examples(examples(sample)))
}

/// What a worker would say of the first records that do not fit.
fn examples(sample: &Sample<'_>) -> Vec<RowError> {
    let mut order = vec![None; sample.width];
    for (column, place) in sample.places.iter().enumerate() {
        if let Some(place) = *place {
            order[place] = Some(column);
        }
    }
    let parser = RowParser::by(sample.dataset, order, sample.reading);
    let rejected = sample
        .records
        .iter()
        .filter_map(|it| parser.parse(it).err());
    rejected.take(FIRST_LOOK_EXAMPLES).flatten().collect()
}

/// One cell of each column that mostly does not fit, and one that is no UTF-8.
fn bad_cells(sample: &Sample<'_>) -> Vec<Found> {
    let columns = 0..sample.dataset.columns.len();
    let bad = columns.filter(|&it| sample.is_mostly_bad(it));
    let found = bad.filter_map(|column| {
        let (record, cell) = sample.bad_places(column).next()?;
        Some(Found {
            column: Some(sample.dataset.columns[column].heading.to_owned()),
            line: record.line,
            cell: words::shown(cell),
            readings: readings::of_column(sample, column),
        })
    });
    found.chain(readings::encoding(sample)).collect()
}

fn how_many(sample: &Sample<'_>) -> String {
    let all = sample.records.len();
    match sample.fitting() {
        0 => format!("None of the first {all} records fits the heading."),
        1 => format!("Only 1 of the first {all} records fits the heading."),
        fitting => format!("Only {fitting} of the first {all} records fit the heading."),
    }
}

/// The width of more than half of the records, if it is not that of the heading.
fn usual_width(sample: &Sample<'_>) -> Option<usize> {
    let mut widths: Vec<usize> = sample.records.iter().map(|it| it.len()).collect();
    widths.sort_unstable();
    // In sorted order, a width that more than half of them have is in the middle.
    let middle = *widths.get(widths.len() / 2)?;
    let times = widths.iter().filter(|&&it| it == middle).count();
    (middle != sample.width && times * 2 > widths.len()).then_some(middle)
}

fn another_width(sample: &Sample<'_>, width: usize) -> String {
    let columns = if width == 1 { "column" } else { "columns" };
    let mut words = format!(
        "They have {width} {columns}, the heading has {}.",
        sample.width
    );
    if let Some(delimiter) = other_delimiter(sample, width) {
        words += &format!(" They seem to be separated by {delimiter}; use commas.");
    }
    words
}

fn other_delimiter(sample: &Sample<'_>, width: usize) -> Option<&'static str> {
    let field = sample
        .records
        .iter()
        .find(|it| it.len() == width)?
        .field(0)?;
    let pieces = |delimiter| field.split(|&byte| byte == delimiter).count();
    [
        (b';', "semicolons (;)"),
        (b'\t', "tabs"),
        (b'|', "pipes (|)"),
    ]
    .into_iter()
    .find(|&(delimiter, _)| width == 1 && pieces(delimiter) == sample.width)
    .map(|(_, words)| words)
}

/// A sentence for each column in which more than half of the cells are not what it takes.
fn bad_columns(sample: &Sample<'_>) -> Vec<String> {
    let columns = 0..sample.dataset.columns.len();
    columns.filter_map(|it| bad_column(sample, it)).collect()
}

fn bad_column(sample: &Sample<'_>, column: usize) -> Option<String> {
    if !sample.is_mostly_bad(column) {
        return None;
    }
    let known = &sample.dataset.columns[column];
    let found = Look::of_most(sample.bad_cells(column)).beside(&known.kind);
    let expected = Expected(&known.kind);
    Some(format!(
        "\"{}\" holds {found} instead of {expected}.",
        known.heading
    ))
}

/// A sentence for each total that is wrong in more than half of the records that have it.
fn wrong_totals(sample: &Sample<'_>) -> Vec<String> {
    let totals = sample.dataset.totals.iter();
    let wrong = totals.filter(|total| is_mostly_wrong(sample, total));
    let sentence = |total: &Total| {
        let heading = &sample.dataset.columns[total.column].heading;
        format!("\"{heading}\" is not {}.", sample.dataset.in_words(total))
    };
    wrong.map(sentence).collect()
}

fn is_mostly_wrong(sample: &Sample<'_>, total: &Total) -> bool {
    let rows = sample.of_right_width().filter_map(|record| {
        let value = |column| sample.value(record, &sample.places, column);
        let columns = 0..sample.places.len();
        columns.map(value).collect::<Option<Vec<_>>>()
    });
    let (mut right, mut wrong) = (0usize, 0usize);
    for row in rows {
        *(if total.holds(&row) {
            &mut right
        } else {
            &mut wrong
        }) += 1;
    }
    wrong > right
}
