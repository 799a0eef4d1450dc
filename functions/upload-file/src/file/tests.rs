use domain::catalog::{BASELINE, TEAM};
use lambda::http::Body;

use super::*;

const MULTIPART: &str = "multipart/form-data; boundary=XX";
const JSON: &str = "application/json";

async fn asked(media_type: &str, body: impl Into<Body>) -> Result<UploadedFile, Refusal> {
    let mut request = Request::new(body.into());
    let value = media_type.parse().unwrap();
    request.headers_mut().insert("content-type", value);
    of(&content(request).await?)
}

async fn refused(media_type: &str, body: impl Into<Body>) -> String {
    let response = asked(media_type, body).await.unwrap_err().into_response();
    let words = String::from_utf8_lossy(response.body()).into_owned();
    format!("{} {words}", response.status().as_u16())
}

fn multipart(disposition: &str, content: &[u8]) -> Vec<u8> {
    let start = format!("--XX\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [start.as_bytes(), content, b"\r\n--XX--\r\n"].concat()
}

#[tokio::test]
async fn a_file_is_stored() {
    let body = multipart("name=\"file\"; filename=\"x.csv\"", b"a\r\n\xff\0");
    let bytes = Bytes::from_static(b"a\r\n\xff\0");
    let expected = UploadedFile::Sent {
        name: "x.csv".into(),
        bytes,
    };
    assert_eq!(asked(MULTIPART, body).await.unwrap(), expected);
}

#[tokio::test]
async fn a_url_is_asked_for() {
    let body = r#"{"filename":"x.csv","size":12484501}"#;
    let expected = UploadedFile::Announced {
        name: "x.csv".into(),
        size: 12_484_501,
    };
    assert_eq!(asked(JSON, body).await.unwrap(), expected);
}

#[tokio::test]
async fn bodies_without_a_file() {
    let empty = multipart("name=\"file\"; filename=\"x.csv\"", b"");
    let text = multipart("name=\"file\"", b"a,b");
    let unnamed = multipart("name=\"file\"; filename=\"\"", b"");
    let other = multipart("name=\"other\"; filename=\"x.csv\"", b"a");
    let form = "application/x-www-form-urlencoded";
    let none = r#"400 {"file":["No file was submitted."]}"#;
    let no_file = r#"400 {"file":["The submitted data was not a file. Check the encoding type on the form."]}"#;
    #[rustfmt::skip]
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        (MULTIPART, b"".into(), none),
        (MULTIPART, empty, r#"400 {"file":["The submitted file is empty."]}"#),
        (MULTIPART, text, no_file),
        (MULTIPART, unnamed, no_file),
        (MULTIPART, other, none),
        (form, b"file=x".into(), no_file),
        (form, b"filename=x.csv&size=1".into(), none),
        (JSON, b"{}".into(), none),
        (JSON, br#"{"file":"x"}"#.into(), no_file),
        (JSON, br#"{"file":null}"#.into(), r#"400 {"file":["This field may not be null."]}"#),
        (JSON, b"[]".into(), r#"400 {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#),
        ("text/csv", b"a,b".into(), r#"415 {"detail":"Unsupported media type \"text/csv\" in request."}"#),
    ];
    for (media_type, body, expected) in table {
        assert_eq!(refused(media_type, body).await, expected);
    }
}

#[tokio::test]
async fn requests_for_a_url_that_are_refused() {
    #[rustfmt::skip]
    let table = [
        (r#"{"size":1}"#, r#"{"filename":["This field is required."]}"#),
        (r#"{"filename":"x"}"#, r#"{"size":["This field is required."]}"#),
        (r#"{"filename":" ","size":0}"#, r#"{"filename":["This field may not be blank."],"size":["Ensure this value is greater than or equal to 1."]}"#),
        (r#"{"filename":"x","size":-1}"#, r#"{"size":["Ensure this value is greater than or equal to 1."]}"#),
        (r#"{"filename":"x","size":1.5}"#, r#"{"size":["A valid integer is required."]}"#),
        (r#"{"filename":"x","size":"y"}"#, r#"{"size":["A valid integer is required."]}"#),
        (r#"{"filename":"x","size":null}"#, r#"{"size":["This field may not be null."]}"#),
        (r#"{"filename":"x","size":1e30}"#, r#"{"size":["A valid integer is required."]}"#),
    ];
    for (body, expected) in table {
        assert_eq!(refused(JSON, body).await, format!("400 {expected}"));
    }
    let largest = r#"{"filename":"x","size":5368709120}"#;
    assert!(asked(JSON, largest).await.is_ok());
    let too_large = r#"{"filename":"x","size":5368709121}"#;
    assert!(
        refused(JSON, too_large)
            .await
            .contains(r#""code":"use_multipart""#)
    );
}

#[tokio::test]
async fn the_largest_file() {
    let named = "name=\"file\"; filename=\"x.csv\"";
    let largest = multipart(named, &vec![b'x'; FILE_IN_BODY_BYTES_AT_MOST]);
    assert!(asked(MULTIPART, largest).await.is_ok());
    let file = multipart(named, &vec![b'x'; FILE_IN_BODY_BYTES_AT_MOST + 1]);
    let body = vec![b'x'; FILE_IN_BODY_BYTES_AT_MOST + FORM_BYTES_AT_MOST + 1];
    for (media_type, body) in [(MULTIPART, file), ("text/plain", body)] {
        let told = refused(media_type, body).await;
        assert!(told.starts_with("413 {\"detail\":\""), "{told}");
        assert!(told.ends_with("\"code\":\"file_too_large\"}"), "{told}");
    }
}

#[test]
fn fingerprints_tell_requests_apart() {
    let store = |name: &str, bytes: &'static [u8]| UploadedFile::Sent {
        name: name.into(),
        bytes: Bytes::from_static(bytes),
    };
    let url = |name: &str, size| UploadedFile::Announced {
        name: name.into(),
        size,
    };
    let team = &TEAM;
    let first = store("x.csv", b"a").fingerprint(&BASELINE);
    assert_eq!(first, store("x.csv", b"a").fingerprint(&BASELINE));
    let others = [
        store("x.csv", b"a").fingerprint(team),
        store("y.csv", b"a").fingerprint(&BASELINE),
        store("x.csv", b"b").fingerprint(&BASELINE),
        url("x.csv", 1).fingerprint(&BASELINE),
        url("x.csv", 2).fingerprint(&BASELINE),
    ];
    for (index, other) in others.iter().enumerate() {
        assert!(
            *other != first && !others[..index].contains(other),
            "{index}"
        );
    }
}

#[tokio::test]
async fn the_event_files() {
    let events = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/upload-file");
    #[rustfmt::skip]
    let table = [
        ("baseline", "100000-Sales-Records.csv 288"),
        ("team", "my file (1).csv 83"),
        ("upload-url", "x.csv 12484501"),
        ("empty-file", "refused"),
    ];
    for (case, expected) in table {
        let event = std::fs::read_to_string(format!("{events}/{case}.json")).unwrap();
        let request = lambda_http::request::from_str(&event).unwrap();
        let read = async { of(&content(request).await?) };
        let told = match read.await {
            Ok(file) => format!("{} {}", file.file_name(), file.size()),
            Err(_) => "refused".to_owned(),
        };
        assert_eq!(told, expected, "{case}");
    }
}
