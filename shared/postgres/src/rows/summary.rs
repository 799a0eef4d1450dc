//! What an owner's rows add up to.

use domain::cell::SqlType;
use domain::dataset::{Dataset, Sums};
use domain::filter::Filter;
use domain::months;
use domain::order::{Key, Order};
use jiff::civil::Date;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Transaction};
use uuid::Uuid;

use super::counts::{ALONG_THE_INDEX, Asked, Source};
use super::keys::{Keys, sql_type};
use super::page::limit_time;
use crate::Error;
use crate::conditions::Conditions;
use crate::imports::one_moment;
use crate::sql::of_import::COMPLETED;
use crate::sums::{SUMMED, kept};

/// What the groups of a summary have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The value of this column, by its index.
    Column(usize),
    /// The day of the column that rows are sorted by: `2015-08-01`.
    Day,
    /// Its month: `2015-08`.
    Month,
    /// Its year: `2015`.
    Year,
}

impl By {
    /// The form of a date that all rows of a group have; `None` for a column.
    fn form(self) -> Option<&'static str> {
        match self {
            By::Column(_) => None,
            By::Day => Some("YYYY-MM-DD"),
            By::Month => Some("YYYY-MM"),
            By::Year => Some("YYYY"),
        }
    }

    /// The column whose kept sums it is made from, if it is made from any. For months and years any
    /// would do; the last one has the fewest values.
    fn kept(self, sums: &Sums) -> Option<usize> {
        match self {
            By::Column(column) => Some(column).filter(|it| sums.by.contains(it)),
            By::Day => None,
            By::Month | By::Year => sums.by.last().copied(),
        }
    }
}

/// Rows that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common; `None`: they have no value.
    pub value: Option<String>,
    /// The number of rows.
    pub rows: i64,
    /// Exact decimals without superfluous digits, one for each column of [`added`]; `None`: no row
    /// has a value.
    pub sums: Vec<Option<String>>,
}

/// The columns that a summary of the dataset adds up: those of which sums are declared or, if none
/// are, all numbers.
pub fn added(dataset: &Dataset) -> Vec<usize> {
    if let Some(sums) = &dataset.sums {
        return sums.of.clone();
    }
    let columns = dataset.columns.iter().enumerate();
    let numbers = columns.filter(|(_, it)| {
        matches!(
            it.kind.sql(),
            SqlType::Bigint | SqlType::Integer | SqlType::Numeric | SqlType::Money
        )
    });
    numbers.map(|(index, _)| index).collect()
}

/// Adds up an owner's rows that match the filter. Returns how many groups there are, and a page of
/// them, by their value in ascending order: of bytes, if it is text.
pub async fn summary(
    client: &mut Client,
    owner: Uuid,
    dataset: &Dataset,
    by: By,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Group>), Error> {
    let moment = one_moment(client).await?;
    limit_time(&moment).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let order = dataset.order();
    let asked = order.map(|order| Asked {
        moment: &moment,
        owner,
        dataset,
        order,
        filter,
    });
    let kept_column = kept_column(dataset, by, filter);
    let pieces = match (kept_column, &asked) {
        (Some(_), Some(asked)) => pieces(asked).await?,
        _ => Pieces::to_read(dataset, filter),
    };
    let read = to_read(&moment, owner, dataset, filter, &pieces).await?;
    if read.imports.is_empty() && pieces.kept.is_empty() {
        // The table of a dataset is made with its first import.
        moment.commit().await?;
        return Ok((0, Vec::new()));
    }
    let (first, last) = pieces.kept.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
    let kept_by = kept_column.map_or("", |it| dataset.columns[it].name.as_str());
    let (begins, ends) = (read.begins(order), read.ends(order));
    let conditions = Conditions::after(&[
        &owner,
        &kept_by,
        &first,
        &last,
        &read.imports,
        begins.as_sql(),
        ends.as_sql(),
        &read.signs,
        &limit,
        &offset,
    ]);
    let conditions = match &asked {
        Some(asked) => asked.tried(conditions),
        None => conditions.and_all(dataset, &filter.conditions),
    };
    let sql = Statement { dataset, by }.sql(conditions.sql());
    let rows = moment.query(&sql, conditions.parameters()).await?;
    let count = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    let sums = added(dataset).len();
    let groups: Result<Vec<_>, _> = rows.iter().map(|it| group(it, sums)).collect();
    let groups = groups?.into_iter().flatten().collect();
    moment.commit().await?;
    Ok((count, groups))
}

