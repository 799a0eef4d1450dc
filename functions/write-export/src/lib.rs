//! Writes the rows of an export into one object: streams them out of PostgreSQL into the parts of a
//! multipart upload, with two parts in memory at most. It continues after the last part that has
//! its receipt, also if another writer stored that part.

mod parts;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use aws::objects::{Objects, Uploaded, UploadedPart};
use conduct::ExportConductor;
use contracts::workflow::{ExportAnswer, ExportRun};
use domain::export::{Export, State};
use domain::limits::LONG_FUNCTION_BUDGET;
use domain::reason::{NotProven, Reason};
use lambda::{Failure, Role, settings};
use postgres::Database;
use postgres::exports::{self, Receipt, Stop};

/// Writes exports: see [`WriteExport::write`].
pub struct WriteExport {
    database: Arc<Database>,
    conductor: ExportConductor,
    objects: Objects,
    /// The number of days that the file is kept.
    days: i32,
    budget: Duration,
}

/// How an invocation ended.
enum Written {
    /// The file is whole.
    Whole,
    /// Time ran out; a successor continues after the last receipt.
    More,
    /// This run is no longer wanted.
    NotActive,
    /// It cannot be written.
    Failed(Reason),
}

impl From<Stop> for Written {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::NotActive => Written::NotActive,
            Stop::SourceChanged => Written::Failed(Reason::SourceChanged),
        }
    }
}

