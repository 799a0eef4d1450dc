use super::*;

const MULTIPART: &str = "multipart/form-data; boundary=XX";

async fn sent(media_type: &str, body: impl Into<Body>) -> Result<Content, Refusal> {
    let mut request = Request::new(body.into());
    if !media_type.is_empty() {
        let value = media_type.parse().unwrap();
        request.headers_mut().insert(CONTENT_TYPE, value);
    }
    read(request).await
}

async fn form(media_type: &str, body: impl Into<Body>) -> Vec<(String, FormPart)> {
    match sent(media_type, body).await.unwrap() {
        Content::Form(parts) => parts,
        Content::Json(value) => panic!("{value}"),
    }
}

async fn refused(media_type: &str, body: impl Into<Body>) -> String {
    let response = sent(media_type, body).await.unwrap_err().into_response();
    let words = String::from_utf8_lossy(response.body()).into_owned();
    format!("{} {words}", response.status().as_u16())
}

fn pair(name: &str, value: &str) -> (String, FormPart) {
    (name.into(), FormPart::Text(value.into()))
}

fn text_part(name: &str, value: &str) -> String {
    format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn file_part(name: &str, file_name: &str, value: &str) -> String {
    format!(
        "--XX\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
         Content-Type: text/csv\r\n\r\n{value}\r\n"
    )
}

fn file(name: &str, value: &str) -> File {
    let bytes = Bytes::copy_from_slice(value.as_bytes());
    let name = name.to_owned();
    File { name, bytes }
}

#[tokio::test]
async fn urlencoded_forms() {
    #[rustfmt::skip]
    let table = [
        ("a=1&&b=2&", vec![pair("a", "1"), pair("b", "2")]),
        ("a", vec![pair("a", "")]),
        ("=x", vec![pair("", "x")]),
        ("a=b=c", vec![pair("a", "b=c")]),
        ("a+b=c+%2B+d", vec![pair("a b", "c + d")]),
        ("n=%C3%A9%zz%", vec![pair("n", "é%zz%")]),
        ("n=%FF%00", vec![pair("n", "\u{fffd}\0")]),
        ("a=1&a=2", vec![pair("a", "1"), pair("a", "2")]),
    ];
    for (body, expected) in table {
        let parts = form("application/x-www-form-urlencoded; charset=utf-8", body).await;
        assert_eq!(parts, expected, "{body}");
    }
}

#[tokio::test]
async fn multipart_forms() {
    let body = [
        text_part("a", "1"),
        file_part("file", "x.csv", "a,b\r\n1,2\r\n"),
        file_part("left empty", "", ""),
        "--XX--\r\n".to_owned(),
    ]
    .concat();
    let expected = vec![
        pair("a", "1"),
        (
            "file".to_owned(),
            FormPart::File(file("x.csv", "a,b\r\n1,2\r\n")),
        ),
        pair("left empty", ""),
    ];
    assert_eq!(form(MULTIPART, body.clone().into_bytes()).await, expected);
    assert_eq!(
        form("Multipart/Form-Data; boundary=\"XX\"", body).await,
        expected
    );
}

#[tokio::test]
async fn an_empty_body_is_an_empty_form() {
    for media_type in ["", "text/plain", "application/json", MULTIPART] {
        assert_eq!(form(media_type, Body::Empty).await, []);
        assert_eq!(form(media_type, "").await, []);
    }
}

#[tokio::test]
async fn bodies_that_are_not_what_they_say() {
    let deep = "[".repeat(100_000);
    let truncated = file_part("file", "x.csv", "a,b");
    let long_name = text_part(&"n".repeat(100_000), "1");
    let many = "a=1&".repeat(1001);
    let form = "application/x-www-form-urlencoded";
    #[rustfmt::skip]
    let table = [
        ("text/plain", "x", r#"415 {"detail":"Unsupported media type \"text/plain\" in request."}"#),
        ("", "x", r#"415 {"detail":"Unsupported media type \"\" in request."}"#),
        ("application/jsonx", "{}", r#"415 {"detail":"Unsupported media type \"application/jsonx\" in request."}"#),
        ("application/json", "{", r#"400 {"detail":"JSON parse error - "#),
        ("application/json", "{\"a\":\"\0\"}", r#"400 {"detail":"JSON parse error - "#),
        ("application/json", &deep, r#"400 {"detail":"JSON parse error - "#),
        ("multipart/form-data", "x", r#"400 {"detail":"Multipart form parse error - "#),
        (MULTIPART, "no parts", r#"400 {"detail":"Multipart form parse error - "#),
        (MULTIPART, "--XX\r\n", r#"400 {"detail":"Multipart form parse error - "#),
        (MULTIPART, &truncated, r#"400 {"detail":"Multipart form parse error - "#),
        (MULTIPART, &long_name, r#"400 {"detail":"Multipart form parse error - "#),
        (form, &many, r#"400 {"detail":"The form has more than 1000 fields."}"#),
    ];
    for (media_type, body, expected) in table {
        let told = refused(media_type, body.to_owned()).await;
        assert!(told.starts_with(expected), "{media_type}: {told}");
        assert!(told.len() < 500, "{media_type}: {} bytes", told.len());
    }
}

#[tokio::test]
async fn json_that_is_no_object_has_no_fields() {
    #[rustfmt::skip]
    let table = [
        ("[]", r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#),
        ("\"a\"", r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}"#),
        ("1", r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}"#),
        ("1.5", r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got float."]}"#),
        ("true", r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got bool."]}"#),
        ("null", r#"{"non_field_errors":["No data provided"]}"#),
    ];
    for (body, expected) in table {
        let content = sent("application/json", body).await.unwrap();
        let response = content.fields().unwrap_err().into_response();
        assert_eq!(response.status(), 400);
        assert_eq!(String::from_utf8_lossy(response.body()), expected);
    }
}

#[tokio::test]
async fn the_last_of_several_counts_and_files_before_text() {
    let body = [
        file_part("file", "1.csv", "1"),
        file_part("file", "2.csv", "2"),
        text_part("file", "text"),
        text_part("a", "1"),
        text_part("a", "2"),
        "--XX--".to_owned(),
    ]
    .concat();
    let content = sent(MULTIPART, body).await.unwrap();
    let fields = content.fields().unwrap();
    let second = file("2.csv", "2");
    assert_eq!(fields.get("file"), Some(Field::File(&second)));
    assert_eq!(fields.get("a"), Some(Field::Text("2")));
    assert_eq!(fields.get("b"), None);
}
