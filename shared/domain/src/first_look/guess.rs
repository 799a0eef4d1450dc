//! Guesses how the columns were mixed up: the change that makes nearly all records fit.

use super::sample::{Places, Sample};
use crate::cell::Value;

/// A change explains the file if it makes this many of a hundred records fit.
const EXPLAINED_PERCENT: usize = 90;

/// Records that each change is tried on.
const RECORDS: usize = 100;

/// A column's value is looked for at most this many records before and after its own.
const ROWS: isize = 10;

/// How the columns were mixed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// These two columns of the dataset are swapped.
    Swapped(usize, usize),
    /// The values from place `from` of the file to place `to` stand one place too far to the
    /// right, or to the left.
    Shifted { from: usize, to: usize, right: bool },
    /// The values of one column stand `rows` records too low or, if negative, too high.
    Offset { column: usize, rows: isize },
}

impl Guess {
    /// The change that explains the file, if there is one. A swap or an offset counts only if no
    /// other swap or offset explains the file too; of several shifts, the longest counts.
    pub(super) fn about(sample: &Sample<'_>) -> Option<Self> {
        swapped(sample)
            .or_else(|| shifted(sample))
            .or_else(|| offset(sample))
    }

    pub(super) fn in_words(self, sample: &Sample<'_>) -> String {
        let heading = |column: usize| sample.dataset.columns[column].heading.as_str();
        let at = |place| {
            let column = sample.places.iter().position(|&it| it == Some(place));
            column.map_or("", heading)
        };
        match self {
            Guess::Swapped(one, other) => format!(
                "\"{}\" and \"{}\" seem to be swapped.",
                heading(one),
                heading(other)
            ),
            Guess::Shifted { from, to, right } => format!(
                "The values from \"{}\" to \"{}\" seem to stand one column too far to the {}.",
                at(from),
                at(to),
                if right { "right" } else { "left" }
            ),
            Guess::Offset { column, rows } => format!(
                "The values of \"{}\" seem to stand {} {} too {}.",
                heading(column),
                rows.unsigned_abs(),
                if rows.abs() == 1 { "row" } else { "rows" },
                if rows > 0 { "low" } else { "high" }
            ),
        }
    }
}

/// True if nearly all records fit with their values in these places; column `but` is not checked.
fn explains(sample: &Sample<'_>, places: &Places, but: Option<usize>) -> bool {
    let tried = || sample.records.iter().take(RECORDS);
    let fitting = tried().filter(|it| sample.fits(it, places, but)).count();
    fitting * 100 >= tried().count() * EXPLAINED_PERCENT
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn swapped(sample: &Sample<'_>) -> Option<Guess> {
    let columns = sample.places.len();
    let pairs = (0..columns).flat_map(|one| (one + 1..columns).map(move |other| (one, other)));
    let explaining = pairs.filter(|&(one, other)| {
        let mut places = sample.places.clone();
        places.swap(one, other);
        explains(sample, &places, None)
    });
    only(explaining).map(|(one, other)| Guess::Swapped(one, other))
}

/// The longest run of known columns whose values stand one place to the side. The value that was
/// pushed out at its end is not looked for, so moving the run back must correct at least two bad
/// columns besides that one.
fn shifted(sample: &Sample<'_>) -> Option<Guess> {
    let columns = 0..sample.places.len();
    let bad: Vec<usize> = columns.filter(|&it| sample.is_mostly_bad(it)).collect();
    let within = |column: usize, from, to| {
        sample.places[column].is_some_and(|place| (from..=to).contains(&place))
    };
    let runs = runs(sample);
    let directions = runs.into_iter().flat_map(|run| [(run, true), (run, false)]);
    directions
        .filter(|&((from, to), right)| {
            let (places, lost) = moved_back(sample, from, to, right);
            let mended = bad.iter().filter(|&&it| it != lost && within(it, from, to));
            mended.count() >= 2 && explains(sample, &places, Some(lost))
        })
        .max_by_key(|((from, to), _)| to - from)
        .map(|((from, to), right)| Guess::Shifted { from, to, right })
}

/// Every run of three or more places that are known columns.
fn runs(sample: &Sample<'_>) -> Vec<(usize, usize)> {
    let known = |place: usize| sample.places.contains(&Some(place));
    let from = (0..sample.width).filter(|&it| known(it));
    from.flat_map(|from| {
        let to = (from + 1..sample.width).take_while(|&it| known(it));
        to.skip(1).map(move |to| (from, to))
    })
    .collect()
}

/// The places to read from if the values from `from` to `to` were moved by one place, and the
/// column whose value was lost by that.
fn moved_back(sample: &Sample<'_>, from: usize, to: usize, right: bool) -> (Places, usize) {
    let back = |place: usize| match right {
        true if (from..to).contains(&place) => place + 1,
        false if (from + 1..=to).contains(&place) => place - 1,
        _ => place,
    };
    let places = sample.places.iter().map(|it| it.map(back)).collect();
    let lost = if right { to } else { from };
    let column = sample.places.iter().position(|&it| it == Some(lost));
    (places, column.unwrap_or(0))
}

/// Looks only at columns that must add up with others of their row: of other columns, nothing
/// shows whether their values came from another row.
fn offset(sample: &Sample<'_>) -> Option<Guess> {
    let rows: Vec<Vec<Option<Value<'_>>>> = sample
        .of_right_width()
        .map(|record| {
            let value = |column| sample.value(record, &sample.places, column);
            (0..sample.places.len()).map(value).collect()
        })
        .collect();
    let adding = |column: &usize| {
        let mut totals = sample.dataset.totals.iter();
        totals.any(|it| it.column == *column || it.is.columns().contains(column))
    };
    let columns = (0..sample.places.len()).filter(adding);
    let offsets = columns.flat_map(|column| {
        let distances = (1..=ROWS).flat_map(|rows| [rows, -rows]);
        distances.map(move |rows| (column, rows))
    });
    only(offsets.filter(|&(column, by)| adds_up(sample, &rows, column, by)))
        .map(|(column, rows)| Guess::Offset { column, rows })
}

/// True if nearly all rows add up when `column` has its value of the row `by` rows further down
/// or, if negative, up.
fn adds_up(sample: &Sample<'_>, rows: &[Vec<Option<Value<'_>>>], column: usize, by: isize) -> bool {
    let (mut right, mut all) = (0usize, 0usize);
    for (number, row) in rows.iter().enumerate() {
        let other = number.checked_add_signed(by).and_then(|it| rows.get(it));
        let Some(other) = other else { continue };
        let moved = |it: usize| match it == column {
            true => other[column],
            false => row[it],
        };
        let whole: Option<Vec<_>> = (0..row.len()).map(moved).collect();
        all += 1;
        right += usize::from(
            whole.is_some_and(|row| sample.dataset.totals.iter().all(|total| total.holds(&row))),
        );
    }
    all * 2 > rows.len() && right * 100 >= all * EXPLAINED_PERCENT
}
