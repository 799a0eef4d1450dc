use super::{Import, NotYet, State};
use crate::preparing::Preparation;
use crate::reading::Encoding;

/// The object that is made of the one that arrived, to be read in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Its key in the upload bucket.
    pub key: String,
    /// The upload of its parts, until they are joined.
    pub upload_id: Option<String>,
    /// Bytes of the object that arrived that are in parts with a receipt.
    pub from_bytes: i64,
    /// Null until it is whole.
    pub whole: Option<Whole>,
}

/// A prepared object that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Its version.
    pub version: String,
    /// Its bytes.
    pub size: i64,
    /// What it was made from.
    pub preparation: Preparation,
}

/// What is planned and read of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadObject<'i> {
    /// Its key in the upload bucket.
    pub key: &'i str,
    /// Its version.
    pub version: &'i str,
    /// Its bytes.
    pub size: i64,
}

impl Import {
    /// Under it are the keys of all objects that were prepared for it, and of nothing else.
    pub fn prepared_keys(&self) -> String {
        format!("prepared/{}/", self.uid)
    }

    /// The key of what is prepared in its run: not below `uploads/`, so that no import is made of
    /// it. Another run has another, so that what a preparer of an earlier one still stores is in
    /// nobody's way.
    pub fn prepared_key(&self) -> String {
        format!("{}{}", self.prepared_keys(), self.run)
    }

    /// The object that is planned and read: the prepared one, if there is one.
    ///
    /// # Errors
    /// The object has not arrived.
    pub fn read_object(&self) -> Result<ReadObject<'_>, NotYet> {
        if let Some((key, whole)) = self.whole() {
            return Ok(ReadObject {
                key,
                version: &whole.version,
                size: whole.size,
            });
        }
        Ok(ReadObject {
            key: &self.object_key,
            version: self.pinned_version()?,
            size: self.object_size,
        })
    }

    /// Bytes of what is read: of the object that arrived, until another is prepared.
    pub fn read_bytes(&self) -> i64 {
        self.whole().map_or(self.object_size, |(_, it)| it.size)
    }

    /// How the object was packed and encoded, once it is prepared.
    pub fn preparation(&self) -> Option<Preparation> {
        self.whole().map(|(_, it)| it.preparation)
    }

    /// True while its object is being prepared.
    pub fn is_preparing(&self) -> bool {
        let prepared = self.prepared.as_ref();
        self.state.is_under_way() && prepared.is_some_and(|it| it.whole.is_none())
    }

    /// True if the object under this key is read, or is still prepared, or may be when the import
    /// is resumed.
    pub fn reads_or_prepares(&self, key: &str) -> bool {
        let forward = self.state.is_under_way() || self.state.may_be_resumed();
        let wanted = forward || self.state == State::Completed;
        let prepared = self.prepared.as_ref();
        wanted && prepared.is_some_and(|it| it.key == key)
    }

    /// The encoding that was said with its upload.
    pub fn said_encoding(&self) -> Option<Encoding> {
        self.said.encoding()
    }

    fn whole(&self) -> Option<(&str, &Whole)> {
        let prepared = self.prepared.as_ref()?;
        Some((&prepared.key, prepared.whole.as_ref()?))
    }
}
