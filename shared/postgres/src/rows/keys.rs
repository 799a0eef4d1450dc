//! Keys and buckets as PostgreSQL has them.

use std::error::Error as StdError;

use bytes::BytesMut;
use domain::order::{Key, Order};
use jiff::civil::{Date, DateTime, Time};
use postgres_protocol::types::timestamp_to_sql;
use tokio_postgres::Row;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::Error;

/// SQL: the type of the column that rows are sorted by.
pub(crate) fn sql_type(order: Order) -> &'static str {
    match order {
        Order::Dates => "date",
        Order::DateTimes => "timestamp",
        Order::Moments => "timestamptz",
        Order::Integers { .. } => "bigint",
    }
}

/// SQL: the bucket of a key.
pub(crate) fn bucket(order: Order, key: &str) -> String {
    let days = |date: &str| format!("({date} - date '1970-01-01')");
    match order {
        Order::Dates => days(key),
        Order::DateTimes => days(&format!("{key}::date")),
        Order::Moments => days(&format!("({key} AT TIME ZONE 'UTC')::date")),
        Order::Integers { min, max } => {
            let (width, last) = (order.parts().1, order.all().1);
            // Numeric only where the difference may not fit.
            let distance = match max.checked_sub(min) {
                // As a text: the digits of the smallest number alone are too many for a bigint.
                Some(_) => format!("({key}::bigint - '{min}'::bigint) / {width}"),
                None => format!("div({key}::numeric - ({min}), {width})"),
            };
            format!("least(greatest({distance}, 0), {last})::integer")
        }
    }
}

/// A day and a time as PostgreSQL has it, in microseconds since 2000. The driver cannot send the last
/// one there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(i64);

impl From<DateTime> for Moment {
    fn from(at: DateTime) -> Self {
        let hours = at
            .date()
            .duration_since(Date::constant(2000, 1, 1))
            .as_hours();
        let of_day = at.time().duration_since(Time::MIN).as_micros();
        Self(hours * 3_600_000_000 + i64::try_from(of_day).unwrap_or(0))
    }
}

impl ToSql for Moment {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        timestamp_to_sql(self.0, out);
        Ok(IsNull::No)
    }

    fn accepts(sql_type: &Type) -> bool {
        matches!(*sql_type, Type::TIMESTAMP | Type::TIMESTAMPTZ)
    }

    to_sql_checked!();
}

/// A key as a parameter of its type.
#[derive(Clone, Debug)]
pub(crate) enum KeyParameter {
    Date(Date),
    Moment(Moment),
    Integer(i64),
}

impl From<Key> for KeyParameter {
    fn from(key: Key) -> Self {
        match key {
            Key::Date(it) => Self::Date(it),
            Key::DateTime(it) => Self::Moment(it.into()),
            Key::Integer(it) => Self::Integer(it),
        }
    }
}

impl KeyParameter {
    pub(crate) fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Date(it) => it,
            Self::Moment(it) => it,
            Self::Integer(it) => it,
        }
    }
}

/// Keys as a parameter: an array of their type.
pub(crate) enum Keys {
    Dates(Vec<Date>),
    Moments(Vec<Moment>),
    Integers(Vec<i64>),
}

impl Keys {
    pub(crate) fn new(order: Order, keys: impl IntoIterator<Item = Key>) -> Self {
        let mut all = match order {
            Order::Dates => Self::Dates(Vec::new()),
            Order::DateTimes | Order::Moments => Self::Moments(Vec::new()),
            Order::Integers { .. } => Self::Integers(Vec::new()),
        };
        for key in keys {
            match (&mut all, key) {
                (Self::Dates(all), Key::Date(it)) => all.push(it),
                (Self::Moments(all), Key::DateTime(it)) => all.push(it.into()),
                (Self::Integers(all), Key::Integer(it)) => all.push(it),
                // Keys of one order are of one kind.
                _ => {}
            }
        }
        all
    }

    pub(crate) fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Dates(it) => it,
            Self::Moments(it) => it,
            Self::Integers(it) => it,
        }
    }
}

/// SQL: a key column as [`read`] takes it.
pub fn selected(order: Order, key: &str) -> String {
    match order {
        Order::Integers { .. } => format!("{key}::bigint"),
        _ => key.to_owned(),
    }
}

/// A key that a statement has [`selected`].
pub(crate) fn read(row: &Row, at: usize, order: Order) -> Result<Key, Error> {
    Ok(match order {
        Order::Dates => Key::Date(row.try_get(at)?),
        Order::DateTimes => Key::DateTime(row.try_get(at)?),
        Order::Moments => Key::of_moment(row.try_get(at)?),
        Order::Integers { .. } => Key::Integer(row.try_get(at)?),
    })
}
