//! Declaring a dataset, and changing what is declared: entry, version and table in one transaction.

use domain::dataset::Sums;
use domain::import::State;
use domain::quota::{Exceeded, Quotas, Wish};
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Transaction};
use trial::point;
use uuid::Uuid;

use super::entry::{COLUMNS, Entry, read};
use super::numbers::numbers;
use super::tries::{Tries, begin};
use super::versions;
use crate::Error;
use crate::sql;
use crate::sql::of_import::DELETED;
use crate::sums;
use crate::usage;

/// What is declared, checked by the caller.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Whose it is to be.
    pub owner: Uuid,
    /// A valid name, and not one that is taken for all.
    pub name: String,
    /// The declaration.
    pub document: Value,
    /// The code of the SQL type of each field.
    pub types: Vec<&'static str>,
    /// Index of the field that rows are sorted by.
    pub sorted_by: Option<usize>,
    /// The sums that are to be kept.
    pub sums: Option<Sums>,
    /// How many datasets the stack may have.
    pub stack_at_most: i64,
    /// What its owner may have.
    pub quotas: Quotas,
}

impl NewVersion {
    /// The numbers of the columns that sums are kept by, and of.
    fn columns_of_sums(&self, numbers: &[i32]) -> (Option<Vec<i32>>, Option<Vec<i32>>) {
        let of = |fields: &[usize]| fields.iter().map(|it| numbers[*it]).collect();
        let sums = self.sums.as_ref();
        (sums.map(|it| of(&it.by)), sums.map(|it| of(&it.of)))
    }
}

/// What a new declaration is to the one that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evolution<P> {
    /// It says the same.
    Same,
    /// What was stored by the old one can be read by the new one.
    Compatible {
        /// For each field, which it was in the stored declaration; `None` is an added one.
        was: Vec<Option<usize>>,
    },
    /// It is not, for these reasons.
    Incompatible(Vec<P>),
}

/// What became of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put<P> {
    /// The dataset is new.
    Declared(Entry),
    /// It says what was stored: nothing has changed.
    Unchanged(Entry),
    /// It is the current version from now on.
    Evolved(Entry),
    /// The stack has no room for another dataset.
    NoRoom,
    /// The owner has as many as an owner may have.
    OverQuota(Exceeded),
    /// A field is added while an import of the dataset is active: it would wait for the import, and
    /// every reader behind it.
    ImportsUnderWay,
    /// It is incompatible, and the dataset has imports.
    Incompatible(Vec<P>),
    /// Others hold the locks: the same declaration may be taken soon.
    Busy,
}

/// Declares a dataset, or makes this the current version of the one that the owner has of this
/// name. `evolution` says what the new declaration is to the stored one.
pub async fn put<P>(
    client: &mut Client,
    new: &NewVersion,
    evolution: impl Fn(&Value) -> Result<Evolution<P>, Error>,
) -> Result<Put<P>, Error> {
    let mut tries = Tries::new();
    loop {
        match try_to_put(client, new, &evolution).await {
            Err(error) if error.is_lock_taken() => {
                if !tries.again().await {
                    return Ok(Put::Busy);
                }
            }
            done => return done,
        }
    }
}

/// What is refused has changed nothing, so each end may commit.
async fn try_to_put<P>(
    client: &mut Client,
    new: &NewVersion,
    evolution: &impl Fn(&Value) -> Result<Evolution<P>, Error>,
) -> Result<Put<P>, Error> {
    let transaction = begin(client).await?;
    let put = match live(&transaction, new).await? {
        Some(entry) => evolve(&transaction, entry, new, evolution).await?,
        None => declare(&transaction, new, evolution).await?,
    };
    transaction.commit().await?;
    point("dataset-put");
    if let Put::Evolved(entry) = &put {
        sums::forget_before(client, entry.id).await?;
    }
    Ok(put)
}

/// The owner's dataset of this name, locked.
async fn live(transaction: &Transaction<'_>, new: &NewVersion) -> Result<Option<Entry>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM dataset WHERE owner = $1 AND name = $2 AND state = 'live' FOR UPDATE"
    );
    let row = transaction
        .query_opt(&sql, &[&new.owner, &new.name])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The room is locked before it is counted, and the name is looked for again then.
async fn declare<P>(
    transaction: &Transaction<'_>,
    new: &NewVersion,
    evolution: &impl Fn(&Value) -> Result<Evolution<P>, Error>,
) -> Result<Put<P>, Error> {
    let lock = "SELECT FROM dataset_room FOR UPDATE";
    transaction.execute(lock, &[]).await?;
    if let Some(entry) = live(transaction, new).await? {
        return evolve(transaction, entry, new, evolution).await;
    }
    if let Some(full) = without_room(transaction, new).await? {
        return Ok(full);
    }
    let numbers: Vec<i32> = (1..).take(new.types.len()).collect();
    let used = numbers.last().copied().unwrap_or(0);
    let sql = format!(
        "INSERT INTO dataset (owner, name, column_numbers, column_types, sorted_column, columns_used, \
             sums_by, sums_of, sums_since) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $7::integer[] IS NOT NULL THEN 1 END) \
         RETURNING {COLUMNS}"
    );
    let sorted = new.sorted_by.map(|field| numbers[field]);
    let (by, of) = new.columns_of_sums(&numbers);
    let parameters: [&(dyn ToSql + Sync); 8] = [
        &new.owner, &new.name, &numbers, &new.types, &sorted, &used, &by, &of,
    ];
    let row = transaction.query_one(&sql, &parameters).await?;
    let entry = read(&row)?;
    versions::keep(transaction, &entry, &new.document).await?;
    Ok(Put::Declared(entry))
}

