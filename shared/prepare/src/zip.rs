//! Finds the one file of a zip archive, by the directory at its end.
//!
//! The directory alone says what the archive holds: a file may have been deleted from an archive and
//! still stand in its bytes, and how long a file is may stand nowhere else.

use domain::limits::ZIP_DIRECTORY_BYTES_AT_MOST;
use domain::reason::{BadArchive, NotText, Reason};

/// How a file in an archive begins.
pub(crate) const FILE_MARK: &[u8] = b"PK\x03\x04";

const ENTRY_MARK: &[u8] = b"PK\x01\x02";
const END_MARK: &[u8] = b"PK\x05\x06";
const LONG_END_MARK: &[u8] = b"PK\x06\x06";
const LOCATOR_MARK: &[u8] = b"PK\x06\x07";

const ENTRY_BYTES: usize = 46;
const END_BYTES: usize = 22;
const LONG_END_BYTES: usize = 56;
const LOCATOR_BYTES: usize = 20;
const COMMENT_BYTES_AT_MOST: usize = u16::MAX as usize;

/// The file that every document of Office has.
const OFFICE: &[u8] = b"[Content_Types].xml";
const OFFICE_NAME: &str = "an Office document, such as an Excel workbook (.xlsx)";

/// A header of a file with the longest names there are.
const HEADER_BYTES_AT_MOST: u64 = 30 + 2 * u16::MAX as u64;

/// Stands for a number that is elsewhere because it needs eight bytes.
const ELSEWHERE: u64 = u32::MAX as u64;
const ELSEWHERE_SHORT: u64 = u16::MAX as u64;
const LONG_NUMBERS: u16 = 1;

const ENCRYPTED: u16 = 1;
const ENCRYPTED_METHOD: u16 = 99;

/// The one file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The bytes of the archive to be read: from the file's own header on.
    pub start: i64,
    /// The end of what has to be read.
    pub end: i64,
    pub(crate) method: Method,
    pub(crate) packed: u64,
    pub(crate) bytes: u64,
    pub(crate) crc: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Stored,
    Deflated,
}

/// What is known of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Its file.
    Found(File),
    /// Its directory begins at this byte: look again, with everything from there on.
    From(i64),
}

/// The end of an archive, where it says where its directory is.
struct End {
    entries: u64,
    bytes: u64,
    start: u64,
}

/// The byte of an archive of this size from which on it is looked at first.
pub fn first_look(size: i64) -> i64 {
    (size - (COMMENT_BYTES_AT_MOST + END_BYTES + LOCATOR_BYTES + LONG_END_BYTES) as i64).max(0)
}

/// Looks at the last bytes of an archive, which begin at byte `start` of it.
///
/// # Errors
/// `bad_archive` if it has no single file that can be unpacked; `not_text` if it is a document.
pub fn look(tail: &[u8], start: i64) -> Result<Look, Reason> {
    let start = start.unsigned_abs();
    let Some(at) = end_at(tail) else {
        let is_office = tail.windows(OFFICE.len()).any(|it| it == OFFICE);
        return Err(match is_office {
            true => document_reason(OFFICE_NAME),
            false => bad(BadArchive::Cut),
        });
    };
    let end = match end(tail, at, start)? {
        Ok(end) => end,
        Err(from) => return look_from(from, start),
    };
    if end.bytes > ZIP_DIRECTORY_BYTES_AT_MOST.unsigned_abs() {
        let files = usize::try_from(end.entries).unwrap_or(usize::MAX);
        return Err(bad(BadArchive::SeveralFiles(files)));
    }
    if end.start < start {
        return look_from(end.start as i64, start);
    }
    let from = (end.start - start) as usize;
    let directory = tail
        .get(from..)
        .and_then(|it| it.get(..end.bytes as usize))
        .ok_or(bad(BadArchive::Damaged))?;
    let entries = entries(directory)?;
    if let Some(name) = document(&entries) {
        return Err(document_reason(name));
    }
    let files: Vec<&Entry> = entries.iter().filter(|it| it.is_file()).collect();
    match files[..] {
        [] => Err(bad(BadArchive::NoFile)),
        [entry] => Ok(Look::Found(entry.file(end.start)?)),
        _ => Err(bad(BadArchive::SeveralFiles(files.len()))),
    }
}

fn document_reason(name: &'static str) -> Reason {
    Reason::NotText(NotText::Other {
        name,
        advice: "Open it and save it as CSV (UTF-8).",
    })
}

fn bad(why: BadArchive) -> Reason {
    Reason::BadArchive(why)
}

/// The end of the archive, or the byte from which on more must be seen.
fn end(tail: &[u8], at: usize, start: u64) -> Result<Result<End, i64>, Reason> {
    let short = |offset| number(tail, at + offset, 2);
    let long = |offset| number(tail, at + offset, 4);
    if [short(4), short(6)]
        .iter()
        .any(|it| ![0, ELSEWHERE_SHORT].contains(it))
    {
        return Err(bad(BadArchive::Split));
    }
    let end = End {
        entries: short(10),
        bytes: long(12),
        start: long(16),
    };
    let is_long = end.entries == ELSEWHERE_SHORT || [end.bytes, end.start].contains(&ELSEWHERE);
    let locator = at.checked_sub(LOCATOR_BYTES);
    match locator.filter(|it| is_long && tail[*it..].starts_with(LOCATOR_MARK)) {
        Some(locator) => long_end(tail, start, number(tail, locator + 8, 8)),
        None => Ok(Ok(end)),
    }
}

/// Where the last bytes begin that say what the archive is; a comment may follow them.
fn end_at(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(COMMENT_BYTES_AT_MOST);
    (first..=last).rev().find(|&at| {
        let comment = number(tail, at + 20, 2) as usize;
        tail[at..].starts_with(END_MARK) && at + END_BYTES + comment == tail.len()
    })
}

