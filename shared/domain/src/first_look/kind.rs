//! What a file is, from its first bytes.

use crate::reading::Encoding;
use crate::reason::{NotText, Reason};

/// A kind of file that can be read, if need be after preparing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// UTF-8, or bytes that nothing tells apart from it; `mark` bytes of it are the byte order mark.
    Text {
        /// Length of the mark: 0 or 3.
        mark: usize,
    },
    /// Text that is decoded before it is read: UTF-16, told by its mark or by its zeros.
    Encoded(Encoding),
    /// Compressed with gzip.
    Gzip,
    /// An archive, which may hold a single file.
    Zip,
    /// Compressed with zstd.
    Zstd,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Marks of text that is decoded, and of files that are unpacked. Longer ones come first where one
/// begins like another.
const READABLE: [(&[u8], FileKind); 5] = [
    (b"\xff\xfe", FileKind::Encoded(Encoding::Utf16Le)),
    (b"\xfe\xff", FileKind::Encoded(Encoding::Utf16Be)),
    (b"\x1f\x8b", FileKind::Gzip),
    (b"PK\x03\x04", FileKind::Zip),
    (b"\x28\xb5\x2f\xfd", FileKind::Zstd),
];

const SHEET: &str = "Open it and save it as CSV (UTF-8).";
const UNPACK: &str = "Unpack it and upload the CSV file in it, as it is or packed with gzip.";
const EXPORT: &str = "Export the data as CSV.";

/// How files begin that cannot be read, what they are, and what to do.
const OTHERS: [(&[u8], &str, &str); 17] = [
    (b"\0\0\xfe\xff", "UTF-32 text", "Save it as UTF-8."),
    (b"\xff\xfe\0\0", "UTF-32 text", "Save it as UTF-8."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook (.xls)",
        SHEET,
    ),
    (b"BZh", "compressed with bzip2", UNPACK),
    (b"\xfd7zXZ\0", "compressed with xz", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"%PDF-", "a PDF document", EXPORT),
    (b"{\\rtf", "an RTF document", EXPORT),
    (b"\x89PNG\r\n", "a picture (PNG)", EXPORT),
    (b"\xff\xd8\xff", "a picture (JPEG)", EXPORT),
    (b"GIF8", "a picture (GIF)", EXPORT),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"ARROW1", "an Arrow file", EXPORT),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"PK\x05\x06", "an empty archive", UNPACK),
];

/// No word below is longer.
const MARKUP_BYTES: usize = 16;

/// Words by which text begins that is no CSV, in lower case.
const MARKUP: [(&[u8], &str); 12] = [
    (b"<!doctype", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<head", "an HTML page"),
    (b"<meta", "an HTML page"),
    (b"<style", "an HTML page"),
    (b"<body", "an HTML page"),
    (b"<table", "an HTML page"),
    (b"<?xml", "an XML document"),
    (b"mime-version:", "a web archive"),
    (b"{\"", "JSON"),
    (b"[{", "JSON"),
    (b"[[", "JSON"),
];

/// What is known and not read: what it is, and what to do.
pub fn refused() -> Vec<(&'static str, &'static str)> {
    let others = OTHERS.iter().map(|&(_, name, advice)| (name, advice));
    let markup = MARKUP.iter().map(|&(_, name)| (name, EXPORT));
    let mut all: Vec<_> = others.chain(markup).collect();
    all.dedup();
    all
}

/// What the file is.
///
/// # Errors
/// `not_text` for what cannot be read, with what it is and what to do.
pub fn kind(bytes: &[u8]) -> Result<FileKind, Reason> {
    if let Some((_, name, advice)) = OTHERS.iter().find(|(it, ..)| bytes.starts_with(it)) {
        return Err(not_text(name, advice));
    }
    if let Some((_, kind)) = READABLE.iter().find(|(it, _)| bytes.starts_with(it)) {
        return Ok(*kind);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Ok(FileKind::Encoded(encoding));
    }
    let mark = mark_of(bytes);
    if let Some(name) = markup(&bytes[mark..]) {
        return Err(not_text(name, EXPORT));
    }
    Ok(FileKind::Text { mark })
}

/// The length of the byte order mark of UTF-8 text.
pub fn mark_of(text: &[u8]) -> usize {
    match text.starts_with(UTF8_MARK) {
        true => UTF8_MARK.len(),
        false => 0,
    }
}

/// The length of the byte order mark of text that is read as it is.
///
/// # Errors
/// `not_text` for what is no such text, as [`kind`] says it or because it has to be prepared first.
pub fn text_mark(bytes: &[u8]) -> Result<usize, Reason> {
    match kind(bytes)? {
        FileKind::Text { mark } => Ok(mark),
        FileKind::Encoded(_) => Err(not_text("UTF-16 text", "Save it as UTF-8.")),
        FileKind::Gzip | FileKind::Zip | FileKind::Zstd => Err(not_text("packed", UNPACK)),
    }
}

fn not_text(name: &'static str, advice: &'static str) -> Reason {
    Reason::NotText(NotText::Other { name, advice })
}

/// Every other byte of its Latin letters is null.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    const LETTERS: usize = 8;
    let halves = |first: usize| bytes.iter().skip(first).step_by(2).take(LETTERS);
    let nulls = |first: usize| halves(first).all(|&byte| byte == 0);
    let letters = |first: usize| halves(first).all(|&byte| byte != 0);
    match bytes.len() >= 4 {
        true if nulls(1) && letters(0) => Some(Encoding::Utf16Le),
        true if nulls(0) && letters(1) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

fn markup(bytes: &[u8]) -> Option<&'static str> {
    // Blanks may stand anywhere between brackets and quotes.
    let written = bytes.iter().filter(|it| !it.is_ascii_whitespace());
    let start: Vec<u8> = written.take(MARKUP_BYTES).copied().collect();
    let begins = |words: &[u8]| {
        let start = start.get(..words.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(words))
    };
    let known = MARKUP.iter().find(|(words, _)| begins(words));
    known.map(|(_, name)| *name)
}
