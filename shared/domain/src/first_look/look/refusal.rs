//! Why no heading fits.

use std::sync::Arc;

use super::super::names::{alike, folded};
use super::super::reasons::{self, HeadingFault};
use super::super::sample::Sample;
use super::tried::{Tried, heading_at, may_be_missing, no_heading};
use super::{readings, starts};
use crate::catalog;
use crate::dataset::{Column, Dataset};
use crate::heading::Heading;
use crate::limits::{COLUMNS_AT_MOST, HEADING_WITHIN_LINES};
use crate::reading::Reading;
use crate::reason::{BadHeading, NoRecords, NotText, Reason};

/// Why no heading fits: the first of the reasons that holds.
pub(super) fn refusal(
    text: &[u8],
    whole: bool,
    dataset: &Dataset,
    said: &Reading,
    best: Option<Tried>,
) -> Reason {
    let Some(best) = best else {
        return Reason::NoRecords(NoRecords::OnlySkipped(said.preamble));
    };
    let heading = &text[..best.end.min(text.len())];
    if memchr::memchr(0, heading).is_some() {
        return Reason::NotText(NotText::Nulls);
    }
    if let Err(error) = std::str::from_utf8(heading) {
        let before = &heading[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|&&it| it == b'\n').count() as u64;
        return reasons::heading_not_utf8(line);
    }
    if let Some((other, line)) = fitting_dataset(text, whole, dataset, said) {
        return reasons::other_dataset(&dataset.name, &other, line);
    }
    if best.open_quote {
        return reasons::open_quote_in_heading(u64::from(best.reading.preamble) + 1);
    }
    if best.cut {
        return Reason::BadHeading(BadHeading::NoEnd);
    }
    if best.names.len() > COLUMNS_AT_MOST {
        return Reason::BadHeading(BadHeading::MoreColumns);
    }
    if let Some(line) = first_data_line(text, whole, dataset, said) {
        return reasons::first_line_is_data(line);
    }
    reasons::bad_heading(&fault(&best, dataset))
}

/// The name of the other dataset whose heading is in the file, and its line.
pub(super) fn fitting_dataset(
    text: &[u8],
    whole: bool,
    dataset: &Dataset,
    said: &Reading,
) -> Option<(String, u64)> {
    let mut others = catalog::all()
        .into_iter()
        .filter(|it| it.name != dataset.name);
    let fits = |other: &'static Arc<Dataset>| {
        let starts = starts(text, other, said);
        let mut fitting = starts.iter().filter(|&&(preamble, at)| {
            let readings = readings(said, other, preamble).into_iter();
            let mut tried = readings.map(|it| heading_at(text, at, whole, other, it));
            tried.any(|it| it.fits(other))
        });
        let &(preamble, _) = fitting.next()?;
        Some((other.name.clone(), u64::from(preamble) + 1))
    };
    others.find_map(fits)
}

/// The line, if the first one fits as a record. Where every column is text, any line would.
pub(super) fn first_data_line(
    text: &[u8],
    whole: bool,
    dataset: &Dataset,
    said: &Reading,
) -> Option<u64> {
    let typed = |it: &crate::dataset::Column| !it.kind.is_text();
    if !dataset.columns.iter().any(typed) {
        return None;
    }
    let &(preamble, _) = starts(text, dataset, said).first()?;
    let is_data = |reading: Reading| {
        let bare = Reading {
            heading_lines: 0,
            ..reading
        };
        let tried = no_heading(&starts(text, dataset, said), dataset, &bare).ok()?;
        let heading = Heading {
            column_order: tried.order,
            unknown: Vec::new(),
            missing: Vec::new(),
            byte_end: i64::try_from(tried.end).ok()?,
            next_line: i64::try_from(tried.next_line).ok()?,
        };
        let sample = Sample::take(text, whole, &heading, dataset, &bare);
        sample.looks_like_data().then_some(())
    };
    let mut readings = readings(said, dataset, preamble).into_iter();
    readings.find_map(is_data).map(|()| u64::from(preamble) + 1)
}

pub(super) fn fault(best: &Tried, dataset: &Dataset) -> HeadingFault {
    let headings = |wanted: &dyn Fn(usize, &Column) -> bool| {
        let all = dataset.columns.iter().enumerate();
        let these = all.filter(|(at, column)| wanted(best.times(*at), column));
        these.map(|(_, it)| it.heading.clone()).collect::<Vec<_>>()
    };
    let pairs = best.names.iter().zip(&best.order);
    let unknown: Vec<String> = pairs
        .filter(|(name, column)| column.is_none() && !folded(name).is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    let absent = best.missing(dataset);
    let meant = absent.iter().filter_map(|heading| {
        let name = unknown.iter().find(|name| alike(name, heading))?;
        Some((name.clone(), heading.clone()))
    });
    HeadingFault {
        dataset: dataset.name.clone(),
        line: u64::from(best.reading.preamble) + 1,
        delimiter: best.reading.delimiter,
        lines: HEADING_WITHIN_LINES,
        known: best.known(dataset),
        meant: meant.collect(),
        missing: headings(&|times, column| times == 0 && !may_be_missing(column, dataset)),
        doubled: headings(&|times, _| times > 1),
        unknown,
    }
}
