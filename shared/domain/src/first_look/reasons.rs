//! The reasons of a first look at a file: the code of each, its sentence and what was found.

use crate::reason::{BadHeading, Found, Reason, Told};
use crate::words::{shown, visible};

/// The heading has bytes that are no UTF-8.
pub fn heading_not_utf8(line: u64) -> Reason {
    let detail = format!(
        "The heading is not UTF-8 (line {line}). Save the file as UTF-8, or say what it is: \
         encoding=windows-1252 is what Excel writes in western Europe and America."
    );
    let found = Found {
        line,
        readings: vec!["encoding=windows-1252".into()],
        ..Found::default()
    };
    Reason::NotUtf8(Told::new(detail).at([found]))
}

/// The file has the heading of another dataset.
pub fn other_dataset(wanted: &str, other: &str, line: u64) -> Reason {
    let detail = format!(
        "This is a {other} file, not a {wanted} file: its heading is on line {line}. Upload it to \
         /collect/{other}/."
    );
    let found = Found {
        line,
        ..Found::default()
    };
    Reason::OtherDataset(Told::new(detail).at([found]))
}

/// A quote in the heading is not closed within what is looked at.
pub fn open_quote_in_heading(line: u64) -> Reason {
    let detail = format!("A quote in the heading (line {line}) is never closed.");
    let found = Found {
        line,
        ..Found::default()
    };
    Reason::BadHeading(BadHeading::Look(Told::new(detail).at([found])))
}

/// The first line is a record.
pub fn first_line_is_data(line: u64) -> Reason {
    let detail = format!(
        "Line {line} looks like data, not like a heading. Add the heading, or say heading_lines=0 \
         if the columns are in the declared order."
    );
    let found = Found {
        line,
        readings: vec!["heading_lines=0".into()],
        ..Found::default()
    };
    Reason::NoHeading(Told::new(detail).at([found]))
}

/// Two delimiters or more fit equally well.
pub fn delimiters_tie(delimiters: &[u8]) -> Reason {
    let names: Vec<_> = delimiters.iter().map(|it| delimiter(*it)).collect();
    let detail = format!(
        "The heading fits with {} alike. Say which it is: delimiter=, or delimiter=; or \
         delimiter=tab or delimiter=|.",
        names.join(" and with ")
    );
    Reason::BadHeading(BadHeading::Look(Told::new(detail)))
}

/// What is wrong with the heading that fits best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingFault {
    /// The dataset that it should fit.
    pub dataset: String,
    /// Its line.
    pub line: u64,
    /// The delimiter under which it fits best.
    pub delimiter: u8,
    /// How many lines were looked at.
    pub lines: usize,
    /// How many declared columns it has.
    pub known: usize,
    /// Unknown names, each with the declared one that may be meant.
    pub meant: Vec<(String, String)>,
    /// Declared columns that it lacks.
    pub missing: Vec<String>,
    /// Declared columns that it has more than once.
    pub doubled: Vec<String>,
    /// Names that are not declared.
    pub unknown: Vec<String>,
}

/// The most names that a list shows.
const NAMES: usize = 20;

/// No heading has every column once.
pub fn bad_heading(fault: &HeadingFault) -> Reason {
    let mut sentences = vec![format!(
        "None of the first {} lines is the heading of a {} file.",
        fault.lines, fault.dataset
    )];
    if fault.known > 0 {
        let by = delimiter(fault.delimiter);
        sentences.push(format!(
            "Line {} comes closest, separated by {by}.",
            fault.line
        ));
    }
    let lists = [
        ("Missing", &fault.missing),
        ("More than once", &fault.doubled),
        ("Unknown", &fault.unknown),
    ];
    let named = lists.iter().filter(|(_, names)| !names.is_empty());
    sentences.extend(named.map(|(label, names)| format!("{label}: {}.", list(names))));
    let meant = fault.meant.iter().take(NAMES);
    sentences.extend(meant.map(|(name, column)| {
        let name = shown(name.as_bytes());
        format!("Did you mean \"{column}\" by \"{name}\"?")
    }));
    if fault.known == 0 {
        sentences.push("For a file without a heading, say heading_lines=0.".into());
    }
    let found = Found {
        line: fault.line,
        ..Found::default()
    };
    Reason::BadHeading(BadHeading::Look(Told::new(sentences.join(" ")).at([found])))
}

fn list(names: &[String]) -> String {
    let quoted = names.iter().take(NAMES);
    let mut all: Vec<_> = quoted
        .map(|it| format!("\"{}\"", shown(it.as_bytes())))
        .collect();
    if names.len() > NAMES {
        all.push(format!("{} more", names.len() - NAMES));
    }
    all.join(", ")
}

/// A delimiter in words.
fn delimiter(byte: u8) -> String {
    match byte {
        b',' => "commas".into(),
        b';' => "semicolons (;)".into(),
        b'\t' => "tabs".into(),
        b'|' => "pipes (|)".into(),
        other => visible(char::from(other)),
    }
}

/// Windows-1252 was said, and every byte above ASCII is UTF-8.
pub fn looks_like_utf8() -> Reason {
    let detail = "The file was said to be windows-1252, and all of its characters above ASCII are \
                  valid UTF-8. Leave encoding out, or say encoding=utf-8.";
    Reason::LooksLikeUtf8(Told::new(detail))
}
