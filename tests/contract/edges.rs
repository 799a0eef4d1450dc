//! Bodies at the limits of what is accepted, and beyond them.

use std::io::{Read, Write};
use std::net::TcpStream;

use contracts::http::headers::ON_EVERY_ANSWER;
use serde_json::{Value, json};

use crate::fixture::client::{Answer, User, api_url, ask, form};

const LIST: &str = "/collect/team/";
const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data; boundary=x";

/// Bytes of the largest file that a form takes.
const LARGEST: usize = 4_613_734;

const NONE: &str = r#"{"file":["No file was submitted."]}"#;
const TOO_LARGE: &str = r#"{"detail":"A file of more than 4613734 bytes needs an upload URL: POST {\"filename\": \"x.csv\", \"size\": 12484501} as application/json to this address.","code":"file_too_large"}"#;

#[test]
fn a_file_of_exactly_the_largest_size_is_taken_and_no_larger_one() {
    let user = User::new();
    let file = vec![b'x'; LARGEST + 1];
    let object = user.send(LIST, "x.csv", &file[..LARGEST]).expect(201);
    assert_eq!(object["progress"]["bytes_total"], LARGEST);
    user.send(LIST, "x.csv", &file).is(413, TOO_LARGE);
    user.send(LIST, "x.csv", &[b'x'; 9_000_000])
        .is(413, TOO_LARGE);
    let object = user.send(LIST, "x.csv", b"x").expect(201);
    assert_eq!(object["progress"]["bytes_total"], 1);
}

/// The gateway itself refuses it, before the body is sent.
#[test]
fn a_body_too_large_for_the_gateway_is_refused_with_the_same_code() {
    let user = User::new();
    let (content_type, body) = form("x.csv", &vec![b'x'; 11 << 20]);
    let bearer = format!("Bearer {}", user.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", &content_type),
        ("Expect", "100-continue"),
    ];
    let answer = ask("POST", LIST, &headers, Some(&body)).expect(413);
    assert_eq!(answer["code"], "file_too_large");
    assert!(answer["detail"].as_str().unwrap().contains("upload URL"));
}

/// A body whose length is not stated is refused as well.
#[test]
fn a_body_too_large_for_the_gateway_is_refused_in_chunks_too() {
    let address = api_url();
    let (_, host) = address.split_once("://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST {LIST} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {MULTIPART}\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n", vec![b'x'; 1 << 20].as_slice(), b"\r\n"].concat();
    for _ in 0..10 {
        stream.write_all(&chunk).unwrap();
    }
    // One byte too many, without the end of the body after it.
    stream.write_all(b"1\r\nx\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""code":"file_too_large""#), "{answer}");
    for (name, value) in ON_EVERY_ANSWER {
        let line = format!("{name}: {value}\r\n");
        assert!(answer.contains(&line), "{answer}");
    }
}

#[test]
fn bodies_that_are_no_forms() {
    let user = User::new();
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n";
    let whole = format!("{head}content\r\n--x--\r\n");
    let multipart = |body: &str| post(&user, MULTIPART, body.as_bytes());
    multipart("").is(400, NONE);
    for truncated in [
        head,
        &head[..30],
        &whole[..whole.len() - 8],
        "--x",
        "x",
        "\0\0\0",
    ] {
        is_unreadable(&multipart(truncated), "Multipart form parse error - ");
    }
    for unbounded in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary",
    ] {
        let answer = post(&user, unbounded, whole.as_bytes());
        is_unreadable(&answer, "Multipart form parse error - ");
    }
    assert_eq!(
        user.get("/collect/team/?status=all").expect(200)["count"],
        0
    );
}

