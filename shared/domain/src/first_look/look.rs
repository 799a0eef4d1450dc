//! The first look that finds the reading of a file.

use std::sync::Arc;

use super::complaint;
use super::names::{alike, column_of, folded};
use super::reasons::{self, HeadingFault};
use super::sample::Sample;
use crate::catalog;
use crate::dataset::Dataset;
use crate::heading::Heading;
use crate::limits::{
    COLUMNS_AT_MOST, FIRST_LOOK_BYTES, HEADING_LINES_FOUND_AT_MOST, HEADING_WITHIN_LINES,
};
use crate::reading::{Origin, Part, Reading};
use crate::reason::{BadHeading, NoRecords, NotText, Reason};
use crate::record::{Record, RecordReader};
use crate::rejects::ADDED;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The delimiters that are looked for.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What the first look at a file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// How the file is read.
    pub reading: Reading,
    /// Its columns, and where its records begin.
    pub heading: Heading,
    /// True if the file is one of rejected rows that comes back: its last three columns were added
    /// by us, and texts may be guarded against being run as formulas.
    pub is_rejects_file: bool,
}

/// A heading that was tried: where it begins, with which delimiter, and what its names are.
struct Tried {
    reading: Reading,
    names: Vec<String>,
    order: Vec<Option<usize>>,
    /// Bytes from the start of the text to the first record.
    end: usize,
    next_line: u64,
    open_quote: bool,
    /// True if it has not ended where the first look ends.
    cut: bool,
}

/// Finds the reading of a file and its heading, in the first bytes of its text, which are UTF-8
/// and may begin with `mark` bytes of a byte order mark; `whole_file` says that it has no others.
/// `None` asks for more bytes, up to [`FIRST_LOOK_BYTES`].
///
/// # Errors
/// `no_records` for an empty file, `bad_heading` if no heading fits or two readings fit equally,
/// `not_text`, `not_utf8`, `other_dataset`, `no_heading`, and `columns_do_not_fit` if hardly any of
/// the first records fits.
pub fn look(
    bytes: &[u8],
    mark: usize,
    whole_file: bool,
    dataset: &Dataset,
    said: &Reading,
) -> Result<Option<Look>, Reason> {
    if bytes.len() < FIRST_LOOK_BYTES && !whole_file {
        return Ok(None);
    }
    let first = &bytes[..bytes.len().min(FIRST_LOOK_BYTES)];
    let whole_file = whole_file && first.len() == bytes.len();
    let text = &first[mark.min(first.len())..];
    if whole_file && text.trim_ascii().is_empty() {
        return Err(Reason::NoRecords(NoRecords::Empty));
    }
    let mut tried = find(text, whole_file, dataset, said)?;
    let is_rejects_file = ends_as_rejects_file(&tried.names);
    tried.reading.guarded = is_rejects_file;
    let unknown = unknown(&tried, is_rejects_file);
    let heading = Heading {
        column_order: tried.order,
        unknown,
        byte_end: i64::try_from(mark + tried.end).unwrap_or(i64::MAX),
        next_line: i64::try_from(tried.next_line).unwrap_or(i64::MAX),
    };
    let sample = Sample::take(first, whole_file, &heading, dataset, &tried.reading);
    if sample.hardly_fits() {
        return Err(complaint::columns_do_not_fit(&sample));
    }
    Ok(Some(Look {
        reading: tried.reading,
        heading,
        is_rejects_file,
    }))
}

/// The names of the columns of a file whose reading is known, from its bytes up to the first
/// record.
pub fn names(bytes: &[u8], reading: &Reading, dataset: &Dataset) -> Vec<String> {
    let text = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let skipped = Reading {
        origins: [(Part::SkipLines, Origin::Said)].into(),
        ..reading.clone()
    };
    let start = starts(text, &skipped).first().copied();
    match start {
        Some((_, at)) if reading.heading_lines > 0 => {
            heading_at(text, at, true, dataset, reading.clone()).names
        }
        _ => declared_names(dataset),
    }
}

/// The names of ignored columns. Of a rejects file, the ones that we added are known.
fn unknown(tried: &Tried, is_rejects_file: bool) -> Vec<String> {
    let own = match is_rejects_file {
        true => tried.names.len() - ADDED.len(),
        false => tried.names.len(),
    };
    let pairs = tried.names[..own].iter().zip(&tried.order);
    let unknown = pairs.filter(|(_, column)| column.is_none());
    unknown.map(|(name, _)| name.clone()).collect()
}

fn ends_as_rejects_file(names: &[String]) -> bool {
    let added = ADDED.iter().rev();
    let mut pairs = names.iter().rev().zip(added);
    names.len() > ADDED.len() && pairs.all(|(name, added)| name.as_bytes() == *added)
}

