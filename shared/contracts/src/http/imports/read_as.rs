use domain::catalog;
use domain::import::Import;
use domain::reading::{self, Origin};
use serde::{Serialize, Serializer};

/// How the file was read: each part of the reading by the name of its parameter.
#[derive(Debug, PartialEq)]
pub struct ReadAs(Vec<reading::ReadAs>);

/// One part of a reading.
#[derive(Debug, Serialize)]
pub struct ReadPart<'a> {
    /// As it could be said; empty for none.
    pub value: &'a str,
    /// Who decided it: `declared`, `said` or `found`.
    pub origin: Origin,
}

impl ReadAs {
    /// `None` until the first look at the file.
    pub(super) fn of(import: &Import) -> Option<Self> {
        let dataset = catalog::find(&import.dataset)?;
        Some(Self(import.reading.as_ref()?.read_as(&dataset)))
    }
}

impl Serialize for ReadAs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = self.0.iter().map(|it| {
            let (value, origin) = (it.value.as_str(), it.origin);
            (it.part.name(), ReadPart { value, origin })
        });
        serializer.collect_map(parts)
    }
}