/// The column by which sums are kept of what the filter leaves: of whole imports, by day. For any
/// other filter the rows are read.
fn kept_column(dataset: &Dataset, by: By, filter: &Filter) -> Option<usize> {
    let order = dataset.order().filter(|it| *it == Order::Dates)?;
    let is_of_days = filter.import.is_none() && filter.is_free(dataset, order);
    by.kept(kept(dataset)?).filter(|_| is_of_days)
}

/// Where the sums come from.
#[derive(Debug, Default)]
struct Pieces {
    /// Whole months, of which sums are kept: their first and their last days.
    kept: Vec<(Date, Date)>,
    /// Rows between two keys that are read and added (1) or subtracted again (-1).
    read: Vec<(Key, Key, i64)>,
}

impl Pieces {
    /// All rows that the filter may leave are read.
    fn to_read(dataset: &Dataset, filter: &Filter) -> Self {
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
async fn pieces(asked: &Asked<'_>) -> Result<Pieces, Error> {
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
struct ToRead {
    imports: Vec<i64>,
    keys: Vec<(Key, Key)>,
    signs: Vec<i64>,
}

impl ToRead {
    fn push(&mut self, import: i64, keys: (Key, Key), sign: i64) {
        self.imports.push(import);
        self.keys.push(keys);
        self.signs.push(sign);
    }

    fn begins(&self, order: Option<Order>) -> Keys {
        Keys::new(order.unwrap_or(BY_RECORD), self.keys.iter().map(|it| it.0))
    }

    fn ends(&self, order: Option<Order>) -> Keys {
        Keys::new(order.unwrap_or(BY_RECORD), self.keys.iter().map(|it| it.1))
    }
}

/// The order of rows that are sorted by no column.
const BY_RECORD: Order = Order::Integers {
    min: 0,
    max: i64::MAX,
};

/// Of every completed import, the ends of the range. Of imports that are not yet in the sums, or
/// still are and should not be, also the kept months.
async fn to_read(
    moment: &Transaction<'_>,
    owner: Uuid,
    dataset: &Dataset,
    filter: &Filter,
    pieces: &Pieces,
) -> Result<ToRead, Error> {
    let sql = format!(
        "SELECT id, state = {COMPLETED}, summed FROM import \
         WHERE owner = $1 AND dataset = $2 AND (state = {COMPLETED} OR summed) \
         AND ($3::integer IS NULL OR number = $3)"
    );
    let mut read = ToRead::default();
    let parameters: [&(dyn ToSql + Sync); 3] = [&owner, &dataset.name, &filter.import];
    for import in moment.query(&sql, &parameters).await? {
        let (id, completed, summed): (i64, bool, bool) =
            (import.try_get(0)?, import.try_get(1)?, import.try_get(2)?);
        let ends = pieces.read.iter().filter(|_| completed);
        ends.for_each(|it| read.push(id, (it.0, it.1), it.2));
        let off = pieces.kept.iter().filter(|_| completed != summed);
        let sign = if completed { 1 } else { -1 };
        off.for_each(|it| read.push(id, (Key::Date(it.0), Key::Date(it.1)), sign));
    }
    Ok(read)
}

/// Kept sums, and rows that are read: each piece by itself, along the index.
struct Statement<'a> {
    dataset: &'a Dataset,
    by: By,
}

impl Statement<'_> {
    /// `tried` are further conditions on a row `r`.
    fn sql(&self, tried: &str) -> String {
        let sums: Vec<String> = (1..=added(self.dataset).len())
            .map(|n| format!("s{n}"))
            .collect();
        let listed = |sum: fn(&str) -> String| -> String {
            sums.iter().map(|it| format!(", {}", sum(it))).collect()
        };
        format!(
            "WITH parts (value, rows{names}) AS ({kept}{read}), \
             groups AS MATERIALIZED (SELECT value, sum(rows)::bigint AS rows{sums} \
                 FROM parts GROUP BY value HAVING sum(rows) <> 0) \
             SELECT counted.groups, page.* \
             FROM (SELECT count(*) AS groups FROM groups) AS counted \
             LEFT JOIN LATERAL (SELECT value::text, rows{shown} FROM groups \
                 ORDER BY {order} LIMIT $9 OFFSET $10) AS page ON true",
            names = listed(|it| it.to_owned()),
            sums = listed(|it| format!("sum({it}) AS {it}")),
            shown = listed(|it| format!("trim_scale({it})::text")),
            kept = self.kept(),
            read = self.read(tried),
            order = if self.is_text() {
                "groups.value COLLATE \"C\""
            } else {
                "groups.value"
            },
        )
    }

    fn is_text(&self) -> bool {
        match self.by {
            By::Column(column) => self.dataset.columns[column].kind.sql() == SqlType::Text,
            _ => true,
        }
    }

    /// What is kept of whole months; nothing if no sums are kept, which have no parameters then.
    fn kept(&self) -> String {
        if kept(self.dataset).is_none_or(|it| self.by.kept(it).is_none()) {
            return "SELECT NULL, 0".to_owned()
                + &", NULL::numeric".repeat(added(self.dataset).len())
                + " WHERE $1::uuid IS NULL AND $2::text IS NULL AND $3::date[] IS NULL \
                    AND $4::date[] IS NULL UNION ALL ";
        }
        let value = match self.by.form() {
            None => "s.value".to_owned(),
            Some(form) => format!("to_char(s.month, '{form}')"),
        };
        let sums: String = SUMMED.iter().map(|it| format!(", s.{it}")).collect();
        format!(
            "SELECT {value}, s.rows{sums} FROM unnest($3::date[], $4::date[]) AS k (first, last) \
             JOIN owner_sum s ON s.owner = $1 AND s.by = $2 AND s.month BETWEEN k.first AND k.last \
             UNION ALL "
        )
    }

    fn read(&self, tried: &str) -> String {
        let (order, table) = (self.dataset.order(), &self.dataset.table);
        let key = self.dataset.key()[0];
        let key_type = sql_type(order.unwrap_or(BY_RECORD));
        let value = match (self.by, self.by.form()) {
            (By::Column(column), _) => format!("r.{}", self.dataset.columns[column].name),
            (_, Some(form)) if order == Some(Order::Moments) => {
                format!("to_char(r.{key} AT TIME ZONE 'UTC', '{form}')")
            }
            (_, form) => format!("to_char(r.{key}, '{}')", form.unwrap_or_default()),
        };
        let (mut signed, mut sums) = (String::new(), String::new());
        for (n, column) in (1..).zip(added(self.dataset)) {
            signed += &format!(", p.sign * r.s{n}");
            sums += &format!(
                ", sum(r.{})::numeric AS s{n}",
                self.dataset.columns[column].name
            );
        }
        format!(
            "SELECT r.value, p.sign * r.rows{signed} \
             FROM unnest($5::bigint[], $6::{key_type}[], $7::{key_type}[], $8::bigint[]) \
                 AS p (import_id, first, last, sign) \
             CROSS JOIN LATERAL (SELECT {value} AS value, count(*) AS rows{sums} \
                 FROM {table} r WHERE r.import_id = p.import_id \
                     AND r.{key} BETWEEN p.first AND p.last AND {tried} GROUP BY 1) AS r"
        )
    }
}

/// `None`: the row says how many groups there are, and that the page has none.
fn group(row: &Row, sums: usize) -> Result<Option<Group>, Error> {
    let Some(rows) = row.try_get(2)? else {
        return Ok(None);
    };
    let sums = (3..3 + sums).map(|it| row.try_get(it));
    Ok(Some(Group {
        value: row.try_get(1)?,
        rows,
        sums: sums.collect::<Result<_, _>>()?,
    }))
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use domain::filter::Names;
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
    fn sums_are_kept_of_days_and_of_nothing_else() {
        let is_kept = |by, filter: &Filter| kept_column(&BASELINE, by, filter).is_some();
        let days = Filter::of_days(&BASELINE, date(2015, 1, 5), Date::MAX);
        let of_import = Filter {
            import: Some(0),
            ..Filter::default()
        };
        let mut of_country = Filter::default();
        let names = Names(&BASELINE);
        let country = names.find("country").unwrap();
        names.add(&mut of_country, country, "").unwrap();
        assert!(is_kept(By::Month, &Filter::default()) && is_kept(By::Column(1), &days));
        assert!(!is_kept(By::Month, &of_import) && !is_kept(By::Month, &of_country));
        assert!(!is_kept(By::Day, &days) && !is_kept(By::Column(4), &days));
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
