//! Every reason and warning of a reading and its verdict: its code, its sentence and what was
//! found.

use crate::forms::{DateForms, DateOrder};
use crate::limits::SHOWN_CELL_CHARS;
use crate::max_errors::MaxErrors;
use crate::reason::{BadHeading, Reason, Told, TooManyErrors, Warning};
use crate::witness::{Example, LongRecords};

pub use crate::reason::Found;

/// The text of a cell, or of what begins like it, as it is shown: cut, and with what cannot be
/// seen written out.
pub fn shown(cell: &[u8]) -> String {
    let start = &cell[..cell.len().min(4 * SHOWN_CELL_CHARS)];
    let text = String::from_utf8_lossy(start);
    let cut = text.chars().nth(SHOWN_CELL_CHARS).is_some() || start.len() < cell.len();
    let mut shown: String = text.chars().take(SHOWN_CELL_CHARS).map(visible).collect();
    if cut {
        shown.push('…');
    }
    shown
}

/// Characters without a shape are written out, so that two names never look alike.
pub fn visible(char: char) -> String {
    let hidden =
        matches!(char as u32, 0xad | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x2064 | 0xfeff);
    match char {
        '\u{a0}' | '\u{202f}' => format!("\\u{:04x}", char as u32),
        _ if hidden || char.is_control() => format!("\\u{:04x}", char as u32),
        _ => char.to_string(),
    }
}

/// A quote is open at the end of the file.
pub fn open_quote(line: u64) -> Reason {
    let detail = format!(
        "A quote opens on line {line} and is never closed: everything after it would be one cell. \
         Close it, or say that the file has no quotes (quote=)."
    );
    let found = Found {
        line,
        readings: vec!["quote=".into()],
        ..Found::default()
    };
    Reason::OpenQuote(Told::new(detail).at([found]))
}

/// Not a single cell with bytes above ASCII is UTF-8.
pub fn not_utf8(cells: u64, first: &Example) -> Reason {
    let detail = format!(
        "The file is not UTF-8: {} with other bytes, the first on line {}. Save it as UTF-8, or \
         say what it is: encoding=windows-1252 is what Excel writes in western Europe and America.",
        counted(cells, "cell"),
        first.line
    );
    let found = Found {
        readings: vec!["encoding=windows-1252".into()],
        ..first.found(None)
    };
    Reason::NotUtf8(Told::new(detail).at([found]))
}

/// What dates say against the order they are read in. It fails an import; if that order was
/// said with the upload, it is a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatesAgainst {
    /// Some are days only with the month first, and none only as they are read.
    MonthFirst(Told),
    /// Some are days only with the day first, and none only as they are read.
    DayFirst(Told),
    /// Some are days only with the month first and some only with the day first.
    Mixed(Told),
}

impl From<DatesAgainst> for Reason {
    fn from(dates: DatesAgainst) -> Self {
        match dates {
            DatesAgainst::MonthFirst(told) => Self::DatesMonthFirst(told),
            DatesAgainst::DayFirst(told) => Self::DatesDayFirst(told),
            DatesAgainst::Mixed(told) => Self::DatesMixed(told),
        }
    }
}

impl From<DatesAgainst> for Warning {
    fn from(dates: DatesAgainst) -> Self {
        match dates {
            DatesAgainst::MonthFirst(told) => Self::DatesMonthFirst(told),
            DatesAgainst::DayFirst(told) => Self::DatesDayFirst(told),
            DatesAgainst::Mixed(told) => Self::DatesMixed(told),
        }
    }
}

/// Dates that are days only in another order than the one they are read in, and none that is a
/// day only in that one.
pub fn dates_in_another_order(
    heading: &str,
    order: DateOrder,
    cells: u64,
    found: Found,
) -> DatesAgainst {
    let month_first = order == DateOrder::Mdy;
    let detail = format!(
        "\"{heading}\" seems to be written {} first: {} can be nothing else, such as {} on line \
         {}. Say dates={} if that is meant.",
        if month_first { "month" } else { "day" },
        counted(cells, "date"),
        found.cell,
        found.line,
        order.name()
    );
    let told = Told::new(detail).at([found]);
    match month_first {
        true => DatesAgainst::MonthFirst(told),
        false => DatesAgainst::DayFirst(told),
    }
}

/// Dates of which some are days only month first and some only day first.
pub fn dates_mixed(heading: &str, found: [Found; 2]) -> DatesAgainst {
    let detail = format!(
        "\"{heading}\" has dates in two orders: {} on line {} and {} on line {}. What the others \
         mean cannot be told. Write all of them as YYYY-MM-DD.",
        found[0].cell, found[0].line, found[1].cell, found[1].line
    );
    DatesAgainst::Mixed(Told::new(detail).at(found))
}

