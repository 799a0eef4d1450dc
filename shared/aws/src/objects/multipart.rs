//! An object that is uploaded in parts: nothing of it is visible before it is complete.

use std::time::Duration;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::Objects;
use super::write::to_microseconds;
use crate::Error;

/// Uploads are listed and aborted at most this many times: a part that was on its way when its
/// upload was aborted may bring the upload back.
const ROUNDS_AT_MOST: usize = 5;

/// A part that S3 has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedPart {
    /// Counts from 1.
    pub number: i32,
    /// The ETag that S3 gave its content.
    pub etag: String,
}

/// The result of a call about an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uploaded<T> {
    /// It is done.
    Done(T),
    /// There is no such upload (any more), or not with these parts.
    Gone,
}

/// A signed permission to read one object.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where to get it.
    pub url: String,
    /// The permission ends at this time.
    pub expires_at: Timestamp,
}

impl Objects {
    /// Begins an upload in parts; returns its id.
    pub async fn begin_parts(&self, key: &str, content_type: &str) -> Result<String, Error> {
        const WHAT: &str = "begin an upload in parts";
        let begun = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .send()
            .await
            .map_err(|error| Error::new(WHAT, error))?;
        let nameless = || Error::new(WHAT, std::io::Error::other("an upload without an id"));
        begun.upload_id.ok_or_else(nameless)
    }

    /// Stores a part; it replaces an earlier one of this number.
    pub async fn put_part(
        &self,
        key: &str,
        upload_id: &str,
        number: i32,
        bytes: Bytes,
    ) -> Result<Uploaded<UploadedPart>, Error> {
        const WHAT: &str = "store a part";
        let stored = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload_id)
            .part_number(number)
            .body(bytes.into())
            .send()
            .await;
        let nameless = || Error::new(WHAT, std::io::Error::other("a part without an ETag"));
        match stored {
            Ok(answer) => {
                let etag = answer.e_tag.ok_or_else(nameless)?;
                Ok(Uploaded::Done(UploadedPart { number, etag }))
            }
            Err(error) if is_gone(&error) => Ok(Uploaded::Gone),
            Err(error) => Err(Error::new(WHAT, error)),
        }
    }

    /// Joins these parts, in their order, to the object.
    pub async fn join_parts(
        &self,
        key: &str,
        upload_id: &str,
        parts: Vec<UploadedPart>,
    ) -> Result<Uploaded<()>, Error> {
        let part = |it: UploadedPart| {
            let part = CompletedPart::builder().part_number(it.number);
            part.e_tag(it.etag).build()
        };
        let parts = parts.into_iter().map(part).collect();
        let whole = CompletedMultipartUpload::builder().set_parts(Some(parts));
        let joined = self
            .client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload_id)
            .multipart_upload(whole.build())
            .send()
            .await;
        match joined {
            Ok(_) => Ok(Uploaded::Done(())),
            Err(error) if is_gone(&error) => Ok(Uploaded::Gone),
            Err(error) => Err(Error::new("join the parts of an object", error)),
        }
    }

    /// Aborts every upload to this key, which removes its parts.
    ///
    /// # Errors
    /// Also if uploads keep coming back: a writer is still at work.
    pub async fn abort_uploads(&self, key: &str) -> Result<(), Error> {
        self.abort_uploads_of(key, |found| found == key).await
    }

    /// Aborts every upload to the keys that begin with this.
    ///
    /// # Errors
    /// As [`abort_uploads`](Self::abort_uploads).
    pub async fn abort_uploads_below(&self, prefix: &str) -> Result<(), Error> {
        self.abort_uploads_of(prefix, |_| true).await
    }

    async fn abort_uploads_of(
        &self,
        prefix: &str,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        for _ in 0..ROUNDS_AT_MOST {
            let uploads = self.uploads(prefix, &wanted).await?;
            if uploads.is_empty() {
                return Ok(());
            }
            for (key, upload_id) in &uploads {
                self.abort_upload(key, upload_id).await?;
            }
        }
        let busy = std::io::Error::other("an upload that comes back");
        Err(Error::new("abort the uploads of an object", busy))
    }

    /// Aborts one upload; it is no error if it is gone already.
    pub async fn abort_upload(&self, key: &str, upload_id: &str) -> Result<(), Error> {
        let aborted = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload_id)
            .send()
            .await;
        match aborted {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(Error::new("abort an upload in parts", error)),
        }
    }

    /// Keys and ids of uploads.
    async fn uploads(
        &self,
        prefix: &str,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, String)>, Error> {
        let listed = self
            .client
            .list_multipart_uploads()
            .bucket(&self.bucket)
            .prefix(prefix)
            .send()
            .await
            .map_err(|error| Error::new("list the uploads of an object", error))?;
        let uploads = listed.uploads().iter();
        let named = uploads.filter_map(|it| Some((it.key()?, it.upload_id()?)));
        let these = named.filter(|(key, _)| wanted(key));
        Ok(these
            .map(|(key, id)| (key.to_owned(), id.to_owned()))
            .collect())
    }

    /// Signs a GET of an object, which the client saves under this name.
    pub async fn presign_get(
        &self,
        key: &str,
        file_name: &str,
        valid: Duration,
    ) -> Result<Link, Error> {
        const WHAT: &str = "sign a download";
        let valid_for = SignedDuration::try_from(valid).unwrap_or_default();
        let expires_at = to_microseconds(Timestamp::now()) + valid_for;
        let config =
            PresigningConfig::expires_in(valid).map_err(|error| Error::new(WHAT, error))?;
        let signed = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{file_name}\""))
            .presigned(config)
            .await
            .map_err(|error| Error::new(WHAT, error))?;
        Ok(Link {
            url: signed.uri().to_owned(),
            expires_at,
        })
    }
}

fn is_gone<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    matches!(
        error.code(),
        Some("NoSuchUpload" | "InvalidPart" | "InvalidPartOrder")
    )
}
