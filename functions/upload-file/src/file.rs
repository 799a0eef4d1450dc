//! What the body asks for: to store the file that is in it, or a URL to send the file to.

use bytes::Bytes;
use domain::dataset::Dataset;
use domain::limits::{FILE_BYTES_AT_MOST, FILE_IN_BODY_BYTES_AT_MOST, FORM_BYTES_AT_MOST};
use lambda::http::body::{self, Content, Field, Fields};
use lambda::http::words::{EMPTY_FILE, NO_FILE, NOT_A_FILE, NOT_AN_INTEGER, NOT_NULL, REQUIRED};
use lambda::http::{FieldErrors, Refusal, Request, fields};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What an upload request asks for.
#[derive(Debug, PartialEq)]
pub enum UploadedFile {
    /// In the body: it is stored at once.
    Sent {
        /// The file's name as the client sent it.
        name: String,
        /// The whole file.
        bytes: Bytes,
    },
    /// Answer with a URL to send a file to.
    Announced {
        /// The file's name as the client sent it.
        name: String,
        /// Bytes that will be sent.
        size: i64,
    },
}

impl UploadedFile {
    /// The file's name as the client sent it.
    pub fn file_name(&self) -> &str {
        match self {
            UploadedFile::Sent { name, .. } | UploadedFile::Announced { name, .. } => name,
        }
    }

    /// Bytes of the object.
    pub fn size(&self) -> i64 {
        match self {
            UploadedFile::Sent { bytes, .. } => i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            UploadedFile::Announced { size, .. } => *size,
        }
    }

    /// A digest over everything the request asks: only equal requests have equal digests.
    pub fn fingerprint(&self, dataset: &Dataset) -> Vec<u8> {
        let (kind, content): (&str, &[u8]) = match self {
            UploadedFile::Sent { bytes, .. } => ("store", bytes),
            UploadedFile::Announced { .. } => ("url", &[]),
        };
        let mut digest = Sha256::new();
        for text in [dataset.name.as_str(), kind, self.file_name()] {
            // Each text has its length before it, so no text can be taken for a part of the next.
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
        digest.update(self.size().to_le_bytes());
        digest.update(content);
        digest.finalize().to_vec()
    }
}

/// Reads the body.
///
/// # Errors
/// 400 if it cannot be read, 413 if it is too large, 415 for a media type that is not read.
pub async fn content(request: Request) -> Result<Content, Refusal> {
    if body::len(&request) > FILE_IN_BODY_BYTES_AT_MOST + FORM_BYTES_AT_MOST {
        return Err(too_large());
    }
    body::read(request).await
}

/// The file that the body has or announces.
///
/// # Errors
/// 400 if it has no usable file or request, 413 if the file is too large.
pub fn of(content: &Content) -> Result<UploadedFile, Refusal> {
    let fields = content.fields()?;
    match (fields.get("file"), content) {
        (Some(Field::File(file)), _) if file.bytes.is_empty() => Err(about_file(EMPTY_FILE)),
        (Some(Field::File(file)), _) if file.bytes.len() > FILE_IN_BODY_BYTES_AT_MOST => {
            Err(too_large())
        }
        (Some(Field::File(file)), _) => Ok(UploadedFile::Sent {
            name: file.name.clone(),
            bytes: file.bytes.clone(),
        }),
        (Some(Field::Json(Value::Null)), _) => Err(about_file(NOT_NULL)),
        (Some(_), _) => Err(about_file(NOT_A_FILE)),
        (None, Content::Json(_)) => announced(fields),
        (None, Content::Form(_)) => Err(about_file(NO_FILE)),
    }
}

fn announced(fields: Fields<'_>) -> Result<UploadedFile, Refusal> {
    if fields.get("filename").is_none() && fields.get("size").is_none() {
        return Err(about_file(NO_FILE));
    }
    let name = fields::required(fields, "filename").and_then(fields::without_nul);
    let size = size(fields.get("size"));
    let mut errors = FieldErrors::default();
    let message = |it: &str| vec![it.to_owned()];
    errors.add(
        "filename",
        name.as_ref().err().map_or(vec![], |it| message(it)),
    );
    errors.add("size", size.as_ref().err().map_or(vec![], |it| message(it)));
    let (name, size) = errors.or((name.unwrap_or_default(), size.unwrap_or_default()))?;
    if size > FILE_BYTES_AT_MOST {
        return Err(use_multipart());
    }
    Ok(UploadedFile::Announced { name, size })
}

fn size(field: Option<Field<'_>>) -> Result<i64, &'static str> {
    let size = match field {
        None => return Err(REQUIRED),
        Some(Field::Json(Value::Null)) => return Err(NOT_NULL),
        Some(Field::Json(Value::Number(number))) => number.as_i64().ok_or(NOT_AN_INTEGER)?,
        Some(Field::Json(Value::String(text))) => {
            text.trim().parse().map_err(|_| NOT_AN_INTEGER)?
        }
        Some(_) => return Err(NOT_AN_INTEGER),
    };
    if size < 1 {
        return Err("Ensure this value is greater than or equal to 1.");
    }
    Ok(size)
}

fn about_file(message: &'static str) -> Refusal {
    Refusal::Fields(FieldErrors::one("file", message))
}

fn too_large() -> Refusal {
    Refusal::Coded {
        status: 413,
        code: "file_too_large",
        detail: format!(
            "A file of more than {FILE_IN_BODY_BYTES_AT_MOST} bytes needs an upload URL: POST \
             {{\"filename\": \"x.csv\", \"size\": 12484501}} as application/json to this address."
        ),
    }
}

fn use_multipart() -> Refusal {
    Refusal::Coded {
        status: 400,
        code: "use_multipart",
        detail: format!("An upload URL takes at most {FILE_BYTES_AT_MOST} bytes."),
    }
}

#[cfg(test)]
mod tests;
