//! A declared dataset's rows added up. Its entry says of which columns, so an import is taken out of
//! the sums whatever is declared of them.

use domain::dataset::DatasetVersion;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Transaction};

use super::{Change, Moved, SUMS_AT_MOST};
use crate::Error;
use crate::sql::of_import::DELETED;

/// A longer value is no key of an index: an import that has one keeps no sums.
const VALUE_BYTES_AT_MOST: i32 = 1_000;

/// Sums of before that one statement removes.
const FORGOTTEN_AT_ONCE: i64 = 20_000;

/// Which sums of a dataset are kept, by the numbers of its columns.
struct Kept {
    dataset: i64,
    since: i32,
    sorted: i32,
    by: Vec<i32>,
    of: Vec<i32>,
}

/// False if nothing is to be committed. `within` are the sums that the import is in.
pub(super) async fn move_rows(
    it: &Moved<'_>,
    dataset: i64,
    within: Option<i32>,
) -> Result<bool, Error> {
    let kept = Kept::of(it.transaction, dataset).await?;
    match (it.change, kept) {
        (Change::Add, None) => Ok(false),
        (Change::Add, Some(kept)) => {
            let fits = kept.change(it).await?;
            // Looked at once the import is locked: whoever keeps other sums from now on locks it, too.
            Ok(
                fits && it.turn(Some(kept.since)).await?
                    && kept.are_current(it.transaction).await?,
            )
        }
        (Change::Remove, kept) => {
            // Sums of before are read by nobody.
            if let Some(kept) = kept.filter(|kept| within == Some(kept.since)) {
                kept.change(it).await?;
                kept.forget_empty(it.transaction).await?;
            }
            it.turn(None).await
        }
    }
}

/// Which sums can be read of a version of a dataset: none if it is not the current one.
pub(crate) async fn since(
    moment: &Transaction<'_>,
    version: DatasetVersion,
) -> Result<Option<i32>, Error> {
    let sql = "SELECT sums_since FROM dataset WHERE id = $1 AND version = $2";
    let row = moment
        .query_opt(sql, &[&version.id, &version.version])
        .await?;
    row.map_or(Ok(None), |row| Ok(row.try_get(0)?))
}

/// Says that these sums are kept from now on, or none. No import is in them: each is read until
/// `reconcile` adds it. Whoever adds one at this moment has its lock already, and is waited for; or
/// waits for it, and finds other sums kept then.
pub(crate) async fn begin_anew(
    transaction: &Transaction<'_>,
    dataset: i64,
    since: Option<i32>,
) -> Result<(), Error> {
    let lock = format!(
        "SELECT FROM import WHERE dataset_id = $1 AND state <> {DELETED} ORDER BY id FOR UPDATE"
    );
    transaction.execute(&lock, &[&dataset]).await?;
    let anew = format!(
        "UPDATE import SET keeps_sums = $2, summed = false, sums_since = NULL, sum_tries = 0, \
             sum_tried_at = NULL \
         WHERE dataset_id = $1 AND state <> {DELETED}"
    );
    transaction
        .execute(&anew, &[&dataset, &since.is_some()])
        .await?;
    Ok(())
}

/// Removes the sums that were kept before those that are kept now. What another transaction holds is
/// left, so that nobody waits: such a transaction is going to be rolled back.
pub(crate) async fn forget_before(client: &Client, dataset: i64) -> Result<(), Error> {
    let sql = "DELETE FROM dataset_sum WHERE ctid = ANY (ARRAY( \
         SELECT s.ctid FROM dataset_sum s \
         WHERE s.dataset_id = $1 AND s.since < \
             (SELECT coalesce(d.sums_since, d.version + 1) FROM dataset d WHERE d.id = $1) \
         LIMIT $2 FOR UPDATE SKIP LOCKED))";
    let parameters: [&(dyn ToSql + Sync); 2] = [&dataset, &FORGOTTEN_AT_ONCE];
    while client.execute(sql, &parameters).await? > 0 {}
    Ok(())
}

impl Kept {
    async fn of(transaction: &Transaction<'_>, dataset: i64) -> Result<Option<Self>, Error> {
        let sql = "SELECT sums_since, sorted_column, sums_by, sums_of FROM dataset \
             WHERE id = $1 AND sums_since IS NOT NULL";
        let row = transaction.query_opt(sql, &[&dataset]).await?;
        row.map(|row| {
            Ok(Self {
                dataset,
                since: row.try_get(0)?,
                sorted: row.try_get(1)?,
                by: row.try_get(2)?,
                of: row.try_get(3)?,
            })
        })
        .transpose()
    }

