//! The rules of files as a page for people: `docs/files.md`.

use domain::catalog;
use domain::first_look;
use domain::limits::*;
use domain::max_errors::MaxErrors;

use super::front::table::number;
use super::front::{files, limits, parameters, reasons, row_errors};
use crate::fixture::pages;

const START: &str = "# Files

What a file must look like, how it is read, when it is refused, and every code that says so. What the service has to say about requests stands in [the API](api.md). The tables are made from the code or compared with it by the tests; `COLLECT_WRITE_DOCS=1 cargo test --workspace --test all -- contract::files_page` brings the page up to date. `tests/golden/` has a file for each trap, with its whole answer.

[In short](#in-short) · [columns of `baseline`](#columns-of-baseline) · [columns of `team`](#columns-of-team) · [cells](#cells) · [heading](#heading) · [readings](#readings) · [verdict](#verdict) · [reasons](#reasons) · [warnings](#warnings) · [row errors](#row-errors) · [limits](#limits-of-a-file) · [judgements](#judgements)

";

const SHORT: &str = "## In short

CSV text in UTF-8 with a heading, in which each column of the dataset stands once. Cells are separated by `,`, `;`, a tab or `|`, whichever fits the heading, and stand in quotes (`\"`) where they have a delimiter, a quote (doubled) or a line break. Every record has as many cells as the heading. Whatever else is meant (decimal commas, groups of digits, signs of a currency, days before months, Windows-1252) is [said with the upload](#readings); it is never guessed, because a wrong guess would change values in silence.

A file is read as it is meant, or refused: a bad record is rejected with [row errors](#row-errors), a bad file [fails](#reasons) and leaves no row, and what cannot be confirmed is a [warning](#warnings). Every file object says in `read_as` how its file is read, and who decided it.

";

fn heading() -> String {
    format!(
        "## Heading

- Names are compared by their letters and digits alone: `Order_Date`, `OrderDate` and `order date ` are one, and so is one with a blank that does not break or has no width. Nothing is matched that is only alike: a refusal asks \"Did you mean …?\".
- The order of columns does not matter. Columns that are not known are ignored, with the warning `unknown_columns`. The columns of `baseline` and `team` must all be there. A [declared dataset](datasets.md#headings) says which may be missing: they are null in every row, and the warning `columns_missing` names them.
- It is the first of the first {HEADING_WITHIN_LINES} lines that has every column once or, where columns may be missing, the one that has most of them; lines before it (a title, `sep=;`) are skipped. Without being said, it may stand on up to {HEADING_LINES_FOUND_AT_MOST} lines whose cells, joined, are the names.
- If two delimiters fit alike, or none, the file fails with `bad_heading`, which names the best fit.
- After it, the first records are looked at (up to {}). If {FIRST_LOOK_RECORDS_AT_LEAST} or more are there and less than {FIRST_LOOK_FITTING_PERCENT} % of them fit, the file fails with `columns_do_not_fit` before anything is stored: it says which columns hold something else, shows a cell, and names what would read it.

",
        number(FIRST_LOOK_RECORDS_AT_MOST as i64),
    )
}

const READINGS: &str = "## Readings

Parameters of the upload, in its query or as fields of its body: `?decimal=,&dates=dmy`. What is said is used and never looked for; what is not said is declared by the dataset, or found where exactly one fits.

";

fn verdict() -> String {
    let declared = catalog::all()[0].reading.max_errors;
    assert!(
        catalog::all()
            .into_iter()
            .all(|it| it.reading.max_errors == declared)
    );
    let MaxErrors::Percent(percent) = declared else {
        panic!("a percentage is declared")
    };
    format!(
        "## Verdict

When every record is read, and before a row can be seen, an import is judged by the whole file. The first of these that holds fails it, and its rows are taken back:

1. A quote is open at the end: `open_quote`.
2. No cell with characters above ASCII is UTF-8: `not_utf8`. If some are, the others are row errors.
3. A date can only be read in another order than the declared one: `dates_day_first`, `dates_month_first`, or `dates_mixed` if there are both. If the order was said, it is a warning.
4. There is no record, or none with anything in it: `no_records`.
5. No record fits: `no_rows_fit`.
6. More is rejected than `max_errors` allows: `too_many_errors`. {percent} % without it, of the lines of all records; a count is of records, on at most {LINES_PER_REJECTED_RECORD} times as many lines. Of fewer than {LINES_OF_A_SMALL_FILE} lines one record may be rejected, unless it is `0` or `0%`. `100%` takes whatever fits.

An import that goes over `max_errors` while it runs is stopped then, and judged in the same order.

"
    )
}

/// What is known by its first bytes and refused.
fn not_read() -> String {
    let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, advice) in first_look::refused() {
        match kinds.iter_mut().find(|it| it.0 == advice) {
            Some((_, names)) => names.push(name),
            None => kinds.push((advice, vec![name])),
        }
    }
    let lines = kinds.into_iter().map(|(advice, mut names)| {
        names.dedup();
        format!("- {}: \"{advice}\"\n", names.join(", "))
    });
    let lines: String = lines.collect();
    format!("\nWhat `not_text` names, and what it says to do:\n\n{lines}")
}

fn judgements() -> String {
    let ends_in_text = |text: bool| {
        let last = |it: &&'static std::sync::Arc<domain::dataset::Dataset>| {
            let kind = &it.columns.last().unwrap().kind;
            kind.is_text() == text
        };
        let names = catalog::all()
            .into_iter()
            .filter(last)
            .map(|it| format!("`{}`", it.name));
        names.collect::<Vec<_>>().join(", ")
    };
    format!(
        "## Judgements

Where more than one answer is right, this is ours:

- **Empty records** (nothing but blanks and delimiters) are skipped and keep their number; so are empty lines, which are no records. The ^Z (0x1A) that DOS writes at the end is nothing.
- **More cells than the heading** fit if all others are empty and the last column is not text ({}). Where it is text ({}), a delimiter within a text may have moved the cells, so the record is rejected.
- **Fewer cells** are always rejected: nothing says which one is missing.
- **Text after a closing quote**, a blank before an opening one, and a quote in the middle of a cell that a later cell closes reject the record (`broken_quotes`). A single quote in a cell (`7\" pipe`) is text. `skip_initial_space=true` drops blanks after delimiters.
- **`1/2/2016`** is the second of January, as declared. If ten different dates or more could all be read both ways, the warning `dates_ambiguous` says so. `1.2.2016` is the first of February: no one writes the month first with points.
- **latin-1** is read as windows-1252, which differs only in characters that no file means.
- **`N/A`, `NULL`, `-`** are text in a column of text, and row errors in any other.
- **The same record twice**, or the same Order ID, is two rows. A file that was imported before is a warning (`same_content_as`).
- **A row of totals** is rejected as `row_of_totals` if it lacks a number or a date. In a dataset of text alone nothing tells it from a record, and it is a row.
- **Blanks around text** are kept: who knows what they mean. Where they make two groups of one, the warning `blanks_around_text` names the columns.
- **A record of several lines** is taken up to {} lines, and the warning `records_of_several_lines` names the longest: a quote too many looks the same.
- **Characters that cannot be seen** are written out where a name or a cell is shown: `\\u200b`.
",
        ends_in_text(false),
        ends_in_text(true),
        number(RECORD_LINES_AT_MOST as i64),
    )
}

/// The page.
fn page() -> String {
    let parts = [
        START.to_owned() + SHORT + &files::datasets(),
        files::cells(),
        heading() + READINGS + &parameters::readings(),
        verdict() + &reasons::of_files(&not_read()),
        row_errors::page(),
        limits::of_files(),
        judgements(),
    ];
    parts.join("\n")
}

#[test]
fn the_page_is_what_the_code_says() {
    pages::is_current("files.md", &page(), "the code says");
}