impl WriteExport {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("write-export", Role::Worker, &config).await?);
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        let conductor =
            ExportConductor::from_environment(&config, database.clone(), objects.clone())?;
        let days = settings::parsed("EXPORT_DAYS")?;
        Ok(Self::new(
            database,
            conductor,
            objects,
            days,
            LONG_FUNCTION_BUDGET,
        ))
    }

    /// `days` is how long a file is kept, `budget` the time after which an invocation asks to be
    /// entered again.
    pub fn new(
        database: Arc<Database>,
        conductor: ExportConductor,
        objects: Objects,
        days: i32,
        budget: Duration,
    ) -> Self {
        Self {
            database,
            conductor,
            objects,
            days,
            budget,
        }
    }

    /// Writes the file, or as much of it as there is time for.
    ///
    /// # Errors
    /// A fault that another invocation may not meet.
    pub async fn write(&self, run: ExportRun) -> Result<ExportAnswer, Failure> {
        let Some(export) = self.begin(run).await? else {
            tracing::info!(export = %run.export, run = run.run, "not wanted");
            self.clear_away(run).await?;
            return Ok(ExportAnswer { more: false });
        };
        match self.write_file(&export).await? {
            Written::More => return Ok(ExportAnswer { more: true }),
            Written::Whole => tracing::info!(export = %run.export, "completed"),
            Written::Failed(reason) => self.fail(&export, &reason).await?,
            Written::NotActive => self.clear_away(run).await?,
        }
        self.conductor.advance(run.export).await?;
        Ok(ExportAnswer { more: false })
    }

    async fn begin(&self, run: ExportRun) -> Result<Option<Export>, Failure> {
        self.database
            .run(async |client| Ok(exports::begin(client, run.export, run.run).await?))
            .await
    }

    async fn write_file(&self, export: &Export) -> Result<Written, Failure> {
        // Of a dataset that is dropped nothing is left by which it could be written.
        if !export.unchanged {
            return Ok(Written::Failed(Reason::SourceChanged));
        }
        let Some(export) = self.with_upload(export).await? else {
            return Ok(Written::NotActive);
        };
        match self.write_parts(&export).await? {
            Written::Whole => self.finish(&export).await,
            other => Ok(other),
        }
    }

    /// The export with a multipart upload for its parts. The upload begun here is aborted at once
    /// if the export has another one, or is not to be written any more.
    async fn with_upload(&self, export: &Export) -> Result<Option<Export>, Failure> {
        if export.upload_id.is_some() {
            return Ok(Some(export.clone()));
        }
        let key = &export.object_key;
        let content_type = if export.gzip {
            "application/gzip"
        } else {
            "text/csv; charset=utf-8"
        };
        let upload_id = self.objects.begin_parts(key, content_type).await?;
        let kept = self
            .database
            .run(async |client| exports::keep_upload(client, export, &upload_id).await)
            .await?;
        let ours = kept.as_ref().and_then(|it| it.upload_id.as_deref()) == Some(&upload_id);
        if !ours {
            self.objects.abort_upload(key, &upload_id).await?;
        }
        Ok(kept)
    }

    /// Proves the count, joins the parts to the object, and completes the export. A second call
    /// finds the object instead of the upload.
    async fn finish(&self, export: &Export) -> Result<Written, Failure> {
        let counted = tokio::select! {
            counted = self.count(export) => counted?,
            // The count's session ends with it.
            stop = self.stop(export) => return Ok(stop.into()),
        };
        let Some(counted) = counted else {
            return Ok(Written::Failed(Reason::SourceChanged));
        };
        let receipts = match self.receipts(export).await? {
            Ok(receipts) => receipts,
            Err(stop) => return Ok(stop.into()),
        };
        let written: i64 = receipts.iter().map(|it| it.rows).sum();
        if written != counted {
            tracing::error!(export = %export.uid, written, counted, "the proof does not hold");
            let not_proven = NotProven::Export { written, counted };
            return Ok(Written::Failed(Reason::NotProven(not_proven)));
        }
        let part = |it: &Receipt| UploadedPart {
            number: it.number,
            etag: it.etag.clone(),
        };
        let parts = receipts.iter().map(part).collect();
        if !self.join(export, parts).await? {
            return Ok(Written::Failed(Reason::UploadLost));
        }
        self.complete(export).await
    }

    /// How many rows the file must have; none if an import has gone.
    async fn count(&self, export: &Export) -> Result<Option<i64>, Failure> {
        self.database
            .run(async |client| {
                let dataset = exports::dataset(client, export).await?;
                Ok(exports::prove(client, export, &dataset).await?)
            })
            .await
    }

    /// The receipts of every part, if the export is still wanted: they are forgotten with an
    /// export that is taken back.
    async fn receipts(&self, export: &Export) -> Result<Result<Vec<Receipt>, Stop>, Failure> {
        self.database
            .run(async |client| {
                let dataset = exports::dataset(client, export).await?;
                let receipts = exports::parts(client, export, &dataset).await?;
                let stopped = exports::stopped(client, export).await?;
                Ok(stopped.map_or(Ok(receipts), Err))
            })
            .await
    }

    /// False: there is neither the upload with these parts nor the object.
    async fn join(&self, export: &Export, parts: Vec<UploadedPart>) -> Result<bool, Failure> {
        let key = &export.object_key;
        let upload_id = export.upload_id.as_deref().unwrap_or_default();
        match self.objects.join_parts(key, upload_id, parts).await? {
            Uploaded::Done(()) => Ok(true),
            Uploaded::Gone => Ok(self.objects.find(key).await?.is_some()),
        }
    }

    async fn complete(&self, export: &Export) -> Result<Written, Failure> {
        self.database
            .run(async |client| {
                Ok(match exports::complete(client, export, self.days).await? {
                    Some(_) => Written::Whole,
                    None => exports::why_stopped(client, export).await?.into(),
                })
            })
            .await
    }

    async fn fail(&self, export: &Export, reason: &Reason) -> Result<(), Failure> {
        self.database
            .run(async |client| {
                let now = exports::by_uid(client, export.uid).await?;
                if let Some(now) = now.filter(|it| it.run == export.run) {
                    exports::fail(client, &now, reason).await?;
                }
                Ok(())
            })
            .await
    }

    /// Removes what this writer, or one before it, stored after its export was removed: the removal
    /// may have missed it.
    async fn clear_away(&self, run: ExportRun) -> Result<(), Failure> {
        let now = self
            .database
            .run(async |client| exports::by_uid(client, run.export).await)
            .await?;
        let kept = [State::Exporting, State::Completed];
        if let Some(export) = now.filter(|it| !kept.contains(&it.state)) {
            self.conductor.remove_object(&export).await?;
        }
        Ok(())
    }
}