    async fn are_current(&self, transaction: &Transaction<'_>) -> Result<bool, Error> {
        let sql = "SELECT FROM dataset WHERE id = $1 AND sums_since = $2";
        let parameters: [&(dyn ToSql + Sync); 2] = [&self.dataset, &self.since];
        Ok(transaction.query_opt(sql, &parameters).await?.is_some())
    }

    /// False if the import has too many sums, or too long a value: it is not added then.
    async fn change(&self, it: &Moved<'_>) -> Result<bool, Error> {
        let changed = self.changed(it.change);
        let parameters: [&(dyn ToSql + Sync); 3] = [&it.id, &self.dataset, &self.since];
        let row = it.transaction.query_one(&changed, &parameters).await?;
        Ok(row.try_get(0)?)
    }

    async fn forget_empty(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let sql = "DELETE FROM dataset_sum WHERE dataset_id = $1 AND since = $2 AND rows = 0";
        transaction
            .execute(sql, &[&self.dataset, &self.since])
            .await?;
        Ok(())
    }

    /// Every transaction that changes sums locks them in the order of their key.
    fn changed(&self, change: Change) -> String {
        let sign = change.sign();
        let fit = match change {
            Change::Add => format!(
                "count(*) <= {SUMS_AT_MOST} \
                 AND coalesce(max(octet_length(value)), 0) <= {VALUE_BYTES_AT_MOST}"
            ),
            Change::Remove => "count(*) >= 0".to_owned(),
        };
        format!(
            "WITH sums AS MATERIALIZED ({read}), known AS (SELECT {fit} AS fit FROM sums), \
             changed AS (INSERT INTO dataset_sum AS kept \
                     (dataset_id, since, by, month, value, rows, counts, sums) \
                 SELECT $2, $3, by, month, value, {sign}rows, ARRAY[{counts}], ARRAY[{summed}] \
                 FROM sums WHERE (SELECT fit FROM known) ORDER BY by, month, value \
                 ON CONFLICT (dataset_id, since, by, month, value) DO UPDATE SET \
                     rows = kept.rows + excluded.rows, counts = ARRAY[{all_counts}], \
                     sums = ARRAY[{all_sums}]) \
             SELECT fit FROM known",
            read = self.read(),
            counts = self.each(|n| format!("{sign}counts[{n}]")),
            summed = self.each(|n| format!("{sign}summed[{n}]")),
            all_counts = self.each(|n| format!("kept.counts[{n}] + excluded.counts[{n}]")),
            all_sums = self.each(|n| format!("kept.sums[{n}] + excluded.sums[{n}]")),
        )
    }

    /// SQL: a piece for each column that is added up.
    fn each(&self, piece: impl Fn(usize) -> String) -> String {
        let pieces: Vec<String> = (1..=self.of.len()).map(piece).collect();
        pieces.join(", ")
    }

    /// SQL: the sums of the import's rows, in one pass over them.
    fn read(&self) -> String {
        let list = |columns: &[i32], piece: &dyn Fn(&i32) -> String| {
            let pieces: Vec<String> = columns.iter().map(piece).collect();
            pieces.join(", ")
        };
        // Each group is by one of the columns.
        let by = |then: &dyn Fn(&i32) -> String| {
            let whens = self.by.iter();
            let whens = whens.map(|it| format!(" WHEN grouping(c{it}) = 0 THEN {}", then(it)));
            format!("CASE{} END", whens.collect::<String>())
        };
        format!(
            "SELECT {number} AS by, month, {value} AS value, count(*) AS rows, \
                 ARRAY[{counts}] AS counts, ARRAY[{summed}] AS summed \
             FROM (SELECT date_trunc('month', c{sorted}::timestamp)::date AS month, {columns} \
                 FROM d_{dataset} WHERE import_id = $1) AS r \
             GROUP BY GROUPING SETS ({sets})",
            number = by(&|it| it.to_string()),
            value = by(&|it| format!("c{it}::text COLLATE \"C\"")),
            counts = list(&self.of, &|it| format!("count(c{it})")),
            summed = list(&self.of, &|it| format!("coalesce(sum(c{it}), 0)::numeric")),
            columns = list(&[self.by.as_slice(), &self.of].concat(), &|it| format!(
                "c{it}"
            )),
            sets = list(&self.by, &|it| format!("(month, c{it})")),
            sorted = self.sorted,
            dataset = self.dataset,
        )
    }
}
