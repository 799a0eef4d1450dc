use std::time::Instant;

use aws::objects::ObjectReader;
use domain::dataset::Dataset;
use domain::first_look::{self, Look};
use domain::import::Import;
use domain::limits::FIRST_LOOK_BYTES;
use domain::plan::{self, Chunk, Planner, Start};
use domain::preparing;
use domain::reading::Part;
use domain::reason::{BadHeading, NoRecords, Reason};
use lambda::Failure;
use postgres::{datasets, planning};

use crate::PlanChunks;

/// How an invocation ended.
pub(crate) enum Planned {
    /// The plan is whole.
    Whole,
    /// Time ran out; a successor continues after the last committed chunk.
    More,
    /// This run is no longer wanted.
    NotActive,
    /// The object cannot be imported.
    Refused(Reason),
    /// The object cannot be read as it is.
    Prepare,
}

/// Where the plan stands.
struct Progress {
    planner: Planner,
    /// Chunks whose ends are known but that are not committed yet.
    ready: Vec<Chunk>,
    last: Option<Chunk>,
    /// Whether this invocation has committed a chunk. It must not stop before it has: its successor
    /// would start at the same place, and so would every later one.
    committed: bool,
}

impl PlanChunks {
    pub(crate) async fn plan_object(&self, import: Import) -> Result<Planned, Failure> {
        if !import.plan_version.is_some_and(plan::is_known) {
            // A successor must cut as its predecessor did.
            return self.refuse(&import, Reason::PlanOutdated).await;
        }
        let import = match import.heading_end {
            Some(_) => import,
            None => match self.look(import).await? {
                Ok(import) => import,
                Err(ended) => return Ok(ended),
            },
        };
        let begin = Instant::now();
        let last = self.last_chunk(&import).await?;
        let start = start_of(&import, last.as_ref());
        let chunk_bytes = i64::from(import.chunk_bytes.unwrap_or(0));
        let mut progress = Progress {
            planner: Planner::by(&import.reading(), chunk_bytes, start),
            ready: Vec::new(),
            last,
            committed: false,
        };
        let mut reader = self.open(&import, start.byte).await?;
        while let Some(bytes) = next(&mut reader).await? {
            if let Err(reason) = progress.planner.push(&bytes, &mut progress.ready) {
                return self.refuse(&import, reason).await;
            }
            if !progress.ready.is_empty() && !self.commit(&import, &mut progress).await? {
                return Ok(Planned::NotActive);
            }
            if progress.committed && begin.elapsed() > self.budget {
                return Ok(Planned::More);
            }
        }
        self.end(&import, progress).await
    }

    /// Looks at the first bytes and pins how the file is read; or how the planning ended.
    async fn look(&self, import: Import) -> Result<Result<Import, Planned>, Failure> {
        let first = self.first_bytes(&import).await?;
        let dataset = self
            .database
            .run(async |client| datasets::of_import(client, &import).await)
            .await?;
        let look = match wants_preparing(&import, &dataset, &first) {
            Ok(true) => return Ok(Err(Planned::Prepare)),
            Ok(false) => look_at(&first, &dataset, &import),
            Err(reason) => Err(reason),
        };
        match look {
            Ok(look) => {
                let pinned = self.pin_reading(&import, &look).await?;
                Ok(pinned.ok_or(Planned::NotActive))
            }
            Err(reason) => Ok(Err(self.refuse(&import, reason).await?)),
        }
    }

    async fn first_bytes(&self, import: &Import) -> Result<Vec<u8>, Failure> {
        let object = import.read_object()?;
        let wanted = object.size.min(FIRST_LOOK_BYTES as i64);
        let mut prefix = Vec::new();
        if wanted > 0 {
            let reader = self.objects.read(object.key, object.version, 0, wanted);
            let mut reader = reader.await?;
            while let Some(bytes) = reader.next().await? {
                prefix.extend_from_slice(&bytes);
            }
        }
        Ok(prefix)
    }

    async fn pin_reading(&self, import: &Import, look: &Look) -> Result<Option<Import>, Failure> {
        let (uid, run) = (import.uid, import.run);
        let (reading, heading) = (&look.reading, &look.heading);
        self.database
            .run(async |client| {
                Ok(planning::store_heading(client, uid, run, reading, heading).await?)
            })
            .await
    }

