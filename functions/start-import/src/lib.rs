//! An object has arrived: pin its version and start the import.

use std::sync::Arc;

use aws::objects::Objects;
use conduct::Conductor;
use contracts::workflow::{CreatedObject, ObjectCreated};
use lambda::{Failure, Role, settings};
use percent_encoding::percent_decode_str;
use postgres::Database;
use postgres::imports::{Pinned, by_uid, pin};
use uuid::Uuid;

/// Starts imports whose objects have arrived.
pub struct StartImport {
    database: Arc<Database>,
    conductor: Conductor,
    objects: Objects,
}

impl StartImport {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("start-import", Role::Maker, &config).await?);
        Ok(Self {
            conductor: Conductor::from_environment(&config, database.clone())?,
            objects: Objects::new(&config, settings::required("UPLOAD_BUCKET")?),
            database,
        })
    }

    /// Handles one event. Events may come more than once and out of order. An event for the pinned
    /// version is a duplicate; any other version of an import's object is unwanted and is deleted. So
    /// is an object of no import: an import is written before its object can be, so this one was
    /// forgotten since, with the account of its owner, while a slow upload went on.
    pub async fn start(&self, event: ObjectCreated) -> Result<(), Failure> {
        let object = event.detail.object;
        let Some(uid) = uid_of(&object.key) else {
            tracing::warn!(key = object.key, "an object that is no upload");
            return Ok(());
        };
        let key = decoded(&object.key);
        let Some((version, size)) = self.version_of(&key, &object).await? else {
            tracing::warn!(import = %uid, "an object that is gone");
            return Ok(());
        };
        match self.pin(uid, &key, &version, size).await? {
            Pinned::Now(_) | Pinned::Before(_) => Ok(self.conductor.advance(uid).await?),
            Pinned::Unknown => {
                tracing::warn!(import = %uid, "an object of no import");
                Ok(self.objects.delete_version(&key, &version).await?)
            }
            Pinned::Unwanted(import) => {
                tracing::warn!(import = %uid, state = %import.state, "an unwanted version of an object");
                Ok(self.objects.delete_version(&key, &version).await?)
            }
        }
    }

    /// A version and its size in bytes. An event without a version stands for what is under the key
    /// now, and that may be another object than the one whose size the event says.
    async fn version_of(
        &self,
        key: &str,
        object: &CreatedObject,
    ) -> Result<Option<(String, i64)>, Failure> {
        if let Some(version) = &object.version {
            return Ok(Some((version.clone(), object.size)));
        }
        let found = self.objects.find(key).await?;
        Ok(found.map(|found| (found.version, found.size)))
    }

    async fn pin(&self, uid: Uuid, key: &str, version: &str, size: i64) -> Result<Pinned, Failure> {
        self.database
            .run(async |client| {
                Ok(match by_uid(client, uid).await? {
                    None => Pinned::Unknown,
                    Some(import) if import.object_key != key => Pinned::Unwanted(Box::new(import)),
                    Some(_) => pin(client, uid, version, size).await?,
                })
            })
            .await
    }
}

/// The uid in `uploads/{dataset}/{uid}/{file name}`.
fn uid_of(key: &str) -> Option<Uuid> {
    key.split('/').nth(2)?.parse().ok()
}

/// S3's own notifications URL-encode keys, EventBridge's events do not. Our keys may have letters
/// that encoding changes (`ä`), but neither `%` nor `+`: `upload-file` keeps only letters, digits,
/// `-`, `_` and `.` of a file's name. So decoding a key that is not encoded changes nothing.
fn decoded(key: &str) -> String {
    percent_decode_str(key).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_names_the_import() {
        let uid = "7b1f2a52-44a0-4a0b-9a8e-3d8c3c7b1a11";
        let key = format!("uploads/team/{uid}/teams.csv");
        assert_eq!(uid_of(&key).unwrap().to_string(), uid);
        assert_eq!(uid_of("uploads/team/teams.csv"), None);
        assert_eq!(uid_of(""), None);
    }

    #[test]
    fn an_encoded_key_is_decoded_and_a_plain_one_left_alone() {
        assert_eq!(
            decoded("uploads/team/u/caf%C3%A9.csv"),
            "uploads/team/u/café.csv"
        );
        assert_eq!(
            decoded("uploads/team/u/café.csv"),
            "uploads/team/u/café.csv"
        );
    }
}
