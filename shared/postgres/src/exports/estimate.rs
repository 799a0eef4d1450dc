use domain::dataset::Dataset;
use domain::export::Estimate;
use domain::filter::Filter;
use domain::limits::EXPORT_COUNTED_WITHIN;
use domain::order::Order;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};

use crate::Error;
use crate::conditions::Conditions;
use crate::imports::one_moment;
use crate::rows::{Reader, take_place};

/// What an export is to be made from, and how much that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// The completed imports of the owner that may have rows of it; ascending.
    pub imports: Vec<i64>,
    /// Its expected size.
    pub estimate: Estimate,
}

/// Pins an owner's completed imports of a dataset, and tells how many of their rows match, at one
/// moment. Where they are counted one by one, that takes a place of the owner's, as reading them does.
pub async fn pin(
    client: &mut Client,
    reader: impl Into<Reader>,
    dataset: &Dataset,
    filter: &Filter,
    gzip: bool,
) -> Result<Pinned, Error> {
    let reader = reader.into();
    let moment = one_moment(client).await?;
    let conditions = Conditions::on_import(&reader.owner, dataset, filter);
    let sql = format!(
        "SELECT coalesce(array_agg(i.id ORDER BY i.id), '{{}}'), \
             coalesce(sum(i.rows_imported), 0)::bigint, \
             coalesce(sum(coalesce(i.prepared_size, i.object_size)), 0)::bigint \
         FROM import i WHERE {}",
        conditions.sql()
    );
    let row = moment.query_one(&sql, conditions.parameters()).await?;
    let (imports, stored, bytes): (Vec<i64>, i64, i64) = (row.get(0), row.get(1), row.get(2));
    let (rows, exact) = if filter.conditions.is_empty() || imports.is_empty() {
        (stored, true)
    } else {
        match rows(&moment, reader, &imports, dataset, filter).await {
            Err(refused @ Error::TooManyReads { .. }) => {
                moment.rollback().await?;
                return Err(refused);
            }
            counted => counted?,
        }
    };
    moment.rollback().await?;
    let estimate = Estimate::new(rows, exact, stored, bytes, gzip);
    Ok(Pinned { imports, estimate })
}

/// How many rows match, and true. If counting takes too long: how many rows there are in the
/// buckets that may match, which is the most, and false.
async fn rows(
    moment: &Transaction<'_>,
    reader: Reader,
    imports: &[i64],
    dataset: &Dataset,
    filter: &Filter,
) -> Result<(i64, bool), Error> {
    let at_most = kept(moment, imports, dataset, filter).await?;
    if is_kept(dataset, filter) {
        return Ok((at_most, true));
    }
    take_place(moment, reader).await?;
    let seconds = EXPORT_COUNTED_WITHIN.as_secs();
    let limit = format!("SET LOCAL statement_timeout = '{seconds}s'");
    moment.batch_execute(&limit).await?;
    match one_by_one(moment, imports, dataset, filter).await {
        Ok(rows) => Ok((rows, true)),
        Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => Ok((at_most, false)),
        Err(error) => Err(error.into()),
    }
}

/// How many rows of these imports match. What is kept of each bucket is added up, which costs
/// nothing per row, unless something has to be tried on rows.
pub(super) async fn count(
    moment: &Transaction<'_>,
    imports: &[i64],
    dataset: &Dataset,
    filter: &Filter,
) -> Result<i64, Error> {
    // The dataset may have no table yet.
    if imports.is_empty() {
        return Ok(0);
    }
    match is_kept(dataset, filter) {
        true => kept(moment, imports, dataset, filter).await,
        false => Ok(one_by_one(moment, imports, dataset, filter).await?),
    }
}

fn is_kept(dataset: &Dataset, filter: &Filter) -> bool {
    match dataset.order() {
        Some(order) => filter.is_free(dataset, order),
        None => filter.conditions.is_empty(),
    }
}

/// The rows of the imports in the buckets that may match.
async fn kept(
    moment: &Transaction<'_>,
    imports: &[i64],
    dataset: &Dataset,
    filter: &Filter,
) -> Result<i64, Error> {
    let Some(order) = dataset.order() else {
        let sql = "SELECT coalesce(sum(rows_imported), 0)::bigint FROM import WHERE id = ANY($1)";
        return Ok(moment.query_one(sql, &[&imports]).await?.try_get(0)?);
    };
    let (first, last) = filter.buckets(dataset, order);
    let sql = match order {
        Order::Dates => {
            "SELECT coalesce(sum(rows), 0)::bigint FROM import_day WHERE import_id = ANY($1) \
             AND day >= date '1970-01-01' + $2::integer AND day <= date '1970-01-01' + $3::integer"
        }
        _ => {
            "SELECT coalesce(sum(rows), 0)::bigint FROM import_bucket \
             WHERE import_id = ANY($1) AND bucket BETWEEN $2 AND $3"
        }
    };
    let row = moment.query_one(sql, &[&imports, &first, &last]).await?;
    Ok(row.try_get(0)?)
}

async fn one_by_one(
    moment: &Transaction<'_>,
    imports: &[i64],
    dataset: &Dataset,
    filter: &Filter,
) -> Result<i64, tokio_postgres::Error> {
    let conditions = Conditions::after(&[&imports]).and_sql("r.import_id = ANY($1)");
    let conditions = conditions.and_all(dataset, &filter.conditions);
    let sql = format!(
        "SELECT count(*) FROM {} r WHERE {}",
        dataset.table,
        conditions.sql()
    );
    let row = moment.query_one(&sql, conditions.parameters()).await?;
    row.try_get(0)
}