/// One that is marked has a table for a while still, so it is counted: an owner who declares and
/// drops in turn would take the places of all others.
async fn without_room<P>(
    transaction: &Transaction<'_>,
    new: &NewVersion,
) -> Result<Option<Put<P>>, Error> {
    let exceeded = usage::judge(transaction, new.owner, &new.quotas, Wish::Dataset).await?;
    if let Some(exceeded) = exceeded {
        return Ok(Some(Put::OverQuota(exceeded)));
    }
    let sql = "SELECT count(*) FROM dataset";
    let of_stack: i64 = transaction.query_one(sql, &[]).await?.try_get(0)?;
    Ok((of_stack >= new.stack_at_most).then_some(Put::NoRoom))
}

async fn evolve<P>(
    transaction: &Transaction<'_>,
    entry: Entry,
    new: &NewVersion,
    evolution: &impl Fn(&Value) -> Result<Evolution<P>, Error>,
) -> Result<Put<P>, Error> {
    let sql = "SELECT document FROM dataset_version WHERE dataset_id = $1 AND version = $2";
    let stored = transaction
        .query_one(sql, &[&entry.id, &entry.version])
        .await?;
    let was = match evolution(&stored.try_get(0)?)? {
        Evolution::Same => return Ok(Put::Unchanged(entry)),
        Evolution::Compatible { was } => {
            let under_way = format!("state IN {}", sql::imports(State::is_active));
            if was.contains(&None) && has_imports(transaction, &entry, &under_way).await? {
                return Ok(Put::ImportsUnderWay);
            }
            was
        }
        Evolution::Incompatible(problems) => {
            let not_deleted = format!("state <> {DELETED}");
            if has_imports(transaction, &entry, &not_deleted).await? {
                return Ok(Put::Incompatible(problems));
            }
            // The table has no rows, and the next import makes another one. Its columns have new
            // numbers: a worker that still holds a deleted import finds none of those it knows.
            let table = "SELECT drop_dataset_table($1)";
            transaction.execute(table, &[&entry.id]).await?;
            vec![None; new.types.len()]
        }
    };
    let before = entry.sums_since;
    let entry = change(transaction, &entry, new, &was).await?;
    if entry.made && was.contains(&None) {
        let table = "SELECT extend_dataset_table($1)";
        transaction.execute(table, &[&entry.id]).await?;
    }
    if before != entry.sums_since {
        sums::begin_anew(transaction, entry.id, entry.sums_since).await?;
    }
    Ok(Put::Evolved(entry))
}

async fn has_imports(
    transaction: &Transaction<'_>,
    entry: &Entry,
    condition: &str,
) -> Result<bool, Error> {
    let sql = format!("SELECT EXISTS (SELECT FROM import WHERE dataset_id = $1 AND {condition})");
    Ok(transaction
        .query_one(&sql, &[&entry.id])
        .await?
        .try_get(0)?)
}

/// Makes this the current version.
async fn change(
    transaction: &Transaction<'_>,
    entry: &Entry,
    new: &NewVersion,
    was: &[Option<usize>],
) -> Result<Entry, Error> {
    let used = entry.columns_used;
    let fits = |it: &Vec<i32>| it.len() == new.types.len();
    let numbers = numbers(was, &entry.column_numbers, used).filter(fits);
    let numbers = numbers.ok_or_else(|| {
        let id = entry.id;
        Error::Stored(format!("dataset {id} has other fields than was thought"))
    })?;
    let used = numbers.iter().copied().max().unwrap_or(0).max(used);
    let sorted = new.sorted_by.map(|field| numbers[field]);
    let sql = format!(
        "UPDATE dataset SET version = version + 1, column_numbers = $2, column_types = $3, \
         sorted_column = $4, columns_used = $5, sums_by = $6, sums_of = $7, \
         sums_since = CASE WHEN $6::integer[] IS NULL THEN NULL \
             WHEN (sums_by, sums_of) IS NOT DISTINCT FROM ($6, $7::integer[]) THEN sums_since \
             ELSE version + 1 END, \
         changed_at = now() WHERE id = $1 RETURNING {COLUMNS}"
    );
    let (by, of) = new.columns_of_sums(&numbers);
    let parameters: [&(dyn ToSql + Sync); 7] =
        [&entry.id, &numbers, &new.types, &sorted, &used, &by, &of];
    let row = transaction.query_one(&sql, &parameters).await?;
    let entry = read(&row)?;
    versions::keep(transaction, &entry, &new.document).await?;
    versions::forget(transaction, &entry).await?;
    Ok(entry)
}
