//! Rows of one import from PostgreSQL by `COPY … TO STDOUT`, into parts of the file. Each row comes
//! as one message. Only the last message is kept, for its row's position.

mod decode;

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use domain::dataset::Dataset;
use domain::export::Part;
use domain::filter::Filter;
use domain::order::{Key, Order};
use futures_util::StreamExt;
use tokio_postgres::{Client, CopyOutStream};

use super::Position;
use crate::Error;
use crate::conditions::set_for_copy;

/// The rows of one import that match, in the order of the table's key.
pub struct RowStream {
    stream: Pin<Box<CopyOutStream>>,
    dataset: Arc<Dataset>,
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
        dataset: Arc<Dataset>,
        import_id: i64,
        after: Option<Position>,
        filter: &Filter,
        guard: bool,
    ) -> Result<Self, Error> {
        let conditions = set_for_copy(client, &dataset, &filter.conditions).await?;
        let statement = statement(&dataset, import_id, after, &conditions);
        let stream = client.copy_out(&statement).await?;
        Ok(Self {
            stream: Box::pin(stream),
            dataset,
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
            decode::write(&message, &self.dataset, part, self.guard)?;
            self.last = Some(message);
        }
        Ok(true)
    }

    /// The position of the last row that was written; `None` if there was none.
    pub fn last(&self) -> Result<Option<Position>, Error> {
        self.last.as_deref().map(|it| self.position(it)).transpose()
    }

    fn position(&self, message: &[u8]) -> Result<Position, Error> {
        let (key, record) = decode::place(message, &self.dataset)?;
        Ok(Position {
            import_id: self.import_id,
            key,
            record,
        })
    }
}

/// The order is that of the table's key, so that nothing is sorted and the next statement can
/// continue from a row's position.
fn statement(
    dataset: &Dataset,
    import_id: i64,
    after: Option<Position>,
    conditions: &str,
) -> String {
    let columns: Vec<String> = dataset
        .columns
        .iter()
        .map(|it| format!("r.{}", it.name))
        .collect();
    let key: Vec<String> = dataset.key().iter().map(|it| format!("r.{it}")).collect();
    let key = key.join(", ");
    let after = after.map_or_else(String::new, |it| match it.key {
        Some(place) => {
            let place = literal(dataset.order(), place);
            format!(" AND ({key}) > ({place}, {})", it.record)
        }
        None => format!(" AND {key} > {}", it.record),
    });
    format!(
        "COPY (SELECT r.record, {} FROM {} r WHERE r.import_id = {import_id}{after}{conditions} \
         ORDER BY {key}) TO STDOUT",
        columns.join(", "),
        dataset.table,
    )
}

/// SQL: a key, which has digits and punctuation of ours alone.
fn literal(order: Option<Order>, key: Key) -> String {
    match key {
        Key::Date(it) => format!("date '{it}'"),
        Key::DateTime(it) if order == Some(Order::Moments) => format!("timestamptz '{it}Z'"),
        Key::DateTime(it) => format!("timestamp '{it}'"),
        Key::Integer(it) => format!("{it}::bigint"),
    }
}