    async fn last_chunk(&self, import: &Import) -> Result<Option<Chunk>, Failure> {
        self.database
            .run(async |client| Ok(planning::last_chunk(client, import.id).await?))
            .await
    }

    /// `None` if no byte is left to read.
    async fn open(&self, import: &Import, byte: i64) -> Result<Option<ObjectReader>, Failure> {
        let object = import.read_object()?;
        if byte >= object.size {
            return Ok(None);
        }
        let reader = self
            .objects
            .read(object.key, object.version, byte, object.size);
        Ok(Some(reader.await?))
    }

    /// Commits the chunks that are ready, then hands them out. False if this run is no longer the
    /// import's planner.
    async fn commit(&self, import: &Import, progress: &mut Progress) -> Result<bool, Failure> {
        let added = self
            .database
            .run(async |client| planning::add_chunks(client, import, &progress.ready).await)
            .await?;
        progress.last = progress.ready.pop().or(progress.last.take());
        progress.ready.clear();
        progress.committed = true;
        if added.is_some() {
            self.conductor.advance(import.uid).await?;
        }
        Ok(added.is_some())
    }

    async fn end(&self, import: &Import, progress: Progress) -> Result<Planned, Failure> {
        let rest = match progress.planner.finish() {
            Ok(rest) => rest,
            Err(reason) => return self.refuse(import, reason).await,
        };
        let last = rest.as_ref().or(progress.last.as_ref());
        let records = last.map_or(0, |it| it.first_record - 1 + it.records);
        if records == 0 {
            let reason = Reason::NoRecords(NoRecords::OnlyHeading);
            return self.refuse(import, reason).await;
        }
        let total = last.map_or(0, |it| it.number + 1);
        let rest: Vec<Chunk> = rest.into_iter().collect();
        let ended = self
            .database
            .run(async |client| planning::end_plan(client, import, &rest, total).await)
            .await?;
        tracing::info!(import = %import.uid, chunks = total, records, "planned");
        Ok(match ended {
            Some(_) => Planned::Whole,
            None => Planned::NotActive,
        })
    }

    async fn refuse(&self, import: &Import, reason: Reason) -> Result<Planned, Failure> {
        let refused = self
            .database
            .run(async |client| planning::refuse(client, import.uid, import.run, &reason).await)
            .await?;
        Ok(match refused {
            Some(_) => Planned::Refused(reason),
            None => Planned::NotActive,
        })
    }
}

/// Finds how the file is read, in the first bytes of its text.
fn look_at(bytes: &[u8], dataset: &Dataset, import: &Import) -> Result<Look, Reason> {
    let mark = match import.preparation() {
        None => first_look::text_mark(bytes)?,
        // What it is was looked at before. UTF-8 that was packed is as it was, with its mark.
        Some(_) => first_look::mark_of(bytes),
    };
    let mut said = import.said_reading(dataset);
    let encoding = import.preparation().map_or(said.encoding, |it| it.encoding);
    let told_by_itself = mark > 0 || encoding != said.encoding;
    if told_by_itself && !said.was_said(Part::Encoding) {
        said.found(Part::Encoding);
    }
    said.encoding = encoding;
    let whole_file = bytes.len() as i64 == import.read_bytes();
    let look = first_look::look(bytes, mark, whole_file, dataset, &said)?;
    look.ok_or(Reason::BadHeading(BadHeading::NoEnd))
}

async fn next(
    reader: &mut Option<ObjectReader>,
) -> Result<Option<impl std::ops::Deref<Target = [u8]>>, Failure> {
    match reader {
        Some(reader) => Ok(reader.next().await?),
        None => Ok(None),
    }
}

fn start_of(import: &Import, last: Option<&Chunk>) -> Start {
    match last {
        Some(chunk) => Start::after(chunk),
        None => {
            let (byte, line) = import.heading_end.unwrap_or((0, 1));
            Start::after_heading(byte, line)
        }
    }
}

/// True if the object is packed or not UTF-8, and nothing was made of it yet. What can be neither
/// read nor prepared is refused by the look at its heading, unless it was said or declared what it is.
fn wants_preparing(import: &Import, dataset: &Dataset, first: &[u8]) -> Result<bool, Reason> {
    if import.preparation().is_some() {
        return Ok(false);
    }
    let declared = dataset.reading.dialect.encoding;
    let said = import.said_encoding().or(declared);
    match preparing::is_needed(first, said) {
        Err(_) if said.is_none() => Ok(false),
        needed => needed,
    }
}
