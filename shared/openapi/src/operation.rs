//! A request that can be sent.

use contracts::http::routes::Route;
use serde_json::{Map, Value};

use crate::parameters::{Group, Parameter};

/// Answers that were seen, by request and status: `GET /collect/data/ 200`.
pub type Examples = Map<String, Value>;

/// A request that can be sent: a method of a route.
pub struct Operation {
    /// Where it is sent.
    pub route: Route,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Names it, for programs that are made of the description.
    pub id: &'static str,
    /// What it is sent for: a sentence without a subject.
    pub to: &'static str,
    /// What its query takes.
    pub query: &'static [Group],
    /// Headers that it takes, besides the token.
    pub headers: &'static [Parameter],
    /// What its body is.
    pub body: Body,
    /// The statuses below 400, and what comes with each.
    pub answers: &'static [(u16, Answer)],
    /// The statuses from 400 on that are its own: those of every request are not listed.
    pub refusals: &'static [u16],
}

/// The body of a request.
#[derive(Clone, Copy)]
pub enum Body {
    /// None.
    None,
    /// Fields, as JSON, an urlencoded form or a multipart form.
    Fields(&'static [Group]),
    /// As [`Body::Fields`], and nothing at all is taken too.
    MayBeFields(&'static [Group]),
    /// Fields of which `file` comes in a multipart form, and the others in JSON as well.
    Upload(&'static [Group]),
    /// Fields of a multipart form.
    Form(&'static [Group]),
    /// As [`Body::Form`], or the file alone.
    FormOrFile(&'static [Group]),
    /// The declaration of a dataset, as JSON.
    Declaration,
}

/// The body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None.
    Nothing,
    /// The object of this name.
    Object(&'static str),
    /// An object of one of these names.
    AnyOf(&'static [&'static str]),
    /// An object without a field.
    Empty,
    /// A page of objects of this name.
    Page(&'static str),
    /// A page of objects, each of one of these names.
    PageOfAny(&'static [&'static str]),
    /// A CSV file.
    Csv,
    /// The columns of a dataset, and its declaration.
    Columns,
    /// A page for people.
    Html,
    /// This description.
    Description,
}

impl Operation {
    /// Method and path, as they are written.
    #[must_use]
    pub fn request(&self) -> String {
        format!("{} {}", self.method, self.route.written())
    }

    /// Every status that it may be answered with.
    #[must_use]
    pub fn statuses(&self) -> Vec<u16> {
        // 403: the API key may not do it.
        let signed_in: &[u16] = if self.route.is_open() {
            &[]
        } else {
            &[401, 403]
        };
        let answers = self.answers.iter().map(|it| it.0);
        let mut all: Vec<u16> = answers.collect();
        // 429: of the gateway itself. 503: whatever needs the database may have to do without it.
        let away: &[u16] = match self.route.function(self.method) {
            "auth" | "console" | "describe-api" => &[],
            _ => &[503],
        };
        all.extend([signed_in, self.refusals, away, &[429, 500, 504]].concat());
        all.sort_unstable();
        all.dedup();
        all
    }
}
