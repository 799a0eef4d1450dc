//! `POST /collect/datasets/infer/` and `…/validate/`: a look at a sample. Neither stores anything.

use bytes::Bytes;
use contracts::http::datasets::InferredDeclaration;
use domain::infer::{self, NotInferred};
use domain::limits::{FILE_IN_BODY_BYTES_AT_MOST, FORM_BYTES_AT_MOST};
use domain::reading::{BadValue, Part, ReadingRequest};
use domain::reason::Reason;
use lambda::http::body::{self, Content, Field, Fields};
use lambda::http::words::{EMPTY_FILE, NO_FILE, NOT_A_FILE, REQUIRED};
use lambda::http::{FieldErrors, Refusal, Request, Response, query, respond};

use crate::document;
use crate::rehearsal;
use crate::text::Text;

/// Answers with a declaration that takes the sample.
pub async fn infer(request: Request) -> Result<Response, Refusal> {
    let sample = sample(request).await?;
    let text = Text::of(&sample, None).map_err(unreadable)?;
    let inferred = infer::infer(&text.bytes, text.whole).map_err(|error| match error {
        NotInferred::File(reason) => unreadable(reason),
        NotInferred::Declaration(problems) => document::refused(problems),
    })?;
    let bytes_looked_at = i64::try_from(text.bytes.len())?;
    let answer = InferredDeclaration {
        declaration: inferred.declaration.to_json(),
        doubts: inferred.doubts,
        bytes_looked_at,
    };
    Ok(respond::json(200, &answer))
}

/// Answers with what an import of the sample would say.
pub async fn validate(request: Request) -> Result<Response, Refusal> {
    let said = said(&request)?;
    if body::len(&request) > FILE_IN_BODY_BYTES_AT_MOST + FORM_BYTES_AT_MOST {
        return Err(too_large());
    }
    let content = body::read(request).await?;
    let fields = content.fields()?;
    let sample = file(fields)?;
    let declaration = match fields.get("declaration") {
        None => return Err(Refusal::Fields(FieldErrors::one("declaration", REQUIRED))),
        Some(Field::Text(text)) => document::parse(text.as_bytes())?,
        Some(Field::File(file)) => document::parse(&file.bytes)?,
        Some(Field::Json(_)) => return Err(about_file(NOT_A_FILE)),
    };
    let answer = rehearsal::import(&sample, &declaration, &said).map_err(bad_values)?;
    Ok(respond::json(200, &answer))
}

/// The sample: the field `file` of a form, or the whole of a body that is CSV.
async fn sample(request: Request) -> Result<Bytes, Refusal> {
    if body::len(&request) > FILE_IN_BODY_BYTES_AT_MOST + FORM_BYTES_AT_MOST {
        return Err(too_large());
    }
    if body::essence(&body::media_type(&request)) == "text/csv" {
        let bytes = body::bytes(request);
        return of_right_size(bytes);
    }
    match body::read(request).await? {
        Content::Json(_) => Err(about_file(NO_FILE)),
        form => file(form.fields()?),
    }
}

fn file(fields: Fields<'_>) -> Result<Bytes, Refusal> {
    match fields.get("file") {
        None => Err(about_file(NO_FILE)),
        Some(Field::File(file)) => of_right_size(file.bytes.clone()),
        Some(_) => Err(about_file(NOT_A_FILE)),
    }
}

fn of_right_size(sample: Bytes) -> Result<Bytes, Refusal> {
    if sample.is_empty() {
        return Err(about_file(EMPTY_FILE));
    }
    if sample.len() > FILE_IN_BODY_BYTES_AT_MOST {
        return Err(too_large());
    }
    Ok(sample)
}

/// What the query says of the reading, as with an upload.
fn said(request: &Request) -> Result<ReadingRequest, Refusal> {
    let parts = Part::ALL.map(|part| {
        let value = query::last(request, part.name());
        value.map(|value| (part.name(), value))
    });
    let said: Vec<(&str, String)> = parts.into_iter().flatten().collect();
    let said = said.iter().map(|(name, value)| (*name, value.as_str()));
    ReadingRequest::parse(said).map_err(bad_values)
}

fn bad_values(bad: Vec<BadValue>) -> Refusal {
    let mut errors = FieldErrors::default();
    for BadValue { name, message } in bad {
        errors.add(name, vec![message]);
    }
    Refusal::Fields(errors)
}

/// 400: no declaration can be made of it, for the reason that an import of it would have.
fn unreadable(reason: Reason) -> Refusal {
    let (code, detail) = (reason.code(), reason.to_string());
    Refusal::Coded {
        status: 400,
        code,
        detail,
    }
}

fn about_file(message: &'static str) -> Refusal {
    Refusal::Fields(FieldErrors::one("file", message))
}

fn too_large() -> Refusal {
    Refusal::Coded {
        status: 413,
        code: "sample_too_large",
        detail: format!(
            "A sample may have at most {FILE_IN_BODY_BYTES_AT_MOST} bytes. Send the beginning of \
             the file: head -c 1000000 x.csv"
        ),
    }
}

#[cfg(test)]
mod tests {
    use lambda::http::Body;

    use super::*;

    fn csv(body: impl Into<Body>) -> Request {
        let mut request = Request::new(body.into());
        let media_type = "Text/CSV; charset=utf-8".parse().unwrap();
        request.headers_mut().insert("content-type", media_type);
        request
    }

    async fn refused(request: Request) -> String {
        let response = sample(request).await.unwrap_err().into_response();
        let body = String::from_utf8_lossy(response.body()).into_owned();
        format!("{} {body}", response.status().as_u16())
    }

    #[tokio::test]
    async fn a_body_of_csv_is_a_sample() {
        let taken = sample(csv(b"a,b\n1,\xe9\n".to_vec())).await.unwrap();
        assert_eq!(&taken[..], b"a,b\n1,\xe9\n");
    }

    #[tokio::test]
    async fn a_sample_has_some_bytes_and_not_too_many() {
        let empty = format!(r#"400 {{"file":["{EMPTY_FILE}"]}}"#);
        assert_eq!(refused(csv("")).await, empty);
        let none = format!(r#"400 {{"file":["{NO_FILE}"]}}"#);
        assert_eq!(refused(Request::default()).await, none);
        let large = csv(vec![b'x'; FILE_IN_BODY_BYTES_AT_MOST + 1]);
        assert!(refused(large).await.starts_with("413 "));
    }
}
