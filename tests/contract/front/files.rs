//! What a file must look like: the columns of each dataset, from the tables the parser uses.

use domain::arithmetic::TOLERANCE_CENTS;
use domain::catalog::ALL;
use domain::cell::Kind;
use domain::dataset::Dataset;

use super::table::{code, number, table};

const FILES: &str = "## Files

CSV text in UTF-8, with commas between cells, quotes where a cell needs them, and a heading as its first record. The heading has each column of its dataset once; upper and lower case, white space around a name and the order of columns do not matter, and columns that are not known are ignored with a warning. Every record has as many cells as the heading.

Text is kept exactly as it is, white space included, and may be empty. Around everything else white space is dropped. A number has no thousands separators and no currency sign; a minus may stand before it.

";

/// A table for each dataset.
pub fn page() -> String {
    let datasets: Vec<String> = ALL.iter().map(|it| of(it)).collect();
    format!("{FILES}{}", datasets.join("\n"))
}

fn of(dataset: &Dataset) -> String {
    let columns = dataset.columns.iter();
    let rows = columns.map(|it| [code(it.heading), in_words(it.kind)]);
    let columns = table(["column", "a cell is"], rows);
    format!(
        "### Columns of `{}`\n\n{columns}{}",
        dataset.name,
        totals(dataset)
    )
}

fn in_words(kind: Kind) -> String {
    match kind {
        Kind::Text { max_chars } => format!("text, at most {max_chars} characters"),
        Kind::Integer { min, max } => {
            format!("a whole number from {} to {}", number(min), number(max))
        }
        Kind::Money => {
            "an amount with at most 12 digits before the point and 2 after it".to_owned()
        }
        Kind::Date => "a date: `M/D/YYYY`, month first, or `YYYY-MM-DD`".to_owned(),
    }
}

fn totals(dataset: &Dataset) -> String {
    let heading = |column: usize| dataset.columns[column].heading;
    let totals = dataset.totals.iter();
    let lines = totals.map(|it| format!("- {} = {}\n", heading(it.column), dataset.in_words(it)));
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\nIn each record, to within {TOLERANCE_CENTS} cent:\n\n{lines}")
}
