//! A case of the table: a request, its whole answer, and how that compares with the original's.

use super::stage::State;

/// One case.
pub struct Case {
    pub name: &'static str,
    pub request: Request,
    pub status: u16,
    /// The exact text, with placeholders for what varies.
    pub answer: String,
    /// Headers of the answer, besides those that every answer with its status has.
    pub headers: Vec<(&'static str, &'static str)>,
    pub origin: Origin,
}

/// Where an answer comes from.
pub enum Origin {
    Original,
    /// The original answers something else, for this reason or in this way.
    Deviates(&'static str),
    /// The original has no such request.
    Added,
}

/// A request, and the user who sends it.
pub struct Request {
    pub method: &'static str,
    pub path: &'static str,
    pub by: State,
    /// Instead of the user's access token.
    pub authorization: Option<&'static str>,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Body,
}

pub enum Body {
    None,
    /// The content type, if one is sent, and the text.
    Text(Option<&'static str>, &'static str),
    Multipart(Vec<FormPart>),
}

/// A part of a multipart form.
#[derive(Clone, Copy)]
pub enum FormPart {
    Text(&'static str, &'static str),
    /// Field, file name, content.
    File(&'static str, &'static str, &'static str),
}

pub const JSON: &str = "application/json";
pub const FORM: &str = "application/x-www-form-urlencoded";

impl Case {
    pub fn new(
        name: &'static str,
        request: Request,
        status: u16,
        answer: impl Into<String>,
    ) -> Self {
        Self {
            name,
            request,
            status,
            answer: answer.into(),
            headers: Vec::new(),
            origin: Origin::Original,
        }
    }

    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Without the answer's body, as HEAD is answered.
    pub fn empty(self) -> Self {
        let answer = String::new();
        Self { answer, ..self }
    }

    pub fn deviates(self, how: &'static str) -> Self {
        let origin = Origin::Deviates(how);
        Self { origin, ..self }
    }

    pub fn added(self) -> Self {
        let origin = Origin::Added;
        Self { origin, ..self }
    }
}

impl Request {
    pub fn new(method: &'static str, path: &'static str) -> Self {
        Self {
            method,
            path,
            by: State::NoToken,
            authorization: None,
            headers: Vec::new(),
            body: Body::None,
        }
    }

    pub fn by(self, by: State) -> Self {
        Self { by, ..self }
    }

    pub fn authorization(self, value: &'static str) -> Self {
        let authorization = Some(value);
        Self {
            authorization,
            ..self
        }
    }

    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub fn json(self, text: &'static str) -> Self {
        self.text(Some(JSON), text)
    }

    pub fn form(self, text: &'static str) -> Self {
        self.text(Some(FORM), text)
    }

    pub fn text(self, content_type: Option<&'static str>, text: &'static str) -> Self {
        let body = Body::Text(content_type, text);
        Self { body, ..self }
    }

    pub fn multipart(self, parts: &[FormPart]) -> Self {
        let body = Body::Multipart(parts.to_vec());
        Self { body, ..self }
    }

    /// One file in the field `file`.
    pub fn file(self, name: &'static str, content: &'static str) -> Self {
        self.multipart(&[FormPart::File("file", name, content)])
    }
}

pub fn get(path: &'static str) -> Request {
    Request::new("GET", path)
}

pub fn post(path: &'static str) -> Request {
    Request::new("POST", path)
}
