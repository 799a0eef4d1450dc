use std::sync::Arc;
use std::time::Instant;

use domain::dataset::Dataset;
use domain::export::{Export, Part};
use domain::limits::{EXPORT_PART_BYTES, WRITER_LOOKS_EVERY};
use domain::reason::Reason;
use lambda::Failure;
use postgres::Client;
use postgres::exports::{self, Position, RowStream, Stop};

use crate::parts::{Parts, Sent};
use crate::{WriteExport, Written};

/// A position before every row of the dataset.
fn nowhere(dataset: &Dataset) -> Position {
    Position {
        import_id: 0,
        key: dataset.order().map(|it| it.keys(it.all().0).0),
        record: 0,
    }
}

/// What is being written.
struct Writing {
    parts: Parts,
    part: Part,
    /// The last row that was written.
    position: Position,
    begin: Instant,
}

impl WriteExport {
    /// Writes and stores every part that has no receipt yet.
    pub(crate) async fn write_parts(&self, export: &Export) -> Result<Written, Failure> {
        let source = self.database.connection().await?;
        let dataset = exports::dataset(&source, export).await?;
        let receipts = exports::parts(&source, export, &dataset).await?;
        let position = receipts
            .last()
            .map_or_else(|| nowhere(&dataset), |it| it.last);
        let done = i32::try_from(receipts.len())?;
        let mut part = Part::new(export.gzip, EXPORT_PART_BYTES);
        if done == 0 {
            part.heading(&dataset, export.guard);
        }
        let mut writing = Writing {
            parts: Parts::after(self.database.clone(), self.objects.clone(), export, done),
            part,
            position,
            begin: Instant::now(),
        };
        let written = tokio::select! {
            written = self.write_rows(&source, export, dataset, &mut writing) => written,
            stop = self.stop(export) => Ok(stop.into()),
        };
        // A COPY may be in the middle of its rows.
        source.close().await;
        written
    }

    /// Waits until the export is not to be written any more. Storing a part tells that as well, but
    /// with a filter that matches almost nothing no part is full for minutes. A look that fails is
    /// simply followed by the next one.
    pub(crate) async fn stop(&self, export: &Export) -> Stop {
        loop {
            tokio::time::sleep(WRITER_LOOKS_EVERY).await;
            match self.look(export).await {
                Ok(None) => {}
                Ok(Some(stop)) => return stop,
                Err(cause) => {
                    tracing::warn!(export = %export.uid, %cause, "could not look whether it is wanted");
                }
            }
        }
    }

    async fn look(&self, export: &Export) -> Result<Option<Stop>, Failure> {
        self.database
            .run(async |client| Ok(exports::stopped(client, export).await?))
            .await
    }

    async fn write_rows(
        &self,
        source: &Client,
        export: &Export,
        dataset: Arc<Dataset>,
        writing: &mut Writing,
    ) -> Result<Written, Failure> {
        let filter = exports::filter(export, &dataset)?;
        let start = writing.position;
        for &import in export.imports.iter().filter(|it| **it >= start.import_id) {
            let after = (import == start.import_id).then_some(start);
            let (dataset, guard) = (dataset.clone(), export.guard);
            let rows = RowStream::open(source, dataset, import, after, &filter, guard);
            let mut rows = rows.await?;
            while rows.fill(&mut writing.part).await? {
                writing.position = rows.last()?.unwrap_or(writing.position);
                if let Some(ended) = self.send(export, writing).await? {
                    return Ok(ended);
                }
            }
            writing.position = rows.last()?.unwrap_or(writing.position);
        }
        if !writing.part.is_empty()
            && let Some(ended) = self.send(export, writing).await?
        {
            return Ok(ended);
        }
        let settled = writing.parts.settle().await?;
        Ok(ended(settled).unwrap_or(Written::Whole))
    }

    /// Sends the part off and begins the next one. Returns how the writing ended, or `None` if it
    /// goes on.
    async fn send(
        &self,
        export: &Export,
        writing: &mut Writing,
    ) -> Result<Option<Written>, Failure> {
        let next = Part::new(export.gzip, EXPORT_PART_BYTES);
        let full = std::mem::replace(&mut writing.part, next);
        let (rows, position) = (full.rows(), writing.position);
        let sent = writing.parts.send(rows, full.finish(), position).await?;
        if let Some(ended) = ended(sent) {
            return Ok(Some(ended));
        }
        if writing.begin.elapsed() < self.budget {
            return Ok(None);
        }
        let settled = writing.parts.settle().await?;
        Ok(Some(ended(settled).unwrap_or(Written::More)))
    }
}

fn ended(sent: Sent) -> Option<Written> {
    match sent {
        Sent::Going => None,
        Sent::Stop(stop) => Some(stop.into()),
        Sent::UploadGone => Some(Written::Failed(Reason::UploadLost)),
        Sent::TooMany => Some(Written::Failed(Reason::ExportTooLarge)),
    }
}
