//! What is made of a sample, and what an import of it would say.

use super::*;

/// What is made of [`SAMPLE`].
pub fn inferred() -> String {
    let fields = r#"[{"name":"number","type":"integer"},{"name":"placed","type":"date"}]"#;
    format!(
        r#"{{"declaration":{{"fields":{fields},"dialect":{{"delimiter":","}}}},"doubts":[],"bytes_looked_at":{}}}"#,
        SAMPLE.len()
    )
}

pub(super) fn samples() -> Vec<Case> {
    let no_file = r#"{"file":["No file was submitted."]}"#;
    let sample = |declaration| {
        let parts = [
            FormPart::Text("declaration", declaration),
            FormPart::File("file", "orders.csv", ORDERS),
        ];
        post(VALIDATE).by(Fresh).multipart(&parts)
    };
    let warning = r#"{"code":"rows_rejected","detail":"<words>"}"#;
    let error = r#"{"record":3,"line":4,"column":"placed","value":"2026-02-30","code":"bad_date","message":"<words>"}"#;
    vec![
        Case::new(
            "A declaration of a sample",
            post(INFER).by(Fresh).file("orders.csv", SAMPLE),
            200,
            inferred(),
        ),
        Case::new(
            "A sample that is the whole body",
            post(INFER).by(Fresh).text(Some("text/csv"), SAMPLE),
            200,
            inferred(),
        ),
        Case::new("A sample of nothing", post(INFER).by(Fresh), 400, no_file),
        Case::new(
            "An empty sample",
            post(INFER).by(Fresh).file("orders.csv", ""),
            400,
            r#"{"file":["The submitted file is empty."]}"#,
        ),
        Case::new(
            "A sample in JSON",
            post(INFER).by(Fresh).json("{}"),
            400,
            no_file,
        ),
        Case::new(
            "A sample without a declaration",
            post(VALIDATE).by(Fresh).file("orders.csv", ORDERS),
            400,
            r#"{"declaration":["This field is required."]}"#,
        ),
        Case::new(
            "A sample that does not fit in one record",
            sample(DECLARATION),
            200,
            validated("2", "1", ORDERS.len(), &format!("[{error}]"), warning),
        ),
        Case::new(
            "A declaration that is none, with a sample",
            sample(r#"{"fields":[]}"#),
            400,
            r#"{"detail":"fields: <words>","code":"bad_declaration","problems":[{"path":"fields","code":"blank","message":"<words>"}]}"#,
        ),
    ]
}

/// What an import of so many records would say.
pub fn validated(rows: &str, rejected: &str, bytes: usize, errors: &str, warning: &str) -> String {
    let part = |name: &str, value: &str, origin: &str| {
        format!(r#""{name}":{{"value":"{value}","origin":"{origin}"}}"#)
    };
    let read_as = [
        part("encoding", "utf-8", "declared"),
        part("delimiter", ",", "found"),
        part("quote", "\\\"", "declared"),
        part("escape", "doubled", "declared"),
        part("skip_initial_space", "false", "declared"),
        part("skip_lines", "0", "declared"),
        part("heading_lines", "1", "declared"),
        part("decimal", ".", "declared"),
        part("group", "", "declared"),
        part("currency", "", "declared"),
        part("dates", "<words>", "declared"),
    ];
    format!(
        r#"{{"error":null,"warnings":[{warning}],"read_as":{{{}}},"rows_imported":{rows},"rows_rejected":{rejected},"records_empty":0,"row_errors":{errors},"bytes_looked_at":{bytes}}}"#,
        read_as.join(","),
    )
}
