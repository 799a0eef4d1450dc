//! Why imports and exports fail, and what is said about one that did not.

use std::collections::BTreeSet;

use domain::reason::{Reason, Warning};

use super::table::{code, table};

const REASONS: &str = "## Reasons

`code` in the `error` of an import or export, and in `warnings`. The `detail` beside it is one or two sentences for people, with the names and numbers of the case.

";

const IMPORTS: [(&str, &str); 15] = [
    ("upload_expired", "The file was not uploaded in time."),
    (
        "not_text",
        "The file is UTF-16, UTF-32, an archive, or something else that is not text in UTF-8.",
    ),
    (
        "bad_heading",
        "The heading lacks a column, has one twice, is too long, or is not separated by commas.",
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
];

const EXPORTS: [(&str, &str); 6] = [
    (
        "source_changed",
        "An import whose rows it holds was deleted. Also the reason of a completed export that is removed for this.",
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

const WARNINGS: [(&str, &str); 3] = [
    (
        "unknown_columns",
        "Columns of the file that are not known were ignored.",
    ),
    (
        "row_errors_not_kept",
        "Some rejected records are only counted: their row errors were not kept.",
    ),
    (
        "rejected_rows_not_kept",
        "Some rejected records are not in the file of rejected rows.",
    ),
];

/// Three tables.
pub fn page() -> String {
    let held = |word| {
        if resumable().contains(word) {
            "yes"
        } else {
            ""
        }
        .to_owned()
    };
    let of_import = IMPORTS.map(|(word, why)| [code(word), why.to_owned(), held(word)]);
    let plain = |(word, why): (&str, &str)| [code(word), why.to_owned()];
    format!(
        "{REASONS}### Of a failed import\n\nAn import that was uploaded with `?on_failure=hold` is held only for those with *yes*.\n\n{}\n### Of a failed export\n\n{}\n### Warnings of an import\n\n{}",
        table(["code", "why", "held on request"], of_import),
        table(["code", "why"], EXPORTS.map(plain)),
        table(["code", "what"], WARNINGS.map(plain)),
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
    assert_eq!(listed, Reason::CODES.iter().copied().collect());
    assert_eq!(WARNINGS.map(|it| it.0), Warning::CODES);
}
