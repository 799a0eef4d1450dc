//! Limits and times, each from where the code has it.

use domain::export::ROWS_AT_MOST;
use domain::heading::{MAX_COLUMNS, MAX_HEADING_BYTES};
use domain::plan::MAX_RECORD_BYTES;
use domain::rejects::{ERRORS_KEPT_PER_CHUNK, ERRORS_KEPT_PER_IMPORT, FILE_BYTES_AT_MOST};
use postgres::exports::AT_ONCE;

use super::source::{after, constant, text, texts};
use super::table::{bytes, number, table, time};

/// Three tables.
pub fn page() -> String {
    let titles = ["what", "limit"];
    format!(
        "## Limits\n\n{}\n## Times\n\n{}",
        table(
            titles,
            files()
                .into_iter()
                .chain(requests())
                .chain(exports())
                .map(row)
        ),
        table(["what", "how long"], times().map(row)),
    )
}

fn row((what, limit): (&str, String)) -> [String; 2] {
    [what.to_owned(), limit]
}

fn files() -> [(&'static str, String); 8] {
    let upload = |name| constant("functions/upload-file/src", name);
    [
        (
            "file in the body of a request",
            bytes(upload("FILE_AT_MOST")),
        ),
        ("file sent to an upload URL", bytes(upload("PUT_AT_MOST"))),
        ("heading", bytes(MAX_HEADING_BYTES as i64)),
        ("columns", number(MAX_COLUMNS as i64)),
        ("record", bytes(MAX_RECORD_BYTES)),
        (
            "row errors that are kept of an import; further ones are counted",
            kept(),
        ),
        (
            "value of a row error",
            format!(
                "{} characters",
                constant("shared/domain/src/row.rs", "SHOWN_CHARS")
            ),
        ),
        ("file of rejected rows", bytes(FILE_BYTES_AT_MOST as i64)),
    ]
}

fn kept() -> String {
    let (all, chunk) = (
        number(ERRORS_KEPT_PER_IMPORT),
        number(ERRORS_KEPT_PER_CHUNK),
    );
    format!("{all}, and of each chunk an equal share of it, {chunk} at most")
}

fn requests() -> [(&'static str, String); 9] {
    let characters = |place, name| format!("{} characters", constant(place, name));
    [
        (
            "any other body",
            bytes(constant("functions/auth/src", "BODY_AT_MOST")),
        ),
        (
            "fields of a form",
            number(constant("shared/lambda/src/http", "FIELDS_AT_MOST")),
        ),
        (
            "`Idempotency-Key`",
            characters("shared/lambda/src/http/idempotency.rs", "CHARS_AT_MOST"),
        ),
        (
            "username",
            characters("functions/auth/src/username.rs", "CHARS_AT_MOST"),
        ),
        (
            "password",
            format!(
                "at least {}",
                characters("functions/auth/src/password.rs", "CHARS_AT_LEAST")
            ),
        ),
        (
            "page of imports or exports",
            page_of("list-imports", "10, 30"),
        ),
        (
            "page of sales records, rows or row errors",
            page_of("list-imports", "30, 100"),
        ),
        (
            "page of a summary",
            format!(
                "{} groups",
                number(constant("functions/query-data/src", "GROUPS_AT_MOST"))
            ),
        ),
        (
            "rows that a page by cursor looks at, under a filter of a column",
            looked_at(),
        ),
    ]
}

/// From the two numbers in the call that reads the page.
fn page_of(function: &str, numbers: &str) -> String {
    let call = format!("page(request, {numbers})");
    assert!(
        texts(&format!("functions/{function}/src")).contains(&call),
        "{call}"
    );
    let (usual, most) = numbers.split_once(", ").unwrap();
    format!("{usual} entries, {most} at most")
}

fn looked_at() -> String {
    let words = text("shared/postgres/src/rows/page.rs");
    let found = words
        .split("looked_at: ")
        .find_map(|it| it.split(',').next()?.replace('_', "").parse().ok());
    number(found.unwrap())
}

fn exports() -> [(&'static str, String); 4] {
    [
        ("unfinished exports of a user", number(AT_ONCE)),
        ("rows of an export", number(ROWS_AT_MOST)),
        (
            "rows of an export that begins without a confirmation",
            format!(
                "{} unless the operator says otherwise",
                number(default("ExportConfirmAbove"))
            ),
        ),
        (
            "text of a filter of an export",
            format!(
                "{} characters",
                constant("functions/control-export/src", "CHARS_AT_MOST")
            ),
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

fn times() -> [(&'static str, String); 11] {
    let tokens = |name| time(constant("shared/lambda/src/tokens.rs", name));
    [
        ("access token", tokens("ACCESS_FOR")),
        ("refresh token", tokens("REFRESH_FOR")),
        (
            "upload URL",
            time(constant("functions/upload-file/src", "URL_VALID_FOR")),
        ),
        (
            "wait for the file of an import",
            time(constant("functions/upload-file/src", "OBJECT_WITHIN")),
        ),
        (
            "pause",
            interval(
                "shared/postgres/src/imports",
                "pause_expires_at = now() + interval '",
            ),
        ),
        (
            "hold",
            interval("shared/postgres/src/imports.rs", "THEN now() + interval '"),
        ),
        (
            "run of an import, from the file's arrival or from the last resume",
            interval(
                "shared/postgres/src/imports.rs",
                "run_expires_at = now() + interval '",
            ),
        ),
        (
            "wait for the confirmation of an export",
            time(constant("functions/control-export/src", "CONFIRM_WITHIN")),
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
            link(),
        ),
        (
            "query of rows, or summary",
            interval(
                "shared/postgres/src/rows/page.rs",
                "transaction_timeout = '",
            )
            .replace("20s", "20 seconds"),
        ),
    ]
}

fn link() -> String {
    let functions = ["control-export", "list-imports"];
    let valid = functions.map(|it| constant(&format!("functions/{it}/src"), "LINK_VALID_FOR"));
    assert_eq!(valid[0], valid[1]);
    time(valid[0])
}

/// A time that SQL spells; the same in each place.
fn interval(place: &str, words: &str) -> String {
    let text = if place.ends_with(".rs") {
        text(place)
    } else {
        texts(place)
    };
    let found = after(&text, words);
    let first = found
        .first()
        .unwrap_or_else(|| panic!("{place} has no {words}"));
    assert!(found.iter().all(|it| it == first), "{found:?}");
    first.clone()
}
