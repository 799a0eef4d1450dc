//! Rows of one import from PostgreSQL by `COPY … TO STDOUT`, into parts of the file. Each row comes
//! as one message. Only the last message is kept, for its row's position.

mod decode;

use std::pin::Pin;

use bytes::Bytes;
use domain::catalog::BASELINE;
use domain::export::{Filters, Part};
use futures_util::StreamExt;
use tokio_postgres::{Client, CopyOutStream};

use super::Position;
use super::estimate::conditions;
use crate::Error;

/// The rows of one import that match, in the order of date and record.
pub struct RowStream {
    stream: Pin<Box<CopyOutStream>>,
    import_id: i64,
    guard: bool,
    /// The message of the last row that was written.
    last: Option<Bytes>,
}

impl RowStream {
    /// Opens the COPY after the row at `after`, or at the import's first row. Nothing else can be
    /// asked of the session until the stream has ended.
    pub async fn open(
        client: &Client,
        import_id: i64,
        after: Option<Position>,
        filters: &Filters,
        guard: bool,
    ) -> Result<Self, Error> {
        let stream = client
            .copy_out(&statement(import_id, after, filters))
            .await?;
        Ok(Self {
            stream: Box::pin(stream),
            import_id,
            guard,
            last: None,
        })
    }

    /// Writes rows into the part until it is full; false when no row is left.
    pub async fn fill(&mut self, part: &mut Part) -> Result<bool, Error> {
        while !part.is_full() {
            let Some(message) = self.stream.next().await else {
                return Ok(false);
            };
            let message = message?;
            decode::write(&message, &BASELINE, part, self.guard)?;
            self.last = Some(message);
        }
        Ok(true)
    }

    /// The position of the last row that was written; `None` if there was none.
    pub fn last(&self) -> Result<Option<Position>, Error> {
        self.last.as_deref().map(|it| self.position(it)).transpose()
    }

    fn position(&self, message: &[u8]) -> Result<Position, Error> {
        let (order_date, record) = decode::place(message, &BASELINE)?;
        Ok(Position {
            import_id: self.import_id,
            order_date,
            record,
        })
    }
}

/// The order is that of the table's key, so that nothing is sorted and the next statement can
/// continue from a row's position.
fn statement(import_id: i64, after: Option<Position>, filters: &Filters) -> String {
    let columns: Vec<String> = BASELINE
        .columns
        .iter()
        .map(|it| format!("r.{}", it.name))
        .collect();
    let after = after.map_or_else(String::new, |it| {
        format!(
            " AND (r.order_date, r.record) > ('{}', {})",
            it.order_date, it.record
        )
    });
    format!(
        "COPY (SELECT r.record, {} FROM {} r WHERE r.import_id = {import_id}{after}{} \
         ORDER BY r.order_date, r.record) TO STDOUT",
        columns.join(", "),
        BASELINE.table,
        conditions(filters)
    )
}
