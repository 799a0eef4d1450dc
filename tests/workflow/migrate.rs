//! The custom resource, called as CloudFormation calls it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use crate::fixture::client::User;
use crate::fixture::events::event;
use crate::fixture::{cloud, sample};

#[test]
fn the_schema_is_brought_up_to_date_again_and_stays_when_the_stack_is_deleted() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(141, 20));
    import.ends("completed");
    for case in ["create", "update", "delete"] {
        let request = event("migrate-database", case);
        let answer = answer_to(request.clone());
        let expected = json!({
            "Status": "SUCCESS",
            "Reason": "The schema is up to date.",
            "PhysicalResourceId": "collect-schema",
            "StackId": request["StackId"],
            "RequestId": request["RequestId"],
            "LogicalResourceId": "Migration",
        });
        assert_eq!(answer, expected, "{case}");
        assert_eq!(import.rows_seen(), 20, "{case}");
    }
}

/// What the function sends to the address in the request.
fn answer_to(mut request: Value) -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    request["ResponseURL"] = json!(format!("http://{address}/answer"));
    let answer = thread::spawn(move || take_one(&listener));
    cloud::invoke("MigrateDatabaseFunction", &request);
    answer.join().unwrap()
}

fn take_one(listener: &TcpListener) -> Value {
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = reader.by_ref().lines().map(|it| it.unwrap());
    assert_eq!(lines.next().unwrap(), "PUT /answer HTTP/1.1");
    let mut length = 0;
    for line in lines.take_while(|it| !it.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap();
        // The address is signed without a content type.
        assert!(!name.eq_ignore_ascii_case("content-type"), "{line}");
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let accepted = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(accepted).unwrap();
    serde_json::from_slice(&body).unwrap()
}
