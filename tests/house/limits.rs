//! The page of limits says what template and documents say.

use std::fs::read_to_string;

use domain::limits::*;

use super::documents::documents;
use super::root;

/// The number that a property of a resource has in the template.
fn number(resource: &str, property: &str) -> u64 {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let name = format!("  {resource}:");
    let lines = template.lines().skip_while(|it| *it != name).skip(1);
    let lines = lines.take_while(|it| it.is_empty() || it.starts_with("   "));
    let text = lines.collect::<Vec<_>>().join("\n");
    let found = text.split_once(&format!(" {property}: "));
    let (_, rest) = found.unwrap_or_else(|| panic!("{resource} has no {property}"));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("{property} of {resource} is no number"))
}

#[test]
fn long_functions_have_the_timeout_they_reckon_with() {
    for function in [
        "PlanChunksFunction",
        "RollbackImportFunction",
        "WriteExportFunction",
    ] {
        let timeout = number(function, "Timeout");
        assert_eq!(timeout, LONG_FUNCTION_TIMEOUT_SECONDS as u64, "{function}");
    }
}

#[test]
fn work_with_a_budget_ends_before_its_function() {
    for (function, budget) in [
        ("PlanChunksFunction", LONG_FUNCTION_BUDGET),
        ("FinishImportFunction", REJECTED_FILE_WITHIN),
        ("MigrateDatabaseFunction", MIGRATION_WITHIN),
    ] {
        let timeout = number(function, "Timeout");
        assert!(budget.as_secs() + 30 <= timeout, "{function}: {timeout} s");
    }
}

#[test]
fn a_chunk_is_delivered_as_often_as_it_may_be_tried() {
    let deliveries = number("ChunkQueue", "maxReceiveCount");
    assert_eq!(deliveries, ATTEMPTS_AT_MOST as u64);
}

/// 1000000 → 1,000,000
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(text).collect();
    groups.join(",")
}

fn text(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap()
}

#[test]
fn numbers_are_grouped() {
    assert_eq!(
        [7, 1_000, 100_000, 1_234_567].map(grouped),
        ["7", "1,000", "100,000", "1,234,567"]
    );
}

#[test]
fn the_documents_tell_the_limits() {
    const KIB: i64 = 1024;
    let in_body = FILE_IN_BODY_BYTES_AT_MOST as f64 / (KIB * KIB) as f64;
    let limits = [
        format!("{} GB a file", FILE_BYTES_AT_MOST / (KIB * KIB * KIB)),
        format!("{in_body:.1} MiB"),
        format!("{} MiB a record", RECORD_BYTES_AT_MOST / (KIB * KIB)),
        format!("{} columns", grouped(COLUMNS_AT_MOST as i64)),
        format!("{} KiB a heading", HEADING_BYTES_AT_MOST as i64 / KIB),
        format!("{} row errors", grouped(ROW_ERRORS_KEPT_PER_IMPORT)),
    ];
    let documents = documents();
    for limit in limits {
        let told = documents.iter().any(|(_, text)| text.contains(&limit));
        assert!(told, "no document says \"{limit}\"");
    }
}
