use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use super::Objects;
use crate::Error;

/// The newest version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its version.
    pub version: String,
    /// Its bytes.
    pub size: i64,
}

/// The bytes of a range, as they come from the network.
pub struct ObjectReader {
    stream: ByteStream,
}

impl ObjectReader {
    /// The next bytes; none at the end of the range.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        self.stream
            .try_next()
            .await
            .map_err(|error| Error::new("read an object", error))
    }
}

impl Objects {
    /// The newest version of the object, if there is one.
    pub async fn find(&self, key: &str) -> Result<Option<Found>, Error> {
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        match head {
            Ok(head) => Ok(Some(Found {
                version: head.version_id().unwrap_or("null").to_owned(),
                size: head.content_length().unwrap_or(0),
            })),
            Err(SdkError::ServiceError(refused))
                if matches!(refused.err(), HeadObjectError::NotFound(_)) =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::new("look for an object", error)),
        }
    }

    /// Opens bytes `start..end` of a version.
    pub async fn read(
        &self,
        key: &str,
        version: &str,
        start: i64,
        end: i64,
    ) -> Result<ObjectReader, Error> {
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .version_id(version)
            .range(format!("bytes={start}-{}", end - 1))
            .send()
            .await
            .map_err(|error| {
                let gone = matches!(error.code(), Some("NoSuchKey" | "NoSuchVersion"));
                Error {
                    gone,
                    ..Error::new("open an object", error)
                }
            })?;
        Ok(ObjectReader {
            stream: answer.body,
        })
    }
}
