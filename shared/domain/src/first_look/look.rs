//! The first look that finds the reading of a file.

mod refusal;
mod tried;

use super::complaint;
use super::sample::Sample;
use crate::dataset::Dataset;
use crate::heading::Heading;
use crate::limits::{FIRST_LOOK_BYTES, HEADING_LINES_FOUND_AT_MOST, HEADING_WITHIN_LINES};
use crate::reading::{Origin, Part, Reading};
use crate::reason::{NoRecords, Reason};
use refusal::refusal;
use tried::{
    Tried, better, declared_names, ends_as_rejects_file, heading_at, no_heading, only_best,
};

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
    let heading = Heading {
        unknown: tried.unknown(),
        missing: tried.missing(dataset),
        column_order: tried.order,
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
    let start = starts(text, dataset, &skipped).first().copied();
    match start {
        Some((_, at)) if reading.heading_lines > 0 => {
            heading_at(text, at, true, dataset, reading.clone()).names
        }
        _ => declared_names(dataset),
    }
}

/// The first place where a heading fits, with the one delimiter that fits best there.
fn find(text: &[u8], whole: bool, dataset: &Dataset, said: &Reading) -> Result<Tried, Reason> {
    let said = &with_hint(text, dataset, said);
    let starts = starts(text, dataset, said);
    if said.heading_lines == 0 {
        return no_heading(&starts, dataset, said);
    }
    let mut best: Option<Tried> = None;
    // A line that lacks columns is the heading only if no other has more of them.
    let mut incomplete: Option<(usize, Result<Tried, Reason>)> = None;
    for reading in heading_lines(dataset, said) {
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
            let Some((known, tried)) = only_best(fitting, dataset) else {
                continue;
            };
            if known == dataset.columns.len() {
                return tried;
            }
            if incomplete.as_ref().is_none_or(|(most, _)| known > *most) {
                incomplete = Some((known, tried));
            }
        }
    }
    let found = incomplete.map(|(_, tried)| tried);
    found.unwrap_or_else(|| Err(refusal(text, whole, dataset, said, best)))
}

/// True if a part was said or is declared: it is not looked for.
fn is_known(part: Part, dataset: &Dataset, said: &Reading) -> bool {
    let dialect = &dataset.reading.dialect;
    let declared = match part {
        Part::Delimiter => dialect.delimiter.is_some(),
        Part::SkipLines => dialect.preamble.is_some(),
        Part::HeadingLines => dialect.heading_lines.is_some(),
        _ => true,
    };
    said.was_said(part) || declared
}

/// What was said, with one line of heading; and if nothing was, with several, which are only tried
/// where none has all names alone.
fn heading_lines(dataset: &Dataset, said: &Reading) -> Vec<Reading> {
    let mut all = vec![said.clone()];
    if !is_known(Part::HeadingLines, dataset, said) {
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
fn with_hint(text: &[u8], dataset: &Dataset, said: &Reading) -> Reading {
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
        if !is_known(Part::SkipLines, dataset, said) {
            reading.preamble = 1;
        }
    }
    reading
}

/// Where the heading may begin: the lines before, and the bytes.
fn starts(text: &[u8], dataset: &Dataset, said: &Reading) -> Vec<(u32, usize)> {
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
    if is_known(Part::SkipLines, dataset, said) {
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
    let known = is_known(Part::Delimiter, dataset, said) || dataset.columns.len() == 1;
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
            if preamble > 0 && !is_known(Part::SkipLines, dataset, said) {
                reading.preamble = preamble;
                reading.found(Part::SkipLines);
            }
            reading
        })
        .collect()
}

#[cfg(test)]
mod tests;
