//! The first record of a file: does it fit the dataset, and which column is which?

use memchr::memchr;

use crate::dataset::Dataset;
use crate::limits::{COLUMNS_AT_MOST, HEADING_BYTES_AT_MOST};
use crate::plan::Start;
use crate::reason::{BadHeading, NoRecords, NotText, Reason, Warning};
use crate::record::{Record, RecordReader};

mod complaint;

/// A heading that fits its dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// For each column of the file, its index in `dataset.columns`; `None` if it is unknown, and
    /// ignored.
    pub column_order: Vec<Option<usize>>,
    /// The headings of the ignored columns, trimmed, in the order of the file.
    pub unknown: Vec<String>,
    /// The object's first byte after the heading and its line break.
    pub byte_end: i64,
    /// Physical line of that byte; 1 is the first line.
    pub next_line: i64,
}

impl Heading {
    /// Where the plan of the file starts.
    pub fn data_start(&self) -> Start {
        Start::after_heading(self.byte_end, self.next_line)
    }

    /// The warning `unknown_columns`, which names the ignored columns; `None` if there are none.
    pub fn warning(&self) -> Option<Warning> {
        let unknown = !self.unknown.is_empty();
        unknown.then(|| Warning::UnknownColumns(self.unknown.clone()))
    }
}

/// Reads the heading from the first bytes of an object; `whole_file` says that these are all.
/// `None` asks for more: call again with a longer prefix, up to [`HEADING_BYTES_AT_MOST`]. Bytes
/// beyond those are not looked at.
///
/// # Errors
/// `no_records` for an empty file, `not_text` for an archive, UTF-16, UTF-32, null characters and
/// what is not UTF-8, `bad_heading` for a heading that does not fit or does not end.
pub fn read(bytes: &[u8], whole_file: bool, dataset: &Dataset) -> Result<Option<Heading>, Reason> {
    let at_limit = bytes.len() >= HEADING_BYTES_AT_MOST;
    let whole_file = whole_file && bytes.len() <= HEADING_BYTES_AT_MOST;
    let bytes = &bytes[..bytes.len().min(HEADING_BYTES_AT_MOST)];
    if bytes.len() < LONGEST_MARK && !whole_file {
        return Ok(None);
    }
    let mark = text_mark(bytes)?;
    if whole_file && bytes[mark..].trim_ascii().is_empty() {
        return Err(Reason::NoRecords(NoRecords::Empty));
    }
    let Some(first) = first_record(&bytes[mark..], whole_file) else {
        check_text(&bytes[mark..], false)?;
        return if at_limit {
            Err(Reason::BadHeading(BadHeading::TooLong))
        } else {
            Ok(None)
        };
    };
    check_text(&bytes[mark..mark + first.bytes], true)?;
    if first.record.has_open_quote() {
        return Err(Reason::BadHeading(BadHeading::OpenQuote));
    }
    if first.record.len() > COLUMNS_AT_MOST {
        let too_many = BadHeading::TooManyColumns(first.record.len());
        return Err(Reason::BadHeading(too_many));
    }
    match_columns(&first, mark, dataset).map(Some)
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const LONGEST_MARK: usize = 4;

/// The length of the UTF-8 byte order mark, 0 without one; other marks are an error.
fn text_mark(bytes: &[u8]) -> Result<usize, Reason> {
    // The longer marks first: one of UTF-32 begins like one of UTF-16.
    let wide: [(&[u8], &str); 4] = [
        (b"\0\0\xfe\xff", "UTF-32"),
        (b"\xff\xfe\0\0", "UTF-32"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ];
    if let Some((_, name)) = wide.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(Reason::NotText(NotText::Wide(name)));
    }
    Ok(if bytes.starts_with(UTF8_MARK) {
        UTF8_MARK.len()
    } else {
        0
    })
}

/// UTF-16 without its mark: every other byte of its Latin letters is null.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    const LETTERS: usize = 8;
    let halves = |first: usize| bytes.iter().skip(first).step_by(2).take(LETTERS);
    let nulls = |first: usize| halves(first).all(|&byte| byte == 0);
    let letters = |first: usize| halves(first).all(|&byte| byte != 0);
    bytes.len() >= 4 && (nulls(0) && letters(1) || nulls(1) && letters(0))
}

/// How a ZIP archive starts.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Unless `complete`, a character that is cut off at the end is not an error yet.
fn check_text(bytes: &[u8], complete: bool) -> Result<(), Reason> {
    if bytes.starts_with(ARCHIVE) {
        return Err(Reason::NotText(NotText::Archive));
    }
    if looks_like_utf16(bytes) {
        return Err(Reason::NotText(NotText::Wide("UTF-16")));
    }
    if memchr(0, bytes).is_some() {
        return Err(Reason::NotText(NotText::Nulls));
    }
    match std::str::from_utf8(bytes) {
        Err(error) if complete || error.error_len().is_some() => {
            Err(Reason::NotText(NotText::NotUtf8))
        }
        _ => Ok(()),
    }
}

struct FirstRecord {
    record: Record,
    /// Its bytes, with its line break.
    bytes: usize,
    next_line: u64,
}

/// The first record, or `None` if it may not be complete yet: a `\n` may follow a `\r`.
fn first_record(bytes: &[u8], whole_file: bool) -> Option<FirstRecord> {
    let mut reader = RecordReader::new(0, 1);
    let mut record = Record::default();
    let (mut taken, complete) = reader.read(bytes, &mut record);
    let ended = complete || (whole_file && reader.finish(&mut record));
    if !ended {
        return None;
    }
    if complete && bytes[taken - 1] == b'\r' {
        match bytes.get(taken) {
            Some(b'\n') => taken += 1,
            None if !whole_file => return None,
            _ => {}
        }
    }
    Some(FirstRecord {
        record,
        bytes: taken,
        next_line: reader.line(),
    })
}

fn match_columns(first: &FirstRecord, mark: usize, dataset: &Dataset) -> Result<Heading, Reason> {
    let names: Vec<String> = first
        .record
        .iter()
        .map(|field| String::from_utf8_lossy(field).trim().to_owned())
        .collect();
    let column_order: Vec<_> = names.iter().map(|name| index_of(name, dataset)).collect();
    let unknown = names_without_column(&names, &column_order);
    if !each_column_once(&column_order, dataset) {
        let complaint = complaint::bad_heading(&names, &column_order, unknown, dataset);
        return Err(Reason::BadHeading(complaint));
    }
    Ok(Heading {
        column_order,
        unknown,
        byte_end: i64::try_from(mark + first.bytes).unwrap_or(i64::MAX),
        next_line: i64::try_from(first.next_line).unwrap_or(i64::MAX),
    })
}

fn index_of(name: &str, dataset: &Dataset) -> Option<usize> {
    let mut columns = dataset.columns.iter();
    columns.position(|column| column.heading.eq_ignore_ascii_case(name))
}

fn names_without_column(names: &[String], order: &[Option<usize>]) -> Vec<String> {
    let pairs = names.iter().zip(order);
    pairs
        .filter(|(_, column)| column.is_none())
        .map(|(name, _)| name.clone())
        .collect()
}

fn each_column_once(order: &[Option<usize>], dataset: &Dataset) -> bool {
    (0..dataset.columns.len()).all(|column| times(order, column) == 1)
}

fn times(order: &[Option<usize>], column: usize) -> usize {
    order.iter().filter(|&&known| known == Some(column)).count()
}

#[cfg(test)]
mod tests;
