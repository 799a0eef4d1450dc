use domain::dataset::Dataset;
use domain::import::Import;
use domain::reading::{self, Origin, Reading};
use serde::{Serialize, Serializer};

/// How the file was read: each part of the reading by the name of its parameter.
#[derive(Debug, PartialEq)]
pub struct ReadAs(Vec<reading::ReadAs>);

/// One part of a reading.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadPart<'a> {
    /// As it could be said; empty for none.
    pub value: &'a str,
    /// Who decided it: `declared`, `said` or `found`.
    pub origin: Origin,
}

impl ReadAs {
    /// `None` until the first look at the file.
    pub(super) fn of(import: &Import, dataset: &Dataset) -> Option<Self> {
        let reading = import.reading.as_ref()?;
        Some(Self::by(reading, dataset))
    }

    /// What a reading of the dataset's files is.
    pub fn by(reading: &Reading, dataset: &Dataset) -> Self {
        Self(reading.read_as(dataset))
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
