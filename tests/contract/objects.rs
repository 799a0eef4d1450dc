//! Imports as the API shows them.

use super::stage::{REJECTED, SALES, TEAMS};

/// How a plain file is read.
const READ_AS: &str = concat!(
    r#"{"encoding":{"value":"utf-8","origin":"declared"},"delimiter":{"value":",","origin":"found"},"#,
    r#""quote":{"value":"\"","origin":"declared"},"escape":{"value":"doubled","origin":"declared"},"#,
    r#""skip_initial_space":{"value":"false","origin":"declared"},"#,
    r#""skip_lines":{"value":"0","origin":"declared"},"#,
    r#""heading_lines":{"value":"1","origin":"declared"},"decimal":{"value":".","origin":"declared"},"#,
    r#""group":{"value":"","origin":"declared"},"currency":{"value":"","origin":"declared"},"#,
    r#""dates":{"value":"M/D/YYYY (1/27/2016), D.M.YYYY (27.1.2016), YYYY-MM-DD (2016-01-27)","origin":"declared"}}"#,
);

/// The completed import of the teams.
pub fn teams() -> String {
    completed("team", "teams.csv", TEAMS.len(), 2, 0)
}

/// The completed import of the sales records.
pub fn sales() -> String {
    completed("baseline", "sales.csv", SALES.len(), 3, 0)
}

/// The object of an import that awaits its upload.
pub fn waiting(dataset: &str, file: &str, size: usize) -> String {
    let progress = format!(
        r#"{{"percent":0,"bytes_done":0,"bytes_total":{size},"rows_imported":0,"rows_visible":0,"rows_rejected":0,"chunks_done":0,"chunks_total":null,"last_stored_at":null,"rows_per_second":null,"eta_seconds":null}}"#
    );
    let start = start(dataset, file, "awaiting_upload");
    format!(
        r#"{{{start},"progress":{progress},"created_at":"<time>","started_at":null,"finished_at":null,"error":null,"warnings":[],"pause_expires_at":null,"rollback":null,"rejected_rows_url":null,"hold_expires_at":null,"validate_only":false,"retry_of":null,"retried_by":null,"replaces":null,"replaced_by":null,"read_as":null,"waiting_for":{AWAITS_FILE}}}"#
    )
}

/// What an import waits for that awaits its upload; the time takes the full stop after it.
const AWAITS_FILE: &str = r#"{"code":"file_not_here","detail":"It waits for its file to arrive; without it, it fails at <time>","until":"<time>"}"#;

/// The same object of an import that waits for nothing.
pub fn not_waiting(object: &str) -> String {
    object.replace(AWAITS_FILE, "null")
}

/// The same object of a retry: its original is copied.
pub fn copied(object: &str) -> String {
    let copied = AWAITS_FILE
        .replace("file_not_here", "original_copied")
        .replace(
            "It waits for its file to arrive",
            "Its original is being copied, which takes minutes if it is large",
        );
    object.replace(AWAITS_FILE, &copied)
}

/// The object of a completed import of one chunk.
pub fn completed(dataset: &str, file: &str, size: usize, rows: u32, rejected: u32) -> String {
    let progress = format!(
        r#"{{"percent":100,"bytes_done":{size},"bytes_total":{size},"rows_imported":{rows},"rows_visible":{rows},"rows_rejected":{rejected},"chunks_done":1,"chunks_total":1,"last_stored_at":"<time>","rows_per_second":<number>,"eta_seconds":null}}"#
    );
    let start = start(dataset, file, "completed");
    let rejected_rows = if rejected > 0 { r#""<words>""# } else { "null" };
    format!(
        r#"{{{start},"progress":{progress},"created_at":"<time>","started_at":"<time>","finished_at":"<time>","error":null,"warnings":[],"pause_expires_at":null,"rollback":null,"rejected_rows_url":{rejected_rows},"hold_expires_at":null,"validate_only":false,"retry_of":null,"retried_by":null,"replaces":null,"replaced_by":null,"read_as":{READ_AS},"waiting_for":null}}"#
    )
}

/// A completed import that is cancelled: what its answer says, or what it shows at the end.
pub fn taken_back(completed: &str, status: &str, rows: u32) -> String {
    let object = completed
        .replace(
            r#""status":"completed""#,
            &format!(r#""status":"{status}""#),
        )
        .replace(r#""percent":100"#, r#""percent":0"#)
        .replace(&format!(r#""rows_visible":{rows}"#), r#""rows_visible":0"#);
    if status == "cancelling" {
        return object.replace(r#""finished_at":"<time>""#, r#""finished_at":null"#);
    }
    let proof = format!(r#""rollback":{{"rows_deleted":{rows},"rows_remaining":0}}"#);
    object.replace(r#""rollback":null"#, &proof)
}

/// What is said of a file of two records, one of which is rejected.
pub const ONE_OF_TWO_REJECTED: &str = r#""warnings":[{"code":"rows_rejected","detail":"1 record was rejected, 1 of 2 lines. The file of rejected rows holds them, with the reason of each."}]"#;

/// The import that was only validated: what an import would say, and that nothing of it is left.
pub fn validated() -> String {
    completed("team", "teams.csv", REJECTED.len(), 1, 1)
        .replace(r#""status":"completed""#, r#""status":"validated""#)
        .replace(r#""percent":100"#, r#""percent":0"#)
        .replace(r#""rows_visible":1"#, r#""rows_visible":0"#)
        .replace(r#""warnings":[]"#, ONE_OF_TWO_REJECTED)
        .replace(
            r#""rollback":null"#,
            r#""rollback":{"rows_deleted":1,"rows_remaining":0}"#,
        )
        .replace(r#""validate_only":false"#, r#""validate_only":true"#)
}

/// The object with the `upload` that says how to send the file.
pub fn with_upload(object: &str, size: usize) -> String {
    let object = object.strip_suffix('}').unwrap();
    format!(
        r#"{object},"upload":{{"method":"PUT","url":"<words>","headers":{{"content-length":"{size}","if-none-match":"*"}},"expires_at":"<time>"}}}}"#
    )
}

fn start(dataset: &str, file: &str, status: &str) -> String {
    format!(
        r#""id":1,"file":"https://<bucket>.s3.amazonaws.com/uploads/{dataset}/<uuid>/{file}","status":"{status}""#
    )
}

/// A page that is the whole list.
pub fn page(results: &[&str]) -> String {
    let (count, results) = (results.len(), results.join(","));
    format!(r#"{{"count":{count},"next":null,"previous":null,"results":[{results}]}}"#)
}