/// Dates that are all days in both orders.
pub fn dates_ambiguous(found: Vec<Found>, forms: DateForms) -> Warning {
    let detail = format!(
        "Nothing in the file tells whether its dates are written month first or day first: {}. \
         They were read as {}.",
        columns(&found),
        forms.in_words()
    );
    Warning::DatesAmbiguous(Told::new(detail).at(found))
}

/// The second date is before the first in most rows.
pub fn dates_out_of_order(
    first: &str,
    second: &str,
    reversed: u64,
    rows: u64,
    found: Found,
) -> Warning {
    let detail = format!(
        "\"{second}\" is before \"{first}\" in {reversed} of {rows} rows, first on line {}. Day \
         and month, or the two columns, may be swapped.",
        found.line
    );
    Warning::DatesOutOfOrder(Told::new(detail).at([found]))
}

/// Every record was rejected.
pub fn no_rows_fit(rejected: u64) -> Reason {
    let detail = match rejected {
        1 => "The only record of the file was rejected; its row errors say why.".into(),
        _ => format!("All {rejected} records were rejected; their row errors say why."),
    };
    Reason::NoRowsFit(Told::new(detail))
}

/// More was rejected than may be; `of` is how many lines there are, if all were read.
pub fn too_many_errors(records: u64, lines: u64, of: Option<u64>, most: MaxErrors) -> Reason {
    let rejected = counted(records, "record");
    let were = if records == 1 { "was" } else { "were" };
    let detail = match (of, most) {
        (Some(of), MaxErrors::Percent(percent)) => format!(
            "{rejected} {were} rejected, {lines} of {of} lines; at most {percent} % may be. Their \
             row errors say why; max_errors allows more."
        ),
        (None, MaxErrors::Percent(percent)) => format!(
            "{rejected} {were} rejected when the import was stopped; at most {percent} % of the \
             lines may be. Their row errors say why; max_errors allows more."
        ),
        (_, MaxErrors::Count(count)) => format!(
            "{rejected} {were} rejected on {}; at most {count} may be, on at most ten times as many \
             lines. Their row errors say why; max_errors allows more.",
            counted(lines, "line")
        ),
    };
    Reason::TooManyErrors(TooManyErrors::Judged(detail))
}

/// Some records were rejected, and the others are stored.
pub fn rows_rejected(records: u64, lines: u64, of: u64) -> Warning {
    let were = if records == 1 { "was" } else { "were" };
    let detail = format!(
        "{} {were} rejected, {lines} of {of} lines. The file of rejected rows holds them, with the \
         reason of each.",
        counted(records, "record")
    );
    Warning::RowsRejected(Told::new(detail))
}

/// Records on more than one line, which a quote too many makes, too.
pub fn records_of_several_lines(long: &LongRecords) -> Warning {
    let have = if long.records == 1 { "has" } else { "have" };
    let detail = format!(
        "{} {have} several lines, {} in all; the longest has {} and starts on line {}. If cells \
         have no line breaks, a quote is wrong there.",
        counted(long.records, "record"),
        long.lines,
        long.longest,
        long.longest_at
    );
    let found = Found {
        line: long.longest_at,
        ..Found::default()
    };
    Warning::RecordsOfSeveralLines(Told::new(detail).at([found]))
}

/// Columns in which a text stands with blanks around it and without.
pub fn blanks_around_text(found: Vec<Found>) -> Warning {
    let detail = format!(
        "Blanks around text were kept, and make two groups of one: {}.",
        columns(&found)
    );
    Warning::BlanksAroundText(Told::new(detail).at(found))
}

/// The same content was imported before.
pub fn same_content_as(number: i32) -> Warning {
    let detail = format!(
        "Import {number} of this dataset is completed and has the same content: its rows are there \
         twice now. Delete one of the two if that is not meant."
    );
    Warning::SameContentAs(Told::new(detail))
}

fn columns(found: &[Found]) -> String {
    let named = found.iter().map(|it| {
        let heading = it.column.as_deref().unwrap_or_default();
        format!("\"{heading}\" (\"{}\" on line {})", it.cell, it.line)
    });
    named.collect::<Vec<_>>().join(", ")
}

fn counted(count: u64, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

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
pub fn other_dataset(wanted: &str, other: &str) -> Reason {
    let detail = format!("This is a {other} file, not a {wanted} file. Upload it as {other}.");
    Reason::OtherDataset(Told::new(detail))
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
    pub dataset: &'static str,
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