/// The first place where a heading fits, with the one delimiter that fits best there.
fn find(text: &[u8], whole: bool, dataset: &Dataset, said: &Reading) -> Result<Tried, Reason> {
    let said = &with_hint(text, said);
    let starts = starts(text, said);
    if said.heading_lines == 0 {
        return no_heading(&starts, dataset, said);
    }
    let mut best: Option<Tried> = None;
    for reading in heading_lines(said) {
        for &(preamble, at) in &starts {
            let mut fitting = Vec::new();
            for reading in readings(&reading, dataset, preamble) {
                let tried = heading_at(text, at, whole, dataset, reading);
                match tried.fits(dataset) {
                    true => fitting.push(tried),
                    false if better(&tried, best.as_ref()) => best = Some(tried),
                    false => {}
                }
            }
            if let Some(tried) = only_best(fitting)? {
                return Ok(tried);
            }
        }
    }
    Err(refusal(text, whole, dataset, said, best))
}

/// What was said, with one line of heading; and if nothing was, with several, which are only tried
/// where none has all names alone.
fn heading_lines(said: &Reading) -> Vec<Reading> {
    let mut all = vec![said.clone()];
    if !said.was_said(Part::HeadingLines) {
        all.extend((2..=HEADING_LINES_FOUND_AT_MOST).map(|lines| {
            let mut reading = said.clone();
            reading.heading_lines = lines;
            reading.found(Part::HeadingLines);
            reading
        }));
    }
    all
}

/// A line `sep=;` at the beginning says the delimiter, as spreadsheets have it.
fn with_hint(text: &[u8], said: &Reading) -> Reading {
    let mut reading = said.clone();
    let line = text.split(|it| b"\r\n".contains(it)).next();
    let line = line.unwrap_or_default().trim_ascii_end();
    let line = line
        .strip_prefix(b"\"")
        .map_or(line, |it| it.strip_suffix(b"\"").unwrap_or(it));
    let hint = match line {
        [s, e, p, b'=', byte] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(*byte),
        _ if line.eq_ignore_ascii_case(b"sep=") && text.get(4) == Some(&b'\t') => Some(b'\t'),
        _ => None,
    };
    if let Some(byte) = hint.filter(u8::is_ascii) {
        if !said.was_said(Part::Delimiter) {
            reading.delimiter = byte;
            reading.origins.insert(Part::Delimiter, Origin::Said);
        }
        if !said.was_said(Part::SkipLines) {
            reading.preamble = 1;
        }
    }
    reading
}

/// Where the heading may begin: the lines before, and the bytes.
fn starts(text: &[u8], said: &Reading) -> Vec<(u32, usize)> {
    let mut at = 0;
    let mut starts = vec![(0, 0)];
    let most = HEADING_WITHIN_LINES as u32 + said.preamble;
    while let Some(length) = text[at..].iter().position(|it| b"\r\n".contains(it)) {
        at += length + 1;
        if text[at - 1] == b'\r' && text.get(at) == Some(&b'\n') {
            at += 1;
        }
        let line = starts.len() as u32;
        if line >= most {
            break;
        }
        starts.push((line, at));
    }
    let from = starts.len().min(said.preamble as usize);
    starts.drain(..from);
    if said.was_said(Part::SkipLines) {
        starts.truncate(1);
        return starts;
    }
    // No heading is an empty line; after the last that is looked at, the reader skips them.
    let last = starts.last().copied();
    starts.retain(|it| Some(*it) == last || !matches!(text.get(it.1), Some(b'\r' | b'\n')));
    starts
}

/// What was said, with each delimiter that may be meant.
fn readings(said: &Reading, dataset: &Dataset, preamble: u32) -> Vec<Reading> {
    let known = said.was_said(Part::Delimiter)
        || dataset.reading.delimiter.is_some()
        || dataset.columns.len() == 1;
    let delimiters = match known {
        true => std::slice::from_ref(&said.delimiter),
        false => &DELIMITERS[..],
    };
    let usable = delimiters.iter().filter(|&&it| said.quote != Some(it));
    usable
        .map(|&delimiter| {
            let mut reading = said.clone();
            reading.delimiter = delimiter;
            if !known {
                reading.found(Part::Delimiter);
            }
            if preamble > 0 && !said.was_said(Part::SkipLines) {
                reading.preamble = preamble;
                reading.found(Part::SkipLines);
            }
            reading
        })
        .collect()
}

/// Reads the heading that begins at a byte. Its cells on several lines are joined.
fn heading_at(text: &[u8], at: usize, whole: bool, dataset: &Dataset, reading: Reading) -> Tried {
    let mut reader = RecordReader::by(&reading, 0, u64::from(reading.preamble) + 1);
    let mut record = Record::default();
    let mut names: Vec<String> = Vec::new();
    let mut end = at;
    let (mut open_quote, mut cut) = (false, false);
    for _ in 0..reading.heading_lines {
        let (taken, complete) = reader.read(&text[end..], &mut record);
        end += taken;
        if !complete && !reader.finish(&mut record) {
            break;
        }
        open_quote |= record.has_open_quote();
        cut |= !complete && !whole;
        join(&mut names, &record);
    }
    end -= reader.bytes_behind();
    if text.get(end.wrapping_sub(1)) == Some(&b'\r') && text.get(end) == Some(&b'\n') {
        end += 1;
    }
    let order = names.iter().map(|name| column_of(name, dataset)).collect();
    Tried {
        next_line: reader.line(),
        reading,
        names,
        order,
        end,
        open_quote,
        cut,
    }
}

