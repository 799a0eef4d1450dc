//! AWS Signature Version 4, as far as these tests need it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

const BLOCK: usize = 64;

/// The identity that signs a request.
#[derive(Clone)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: String,
    /// Only the credentials of a role have one.
    pub session_token: Option<String>,
}

/// A request to be signed.
pub struct Signed<'a> {
    pub service: &'a str,
    pub method: &'a str,
    /// It has only characters that need no encoding.
    pub path: &'a str,
    /// Sorted by name.
    pub query: &'a [(&'a str, &'a str)],
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// Path and query.
    pub fn target(&self) -> String {
        match self.query {
            [] => self.path.to_owned(),
            _ => format!("{}?{}", self.path, self.query_string()),
        }
    }

    /// The headers that make the request a signed one.
    pub fn headers(&self, by: &Credentials, host: &str, region: &str) -> Vec<(String, String)> {
        let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        headers.push(("host".into(), host.into()));
        headers.push(("x-amz-content-sha256".into(), hex(&sha256(self.body))));
        headers.push(("x-amz-date".into(), time.clone()));
        let token = by.session_token.clone();
        headers.extend(token.map(|it| ("x-amz-security-token".into(), it)));
        headers.sort();
        let authorization = self.authorization(by, &headers, &time, region);
        headers.push(("authorization".into(), authorization));
        headers
    }

    fn authorization(
        &self,
        by: &Credentials,
        headers: &[(String, String)],
        time: &str,
        region: &str,
    ) -> String {
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let scope = format!("{}/{region}/{}/aws4_request", &time[..8], self.service);
        let request = hex(&sha256(self.canonical(headers, &names).as_bytes()));
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{request}");
        let mut key = format!("AWS4{}", by.secret_key).into_bytes();
        for part in scope.split('/') {
            key = hmac(&key, part.as_bytes());
        }
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
            by.access_key,
            hex(&hmac(&key, text.as_bytes()))
        )
    }

    fn canonical(&self, headers: &[(String, String)], names: &str) -> String {
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        let (method, path, query) = (self.method, self.path, self.query_string());
        let body = hex(&sha256(self.body));
        format!("{method}\n{path}\n{query}\n{lines}\n{names}\n{body}")
    }

    fn query_string(&self) -> String {
        let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
        self.query.iter().map(pair).collect::<Vec<_>>().join("&")
    }
}

fn encoded(text: &str) -> String {
    let byte = |it: u8| match it {
        b'-' | b'_' | b'.' | b'~' => char::from(it).to_string(),
        _ if it.is_ascii_alphanumeric() => char::from(it).to_string(),
        _ => format!("%{it:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

fn hmac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    assert!(key.len() <= BLOCK, "a longer key would be hashed first");
    let padded = |pad: u8| -> Vec<u8> {
        let byte = |index| key.get(index).copied().unwrap_or(0) ^ pad;
        (0..BLOCK).map(byte).collect()
    };
    let inner = sha256(&[padded(0x36), bytes.to_vec()].concat());
    sha256(&[padded(0x5c), inner].concat())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
