use aws::objects::ObjectReader;
use domain::import::Import;
use domain::limits::FIRST_LOOK_BYTES;
use domain::preparing::{self, Packing};
use domain::reason::Reason;
use lambda::Failure;
use prepare::{Source, zip};

use crate::PrepareObject;

/// A zip archive is looked at from further back this often: for the place of its directory, and for
/// the directory.
const LOOKS_AT_MOST: usize = 4;

impl PrepareObject {
    /// How the object is read.
    pub(crate) async fn source(&self, import: &Import) -> Result<Result<Source, Reason>, Failure> {
        let first = import.object_size.min(FIRST_LOOK_BYTES as i64);
        let first = self.bytes(import, 0, first).await?;
        Ok(match preparing::packing(&first) {
            Err(reason) => Err(reason),
            Ok(Packing::Zip) => self.file_in_archive(import).await?.map(Source::File),
            Ok(packing) => Ok(Source::All(packing)),
        })
    }

    async fn file_in_archive(&self, import: &Import) -> Result<Result<zip::File, Reason>, Failure> {
        let size = import.object_size;
        let mut start = zip::first_look(size);
        for _ in 0..LOOKS_AT_MOST {
            let tail = self.bytes(import, start, size).await?;
            match zip::look(&tail, start) {
                Err(reason) => return Ok(Err(reason)),
                Ok(zip::Look::Found(file)) => return Ok(Ok(file)),
                Ok(zip::Look::From(earlier)) => start = earlier,
            }
        }
        Err("an archive whose directory is further back each time".into())
    }

    async fn bytes(&self, import: &Import, start: i64, end: i64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        if start < end {
            let mut reader = self.open(import, start, end).await?;
            while let Some(piece) = reader.next().await? {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok(bytes)
    }

    /// Opens bytes of the object that arrived.
    pub(crate) async fn open(
        &self,
        import: &Import,
        start: i64,
        end: i64,
    ) -> Result<ObjectReader, Failure> {
        let version = import.pinned_version()?;
        let reader = self.objects.read(&import.object_key, version, start, end);
        Ok(reader.await?)
    }
}
