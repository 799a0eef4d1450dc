//! The cells of a row.

use domain::cell::{Decimal, Kind, Value};
use domain::dataset::{Column, Dataset};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::Error;
use crate::numeric::Numeric;

/// A typed cell as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As in the file.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Cents.
    Money(i64),
    /// A calendar date; of a month, its first day.
    Date(Date),
    /// No value.
    Null,
    /// An exact decimal number.
    Number(Decimal),
    /// True or false.
    Boolean(bool),
    /// A date and a time of day without a zone.
    Datetime(DateTime),
    /// A point in time.
    Timestamp(Timestamp),
    /// A time of day.
    Time(Time),
    /// A year.
    Year(i16),
    /// A UUID.
    Uuid(Uuid),
}

impl Cell {
    /// The value, as it was parsed.
    pub fn value(&self) -> Value<'_> {
        match *self {
            Cell::Text(ref text) => Value::Text(text),
            Cell::Integer(number) => Value::Integer(number),
            Cell::Money(cents) => Value::Money(cents),
            Cell::Date(date) => Value::Date(date),
            Cell::Null => Value::Null,
            Cell::Number(number) => Value::Number(number),
            Cell::Boolean(value) => Value::Boolean(value),
            Cell::Datetime(datetime) => Value::Datetime(datetime),
            Cell::Timestamp(timestamp) => Value::Timestamp(timestamp),
            Cell::Time(time) => Value::Time(time),
            Cell::Year(year) => Value::Year(year),
            Cell::Uuid(uuid) => Value::Uuid(uuid),
        }
    }

    /// The value of a column in a row.
    fn of(row: &Row, at: usize, kind: &Kind) -> Result<Self, Error> {
        let cell = match kind {
            Kind::Text { .. } => row.try_get::<_, Option<_>>(at)?.map(Cell::Text),
            Kind::Uuid(_) => row.try_get::<_, Option<_>>(at)?.map(Cell::Uuid),
            Kind::Integer { .. } => row.try_get::<_, Option<_>>(at)?.map(Cell::Integer),
            Kind::Money { .. } => row.try_get::<_, Option<_>>(at)?.map(Cell::Money),
            Kind::BigInteger(_) | Kind::Number(_) => {
                let number = row.try_get::<_, Option<Numeric>>(at)?;
                number.map(|it| Cell::Number(it.0))
            }
            Kind::Boolean(_) => row.try_get::<_, Option<_>>(at)?.map(Cell::Boolean),
            Kind::Date { .. } | Kind::Yearmonth(_) => {
                row.try_get::<_, Option<_>>(at)?.map(Cell::Date)
            }
            Kind::Datetime(_) => row.try_get::<_, Option<_>>(at)?.map(Cell::Datetime),
            Kind::Timestamp(_) => row.try_get::<_, Option<_>>(at)?.map(Cell::Timestamp),
            Kind::Time(_) => row.try_get::<_, Option<_>>(at)?.map(Cell::Time),
            Kind::Year(_) => {
                let year = row.try_get::<_, Option<i32>>(at)?;
                year.and_then(|it| i16::try_from(it).ok()).map(Cell::Year)
            }
        };
        Ok(cell.unwrap_or(Cell::Null))
    }
}

/// SQL: the dataset's columns; amounts as cents, which need no decimal type on our side.
pub(super) fn columns(dataset: &Dataset) -> String {
    let column = |it: &Column| match it.kind {
        Kind::Money { .. } => format!("(r.{} * 100)::bigint", it.name),
        _ => format!("r.{}", it.name),
    };
    dataset
        .columns
        .iter()
        .map(column)
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) fn cells(row: &Row, dataset: &Dataset, first: usize) -> Result<Vec<Cell>, Error> {
    let columns = dataset.columns.iter().zip(first..);
    columns
        .map(|(column, at)| Cell::of(row, at, &column.kind))
        .collect()
}
