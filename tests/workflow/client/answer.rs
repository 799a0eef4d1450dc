use serde_json::Value;
use ureq::Body;
use ureq::http::{HeaderMap, Response};

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn read(mut response: Response<Body>) -> Self {
        let body = response.body_mut().with_config().limit(100 << 20);
        Self {
            body: body.read_to_string().unwrap(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
        }
    }

    /// Status and body to the letter.
    #[track_caller]
    pub fn is(&self, status: u16, body: &str) {
        assert_eq!((self.status, self.body.as_str()), (status, body));
    }

    /// The body of an answer that has this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }

    /// The body, whatever the status.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().unwrap())
    }
}
