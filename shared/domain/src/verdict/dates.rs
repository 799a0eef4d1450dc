//! What the dates of a file say against its reading.

use super::Totals;
use super::reasons::{self, DatesAgainst};
use crate::dataset::Dataset;
use crate::forms::DateOrder;
use crate::reading::{Part, Reading};
use crate::reason::{Found, Warning};
use crate::witness::{DateWitness, Witness};

/// Dates in another order than the declared one: what those mean that are days in both orders cannot
/// be told then. If the order was said with the upload, it is only a warning.
pub(super) fn against(
    dataset: &Dataset,
    reading: &Reading,
    witness: &Witness,
    totals: Totals,
) -> Option<DatesAgainst> {
    if reading.was_said(Part::Dates) {
        return None;
    }
    // Without a row, the dates are also heard if no cell was read wrongly.
    let heard = |it: &&DateWitness| it.against > 0 && (it.both > 0 || totals.rows == 0);
    let column = witness.dates.iter().find(heard)?;
    dates_against(dataset, column)
}

pub(super) fn against_what_was_said(
    dataset: &Dataset,
    reading: &Reading,
    witness: &Witness,
) -> Option<DatesAgainst> {
    if !reading.was_said(Part::Dates) {
        return None;
    }
    let column = witness.dates.iter().find(|it| it.against > 0)?;
    dates_against(dataset, column)
}

fn dates_against(dataset: &Dataset, column: &DateWitness) -> Option<DatesAgainst> {
    let heading = &dataset.columns.get(column.column)?.heading;
    let order = column.order_against.unwrap_or(DateOrder::Dmy);
    let against = Found {
        readings: vec![format!("dates={}", order.name())],
        ..column.first_against.as_ref()?.found(Some(heading))
    };
    Some(match &column.first_as_read {
        Some(as_read) => {
            let found = [against, as_read.found(Some(heading))];
            reasons::dates_mixed(heading, found)
        }
        None => reasons::dates_in_another_order(heading, order, column.against, against),
    })
}

pub(super) fn ambiguous(
    dataset: &Dataset,
    reading: &Reading,
    witness: &Witness,
) -> Option<Warning> {
    if reading.was_said(Part::Dates) {
        return None;
    }
    let columns = witness.dates.iter().filter(|it| it.is_ambiguous());
    let found = columns.filter_map(|it| {
        let heading = &dataset.columns.get(it.column)?.heading;
        Some(it.first_both.as_ref()?.found(Some(heading)))
    });
    let found: Vec<_> = found.collect();
    let forms = reading.forms(dataset).dates;
    (!found.is_empty()).then(|| reasons::dates_ambiguous(found, forms))
}

pub(super) fn out_of_order(dataset: &Dataset, witness: &Witness) -> Option<Warning> {
    let pairs = dataset.reading.in_order.iter().zip(&witness.in_order);
    let mut most = pairs.filter(|(_, it)| it.reversed * 2 > it.rows);
    let (&(first, second), seen) = most.next()?;
    let heading = |column: usize| dataset.columns.get(column).map(|it| it.heading.as_str());
    let found = seen.first_reversed.as_ref()?.found(heading(second));
    Some(reasons::dates_out_of_order(
        heading(first)?,
        heading(second)?,
        seen.reversed,
        seen.rows,
        found,
    ))
}
