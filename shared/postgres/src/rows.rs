//! Reading rows back: only those of completed imports, count and page of one moment.

use domain::dataset::{Dataset, Kind};
use domain::import::Import;
use jiff::civil::Date;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::Error;
use crate::imports::one_moment;

/// A typed cell as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As in the file.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Cents.
    Money(i64),
    /// A calendar date.
    Date(Date),
}

/// A row of a baseline with its file's order of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesRow {
    /// File column → dataset column, -1 = ignored.
    pub column_order: Vec<i16>,
    /// In the dataset's order.
    pub cells: Vec<Cell>,
    /// The order date once more: what the rows are sorted by.
    pub order_date: Date,
}

/// Count and page of an owner's completed baseline rows with an order date on or after `from`,
/// newest order date first; ties by import, then record, newest first.
pub async fn sales_page(
    client: &mut Client,
    owner: Uuid,
    from: Option<Date>,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<SalesRow>), Error> {
    let dataset = domain::dataset::BASELINE;
    let source = format!(
        "FROM {} r JOIN import i ON i.id = r.import_id WHERE i.owner = $1 \
         AND i.state = 'completed' AND r.order_date >= coalesce($2::date, '-infinity'::date)",
        dataset.table
    );
    let moment = one_moment(client).await?;
    let count = moment
        .query_one(&format!("SELECT count(*) {source}"), &[&owner, &from])
        .await?
        .get(0);
    let sql = format!(
        "SELECT i.column_order, r.order_date AS placed, {} {source} \
         ORDER BY r.order_date DESC, i.number DESC, r.record DESC LIMIT $3 OFFSET $4",
        columns(dataset)
    );
    let rows = moment
        .query(&sql, &[&owner, &from, &limit, &offset])
        .await?;
    moment.commit().await?;
    let rows = rows.iter().map(|row| {
        Ok(SalesRow {
            column_order: row.try_get(0)?,
            order_date: row.try_get(1)?,
            cells: cells(row, dataset, 2)?,
        })
    });
    Ok((count, rows.collect::<Result<_, Error>>()?))
}

/// Count and page of one import's rows, in the order of the file; none unless it is completed.
pub async fn import_page(
    client: &mut Client,
    import: &Import,
    dataset: &'static Dataset,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Vec<Cell>>), Error> {
    let source = format!(
        "FROM {} r JOIN import i ON i.id = r.import_id WHERE i.id = $1 AND i.state = 'completed'",
        dataset.table
    );
    let moment = one_moment(client).await?;
    let count = moment
        .query_one(&format!("SELECT count(*) {source}"), &[&import.id])
        .await?
        .get(0);
    let sql = format!(
        "SELECT {} {source} ORDER BY r.record LIMIT $2 OFFSET $3",
        columns(dataset)
    );
    let rows = moment.query(&sql, &[&import.id, &limit, &offset]).await?;
    moment.commit().await?;
    let rows = rows.iter().map(|row| cells(row, dataset, 0));
    Ok((count, rows.collect::<Result<_, _>>()?))
}

/// The dataset's columns; money as cents, which need no decimal type on our side.
fn columns(dataset: &Dataset) -> String {
    let column = |it: &domain::dataset::Column| match it.kind {
        Kind::Money => format!("(r.{} * 100)::bigint", it.name),
        Kind::Text { .. } | Kind::Integer { .. } | Kind::Date => format!("r.{}", it.name),
    };
    dataset
        .columns
        .iter()
        .map(column)
        .collect::<Vec<_>>()
        .join(", ")
}

fn cells(row: &Row, dataset: &Dataset, first: usize) -> Result<Vec<Cell>, Error> {
    let cell = |(index, column): (usize, &domain::dataset::Column)| {
        Ok(match column.kind {
            Kind::Text { .. } => Cell::Text(row.try_get(first + index)?),
            Kind::Integer { .. } => Cell::Integer(row.try_get(first + index)?),
            Kind::Money => Cell::Money(row.try_get(first + index)?),
            Kind::Date => Cell::Date(row.try_get(first + index)?),
        })
    };
    dataset.columns.iter().enumerate().map(cell).collect()
}
