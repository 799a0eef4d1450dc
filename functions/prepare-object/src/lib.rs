//! Prepares the object of an import: unpacks it, decodes it to UTF-8, and stores what it becomes as
//! another object, in the parts of a multipart upload, with two parts in memory at most. It
//! continues after the last part that has its receipt.

mod parts;
mod source;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use aws::objects::{Found, Objects, Uploaded, UploadedPart};
use conduct::{Conductor, Fault};
use contracts::workflow::{PrepareAnswer, Run};
use domain::import::Import;
use domain::limits::LONG_FUNCTION_BUDGET;
use domain::preparing::Preparation;
use domain::reason::{NoRecords, Reason};
use lambda::{Failure, Role, settings};
use postgres::preparing::{self, Joined, Receipt};
use postgres::{Database, imports, planning};

/// Prepares objects: see [`PrepareObject::prepare`].
pub struct PrepareObject {
    database: Arc<Database>,
    conductor: Conductor,
    objects: Objects,
    budget: Duration,
}

/// How an invocation ended.
enum Prepared {
    /// The object is whole, and is read from now on.
    Whole,
    /// Time ran out; a successor continues after the last receipt.
    More,
    /// This run is no longer wanted.
    NotActive,
    /// The object cannot be prepared.
    Refused(Reason),
}

