use std::time::Instant;

use aws::objects::ObjectReader;
use domain::catalog;
use domain::first_look;
use domain::heading::Heading;
use domain::import::Import;
use domain::limits::FIRST_LOOK_BYTES;
use domain::plan::{Chunk, PLAN_VERSION, Planner, Start};
use domain::preparing;
use domain::reason::{BadHeading, NoRecords, Reason};
use lambda::Failure;
use postgres::planning;

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
        if import.plan_version != Some(PLAN_VERSION) {
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
        let mut progress = Progress {
            planner: Planner::new(i64::from(import.chunk_bytes.unwrap_or(0)), start),
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

    /// Looks at the first bytes and stores where the records begin; or how the planning ended.
    async fn look(&self, import: Import) -> Result<Result<Import, Planned>, Failure> {
        let first = self.first_bytes(&import).await?;
        let heading = match wants_preparing(&import, &first) {
            Ok(true) => return Ok(Err(Planned::Prepare)),
            Ok(false) => heading(&import, &first)?,
            Err(reason) => Err(reason),
        };
        match heading {
            Ok(heading) => {
                let stored = self.store_heading(&import, &heading).await?;
                Ok(stored.ok_or(Planned::NotActive))
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

    async fn store_heading(
        &self,
        import: &Import,
        heading: &Heading,
    ) -> Result<Option<Import>, Failure> {
        let (uid, run) = (import.uid, import.run);
        self.database
            .run(async |client| Ok(planning::store_heading(client, uid, run, heading).await?))
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
/// read nor prepared is refused by the look at its heading, unless its user said what it is.
fn wants_preparing(import: &Import, first: &[u8]) -> Result<bool, Reason> {
    if import.preparation().is_some() {
        return Ok(false);
    }
    let said = import.said_encoding();
    match preparing::is_needed(first, said) {
        Err(_) if said.is_none() => Ok(false),
        needed => needed,
    }
}

fn heading(import: &Import, first: &[u8]) -> Result<Result<Heading, Reason>, Failure> {
    let dataset = catalog::known(&import.dataset)?;
    let whole_file = first.len() as i64 == import.read_bytes();
    let read = first_look::read(first, whole_file, dataset).transpose();
    Ok(read.unwrap_or(Err(Reason::BadHeading(BadHeading::NoEnd))))
}
