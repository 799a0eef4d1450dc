//! Why imports and exports fail, and what is said about one that did not.

use std::collections::BTreeSet;

use domain::reason::{Reason, Warning};

use super::table::{code, examples_of, table};

const REASONS: &str = "## Reasons

`code` in the `error` of an import or export, and in `warnings`. The `detail` beside it is one or two sentences for people, with the names and numbers of the case. `found`, where it is there, names the places in the file for programs: `column` (null for a whole line), `line`, `cell` (cut at 40 characters) and `readings`, what could be said so that it is read. The reasons that lie in the file, and the warnings, are listed [with the files](files.md#reasons).

";

const IMPORTS: [(&str, &str); 27] = [
    ("upload_expired", "The file was not uploaded in time."),
    (
        "not_text",
        "The file is no text: a spreadsheet, a picture, a packed file in another one, or text in UTF-32.",
    ),
    (
        "bad_archive",
        "The packed file is cut or damaged, encrypted, or holds no file or several.",
    ),
    (
        "unpacked_too_large",
        "Unpacked, the file is larger than what is taken of a packed file of its size, or of any file.",
    ),
    (
        "bad_heading",
        "The heading lacks a column, has one twice, is too long, or fits with two delimiters.",
    ),
    (
        "no_records",
        "The file is empty, or has a heading and nothing else.",
    ),
    (
        "columns_do_not_fit",
        "Hardly any of the first records fits the heading: columns are swapped, shifted, or of another kind.",
    ),
    (
        "not_utf8",
        "Its heading, or every cell with characters above ASCII, is in another encoding than UTF-8.",
    ),
    (
        "looks_like_utf8",
        "It was said to be in another encoding, and is UTF-8.",
    ),
    (
        "no_heading",
        "No line is a heading, and the first one is a record.",
    ),
    ("other_dataset", "It has the heading of another dataset."),
    (
        "open_quote",
        "A quote opens in the file and is not closed before its end.",
    ),
    (
        "dates_month_first",
        "Dates are written month first and would be read day first.",
    ),
    (
        "dates_day_first",
        "Dates are written day first and would be read month first.",
    ),
    (
        "dates_mixed",
        "Some dates are written month first and some day first.",
    ),
    ("no_rows_fit", "Every record was rejected."),
    (
        "record_too_large",
        "A record is too long; a quote in it may never be closed.",
    ),
    (
        "too_many_errors",
        "More records were rejected than `max_errors` allows.",
    ),
    (
        "not_storable",
        "PostgreSQL does not take a value of the file.",
    ),
    ("object_gone", "The uploaded file is not in S3 any more."),
    (
        "plan_outdated",
        "The service was updated while it read the file.",
    ),
    (
        "pause_expired",
        "The import was paused and not resumed in time.",
    ),
    (
        "chunk_failed",
        "A part of the file could not be stored, although it was tried several times.",
    ),
    (
        "execution_lost",
        "The import was started several times and did not get to its end.",
    ),
    ("run_expired", "The import did not get to its end in time."),
    (
        "not_proven",
        "The stored rows and the rejected records are not the records of the file.",
    ),
    (
        "quota_rows",
        "Its owner may not have as many rows stored, beside those that there are.",
    ),
];

const EXPORTS: [(&str, &str); 6] = [
    (
        "source_changed",
        "An import whose rows it holds was deleted, or its dataset dropped. Also the reason of a completed export that is removed for this.",
    ),
    ("export_too_large", "The rows do not fit into one file."),
    (
        "upload_lost",
        "The parts of the file that were stored are gone.",
    ),
    (
        "execution_lost",
        "The export was started several times and did not get to its end.",
    ),
    ("run_expired", "The export did not get to its end in time."),
    (
        "not_proven",
        "The written rows are not the rows that were counted.",
    ),
];

const WARNINGS: [(&str, &str); 13] = [
    (
        "unknown_columns",
        "Columns of the file that are not known were ignored.",
    ),
    (
        "columns_missing",
        "Columns that a file may lack are not in it: they are null in every row.",
    ),
    (
        "row_errors_not_kept",
        "Some rejected records are only counted: their row errors were not kept.",
    ),
    (
        "rejected_rows_not_kept",
        "Some rejected records are not in the file of rejected rows.",
    ),
    (
        "dates_month_first",
        "Dates are written month first and were said to be read in another order.",
    ),
    (
        "dates_day_first",
        "Dates are written day first and were said to be read in another order.",
    ),
    (
        "dates_mixed",
        "Some dates are written month first and some day first, and were said to be read in one order.",
    ),
    (
        "dates_ambiguous",
        "Nothing tells whether dates are written month first or day first.",
    ),
    (
        "dates_out_of_order",
        "The second of two dates is before the first in most rows.",
    ),
    (
        "rows_rejected",
        "Some records were rejected; the others are stored.",
    ),
    (
        "records_of_several_lines",
        "Records have several lines, as a quote too many makes them.",
    ),
    (
        "blanks_around_text",
        "Blanks around text were kept, and make two groups of one.",
    ),
    ("same_content_as", "The same content was imported before."),
];

/// Reasons that do not lie in the file.
const OF_SERVICE: [&str; 9] = [
    "upload_expired",
    "object_gone",
    "plan_outdated",
    "pause_expired",
    "chunk_failed",
    "execution_lost",
    "run_expired",
    "not_proven",
    "quota_rows",
];

/// What does not lie in a file.
pub fn page() -> String {
    let held = |word| {
        if resumable().contains(word) {
            "yes"
        } else {
            ""
        }
        .to_owned()
    };
    let of_service = IMPORTS.iter().filter(|it| OF_SERVICE.contains(&it.0));
    let of_import = of_service.map(|&(word, why)| [code(word), why.to_owned(), held(word)]);
    let plain = |(word, why): (&str, &str)| [code(word), why.to_owned()];
    format!(
        "{REASONS}### Of a failed import\n\nAn import that was uploaded with `?on_failure=hold` is held only for those with *yes*.\n\n{}\n### Of a failed export\n\n{}",
        table(["code", "why", "held on request"], of_import),
        table(["code", "why"], EXPORTS.map(plain)),
    )
}

/// What lies in a file, with the sentences.
pub fn of_files(not_read: &str) -> String {
    let (reasons, warnings) = (Reason::examples(), Warning::examples());
    let of_file = IMPORTS.iter().filter(|it| !OF_SERVICE.contains(&it.0));
    let of_file = of_file.map(|&(word, why)| {
        let says = reasons.iter().filter(|it| it.code() == word);
        [code(word), why.to_owned(), examples_of(says)]
    });
    let warned = WARNINGS.map(|(word, why)| {
        let says = warnings.iter().filter(|it| it.code() == word);
        [code(word), why.to_owned(), examples_of(says)]
    });
    let titles = ["code", "why", "sentence"];
    format!(
        "## Reasons\n\n`error` of an import that failed because of its file. Each says what was found, where, and what to do; `found` beside it has the places for programs.\n\n{}{not_read}\n## Warnings\n\n`warnings` of an import that goes on.\n\n{}",
        table(titles, of_file),
        table(titles, warned),
    )
}

/// The codes of the reasons that resuming can help.
fn resumable() -> BTreeSet<&'static str> {
    let examples = Reason::examples().into_iter();
    let resumable = examples.filter(Reason::resuming_can_help);
    resumable.map(|it| it.code()).collect()
}

#[test]
fn these_are_the_codes_of_the_enum() {
    let listed = IMPORTS.iter().chain(&EXPORTS).map(|it| it.0);
    let listed: BTreeSet<&str> = listed.collect();
    assert!(OF_SERVICE.iter().all(|it| listed.contains(it)));
    assert_eq!(listed, Reason::CODES.iter().copied().collect());
    assert_eq!(WARNINGS.map(|it| it.0), Warning::CODES);
}
