use serde_json::json;

use crate::fixture::client::User;
use crate::fixture::sample;

/// What the file is, its bytes, the code it fails with, and words its detail must have.
type Case = (&'static str, Vec<u8>, &'static str, &'static [&'static str]);

fn cases() -> Vec<Case> {
    let sales = String::from_utf8(sample::sales(41, 20)).unwrap();
    let (heading, records) = sales.split_once("\r\n").unwrap();
    let without = heading.replace("Region,", "Area,");
    let doubled = format!("{heading},Region");
    let bytes = |heading: &str| format!("{heading}\r\n{records}").into_bytes();
    vec![
        (
            "a heading is missing",
            bytes(&without),
            "bad_heading",
            &["Missing: \"Region\"", "Unknown: \"Area\""],
        ),
        (
            "a heading is there twice",
            bytes(&doubled),
            "bad_heading",
            &["More than once: \"Region\""],
        ),
        (
            "no heading at all",
            records.as_bytes().to_vec(),
            "no_heading",
            &["heading_lines=0"],
        ),
        (
            "semicolons in the heading alone",
            bytes(&heading.replace(',', ";")),
            "columns_do_not_fit",
            &[],
        ),
        (
            "a quote that is never closed",
            bytes(&format!("\"{heading}")),
            "bad_heading",
            &[],
        ),
        (
            "a heading and nothing else",
            format!("{heading}\r\n").into_bytes(),
            "no_records",
            &[],
        ),
        (
            "a heading without an end",
            heading.as_bytes().to_vec(),
            "no_records",
            &[],
        ),
        (
            "nothing but line breaks",
            b"\r\n\r\n".to_vec(),
            "no_records",
            &[],
        ),
        (
            "a picture",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0".repeat(20),
            "not_text",
            &[],
        ),
        (
            "UTF-16 that is cut in its heading",
            sales[..60]
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            "bad_heading",
            &[],
        ),
    ]
}

/// One after another for one user: a baseline that failed does not block the next one.
#[test]
fn a_file_that_does_not_fit_fails_with_its_reason_and_leaves_nothing() {
    let user = User::new();
    for (what, file, code, words) in cases() {
        let import = user.upload("baseline", &file);
        let detail = import.ends("failed");
        assert_eq!(detail["error"]["code"], code, "{what}: {detail}");
        let said = detail["error"]["detail"].as_str().unwrap();
        let missing: Vec<_> = words.iter().filter(|it| !said.contains(**it)).collect();
        assert!(missing.is_empty(), "{what}: {said}");
        assert_eq!(detail["rollback"]["rows_remaining"], 0, "{what}");
        assert!(detail["finished_at"].is_string(), "{what}");
        assert_eq!(import.rows_stored(), 0, "{what}");
    }
    let import = user.upload("baseline", &sample::sales(42, 10));
    import.ends("completed");
    assert_eq!(user.sales_seen(), 10);
}

#[test]
fn a_failed_import_can_be_deleted() {
    let user = User::new();
    let import = user.upload("team", b"name,manager\r\na,b\r\n");
    import.ends("failed");
    import.delete().is(204, "");
    import.is_forgotten();
    assert_eq!(user.get(&import.path).status, 404);
}

#[test]
fn an_empty_file_is_refused_before_it_is_an_import() {
    let user = User::new();
    for list in ["/collect/baseline/", "/collect/team/"] {
        let empty = r#"{"file":["The submitted file is empty."]}"#;
        user.send(list, "empty.csv", b"").is(400, empty);
        let body = json!({"filename": "empty.csv", "size": 0});
        let positive = r#"{"size":["Ensure this value is greater than or equal to 1."]}"#;
        user.post_json(list, &body).is(400, positive);
        let nothing = r#"{"count":0,"next":null,"previous":null,"results":[]}"#;
        user.get(list).is(200, nothing);
    }
}
