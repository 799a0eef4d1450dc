//! Users with many rows: stored by one statement as workers would leave them, finished by the
//! statements of finish-import.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use domain::import::Import;
use domain::max_errors::MaxErrors;
use domain::quota::Quotas;
use domain::reading::ReadingRequest;
use jiff::{SignedDuration, Timestamp};
use postgres::finishing::{self, Finished, Judged};
use postgres::imports::{self, Created, NewImport};
use postgres::{datasets, sums};
use tokio_postgres::Client;
use uuid::Uuid;

use super::seconds::Seconds;
use super::shape::Shape;

/// About the rows of a chunk of 16 MiB: they are sorted by the key and stored at a time.
const CHUNK: i64 = 135_000;

/// More than there are.
const DATASETS_AT_MOST: i64 = 1000;

/// A user with sales records.
pub struct Seller {
    pub name: &'static str,
    pub owner: Uuid,
    pub dataset: Arc<Dataset>,
    pub shape: Shape,
}

impl Seller {
    /// One who has declared the dataset, if it is not built in.
    pub async fn new(
        client: &mut Client,
        name: &'static str,
        owner: Uuid,
        shape: Shape,
    ) -> Result<Self> {
        let dataset = match shape.is_declared() {
            true => declared(client, owner, shape).await?,
            false => BASELINE.clone(),
        };
        Ok(Self {
            name,
            owner,
            dataset,
            shape,
        })
    }

    /// Stores the rows in this number of imports; gives what finishing them took.
    pub async fn fill(&self, client: &mut Client, rows: i64, imports: i64) -> Result<Seconds> {
        let mut seconds = Seconds::default();
        for _ in 0..imports {
            let uid = self.store(client, rows / imports).await?;
            let import = imports::by_uid(client, uid).await?;
            let import = import.context("the import is gone")?;
            let judged = Judged {
                lines: import.rows_imported.unsigned_abs(),
                ..Judged::default()
            };
            let begin = Instant::now();
            let finished =
                finishing::finish(client, &import, &self.dataset, &judged, &Quotas::UNLIMITED);
            let (proof, finished) = finished.await?;
            seconds.finished += begin.elapsed().as_secs_f64();
            if !matches!(finished, Finished::Completed(_)) {
                bail!("not completed: {proof:?}");
            }
            let begin = Instant::now();
            sums::add(client, uid).await?;
            seconds.summed += begin.elapsed().as_secs_f64();
        }
        Ok(seconds)
    }

    async fn store(&self, client: &mut Client, rows: i64) -> Result<Uuid> {
        let import = self.create(client).await?;
        datasets::ensure_table(client, import.uid).await?;
        let names = self.dataset.columns.iter().map(|it| it.name.as_str());
        let key = self.dataset.sorted_by;
        let sql = format!(
            "INSERT INTO {} (import_id, record, {}) \
             SELECT $1, record, {} \
             FROM (SELECT record, hashint8(record * 7919 + $1)::bigint & 2147483647 AS h \
                   FROM generate_series($2::bigint, $3::bigint) AS record) AS r ORDER BY {}2",
            self.dataset.table,
            names.collect::<Vec<_>>().join(", "),
            self.shape.values(),
            key.map_or_else(String::new, |column| format!("{}, ", column + 3)),
        );
        let mut first = 1;
        while first <= rows {
            let last = rows.min(first + CHUNK - 1);
            client.execute(&sql, &[&import.id, &first, &last]).await?;
            first = last + 1;
        }
        self.end_chunks(client, &import, rows).await?;
        Ok(import.uid)
    }

    async fn create(&self, client: &mut Client) -> Result<Import> {
        let uid = Uuid::new_v4();
        let new = NewImport {
            uid,
            owner: self.owner,
            dataset: self.dataset.clone(),
            object_key: format!("uploads/{uid}"),
            object_size: 1,
            upload_expires_at: Timestamp::now() + SignedDuration::from_hours(2),
            idempotency: None,
            holds: false,
            max_errors: MaxErrors::Percent(100),
            said: ReadingRequest::default(),
            validate_only: false,
            replaces: None,
            retry_of: None,
            quotas: Quotas::UNLIMITED,
        };
        match imports::create(client, &new).await? {
            Created::Import(import) => Ok(*import),
            other => bail!("the import was not created: {other:?}"),
        }
    }

    /// As planner and workers leave it, in one chunk.
    async fn end_chunks(&self, client: &Client, import: &Import, rows: i64) -> Result<()> {
        let plan = "INSERT INTO import_chunk (import_id, number, byte_start, byte_end, \
                 first_record, first_line, records, lines, done_at, rows_imported, rows_rejected) \
             VALUES ($1, 0, 0, 1, 1, 2, $2, $2, now(), $2, 0)";
        client.execute(plan, &[&import.id, &rows]).await?;
        let state = "UPDATE import SET state = 'finishing', object_size = 1, heading_end_byte = 0, \
                 heading_end_line = 1, chunks_total = 1, chunks_done = 1, rows_imported = $2, \
                 column_order = '{0,1,2,3,4,5,6,7,8,9,10,11,12,13}' WHERE id = $1";
        client.execute(state, &[&import.id, &rows]).await?;
        Ok(())
    }
}

async fn declared(client: &mut Client, owner: Uuid, shape: Shape) -> Result<Arc<Dataset>> {
    const NAME: &str = "bench";
    let declaration = shape.declaration()?;
    let (at_most, quotas) = (DATASETS_AT_MOST, Quotas::UNLIMITED);
    datasets::declare(client, owner, NAME, &declaration, at_most, quotas).await?;
    let found = datasets::find(client, owner, NAME).await?;
    found.context("the dataset is not declared")
}
