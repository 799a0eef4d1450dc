//! A function that CloudFormation asks sends its answer to an address in the event.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// Far above what CloudFormation takes.
const BYTES_AT_MOST: u64 = 64 * 1024;

/// Puts an address of this machine into the event, and gives what is sent there.
///
/// # Errors
/// The invocation ended in an error, or without an answer.
pub fn to_cloudformation(
    event: &mut Value,
    invoke: impl FnOnce(&Value) -> Result<Value>,
) -> Result<Value> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    event["ResponseURL"] = json!(format!("http://{}/answer", listener.local_addr()?));
    let (sender, receiver) = mpsc::channel();
    // Not joined: if nothing is sent, it waits until this process ends.
    thread::spawn(move || sender.send(take_one(&listener)));
    invoke(event)?;
    let answer = receiver.try_recv();
    answer.context("the function sent no answer to the ResponseURL")?
}

fn take_one(listener: &TcpListener) -> Result<Value> {
    let (mut stream, _) = listener.accept()?;
    let mut reader = BufReader::new(stream.try_clone()?).take(BYTES_AT_MOST);
    let length = length_in_head(&mut reader)?;
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let answer = serde_json::from_slice(&body).context("the answer is no JSON");
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    answer
}

/// Reads up to the end of the headers.
fn length_in_head(reader: &mut impl std::io::BufRead) -> Result<u64> {
    let mut length = 0;
    for line in reader.lines() {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            if line.is_empty() {
                break;
            }
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().context("content-length")?;
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(event: &Value, body: &str) {
        let address = event["ResponseURL"].as_str().unwrap();
        let answer = ureq::put(address).send(body).unwrap();
        assert_eq!(answer.status(), 200);
    }

    #[test]
    fn the_answer_is_what_was_sent_to_the_address() {
        let mut event = json!({"ResponseURL": "https://example.com/"});
        let invoke = |event: &Value| {
            put(event, r#"{"Status":"SUCCESS"}"#);
            Ok(Value::Null)
        };
        let answer = to_cloudformation(&mut event, invoke).unwrap();
        assert_eq!(answer, json!({"Status": "SUCCESS"}));
    }

    #[test]
    fn an_invocation_without_an_answer_is_an_error() {
        let answer = to_cloudformation(&mut json!({}), |_| Ok(Value::Null));
        assert!(answer.unwrap_err().to_string().contains("no answer"));
    }
}
