use std::time::Duration;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::read::kind_of;
use super::{NOT_IN_A_PATH, Objects};
use crate::Error;

const STORE: &str = "store an object";

/// The result of storing an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is stored.
    Stored,
    /// The key was written before; a key can be written only once.
    Exists,
}

/// A signed permission to store one object.
#[derive(Clone, Debug)]
pub struct Presigned {
    /// HTTP method.
    pub method: String,
    /// Where to send the bytes.
    pub url: String,
    /// Headers that were signed and must be sent as they are.
    pub headers: Vec<(String, String)>,
    /// The permission ends at this time.
    pub expires_at: Timestamp,
}

impl Objects {
    /// Stores an object under a key that was never written. If two writes of a key meet, S3
    /// refuses one of them for now (`ConditionalRequestConflict`): it is tried once more.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<Put, Error> {
        match self.put_once(key, bytes.clone()).await? {
            Some(put) => Ok(put),
            None => {
                let again = self.put_once(key, bytes).await?;
                let conflict = std::io::Error::other("two writes of one key");
                again.ok_or_else(|| Error::new(STORE, conflict))
            }
        }
    }

    /// `None`: another write of the key is under way.
    async fn put_once(&self, key: &str, bytes: Bytes) -> Result<Option<Put>, Error> {
        let stored = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .if_none_match("*")
            .body(bytes.into())
            .send()
            .await;
        match stored {
            Ok(_) => Ok(Some(Put::Stored)),
            Err(SdkError::ServiceError(refused)) => match refused.err().code() {
                Some("PreconditionFailed") => Ok(Some(Put::Exists)),
                Some("ConditionalRequestConflict") => Ok(None),
                _ => Err(Error::new(STORE, SdkError::ServiceError(refused))),
            },
            Err(error) => Err(Error::new(STORE, error)),
        }
    }

    /// Copies a version of an object to another key, inside the store: whole, or not at all. S3
    /// copies 5 GiB at most in one call, which is the largest file that is taken.
    pub async fn copy(&self, from: &str, version: &str, to: &str) -> Result<(), Error> {
        let path = utf8_percent_encode(from, NOT_IN_A_PATH);
        let version = utf8_percent_encode(version, NON_ALPHANUMERIC);
        let copied = self
            .client
            .copy_object()
            .bucket(&self.bucket)
            .key(to)
            .copy_source(format!("{}/{path}?versionId={version}", self.bucket))
            .send()
            .await;
        match copied {
            Ok(_) => Ok(()),
            Err(error) => Err(Error {
                kind: kind_of(error.code()),
                ..Error::new("copy an object", error)
            }),
        }
    }

    /// Signs a PUT of exactly `size` bytes to a key that was never written.
    pub async fn presign_put(
        &self,
        key: &str,
        size: i64,
        valid: Duration,
    ) -> Result<Presigned, Error> {
        const WHAT: &str = "sign an upload";
        let expires_at =
            to_microseconds(Timestamp::now()) + SignedDuration::try_from(valid).unwrap_or_default();
        let config =
            PresigningConfig::expires_in(valid).map_err(|error| Error::new(WHAT, error))?;
        let signed = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_length(size)
            .if_none_match("*")
            .presigned(config)
            .await
            .map_err(|error| Error::new(WHAT, error))?;
        Ok(Presigned {
            method: signed.method().to_owned(),
            url: signed.uri().to_owned(),
            headers: signed_headers(&signed),
            expires_at,
        })
    }
}

/// The SDK names every header that it would send, the trace of the call in Lambda among them. The
/// signature covers those in its list; of these the client of an HTTP library writes `host` itself.
fn signed_headers(signed: &PresignedRequest) -> Vec<(String, String)> {
    let names = signed_names(signed.uri());
    let covered = |name: &str| name != "host" && names.iter().any(|it| it == name);
    let headers = signed.headers().filter(|(name, _)| covered(name));
    headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The list `X-Amz-SignedHeaders` in the address, as in `content-length%3Bhost`.
fn signed_names(url: &str) -> Vec<String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let list = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="));
    let list = percent_decode_str(list.unwrap_or_default()).decode_utf8_lossy();
    list.split(';').map(str::to_owned).collect()
}

/// Cuts a time to the precision of the times from the database, beside which it is shown.
pub(super) fn to_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

#[cfg(test)]
mod tests;
