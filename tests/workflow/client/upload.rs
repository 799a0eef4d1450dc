use serde_json::Value;

use super::{Answer, ask_url};

const BOUNDARY: &str = "a-boundary-that-is-in-no-file";

/// A multipart form with one file, and its content type.
pub fn form(name: &str, file: &[u8]) -> (String, Vec<u8>) {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    let body = [head.as_bytes(), file, tail.as_bytes()].concat();
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// Sends the bytes to where an `upload` object says, with the headers it says.
pub fn put(upload: &Value, file: &[u8]) -> Answer {
    let headers = upload["headers"].as_object().unwrap();
    // The length follows from the body, the host from the URL.
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .filter(|(name, _)| !["content-length", "host"].contains(name))
        .collect();
    let (method, url) = (upload["method"].as_str(), upload["url"].as_str());
    ask_url(method.unwrap(), url.unwrap(), &headers, Some(file))
}