impl PrepareObject {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("prepare-object", Role::Worker, &config).await?);
        let conductor = Conductor::from_environment(&config, database.clone())?;
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self::new(
            database,
            conductor,
            objects,
            LONG_FUNCTION_BUDGET,
        ))
    }

    /// `budget` is the time after which an invocation asks to be entered again.
    pub fn new(
        database: Arc<Database>,
        conductor: Conductor,
        objects: Objects,
        budget: Duration,
    ) -> Self {
        Self {
            database,
            conductor,
            objects,
            budget,
        }
    }

    /// Prepares the object, or as much of it as there is time for. May run more than once, also
    /// twice at the same time.
    ///
    /// # Errors
    /// A fault that another invocation may not meet.
    pub async fn prepare(&self, run: Run) -> Result<PrepareAnswer, Failure> {
        let prepared = match self.prepare_object(run).await {
            Ok(prepared) => prepared,
            Err(failure) => match Fault::of(failure.as_ref()) {
                Fault::Lasting(reason) => Prepared::Refused(reason),
                Fault::Passing | Fault::Unclear => return Err(failure),
            },
        };
        match prepared {
            Prepared::More => return Ok(PrepareAnswer { more: true }),
            Prepared::Whole => tracing::info!(import = %run.import, "prepared"),
            Prepared::NotActive => self.clear_away(run).await?,
            Prepared::Refused(reason) => self.refuse(run, &reason).await?,
        }
        Ok(PrepareAnswer { more: false })
    }

    async fn prepare_object(&self, run: Run) -> Result<Prepared, Failure> {
        let begun = self
            .database
            .run(async |client| preparing::begin(client, run.import, run.run).await);
        let Some(import) = begun.await? else {
            return Ok(Prepared::NotActive);
        };
        if import.preparation().is_some() {
            return Ok(Prepared::Whole);
        }
        let source = match self.source(&import).await? {
            Ok(source) => source,
            Err(reason) => return Ok(Prepared::Refused(reason)),
        };
        match self.with_upload(&import).await? {
            Some(import) => self.write(&import, &source).await,
            None => Ok(Prepared::NotActive),
        }
    }

    /// The import with a multipart upload for the parts. The upload begun here is aborted at once
    /// if there is another one, or if the import is not to be prepared any more.
    async fn with_upload(&self, import: &Import) -> Result<Option<Import>, Failure> {
        if upload_of(import).is_some() {
            return Ok(Some(import.clone()));
        }
        let key = import.prepared_key();
        let content_type = "text/csv; charset=utf-8";
        let upload_id = self.objects.begin_parts(&key, content_type).await?;
        let kept = self
            .database
            .run(async |client| preparing::keep_upload(client, import, &upload_id).await)
            .await?;
        if kept.as_ref().and_then(upload_of) != Some(&upload_id) {
            self.objects.abort_upload(&key, &upload_id).await?;
        }
        Ok(kept)
    }

    /// Joins the parts to the object, which is read from then on. A second call finds the object
    /// instead of the upload.
    async fn end(&self, import: &Import, preparation: Preparation) -> Result<Prepared, Failure> {
        let receipts = self.receipts(import).await?;
        let Some(size) = receipts.last().map(|it| it.text_end) else {
            return Ok(Prepared::Refused(Reason::NoRecords(NoRecords::Empty)));
        };
        let Some(found) = self.join(import, receipts).await? else {
            return self.begin_again(import).await;
        };
        if found.size != size {
            return Err(
                format!("an object of {} bytes where {size} were stored", found.size).into(),
            );
        }
        let joined = Joined {
            version: found.version,
            size,
            preparation,
        };
        let ended = self
            .database
            .run(async |client| preparing::end(client, import, &joined).await);
        Ok(match ended.await? {
            Some(_) => Prepared::Whole,
            None => Prepared::NotActive,
        })
    }

    async fn receipts(&self, import: &Import) -> Result<Vec<Receipt>, Failure> {
        let parts = self
            .database
            .run(async |client| preparing::parts(client, import).await);
        Ok(parts.await?)
    }

    /// `None`: there is neither the upload with these parts nor the object.
    async fn join(
        &self,
        import: &Import,
        receipts: Vec<Receipt>,
    ) -> Result<Option<Found>, Failure> {
        let part = |it: Receipt| UploadedPart {
            number: it.number,
            etag: it.etag,
        };
        let parts = receipts.into_iter().map(part).collect();
        let key = import.prepared_key();
        let upload_id = upload_of(import).map_or("", String::as_str);
        let joined = self.objects.join_parts(&key, upload_id, parts).await?;
        let found = self.objects.find(&key).await?;
        match joined {
            Uploaded::Done(()) if found.is_none() => Err("a joined object is not there".into()),
            Uploaded::Done(()) | Uploaded::Gone => Ok(found),
        }
    }

    /// The upload was ended by someone else, with every part that was stored: there is another one,
    /// from the first byte on.
    async fn begin_again(&self, import: &Import) -> Result<Prepared, Failure> {
        tracing::warn!(import = %import.uid, run = import.run, "the upload is gone");
        self.database
            .run(async |client| preparing::forget_upload(client, import).await)
            .await?;
        Ok(Prepared::More)
    }

    /// Fails the import, unless this run is no longer its own.
    async fn refuse(&self, run: Run, reason: &Reason) -> Result<(), Failure> {
        tracing::info!(import = %run.import, code = reason.code(), "refused");
        self.database
            .run(async |client| planning::refuse(client, run.import, run.run, reason).await)
            .await?;
        self.clear_away(run).await?;
        Ok(self.conductor.advance(run.import).await?)
    }

    /// Removes what this preparer, or one before it, stored for a run that is not wanted any more:
    /// a rollback may have missed it.
    async fn clear_away(&self, run: Run) -> Result<(), Failure> {
        let now = self
            .database
            .run(async |client| imports::by_uid(client, run.import).await);
        let Some(import) = now.await? else {
            return Ok(());
        };
        let key = Import {
            run: run.run,
            ..import.clone()
        }
        .prepared_key();
        if import.reads_or_prepares(&key) {
            return Ok(());
        }
        self.objects.abort_uploads(&key).await?;
        self.objects.delete_all_versions(&key).await?;
        Ok(())
    }
}

/// The upload that the parts go to.
fn upload_of(import: &Import) -> Option<&String> {
    import.prepared.as_ref()?.upload_id.as_ref()
}
