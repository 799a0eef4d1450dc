//! The verdict of an import: whether it may complete, from its counts and from what the file says
//! about its own reading.
//!
//! Witnesses are heard first. A file whose dates are written day first has many rejected records,
//! and that they are many is not what is wrong with it.

mod dates;
pub mod reasons;

use crate::dataset::Dataset;
use crate::max_errors::MaxErrors;
use crate::reading::{Encoding, Reading};
use crate::reason::{Found, NoRecords, Reason, Warning};
use crate::witness::Witness;

/// The records of an import and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records that became rows.
    pub rows: u64,
    /// Records that were rejected.
    pub rejected: u64,
    /// True if every record of the file was looked at; false if the import was stopped early.
    pub whole: bool,
}

/// Whether an import may complete, and what its user should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Why it fails.
    pub failure: Option<Reason>,
    /// What its user should know, whether it fails or not.
    pub warnings: Vec<Warning>,
}

/// Judges an import. Of several reasons to fail, the first counts: an open quote, bytes that are no
/// UTF-8, dates in another order, no record, no row, too many rejected records.
pub fn judge(
    dataset: &Dataset,
    reading: &Reading,
    witness: &Witness,
    totals: Totals,
    max_errors: MaxErrors,
) -> Verdict {
    let failure = None
        .or_else(|| witness.open_quote.map(Reason::open_quote))
        .or_else(|| not_utf8(reading, witness))
        .or_else(|| dates::against(dataset, reading, witness, totals).map(Reason::from))
        .or_else(|| no_rows(dataset, witness, totals))
        .or_else(|| too_many_errors(dataset, witness, totals, max_errors));
    let warnings = [
        dates::against_what_was_said(dataset, reading, witness).map(Warning::from),
        dates::ambiguous(dataset, reading, witness),
        dates::out_of_order(dataset, witness),
        rejected(witness, totals),
        several_lines(witness),
        blanks(dataset, witness),
    ];
    Verdict {
        failure,
        warnings: warnings.into_iter().flatten().collect(),
    }
}

/// Valid characters above ASCII make the others row errors. Without any, the whole file is in
/// another encoding. In a file that was decoded, they are what could not be.
fn not_utf8(reading: &Reading, witness: &Witness) -> Option<Reason> {
    if reading.encoding != Encoding::Utf8 {
        return None;
    }
    let text = &witness.text;
    let first = text.first_invalid.as_ref()?;
    (text.valid == 0).then(|| reasons::not_utf8(text.invalid, first))
}

fn no_rows(dataset: &Dataset, witness: &Witness, totals: Totals) -> Option<Reason> {
    if totals.rows > 0 || !totals.whole {
        return None;
    }
    Some(match totals.rejected {
        0 => Reason::NoRecords(NoRecords::OnlyEmpty),
        rejected => reasons::no_rows_fit(rejected, rejected_first(dataset, witness)),
    })
}

/// The first that was rejected of each column, those first for which something could be said.
fn rejected_first(dataset: &Dataset, witness: &Witness) -> Vec<Found> {
    let found = witness.rejected.iter().map(|it| {
        let column = it.column.and_then(|column| dataset.columns.get(column));
        Found {
            readings: it.readings.clone(),
            ..it.first.found(column.map(|it| it.heading.as_str()))
        }
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by_key(|it| it.readings.is_empty());
    found
}

fn too_many_errors(
    dataset: &Dataset,
    witness: &Witness,
    totals: Totals,
    max_errors: MaxErrors,
) -> Option<Reason> {
    let lines = witness.lines;
    let of = totals.whole.then_some(lines.rows + lines.rejected);
    let judged = lines.rows + lines.rejected;
    let exceeded = max_errors.are_exceeded(totals.rejected, lines.rejected, judged);
    // An import that was stopped early was stopped for this reason.
    (exceeded || !totals.whole).then(|| {
        let found = rejected_first(dataset, witness);
        reasons::too_many_errors(totals.rejected, lines.rejected, of, max_errors, found)
    })
}

fn rejected(witness: &Witness, totals: Totals) -> Option<Warning> {
    let lines = witness.lines;
    let all = lines.rows + lines.rejected;
    (totals.rejected > 0).then(|| reasons::rows_rejected(totals.rejected, lines.rejected, all))
}

fn several_lines(witness: &Witness) -> Option<Warning> {
    (witness.long.records > 0).then(|| reasons::records_of_several_lines(&witness.long))
}

fn blanks(dataset: &Dataset, witness: &Witness) -> Option<Warning> {
    let two = witness.blanks.iter().filter(|it| it.make_two_groups());
    let found = two.filter_map(|it| {
        let heading = &dataset.columns.get(it.column)?.heading;
        Some(it.first.as_ref()?.found(Some(heading)))
    });
    let found: Vec<_> = found.collect();
    (!found.is_empty()).then(|| reasons::blanks_around_text(found))
}

#[cfg(test)]
mod tests;
