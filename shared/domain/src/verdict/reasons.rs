//! The reasons and warnings of a verdict: the code of each, its sentence and what was found.

use crate::forms::{DateForms, DateOrder};
use crate::max_errors::MaxErrors;
use crate::reason::{Found, Reason, Told, TooManyErrors, Warning, advice};
use crate::witness::{Example, LongRecords};

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

/// Every record was rejected; `found` is the first cell of each column.
pub fn no_rows_fit(rejected: u64, found: Vec<Found>) -> Reason {
    let how_many = match rejected {
        1 => "The only record of the file was rejected; its row errors say why.".into(),
        _ => format!("All {rejected} records were rejected; their row errors say why."),
    };
    Reason::NoRowsFit(with_first(how_many, found))
}

/// What was counted, the first of what was rejected, and what could be done about it.
fn with_first(counted: String, found: Vec<Found>) -> Told {
    let shown = found.first().map(Found::in_words);
    let sentences = [counted].into_iter().chain(shown).chain(advice(&found));
    let detail = sentences.collect::<Vec<_>>().join(" ");
    Told::new(detail).at(found)
}

/// More was rejected than may be; `of` is how many lines there are, if all were read.
pub fn too_many_errors(
    records: u64,
    lines: u64,
    of: Option<u64>,
    most: MaxErrors,
    found: Vec<Found>,
) -> Reason {
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
    Reason::TooManyErrors(TooManyErrors::Judged(with_first(detail, found)))
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
        "Import {number} of this dataset is completed and has the same content: with this one, its \
         rows are there twice. Delete one of the two if that is not meant."
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
