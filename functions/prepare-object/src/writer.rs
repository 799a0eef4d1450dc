use std::time::Instant;

use domain::import::Import;
use domain::limits::{PREPARED_PART_BYTES, PREPARER_LOOKS_EVERY};
use domain::reason::Reason;
use lambda::Failure;
use postgres::datasets;
use prepare::{Preparer, Source, Step};

use crate::parts::{Parts, Sent};
use crate::{PrepareObject, Prepared};

/// What is being prepared.
struct Writing {
    preparer: Preparer,
    parts: Parts,
    /// What is not in a part yet.
    text: Vec<u8>,
    /// The byte of the whole text at which `text` begins.
    text_start: i64,
    /// The text up to this byte has receipts of an earlier invocation.
    done: i64,
    /// Bytes of the object that were read.
    from_bytes: i64,
    begin: Instant,
    looked: Instant,
}

/// How a step of the writing ended it.
type Ended = Option<Prepared>;

impl PrepareObject {
    /// Stores every part that has no receipt yet, and joins them.
    pub(crate) async fn write(
        &self,
        import: &Import,
        source: &Source,
    ) -> Result<Prepared, Failure> {
        let mut writing = self.begin(import, source).await?;
        let (start, end) = match source {
            Source::All(_) => (0, import.object_size),
            Source::File(file) => (file.start, file.end),
        };
        if start < end {
            let mut reader = self.open(import, start, end).await?;
            while let Some(piece) = reader.next().await? {
                writing.from_bytes += piece.len() as i64;
                if let Some(ended) = self.take(import, &mut writing, &piece, false).await? {
                    return Ok(ended);
                }
            }
        }
        if let Some(ended) = self.take(import, &mut writing, b"", true).await? {
            return Ok(ended);
        }
        if !writing.text.is_empty()
            && let Some(ended) = self.send(import, &mut writing, usize::MAX).await?
        {
            return Ok(ended);
        }
        let settled = writing.parts.settle().await?;
        match self.ended(import, settled).await? {
            Some(ended) => Ok(ended),
            None => {
                let preparation = writing.preparer.preparation();
                let preparation = preparation.ok_or("a text without an encoding")?;
                self.end(import, preparation).await
            }
        }
    }

    async fn begin(&self, import: &Import, source: &Source) -> Result<Writing, Failure> {
        let receipts = self.receipts(import).await?;
        let dataset = self
            .database
            .run(async |client| datasets::of_import(client, import).await)
            .await?;
        let declared = dataset.reading.dialect.encoding;
        let said = import.said_encoding().or(declared);
        let done = i32::try_from(receipts.len())?;
        let now = Instant::now();
        Ok(Writing {
            preparer: Preparer::new(source, import.object_size, said),
            parts: Parts::after(self.database.clone(), self.objects.clone(), import, done),
            text: Vec::with_capacity(PREPARED_PART_BYTES + (1 << 20)),
            text_start: 0,
            done: receipts.last().map_or(0, |it| it.text_end),
            from_bytes: 0,
            begin: now,
            looked: now,
        })
    }

    /// Takes a piece of the object.
    async fn take(
        &self,
        import: &Import,
        writing: &mut Writing,
        mut piece: &[u8],
        last: bool,
    ) -> Result<Ended, Failure> {
        loop {
            let step = writing.preparer.step(&mut piece, last, &mut writing.text);
            let step = match step {
                Ok(step) => step,
                Err(reason) => return self.refused(import, writing, reason).await,
            };
            writing.discard_done();
            if let Some(ended) = self.look_up(import, writing).await? {
                return Ok(Some(ended));
            }
            while writing.text.len() >= PREPARED_PART_BYTES {
                let ended = self.send(import, writing, PREPARED_PART_BYTES).await?;
                if ended.is_some() {
                    return Ok(ended);
                }
            }
            // The part on its way has its turn.
            tokio::task::yield_now().await;
            if step != Step::Again {
                return Ok(None);
            }
        }
    }

    /// The part on its way is waited for: it is to be removed, and would come back.
    async fn refused(
        &self,
        import: &Import,
        writing: &mut Writing,
        reason: Reason,
    ) -> Result<Ended, Failure> {
        let settled = writing.parts.settle().await?;
        let ended = self.ended(import, settled).await?;
        Ok(Some(ended.unwrap_or(Prepared::Refused(reason))))
    }

    /// While nothing is stored, says now and then that this preparer is at work.
    async fn look_up(&self, import: &Import, writing: &mut Writing) -> Result<Ended, Failure> {
        if writing.looked.elapsed() < PREPARER_LOOKS_EVERY {
            return Ok(None);
        }
        writing.looked = Instant::now();
        let marked = writing.parts.mark_at_work().await?;
        self.ended(import, marked).await
    }

    /// Sends off the next part, of at most so many bytes. Only after one an invocation may stop: its
    /// successor would come no further otherwise.
    async fn send(
        &self,
        import: &Import,
        writing: &mut Writing,
        at_most: usize,
    ) -> Result<Ended, Failure> {
        let part = writing.cut(at_most);
        let (text_end, from_bytes) = (writing.text_start, writing.from_bytes);
        let sent = writing.parts.send(part, text_end, from_bytes).await?;
        if let Some(ended) = self.ended(import, sent).await? {
            return Ok(Some(ended));
        }
        if writing.begin.elapsed() < self.budget {
            return Ok(None);
        }
        let settled = writing.parts.settle().await?;
        let ended = self.ended(import, settled).await?;
        Ok(Some(ended.unwrap_or(Prepared::More)))
    }

    async fn ended(&self, import: &Import, sent: Sent) -> Result<Ended, Failure> {
        Ok(match sent {
            Sent::Going => None,
            Sent::NotActive => Some(Prepared::NotActive),
            Sent::UploadGone => Some(self.begin_again(import).await?),
        })
    }
}

impl Writing {
    /// Drops the text that has receipts of an earlier invocation.
    fn discard_done(&mut self) {
        let left = usize::try_from(self.done - self.text_start).unwrap_or(0);
        let dropped = left.min(self.text.len());
        if dropped > 0 {
            self.text.drain(..dropped);
            self.text_start += dropped as i64;
        }
    }

    /// Takes the next part out of the text.
    fn cut(&mut self, at_most: usize) -> Vec<u8> {
        let length = at_most.min(self.text.len());
        let mut rest = Vec::with_capacity(self.text.capacity());
        rest.extend_from_slice(&self.text[length..]);
        let mut part = std::mem::replace(&mut self.text, rest);
        part.truncate(length);
        self.text_start += length as i64;
        part
    }
}
