//! A file that is sent to an upload URL, and keys of requests.

use super::*;

pub(super) fn urls() -> Vec<Case> {
    let ask = |json| post(TEAM).by(Fresh).json(json);
    let refused = |name, json, answer: &str| Case::new(name, ask(json), 400, answer).added();
    let granted = with_upload(&waiting("team", "x.csv", 12_484_501), 12_484_501);
    vec![
        Case::new(
            "Ask for an upload URL",
            ask(r#"{"filename":"x.csv","size":12484501}"#),
            201,
            granted,
        )
        .added(),
        Case::new(
            "An upload URL once more, while the import waits for its file",
            get("/collect/baseline/1/upload/").by(Waiting),
            200,
            with_upload(&waiting("baseline", "sales.csv", 1000), 1000),
        )
        .added(),
        Case::new(
            "An upload URL of what has its file",
            get("/collect/team/1/upload/").by(Teams),
            409,
            r#"{"detail":"An import in state completed waits for no file. POST to the list for another import.","code":"wrong_state"}"#,
        )
        .added(),
        refused(
            "An upload URL for nothing",
            r#"{"filename":"x.csv","size":0}"#,
            r#"{"size":["Ensure this value is greater than or equal to 1."]}"#,
        ),
        refused(
            "A size that is none",
            r#"{"filename":"x.csv","size":"many"}"#,
            r#"{"size":["A valid integer is required."]}"#,
        ),
        refused(
            "No size",
            r#"{"filename":"x.csv"}"#,
            r#"{"size":["This field is required."]}"#,
        ),
        refused(
            "No name",
            r#"{"size":5}"#,
            r#"{"filename":["This field is required."]}"#,
        ),
        refused(
            "A size above 5 GB",
            r#"{"filename":"x.csv","size":5368709121}"#,
            r#"{"detail":"An upload URL takes at most 5368709120 bytes.","code":"use_multipart"}"#,
        ),
    ]
}

pub(super) fn keys() -> Vec<Case> {
    let again = with_upload(&waiting("baseline", "sales.csv", 1000), 1000);
    let reused = r#"{"detail":"This Idempotency-Key was used for another request.","code":"idempotency_key_reused"}"#;
    let bad = r#"{"detail":"An Idempotency-Key has 1 to 255 ASCII characters.","code":"bad_idempotency_key"}"#;
    let asked = |name, key, json, status, answer: &str| {
        let request = post(BASELINE)
            .by(Keyed)
            .header("Idempotency-Key", key)
            .json(json);
        Case::new(name, request, status, answer).added()
    };
    let other = r#"{"filename":"sales.csv","size":1001}"#;
    vec![
        asked(
            "The same request with the same key",
            "k",
            KEYED,
            201,
            &again,
        ),
        asked("Another request with the same key", "k", other, 422, reused),
        asked("Another key", "another", KEYED, 403, ACTIVE),
        Case::new(
            "A key that is none",
            post(TEAM)
                .by(Fresh)
                .header("Idempotency-Key", " ")
                .json(KEYED),
            400,
            bad,
        )
        .added(),
    ]
}
