use aws::ErrorKind;
use aws::objects::Objects;
use domain::import::{Import, Source};
use domain::limits::COPIED_AT_ONCE_BYTES_AT_MOST;
use domain::reason::Reason;
use postgres::imports;
use trial::point;

use crate::{After, Conductor, Error};

impl Conductor {
    /// Copies the original of the import that this one retries. The copy's arrival brings an event,
    /// as that of any object; one that is made twice has two versions, of which the first to
    /// arrive is pinned.
    pub(crate) async fn copy_object(&self, import: &Import) -> Result<After, Error> {
        let Some(source) = &import.source else {
            return Ok(After::Rest);
        };
        let Some(objects) = self.copier(import, source) else {
            return Ok(After::Rest);
        };
        if source.copy_begun
            && let Some(found) = objects.find(&import.object_key).await?
        {
            return self.pin(import, &found).await;
        }
        let begun = self
            .database
            .run(async |client| imports::begin_copy(client, import).await)
            .await?;
        let Some(import) = begun else {
            return Ok(After::LookAgain);
        };
        let copied = objects
            .copy(&source.key, &source.version, &import.object_key)
            .await;
        point("object-copied");
        match copied {
            Ok(()) => Ok(After::Rest),
            Err(error) if error.kind == ErrorKind::Gone => {
                self.fail(&import, &Reason::ObjectGone).await
            }
            Err(error) => Err(error.into()),
        }
    }

    fn copier(&self, import: &Import, source: &Source) -> Option<&Objects> {
        let at_once = import.object_size <= COPIED_AT_ONCE_BYTES_AT_MOST && !source.copy_begun;
        let copies = self.copies.as_ref().filter(|_| at_once);
        self.objects.as_ref().or(copies)
    }
}
