//! S3: the upload bucket.

mod multipart;
mod read;
mod write;

pub use multipart::{Link, Uploaded, UploadedPart};
pub use read::{Found, ObjectReader};
pub use write::{Presigned, Put};

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Error, SdkConfig};

/// What is percent-encoded in the path of a URL: everything but letters, digits, `/`, `-`, `_` and
/// `.`.
const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// The most versions S3 deletes in one call, and lists in one page.
const BATCH: usize = 1000;

/// The objects of the upload bucket.
#[derive(Clone)]
pub struct Objects {
    client: Client,
    bucket: String,
}

impl Objects {
    /// The objects of this bucket.
    pub fn new(config: &SdkConfig, bucket: String) -> Self {
        // Locally the bucket is a path, not a host name.
        let local = config.endpoint_url().is_some();
        let config = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(local)
            .request_checksum_calculation(
                aws_sdk_s3::config::RequestChecksumCalculation::WhenRequired,
            )
            .build();
        let client = Client::from_conf(config);
        Self { client, bucket }
    }

    /// The object's address: a name rather than a link that opens.
    pub fn url(&self, key: &str) -> String {
        let path = utf8_percent_encode(key, NOT_IN_A_PATH);
        format!("https://{}.s3.amazonaws.com/{path}", self.bucket)
    }

    /// Deletes one version of an object; it is no error if it is gone already.
    pub async fn delete_version(&self, key: &str, version: &str) -> Result<(), Error> {
        self.client
            .delete_object()
            .bucket(&self.bucket)
            .key(key)
            .version_id(version)
            .send()
            .await
            .map_err(|error| Error::new("delete a version of an object", error))?;
        Ok(())
    }

    /// Deletes every version of an object, delete markers included.
    pub async fn delete_all_versions(&self, key: &str) -> Result<(), Error> {
        loop {
            let versions = self.versions(key, |found| found == key).await?;
            if versions.is_empty() {
                return Ok(());
            }
            self.delete_versions(versions).await?;
        }
    }

    /// Deletes every version of all objects whose keys begin with this.
    pub async fn delete_all_below(&self, prefix: &str) -> Result<(), Error> {
        loop {
            let versions = self.versions(prefix, |_| true).await?;
            if versions.is_empty() {
                return Ok(());
            }
            self.delete_versions(versions).await?;
        }
    }

    /// The versions of those objects under a prefix that are wanted, a page of them.
    async fn versions(
        &self,
        prefix: &str,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<ObjectIdentifier>, Error> {
        const WHAT: &str = "list the versions of an object";
        let page = self
            .client
            .list_object_versions()
            .bucket(&self.bucket)
            .prefix(prefix)
            .max_keys(BATCH as i32)
            .send()
            .await
            .map_err(|error| Error::new(WHAT, error))?;
        let versions = page.versions().iter().map(|it| (it.key(), it.version_id()));
        let markers = page.delete_markers().iter();
        let markers = markers.map(|it| (it.key(), it.version_id()));
        versions
            .chain(markers)
            .filter_map(|(key, version)| Some((key?, version)))
            .filter(|(key, _)| wanted(key))
            .map(|(key, version)| identifier(key, version).map_err(|error| Error::new(WHAT, error)))
            .collect()
    }

    async fn delete_versions(&self, versions: Vec<ObjectIdentifier>) -> Result<(), Error> {
        const WHAT: &str = "delete the versions of an object";
        let delete = Delete::builder()
            .set_objects(Some(versions))
            .quiet(true)
            .build()
            .map_err(|error| Error::new(WHAT, error))?;
        let answer = self
            .client
            .delete_objects()
            .bucket(&self.bucket)
            .delete(delete)
            .send()
            .await
            .map_err(|error| Error::new(WHAT, error))?;
        match answer.errors().first() {
            None => Ok(()),
            Some(refused) => {
                let words = refused.message().unwrap_or("refused").to_owned();
                Err(Error::new(WHAT, std::io::Error::other(words)))
            }
        }
    }
}

fn identifier(
    key: &str,
    version: Option<&str>,
) -> Result<ObjectIdentifier, aws_sdk_s3::error::BuildError> {
    ObjectIdentifier::builder()
        .key(key)
        .set_version_id(version.map(str::to_owned))
        .build()
}
