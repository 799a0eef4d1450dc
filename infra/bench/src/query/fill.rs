//! Users with many rows: stored by one statement as workers would leave them, finished by the
//! statements of finish-import.

use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use domain::catalog::BASELINE;
use domain::import::Import;
use domain::max_errors::MaxErrors;
use domain::reading::ReadingRequest;
use jiff::{SignedDuration, Timestamp};
use postgres::finishing::{self, Finished, Judged};
use postgres::imports::{self, Created, NewImport};
use postgres::sums;
use tokio_postgres::Client;
use uuid::Uuid;

use super::seconds::Seconds;

/// About the rows of a chunk of 16 MiB: they are sorted by day and stored at a time.
const CHUNK: i64 = 135_000;

/// A user with sales records.
pub struct Seller {
    pub name: &'static str,
    pub owner: Uuid,
    is_half_one_day: bool,
}

impl Seller {
    pub fn new(name: &'static str, owner: Uuid, is_half_one_day: bool) -> Self {
        Self {
            name,
            owner,
            is_half_one_day,
        }
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
            let (proof, finished) = finishing::finish(client, &import, &BASELINE, &judged).await?;
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
        let day = "date '2010-01-01' + (h / 13 % 2765)::integer";
        let day = match self.is_half_one_day {
            true => format!("CASE h % 2 WHEN 0 THEN date '2014-06-15' ELSE {day} END"),
            false => day.to_owned(),
        };
        let sql = format!(
            "INSERT INTO sales_record \
             SELECT $1, record, 'Region ' || h / 1000 % 185 % 7, 'Country ' || h / 1000 % 185, \
                 'Item ' || h / 7 % 12, CASE h % 2 WHEN 0 THEN 'Online' ELSE 'Offline' END, \
                 substr('CHLM', (1 + h / 2 % 4)::integer, 1), {day}, 100000000 + record, \
                 date '2017-12-31', h % 10000, h % 60000 / 100.0, h % 40000 / 100.0, \
                 (h % 10000) * (h % 60000) / 100.0, (h % 10000) * (h % 40000) / 100.0, \
                 (h % 10000) * (h % 60000 - h % 40000) / 100.0 \
             FROM (SELECT record, hashint8(record * 7919 + $1)::bigint & 2147483647 AS h \
                   FROM generate_series($2::bigint, $3::bigint) AS record) AS r ORDER BY 8, 2"
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
            dataset: BASELINE.clone(),
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
