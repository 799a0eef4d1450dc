//! What could be said so that cells which do not fit are read.

use super::sample::Sample;
use crate::cell::Kind;
use crate::forms::{Currency, DateForms, DateOrder, Forms, Group};
use crate::reading::Encoding;
use crate::reason::Found;
use crate::words;

/// Other forms explain a column if they take this many of a hundred of its bad cells.
const EXPLAINED_PERCENT: usize = 90;

/// The words that would take the bad cells of a column, as few as do; none if no words would.
pub(super) fn of_column(sample: &Sample<'_>, column: usize) -> Vec<String> {
    let candidates = match sample.dataset.columns[column].kind {
        Kind::Date => dates(sample),
        Kind::Money | Kind::Integer { .. } => numbers(sample, column),
        Kind::Text { .. } => return Vec::new(),
    };
    let mut taking = candidates
        .into_iter()
        .filter(|(_, forms)| takes(sample, column, forms));
    taking.next().map(|(words, _)| words).unwrap_or_default()
}

fn takes(sample: &Sample<'_>, column: usize, forms: &Forms) -> bool {
    let parsed = |cell| sample.parsed(column, cell, forms).is_some();
    let taken = sample.bad_cells(column).filter(|cell| parsed(cell)).count();
    taken * 100 >= sample.bad_cells(column).count() * EXPLAINED_PERCENT
}

type Candidate = (Vec<String>, Forms);

fn dates(sample: &Sample<'_>) -> Vec<Candidate> {
    let orders = DateOrder::ALL.into_iter();
    let candidate = |order: DateOrder| {
        let dates = DateForms::said(order);
        let forms = Forms {
            dates,
            ..sample.forms
        };
        (vec![format!("dates={}", order.name())], forms)
    };
    orders.map(candidate).collect()
}

/// Every way to write numbers, those first that need the fewest words.
fn numbers(sample: &Sample<'_>, column: usize) -> Vec<Candidate> {
    let other = if sample.forms.decimal == b',' {
        b'.'
    } else {
        b','
    };
    let mut candidates = Vec::new();
    for decimal in [sample.forms.decimal, other] {
        for group in [None].into_iter().chain(Group::ALL.map(Some)) {
            for currency in [None, sign(sample, column)] {
                candidates.extend(number(sample.forms, decimal, group, currency));
            }
        }
    }
    candidates.sort_by_key(|(words, _)| words.len());
    candidates
}

fn number(
    forms: Forms,
    decimal: u8,
    group: Option<Group>,
    currency: Option<Currency>,
) -> Option<Candidate> {
    let group_char = group.map(Group::char);
    if group_char == Some(char::from(decimal)) {
        return None;
    }
    let words = [
        (decimal != forms.decimal).then(|| format!("decimal={}", char::from(decimal))),
        group_char.map(|it| format!("group={it}")),
        currency
            .as_ref()
            .map(|it| format!("currency={}", it.as_str())),
    ];
    let forms = Forms {
        decimal,
        group: group.or(forms.group),
        currency: currency.or(forms.currency),
        ..forms
    };
    Some((words.into_iter().flatten().collect(), forms))
}

/// What stands before or after the digits of the first bad cell.
fn sign(sample: &Sample<'_>, column: usize) -> Option<Currency> {
    let cell = std::str::from_utf8(sample.bad_cells(column).next()?).ok()?;
    let cell = cell.trim().trim_start_matches('-');
    let digit = |it: char| it.is_ascii_digit();
    let before = cell.split(digit).next().unwrap_or_default();
    let after = cell.rsplit(digit).next().unwrap_or_default();
    let sign = if before.is_empty() { after } else { before };
    Currency::of(sign.trim_end_matches('-').trim())
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

/// A sentence for each cell that is shown, and one with all words at once.
pub(super) fn in_words(sample: &Sample<'_>, found: &[Found]) -> Vec<String> {
    let mut sentences: Vec<String> = found.iter().take(1).map(shown).collect();
    if found.iter().any(|it| is_shortened(&it.cell)) {
        let words = "A spreadsheet has shortened long numbers (8.90E+08): show the column as a \
                     number without decimals and save it again.";
        sentences.push(words.into());
    }
    let wants_dates = found.iter().any(|it| {
        let column = sample
            .dataset
            .columns
            .iter()
            .find(|known| Some(known.heading) == it.column.as_deref());
        column.is_some_and(|it| it.kind == Kind::Date) && it.readings.is_empty()
    });
    if wants_dates {
        let forms = sample.forms.dates.in_words();
        sentences.push(format!("Dates are read as {forms}."));
    }
    let mut words: Vec<&str> = found
        .iter()
        .flat_map(|it| &it.readings)
        .map(String::as_str)
        .collect();
    words.sort_unstable();
    words.dedup();
    if !words.is_empty() {
        sentences.push(format!("Say {} to read it.", words.join(" and ")));
    }
    sentences
}

fn shown(found: &Found) -> String {
    match &found.column {
        Some(column) => format!("\"{column}\" on line {} is \"{}\".", found.line, found.cell),
        None => format!("\"{}\" on line {} is not UTF-8.", found.cell, found.line),
    }
}

/// Digits, a point, digits, and the power of ten.
fn is_shortened(cell: &str) -> bool {
    let parts = cell.split_once("E+").or_else(|| cell.split_once("e+"));
    parts.is_some_and(|(number, power)| {
        let digits = |it: &str| {
            it.bytes()
                .all(|it| it.is_ascii_digit() || b".,".contains(&it))
        };
        !number.is_empty() && !power.is_empty() && digits(number) && digits(power)
    })
}