fn join(names: &mut Vec<String>, record: &Record) {
    // One more than is taken is enough to refuse it.
    for (i, cell) in record.iter().take(COLUMNS_AT_MOST + 1).enumerate() {
        let cell = String::from_utf8_lossy(cell);
        match names.get_mut(i) {
            Some(name) => *name = format!("{name} {}", cell.trim()).trim().to_owned(),
            None => names.push(cell.trim().to_owned()),
        }
    }
}

impl Tried {
    fn times(&self, column: usize) -> usize {
        self.order.iter().filter(|&&it| it == Some(column)).count()
    }

    /// How many of the declared columns are there.
    fn known(&self, dataset: &Dataset) -> usize {
        (0..dataset.columns.len())
            .filter(|&it| self.times(it) > 0)
            .count()
    }

    fn fits(&self, dataset: &Dataset) -> bool {
        let once = |column| self.times(column) == 1;
        !self.open_quote
            && !self.cut
            && self.names.len() <= COLUMNS_AT_MOST
            && (0..dataset.columns.len()).all(once)
    }
}

fn known(tried: &Tried) -> usize {
    tried.order.iter().flatten().count()
}

fn better(tried: &Tried, best: Option<&Tried>) -> bool {
    best.is_none_or(|best| known(tried) > known(best))
}

/// The delimiter under which most declared columns are found; with two, it cannot be told.
fn only_best(mut fitting: Vec<Tried>) -> Result<Option<Tried>, Reason> {
    match fitting.len() {
        0 | 1 => Ok(fitting.pop()),
        _ => {
            let delimiters: Vec<u8> = fitting.iter().map(|it| it.reading.delimiter).collect();
            Err(reasons::delimiters_tie(&delimiters))
        }
    }
}

/// A file without a heading has the declared columns in the declared order.
fn no_heading(starts: &[(u32, usize)], dataset: &Dataset, said: &Reading) -> Result<Tried, Reason> {
    let &(preamble, end) = starts.first().ok_or(Reason::NoRecords(NoRecords::Empty))?;
    Ok(Tried {
        reading: Reading {
            preamble,
            ..said.clone()
        },
        names: declared_names(dataset),
        order: (0..dataset.columns.len()).map(Some).collect(),
        end,
        next_line: u64::from(preamble) + 1,
        open_quote: false,
        cut: false,
    })
}

fn declared_names(dataset: &Dataset) -> Vec<String> {
    let columns = dataset.columns.iter();
    columns.map(|it| it.heading.clone()).collect()
}

/// Why no heading fits: the first of the reasons that holds.
fn refusal(
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
fn fitting_dataset(
    text: &[u8],
    whole: bool,
    dataset: &Dataset,
    said: &Reading,
) -> Option<(String, u64)> {
    let mut others = catalog::all()
        .into_iter()
        .filter(|it| it.name != dataset.name);
    let fits = |other: &'static Arc<Dataset>| {
        let starts = starts(text, said);
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
fn first_data_line(text: &[u8], whole: bool, dataset: &Dataset, said: &Reading) -> Option<u64> {
    let typed = |it: &crate::dataset::Column| !matches!(it.kind, crate::cell::Kind::Text { .. });
    if !dataset.columns.iter().any(typed) {
        return None;
    }
    let &(preamble, _) = starts(text, said).first()?;
    let is_data = |reading: Reading| {
        let bare = Reading {
            heading_lines: 0,
            ..reading
        };
        let tried = no_heading(&starts(text, said), dataset, &bare).ok()?;
        let heading = Heading {
            column_order: tried.order,
            unknown: Vec::new(),
            byte_end: i64::try_from(tried.end).ok()?,
            next_line: i64::try_from(tried.next_line).ok()?,
        };
        let sample = Sample::take(text, whole, &heading, dataset, &bare);
        sample.looks_like_data().then_some(())
    };
    let mut readings = readings(said, dataset, preamble).into_iter();
    readings.find_map(is_data).map(|()| u64::from(preamble) + 1)
}

fn fault(best: &Tried, dataset: &Dataset) -> HeadingFault {
    let headings = |wanted: fn(usize) -> bool| {
        let all = dataset.columns.iter().enumerate();
        let these = all.filter(|(column, _)| wanted(best.times(*column)));
        these.map(|(_, it)| it.heading.clone()).collect::<Vec<_>>()
    };
    let pairs = best.names.iter().zip(&best.order);
    let unknown: Vec<String> = pairs
        .filter(|(name, column)| column.is_none() && !folded(name).is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    let missing = headings(|times| times == 0);
    let meant = missing.iter().filter_map(|heading| {
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
        missing,
        doubled: headings(|times| times > 1),
        unknown,
    }
}

#[cfg(test)]
mod tests;
