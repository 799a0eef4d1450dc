//! Which of the sums are kept, and which rows are read beside them.

use domain::dataset::Dataset;
use domain::filter::Filter;
use domain::months;
use domain::order::{Key, Order};
use jiff::civil::Date;
use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::Error;
use crate::rows::counts::{Asked, Source};
use crate::rows::keys::Keys;
use crate::sql::of_import::COMPLETED;

/// Where the sums come from.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Whole months, of which sums are kept: their first and their last days.
    pub(super) kept: Vec<(Date, Date)>,
    /// Rows between two keys that are read and added (1) or subtracted again (-1).
    read: Vec<(Key, Key, i64)>,
}

impl Pieces {
    /// All rows that the filter may leave are read.
    pub(super) fn to_read(dataset: &Dataset, filter: &Filter) -> Self {
        let (first, last) = match dataset.order() {
            Some(order) => {
                let (first, last) = filter.buckets(dataset, order);
                (order.keys(first).0, order.keys(last).1)
            }
            None => (Key::Integer(0), Key::Integer(i64::MAX)),
        };
        Self {
            kept: Vec::new(),
            read: vec![(first, last, 1)],
        }
    }
}

/// Whole months and what is left of the range at its ends. Of a month that is not whole, the rows
/// of the range are read, or those that are not of the range, whichever are fewer.
pub(super) async fn pieces(asked: &Asked<'_>) -> Result<Pieces, Error> {
    let (first, last) = asked.filter.buckets(asked.dataset, asked.order);
    let months = months::split(
        day(asked.order.keys(first).0),
        day(asked.order.keys(last).1),
    );
    let mut pieces = Pieces {
        kept: months.whole.into_iter().collect(),
        read: Vec::new(),
    };
    let everything = Filter::default();
    let asked = Asked {
        filter: &everything,
        ..*asked
    };
    let counts = asked.counts(Source::Kept);
    for (first, last) in months.rest.iter().flat_map(|it| by_months(*it)) {
        let month = (first.first_of_month(), first.last_of_month());
        let bucket = |day: Date| asked.order.bucket(Key::Date(day));
        let days = counts.by_bucket((bucket(month.0), bucket(month.1))).await?;
        let part = (bucket(first), bucket(last));
        let is_inside = |day: i32| part.0 <= day && day <= part.1;
        let inside: i64 = days
            .iter()
            .filter(|it| is_inside(it.0))
            .map(|it| it.1)
            .sum();
        let all: i64 = days.iter().map(|it| it.1).sum();
        if inside <= all - inside {
            pieces.read.push((Key::Date(first), Key::Date(last), 1));
        } else {
            pieces.kept.push(month);
            let around = around(month, (first, last)).into_iter();
            let by_key =
                around.map(|(first, last, sign)| (Key::Date(first), Key::Date(last), sign));
            pieces.read.extend(by_key);
        }
    }
    Ok(pieces)
}

fn day(key: Key) -> Date {
    match key {
        Key::Date(it) => it,
        Key::DateTime(it) => it.date(),
        Key::Integer(_) => Date::MAX,
    }
}

/// A range of days cut where months begin.
fn by_months((first, last): (Date, Date)) -> Vec<(Date, Date)> {
    let mut pieces = Vec::new();
    let mut next = Some(first);
    while let Some(begin) = next.filter(|it| *it <= last) {
        let end = begin.last_of_month().min(last);
        pieces.push((begin, end));
        next = end.tomorrow().ok();
    }
    pieces
}

/// The days of a month before and after a part of it, to be subtracted.
fn around(month: (Date, Date), part: (Date, Date)) -> Vec<(Date, Date, i64)> {
    let before = part.0.yesterday().ok().filter(|it| *it >= month.0);
    let after = part.1.tomorrow().ok().filter(|it| *it <= month.1);
    let before = before.map(|end| (month.0, end, -1));
    let after = after.map(|begin| (begin, month.1, -1));
    before.into_iter().chain(after).collect()
}

/// Rows of imports that are read, and added or subtracted.
#[derive(Debug, Default)]
pub(super) struct ToRead {
    /// False if there is no import that has rows, or whose rows are in the sums.
    pub(super) any: bool,
    pub(super) imports: Vec<i64>,
    keys: Vec<(Key, Key)>,
    pub(super) signs: Vec<i64>,
}

impl ToRead {
    fn push(&mut self, import: i64, keys: (Key, Key), sign: i64) {
        self.imports.push(import);
        self.keys.push(keys);
        self.signs.push(sign);
    }

    pub(super) fn begins(&self, order: Option<Order>) -> Keys {
        Keys::new(order.unwrap_or(BY_RECORD), self.keys.iter().map(|it| it.0))
    }

    pub(super) fn ends(&self, order: Option<Order>) -> Keys {
        Keys::new(order.unwrap_or(BY_RECORD), self.keys.iter().map(|it| it.1))
    }
}

/// The order of rows that are sorted by no column.
pub(super) const BY_RECORD: Order = Order::Integers {
    min: 0,
    max: i64::MAX,
};

/// Of every completed import, the ends of the range. Of imports that are not yet in the sums (those
/// that are kept `since` then), or still are and should not be, also the kept months.
pub(super) async fn to_read(
    moment: &Transaction<'_>,
    owner: Uuid,
    dataset: &Dataset,
    filter: &Filter,
    (pieces, since): (&Pieces, Option<i32>),
) -> Result<ToRead, Error> {
    let sql = format!(
        "SELECT id, state = {COMPLETED}, summed AND sums_since IS NOT DISTINCT FROM $4 FROM import \
         WHERE owner = $1 AND dataset = $2 AND (state = {COMPLETED} OR summed) \
         AND ($3::integer IS NULL OR number = $3)"
    );
    let mut read = ToRead::default();
    let parameters: [&(dyn ToSql + Sync); 4] = [&owner, &dataset.name, &filter.import, &since];
    for import in moment.query(&sql, &parameters).await? {
        let (id, completed, summed): (i64, bool, bool) =
            (import.try_get(0)?, import.try_get(1)?, import.try_get(2)?);
        read.any = true;
        let ends = pieces.read.iter().filter(|_| completed);
        ends.for_each(|it| read.push(id, (it.0, it.1), it.2));
        let off = pieces.kept.iter().filter(|_| completed != summed);
        let sign = if completed { 1 } else { -1 };
        off.for_each(|it| read.push(id, (Key::Date(it.0), Key::Date(it.1)), sign));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_range_is_cut_where_months_begin() {
        let day = |month, day| date(2015, month, day);
        assert_eq!(by_months((day(1, 5), day(1, 9))), [(day(1, 5), day(1, 9))]);
        let two = [(day(1, 20), day(1, 31)), (day(2, 1), day(2, 9))];
        assert_eq!(by_months((day(1, 20), day(2, 9))), two);
        assert_eq!(by_months((day(2, 9), day(1, 20))), []);
        assert_eq!(by_months((Date::MAX, Date::MAX)), [(Date::MAX, Date::MAX)]);
    }

    #[test]
    fn what_is_not_of_the_part_lies_around_it() {
        let day = |day| date(2015, 1, day);
        let month = (day(1), day(31));
        assert_eq!(around(month, (day(1), day(30))), [(day(31), day(31), -1)]);
        assert_eq!(around(month, (day(2), day(31))), [(day(1), day(1), -1)]);
        let both = [(day(1), day(3), -1), (day(20), day(31), -1)];
        assert_eq!(around(month, (day(4), day(19))), both);
    }
}
