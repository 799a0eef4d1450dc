//! Limits and times, from the code's own page of them.

use domain::limits::*;
use domain::paging::PageLength;
use domain::quota::Quota;

use super::source::text;
use super::table::{bytes, code, number, table, time};

const QUOTAS: &str = "## Quotas

What one user may have, so that nobody spoils it for the others. `GET /collect/usage/` shows how much of each is used. What would be more is refused with the code, with 409 where you have to do something and with 429 and `Retry-After` where waiting is enough; `used` and `allowed` stand beside the sentence. A cancel or a delete is never refused. Rows are counted when an import is finished: one with more than there is room for fails with [`quota_rows`](#reasons) and is taken back, and may be retried. An operator sets those that have a parameter.

";

/// Three tables.
pub fn page() -> String {
    let titles = ["what", "limit"];
    format!(
        "## Limits\n\nThose of a file are [with the files](files.md#limits-of-a-file).\n\n{}\n{QUOTAS}{}\n## Times\n\n{}",
        table(
            titles,
            requests()
                .into_iter()
                .chain(tries())
                .chain(datasets())
                .chain(exports())
                .map(row)
        ),
        quotas(),
        table(["what", "how long"], times().map(row)),
    )
}

fn quotas() -> String {
    let titles = [
        "quota",
        "what is counted",
        "allowed",
        "parameter",
        "code",
        "makes room",
    ];
    let rows = Quota::ALL.iter().map(|it| {
        let allowed = match it.unit() {
            1 => number(it.usual()),
            unit => bytes(it.usual() * unit),
        };
        [
            code(it.as_str()),
            it.what().to_owned(),
            allowed,
            it.parameter().map_or_else(String::new, code),
            code(it.code()),
            it.frees().to_owned(),
        ]
    });
    table(titles, rows)
}

/// The limits of a file.
pub fn of_files() -> String {
    let limits = table(["what", "limit"], files().map(row));
    format!("## Limits of a file\n\n{limits}")
}

fn row((what, limit): (&str, String)) -> [String; 2] {
    [what.to_owned(), limit]
}

fn files() -> [(&'static str, String); 12] {
    [
        (
            "file in the body of a request",
            bytes(FILE_IN_BODY_BYTES_AT_MOST as i64),
        ),
        ("file sent to an upload URL", bytes(FILE_BYTES_AT_MOST)),
        ("heading", bytes(HEADING_BYTES_AT_MOST as i64)),
        ("columns", number(COLUMNS_AT_MOST as i64)),
        ("record", bytes(RECORD_BYTES_AT_MOST)),
        ("lines of a record", number(RECORD_LINES_AT_MOST as i64)),
        (
            "lines before the heading, if it is looked for",
            number(HEADING_WITHIN_LINES as i64 - 1),
        ),
        (
            "lines before the heading, if said (`skip_lines`)",
            number(i64::from(SKIPPED_LINES_AT_MOST)),
        ),
        (
            "records of a heading, if said (`heading_lines`)",
            number(i64::from(HEADING_LINES_AT_MOST)),
        ),
        (
            "row errors that are kept of an import; further ones are counted",
            kept(),
        ),
        (
            "value of a row error",
            characters(REJECTED_VALUE_CHARS_KEPT),
        ),
        (
            "file of rejected rows",
            bytes(REJECTED_FILE_BYTES_AT_MOST as i64),
        ),
    ]
}

fn kept() -> String {
    let all = number(ROW_ERRORS_KEPT_PER_IMPORT);
    let chunk = number(ROW_ERRORS_KEPT_PER_CHUNK);
    format!("{all}, and of each chunk an equal share of it, {chunk} at most")
}

fn characters(number: usize) -> String {
    format!("{number} characters")
}

/// Of tries: those that are free in an hour.
fn tries() -> [(&'static str, String); 4] {
    let free = |parameter| {
        let default = number(default(parameter));
        format!("{default} an hour unless the operator says otherwise, then after a pause each")
    };
    [
        (
            "wrong passwords of a name from an address (of IPv6 a network of 64 bits)",
            free("FailedSignInsOfUserFromAddress"),
        ),
        (
            "wrong passwords of all names from an address",
            free("FailedSignInsFromAddress"),
        ),
        (
            "wrong passwords of a name from all addresses but those it was signed in from last",
            free("FailedSignInsOfUser"),
        ),
        ("sign-ups from an address", free("SignUpsFromAddress")),
    ]
}

fn requests() -> [(&'static str, String); 15] {
    [
        ("any other body", bytes(BODY_BYTES_AT_MOST as i64)),
        ("fields of a form", number(FIELDS_AT_MOST as i64)),
        (
            "`Idempotency-Key`",
            characters(IDEMPOTENCY_KEY_CHARS_AT_MOST),
        ),
        ("username", characters(USERNAME_CHARS_AT_MOST)),
        (
            "password",
            format!("at least {}", characters(PASSWORD_CHARS_AT_LEAST)),
        ),
        (
            "API keys of a user",
            number(API_KEYS_OF_A_USER_AT_MOST as i64),
        ),
        ("name of an API key", characters(API_KEY_NAME_CHARS_AT_MOST)),
        ("page of imports or exports", page_of(LIST_PAGE)),
        (
            "page of the list of all imports and exports",
            page_of(EVERYTHING_PAGE),
        ),
        (
            "entries that such a page looks at, under a filter",
            number(EVERYTHING_LOOKED_AT),
        ),
        (
            "page of runs of chunks",
            format!("{} runs", number(CHUNK_RUNS_PAGE.at_most)),
        ),
        (
            "page of sales records, rows, row errors or events",
            page_of(ROWS_PAGE),
        ),
        (
            "page of a summary",
            format!("{} groups", number(GROUPS_PAGE.at_most)),
        ),
        (
            "rows of a page and groups of a summary, as JSON in JSON: a page by cursor ends before the row that has no place, any other is refused (`page_too_large`)",
            bytes(ANSWER_BYTES_AT_MOST as i64),
        ),
        (
            "rows that a page by cursor looks at, under a filter of a column",
            number(ROWS_LOOKED_AT_FOR_A_PAGE),
        ),
    ]
}

fn page_of(PageLength { usual, at_most }: PageLength) -> String {
    format!("{usual} entries, {at_most} at most")
}

fn datasets() -> [(&'static str, String); 6] {
    [
        ("declaration", bytes(DECLARATION_BYTES_AT_MOST as i64)),
        (
            "sample",
            format!(
                "{}, of which the first {} are looked at",
                bytes(FILE_IN_BODY_BYTES_AT_MOST as i64),
                bytes(SAMPLE_BYTES_LOOKED_AT as i64)
            ),
        ),
        (
            "row errors that a validation of a sample shows",
            number(SAMPLE_ROW_ERRORS_SHOWN as i64),
        ),
        (
            "datasets of a user, with those of which something is left after a drop",
            number(DATASETS_OF_AN_OWNER_AT_MOST),
        ),
        (
            "versions of a dataset that are kept, beside those that an import or export is of",
            number(i64::from(VERSIONS_KEPT)),
        ),
        (
            "datasets of all users",
            format!(
                "{} unless the operator says otherwise",
                number(default("DatasetsAtMost"))
            ),
        ),
    ]
}

fn exports() -> [(&'static str, String); 4] {
    [
        ("unfinished exports of a user", number(EXPORTS_AT_ONCE)),
        ("rows of an export", number(EXPORT_ROWS_AT_MOST)),
        (
            "rows of an export that begins without a confirmation",
            format!(
                "{} unless the operator says otherwise",
                number(default("ExportConfirmAbove"))
            ),
        ),
        (
            "text of a filter of an export",
            characters(TEXT_CHARS_AT_MOST),
        ),
    ]
}

/// Of a parameter of the template.
fn default(parameter: &str) -> i64 {
    let template = text("template.yaml");
    let declared = template.split(&format!("\n  {parameter}:")).nth(1).unwrap();
    let value = declared.split("Default: ").nth(1).unwrap();
    let digits = value.split(|it: char| !it.is_ascii_digit()).next();
    digits.unwrap().parse().unwrap()
}

fn times() -> [(&'static str, String); 18] {
    let link = time(LINK_VALID_FOR.as_secs() as i64);
    [
        ("access token", time(ACCESS_TOKEN_VALID_FOR.as_secs())),
        ("refresh token", time(REFRESH_TOKEN_VALID_FOR.as_secs())),
        (
            "family of refresh tokens, from its sign-in, however often they were exchanged",
            format!("{} days", FAMILY_AT_MOST.as_hours() / 24),
        ),
        (
            "refresh token of a family that is sent again after it was exchanged",
            format!("{} seconds", REFRESHED_AGAIN_WITHIN.as_secs()),
        ),
        (
            "API key",
            format!(
                "{API_KEY_DAYS_USUALLY} days if nothing else is said, {API_KEY_DAYS_AT_MOST} at most"
            ),
        ),
        (
            "pause after a try too many; each is twice the one before",
            format!(
                "1 second, {} at most",
                time(PAUSE_BETWEEN_TRIES_AT_MOST.as_secs())
            ),
        ),
        (
            "tries too many are forgotten after a time without another",
            time(TRIES_FORGOTTEN_AFTER.as_secs()),
        ),
        ("upload URL", link.clone()),
        (
            "wait for the file of an import",
            time(UPLOAD_WITHIN.as_secs()),
        ),
        ("pause", time(PAUSE_AT_MOST.as_secs())),
        ("hold", time(HOLD_AT_MOST.as_secs())),
        (
            "original and rejected rows of an import that ended without being completed",
            format!("{} days", ORIGINAL_KEPT_FOR.as_hours() / 24),
        ),
        (
            "file of a completed import, and its rejected rows",
            format!(
                "{} days unless the operator says otherwise",
                default("UploadDays")
            ),
        ),
        (
            "run of an import, from the file's arrival or from the last resume",
            time(IMPORT_RUN_WITHIN.as_secs()),
        ),
        (
            "wait for the confirmation of an export",
            time(CONFIRM_WITHIN.as_secs()),
        ),
        (
            "file of an export",
            format!(
                "{} days unless the operator says otherwise",
                default("ExportDays")
            ),
        ),
        (
            "link to an exported file or to rejected rows; each answer has a new one",
            link,
        ),
        ("query of rows, or summary", time(QUERY_WITHIN.as_secs())),
    ]
}