#[test]
fn forms_that_are_too_large() {
    let user = User::new();
    let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
    let parts = part.repeat(10_000) + "--x--\r\n";
    is_unreadable(
        &post(&user, MULTIPART, parts.as_bytes()),
        "The form has more than 1000 fields.",
    );
    let long = "a".repeat(1 << 20);
    let named = format!(
        "--x\r\nContent-Disposition: form-data; name=\"{long}\"; filename=\"x.csv\"\r\n\r\nb\r\n--x--\r\n"
    );
    let answer = post(&user, MULTIPART, named.as_bytes());
    assert!(
        answer.status == 400 && answer.body.len() < 1000,
        "{answer:?}"
    );
    let pairs = "a=b&".repeat(10_000);
    let form = "application/x-www-form-urlencoded";
    is_unreadable(
        &post(&user, form, pairs.as_bytes()),
        "The form has more than 1000 fields.",
    );
    let name = format!("{long}=b");
    post(&user, form, name.as_bytes()).is(400, NONE);
}

#[test]
fn json_beyond_its_limits() {
    let user = User::new();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(50_000) + "1" + &close.repeat(50_000);
        is_unreadable(&post(&user, JSON, deep.as_bytes()), "JSON parse error - ");
    }
    // Bytes that are not UTF-8 do not reach the function: the gateway replaces them.
    for broken in [&b"\0"[..], b"{\"size\":1e999999}", b"\xef\xbb\xbf"] {
        is_unreadable(&post(&user, JSON, broken), "JSON parse error - ");
    }
    let nul = json!({"filename": "a\0b.csv", "size": 5});
    user.post_json(LIST, &nul)
        .is(400, r#"{"filename":["Null characters are not allowed."]}"#);
    for size in ["9223372036854775808", "-1", "1.5", "1e3", "[]", "true"] {
        let body = format!(r#"{{"filename":"x.csv","size":{size}}}"#);
        let answer = post(&user, JSON, body.as_bytes());
        assert!(answer.expect(400)["size"].is_array(), "{answer:?}");
    }
}

/// Whatever a file is called, it is stored under a name that cannot lead out of its folder.
#[test]
fn odd_file_names() {
    let user = User::new();
    for (name, stored) in [
        ("..", "upload.csv"),
        ("../..", "upload.csv"),
        ("/etc/passwd", "passwd"),
        ("..%2f..%2fx.csv", "..2f..2fx.csv"),
        ("C:\\teams.csv", "teams.csv"),
        ("???", "upload.csv"),
        ("表格.csv", "%E8%A1%A8%E6%A0%BC.csv"),
        ("a;b='c'.csv", "abc.csv"),
        ("\u{202e}vsc.x", "vsc.x"),
    ] {
        let body = json!({"filename": name, "size": 5});
        is_stored_as(&user.post_json(LIST, &body).expect(201), stored);
        if !name.contains('\\') {
            is_stored_as(&user.send(LIST, name, b"x").expect(201), stored);
        }
    }
    let long = format!("{}.csv", "a".repeat(5_000));
    let stored = format!("{}.csv", "a".repeat(96));
    is_stored_as(&user.send(LIST, &long, b"x").expect(201), &stored);
    let (content_type, body) = form("a\0b.csv", b"x");
    let answer = post(&user, &content_type, &body);
    assert!([201, 400].contains(&answer.status), "{answer:?}");
}

#[track_caller]
fn is_stored_as(object: &Value, name: &str) {
    let file = object["file"].as_str().unwrap();
    let (start, stored) = file.rsplit_once('/').unwrap();
    assert_eq!(stored, name);
    // https://{bucket}/uploads/{dataset}/{uid}
    assert_eq!(start.split('/').count(), 6, "{file}");
}

#[track_caller]
fn is_unreadable(answer: &Answer, start: &str) {
    let body = answer.expect(400);
    assert!(
        body["detail"].as_str().unwrap().starts_with(start),
        "{body}"
    );
}

fn post(user: &User, content_type: &str, body: &[u8]) -> Answer {
    let bearer = format!("Bearer {}", user.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", content_type),
    ];
    ask("POST", LIST, &headers, Some(body))
}
