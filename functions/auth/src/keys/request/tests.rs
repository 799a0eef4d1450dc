use lambda::http::body::Content;
use serde_json::{Value, json};

use super::*;

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn asked(more: &Value) -> Result<NewKey, Refusal> {
    let mut body = json!({"name": "nightly", "access": "read", "current_password": "12ab34cd"});
    let fields = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    NewKey::read(Content::Json(body).fields().unwrap(), noon())
}

/// The end of the key, or the body of the refusal.
fn end_of(more: &Value) -> Result<String, String> {
    match asked(more) {
        Ok(key) => Ok(key.expires_at.to_string()),
        Err(Refusal::Fields(errors)) => Err(serde_json::to_string(&errors).unwrap()),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn what_is_asked() {
    let key = asked(&json!({"access": "write", "name": " nightly "}))
        .ok()
        .unwrap();
    assert_eq!(key.name, "nightly");
    assert_eq!(key.access, KeyAccess::Write);
    assert_eq!(key.current_password, "12ab34cd");
}

#[test]
fn ends() {
    let ends = |more: &Value| end_of(more).unwrap();
    assert_eq!(ends(&json!({})), "2026-04-01T12:00:00Z");
    assert_eq!(
        ends(&json!({"days": "", "expires_at": ""})),
        "2026-04-01T12:00:00Z"
    );
    assert_eq!(ends(&json!({"days": 1})), "2026-01-02T12:00:00Z");
    assert_eq!(ends(&json!({"days": "365"})), "2027-01-01T12:00:00Z");
    let at = |at: &str| ends(&json!({"expires_at": at}));
    assert_eq!(at("2026-01-01T12:00:01Z"), "2026-01-01T12:00:01Z");
    assert_eq!(at("2026-02-01T00:00:00+02:00"), "2026-01-31T22:00:00Z");
    assert_eq!(at("2027-01-01T12:00:00.9Z"), "2027-01-01T12:00:00Z");
}

#[test]
fn ends_that_are_refused() {
    let one = "Ensure this value is greater than or equal to 1.";
    let year = "Ensure this value is less than or equal to 365.";
    let late = "A key ends within 365 days: at 2027-01-01T12:00:00Z at the latest.";
    let past = "This is past: it is 2026-01-01T12:00:00Z already.";
    #[rustfmt::skip]
    let table = [
        (json!({"days": 0}), "days", one),
        (json!({"days": -3}), "days", one),
        (json!({"days": 366}), "days", year),
        (json!({"days": 1.5}), "days", NOT_AN_INTEGER),
        (json!({"days": "9223372036854775808"}), "days", NOT_AN_INTEGER),
        (json!({"days": []}), "days", "Not a valid string."),
        (json!({"days": null}), "days", "This field may not be null."),
        (json!({"expires_at": "tomorrow"}), "expires_at", NOT_A_DATETIME),
        (json!({"expires_at": "2026-03-01"}), "expires_at", NOT_A_DATETIME),
        (json!({"expires_at": "2026-03-01T00:00:00"}), "expires_at", NOT_A_DATETIME),
        (json!({"expires_at": "2026-01-01T12:00:00Z"}), "expires_at", past),
        (json!({"expires_at": "2027-01-01T12:00:01Z"}), "expires_at", late),
        (json!({"expires_at": "9999-01-01T00:00:00Z"}), "expires_at", late),
        (json!({"expires_at": "2026-03-01T00:00:00Z", "days": 3}), "days", "Send expires_at or days, not both."),
    ];
    for (more, field, message) in table {
        let expected = json!({field: [message]}).to_string();
        assert_eq!(end_of(&more), Err(expected), "{more}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let body = Content::Json(json!({"access": "all", "days": 0}));
    let refused = NewKey::read(body.fields().unwrap(), noon()).err();
    let Some(Refusal::Fields(errors)) = refused else {
        panic!("not refused");
    };
    let expected = json!({
        "name": ["This field is required."],
        "access": ["\"all\" is not a valid choice. Choose one of these: read, write."],
        "days": ["Ensure this value is greater than or equal to 1."],
        "current_password": ["This field is required."],
    });
    assert_eq!(serde_json::to_value(&errors).unwrap(), expected);
}

#[test]
fn the_longest_name() {
    let named = |chars: usize| end_of(&json!({"name": "é".repeat(chars)}));
    assert!(named(API_KEY_NAME_CHARS_AT_MOST).is_ok());
    let message = "Ensure this field has no more than 100 characters.";
    assert_eq!(named(101), Err(json!({"name": [message]}).to_string()));
}