/// To be looked at again from an earlier byte, which is not far from what was seen: all from there on
/// is read at once.
fn look_from(from: i64, seen: u64) -> Result<Look, Reason> {
    let far = seen as i64 - from > ZIP_DIRECTORY_BYTES_AT_MOST;
    match far {
        true => Err(bad(BadArchive::Damaged)),
        false => Ok(Look::From(from)),
    }
}

/// The end of an archive whose numbers have eight bytes.
fn long_end(tail: &[u8], start: u64, at: u64) -> Result<Result<End, i64>, Reason> {
    let Some(at) = at.checked_sub(start) else {
        return Ok(Err(at as i64));
    };
    let record = usize::try_from(at).ok().and_then(|at| tail.get(at..));
    let record = record.filter(|it| it.starts_with(LONG_END_MARK) && it.len() >= LONG_END_BYTES);
    let record = record.ok_or(bad(BadArchive::Damaged))?;
    Ok(Ok(End {
        entries: number(record, 32, 8),
        bytes: number(record, 40, 8),
        start: number(record, 48, 8),
    }))
}

/// What the directory says of a file or folder.
struct Entry<'d> {
    name: &'d [u8],
    flags: u64,
    method: u64,
    crc: u64,
    packed: u64,
    bytes: u64,
    start: u64,
    disk: u64,
}

fn entries(mut directory: &[u8]) -> Result<Vec<Entry<'_>>, Reason> {
    let mut entries = Vec::new();
    while !directory.is_empty() {
        let (entry, length) = Entry::read(directory).ok_or(bad(BadArchive::Damaged))?;
        entries.push(entry);
        directory = &directory[length..];
    }
    Ok(entries)
}

impl<'d> Entry<'d> {
    /// The first entry, and its length.
    fn read(bytes: &'d [u8]) -> Option<(Self, usize)> {
        if bytes.len() < ENTRY_BYTES || !bytes.starts_with(ENTRY_MARK) {
            return None;
        }
        let length = |at| number(bytes, at, 2) as usize;
        let (name, extra, comment) = (length(28), length(30), length(32));
        let rest = bytes.get(ENTRY_BYTES..)?;
        let (name, rest) = rest.split_at_checked(name)?;
        let (extra, rest) = rest.split_at_checked(extra)?;
        let rest = rest.get(comment..)?;
        let mut entry = Self {
            name,
            flags: number(bytes, 8, 2),
            method: number(bytes, 10, 2),
            crc: number(bytes, 16, 4),
            packed: number(bytes, 20, 4),
            bytes: number(bytes, 24, 4),
            disk: number(bytes, 34, 2),
            start: number(bytes, 42, 4),
        };
        entry.take_long_numbers(extra);
        Some((entry, bytes.len() - rest.len()))
    }

    /// Numbers of eight bytes stand in a field of their own, in this order.
    fn take_long_numbers(&mut self, mut extra: &[u8]) {
        while extra.len() >= 4 {
            let (kind, length) = (number(extra, 0, 2), number(extra, 2, 2) as usize);
            let field = extra.get(4..4 + length).unwrap_or_default();
            if kind == u64::from(LONG_NUMBERS) {
                let mut at = 0;
                for number_of in [&mut self.bytes, &mut self.packed, &mut self.start] {
                    if *number_of == ELSEWHERE {
                        *number_of = number(field, at, 8);
                        at += 8;
                    }
                }
            }
            extra = extra.get(4 + length..).unwrap_or_default();
        }
    }

    /// True if it is a file of its user: no folder, and nothing that a desktop adds.
    fn is_file(&self) -> bool {
        let own = [&b"__MACOSX/"[..], b".DS_Store"];
        let named = |it: &&[u8]| self.name.starts_with(it) || self.name.ends_with(it);
        !self.name.ends_with(b"/") && !own.iter().any(named)
    }

    /// The file, in an archive whose directory begins at this byte.
    fn file(&self, directory: u64) -> Result<File, Reason> {
        if self.flags & u64::from(ENCRYPTED) != 0 || self.method == u64::from(ENCRYPTED_METHOD) {
            return Err(bad(BadArchive::Encrypted));
        }
        if ![0, ELSEWHERE_SHORT].contains(&self.disk) {
            return Err(bad(BadArchive::Split));
        }
        let method = match self.method {
            0 => Method::Stored,
            8 => Method::Deflated,
            other => return Err(bad(BadArchive::Method(other as u16))),
        };
        let at_most = self.start.saturating_add(self.packed);
        let end = directory.min(at_most.saturating_add(HEADER_BYTES_AT_MOST));
        if at_most > directory {
            return Err(bad(BadArchive::Damaged));
        }
        Ok(File {
            start: self.start as i64,
            end: end as i64,
            method,
            packed: self.packed,
            bytes: self.bytes,
            crc: self.crc as u32,
        })
    }
}

/// The document that a program stores as an archive of these files.
fn document(entries: &[Entry<'_>]) -> Option<&'static str> {
    let has = |start: &[u8]| entries.iter().any(|it| it.name.starts_with(start));
    if has(OFFICE) {
        return Some(match has(b"xl/") {
            true => "an Excel workbook (.xlsx)",
            false => OFFICE_NAME,
        });
    }
    (has(b"mimetype") && has(b"META-INF/")).then_some("an OpenDocument file, such as .ods")
}

/// A number of so many bytes, the lowest first; 0 beyond the end.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let found = bytes.get(at..at.saturating_add(length)).unwrap_or_default();
    found
        .iter()
        .rev()
        .fold(0, |sum, it| sum << 8 | u64::from(*it))
}
