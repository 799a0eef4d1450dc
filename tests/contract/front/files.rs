//! What a file must look like, from the tables the parser uses: the columns of each dataset, what a
//! cell may be.

use domain::arithmetic::TOLERANCE_CENTS;
use domain::catalog;
use domain::cell::Kind;
use domain::dataset::Dataset;
use domain::reading::Reading;

use super::table::{code, number, table};
use crate::contract::stage::{SALES, TEAMS};

const CELLS: &str = "## Cells

Text is kept exactly as it is, blanks around it included, and may be empty. Around everything else blanks are dropped, and it may not be empty.

";

/// A part of its own for each dataset.
pub fn datasets() -> String {
    let datasets: Vec<String> = catalog::all().into_iter().map(|it| of(it)).collect();
    datasets.join("\n")
}

fn of(dataset: &Dataset) -> String {
    let columns = dataset.columns.iter();
    let rows = columns.map(|it| [code(&it.heading), in_words(&it.kind)]);
    let columns = table(["column", "a cell is"], rows);
    format!(
        "## Columns of `{}`\n\n{columns}{}\n```csv\n{}```\n",
        dataset.name,
        totals(dataset),
        example(dataset)
    )
}

/// The heading and a record of a file that is imported by the tests.
fn example(dataset: &Dataset) -> String {
    let mut files = [SALES, TEAMS].into_iter();
    let first = &dataset.columns[0].heading;
    let file = files.find(|it| it.starts_with(first)).unwrap();
    let lines = file.lines().take(2).map(|it| format!("{it}\n"));
    lines.collect()
}

fn in_words(kind: &Kind) -> String {
    match kind {
        Kind::Text { max_chars, .. } => format!("text, at most {max_chars} characters"),
        Kind::Integer { min, max, .. } => {
            format!("a whole number from {} to {}", number(*min), number(*max))
        }
        Kind::Money { .. } => "an amount".to_owned(),
        Kind::Date { .. } => "a date".to_owned(),
        other => unreachable!("no built-in dataset has {other:?}"),
    }
}

fn totals(dataset: &Dataset) -> String {
    let heading = |column: usize| dataset.columns[column].heading.as_str();
    let totals = dataset.totals.iter();
    let lines = totals.map(|it| format!("- {} = {}\n", heading(it.column), dataset.in_words(it)));
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\nIn each record, to within {TOLERANCE_CENTS} cent:\n\n{lines}")
}

/// What each kind of cell looks like unless something else is said.
pub fn cells() -> String {
    let dataset = catalog::all()[0];
    assert!(
        catalog::all()
            .into_iter()
            .all(|it| it.reading.dates == dataset.reading.dates)
    );
    let dates = Reading::declared(dataset).forms(dataset).dates.in_words();
    let row = |kind: &str, form: String| [kind.to_owned(), form];
    let rows = [
        row("text", "UTF-8; quotes where it has a delimiter, a quote (doubled) or a line break".into()),
        row(
            "whole number",
            "digits, a minus before them or not; no groups (`group=` allows them), no `8.90E+08`".into(),
        ),
        row(
            "amount",
            "at most 12 digits, then at most 2 after a point; no sign of a currency (`currency=` allows one), no groups; `decimal=,` for a comma".into(),
        ),
        row("date", format!("{dates}; the calendar must have the day, from year 1 to 9999. `dates=` says another order; no time of day, no names of months, no years of two digits")),
    ];
    format!("{CELLS}{}", table(["a cell is", "written as"], rows))
}
