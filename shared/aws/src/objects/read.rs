use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use trial::{Safeguard, is_out};

use super::Objects;
use crate::{Error, ErrorKind};

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
    window: Window,
}

impl ObjectReader {
    /// The next bytes; `None` at the end of the range.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while self.window.left > 0 {
            let bytes = self.stream.try_next().await;
            let Some(bytes) = bytes.map_err(|error| Error::new("read an object", error))? else {
                return Ok(None);
            };
            let bytes = self.window.cut(bytes);
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

/// The part of a stream that was asked for. A server may answer a request for a range with the
/// whole object (RFC 9110, 14.2), and an emulator does so if a version is named.
struct Window {
    skip: u64,
    left: u64,
}

impl Window {
    fn cut(&mut self, mut bytes: Bytes) -> Bytes {
        let skipped = self.skip.min(bytes.len() as u64);
        let _ = bytes.split_to(skipped as usize);
        self.skip -= skipped;
        bytes.truncate(self.left.min(bytes.len() as u64) as usize);
        self.left -= bytes.len() as u64;
        bytes
    }
}

fn pinned(version: &str) -> Option<String> {
    (!is_out(Safeguard::VersionPin)).then(|| version.to_owned())
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
            .set_version_id(pinned(version))
            .range(format!("bytes={start}-{}", end - 1))
            .send()
            .await
            .map_err(|error| Error {
                kind: kind_of(error.code()),
                ..Error::new("open an object", error)
            })?;
        let skip = match answer.content_range() {
            Some(_) => 0,
            None => start.unsigned_abs(),
        };
        let left = end.abs_diff(start);
        Ok(ObjectReader {
            stream: answer.body,
            window: Window { skip, left },
        })
    }
}

pub(super) fn kind_of(code: Option<&str>) -> ErrorKind {
    match code {
        Some("NoSuchKey" | "NoSuchVersion") => ErrorKind::Gone,
        Some("AccessDenied" | "InvalidRange") => ErrorKind::Refused,
        _ => ErrorKind::Passing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_cut_out_of_any_pieces() {
        let whole = b"0123456789";
        for piece in 1..=whole.len() {
            for skip in 0..whole.len() {
                for left in 0..=(whole.len() - skip) {
                    let mut window = Window {
                        skip: skip as u64,
                        left: left as u64,
                    };
                    let cut: Vec<u8> = whole
                        .chunks(piece)
                        .flat_map(|bytes| window.cut(Bytes::copy_from_slice(bytes)))
                        .collect();
                    assert_eq!(cut, &whole[skip..skip + left]);
                }
            }
        }
    }
}
