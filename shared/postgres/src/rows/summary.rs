//! What an owner's rows of some days add up to.

use domain::months;
use jiff::civil::Date;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use super::Filter;
use super::count::{ALONG_THE_INDEX, Counts, Source};
use super::page::limit_time;
use crate::Error;
use crate::imports::one_moment;
use crate::sql::of_import::COMPLETED;

/// What the groups of a summary have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The value of this column, one of those that are kept added up.
    Column(&'static str),
    /// The month of the order date: `2015-08`.
    Month,
    /// Its year: `2015`.
    Year,
}

impl By {
    /// The column whose kept sums it is made from.
    fn kept(self) -> &'static str {
        match self {
            By::Column(column) => column,
            // Any column would do; this one has the fewest values.
            By::Month | By::Year => "sales_channel",
        }
    }

    /// SQL: the value that a group has in common, from a column and a date.
    fn value(self, column: &str, date: &str) -> String {
        match self {
            By::Column(_) => column.to_owned(),
            By::Month => format!("to_char({date}, 'YYYY-MM')"),
            By::Year => format!("to_char({date}, 'YYYY')"),
        }
    }
}

/// Rows that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub value: String,
    /// The number of rows.
    pub rows: i64,
    /// Units sold, revenue, cost and profit: exact decimals without superfluous digits.
    pub sums: [String; 4],
}

/// Adds up an owner's rows that match the filter. Returns how many groups there are, and a page of
/// them, by their value in ascending order of bytes.
pub async fn summary(
    client: &mut Client,
    owner: Uuid,
    by: By,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Group>), Error> {
    let moment = one_moment(client).await?;
    limit_time(&moment).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let counts = Counts {
        moment: &moment,
        owner,
        filter,
        source: Source::Kept,
    };
    let pieces = match is_kept(filter) {
        true => pieces(&counts).await?,
        false => Pieces::to_read(filter),
    };
    let (first, last) = pieces.kept.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
    let read = to_read(&counts, &pieces).await?;
    let kept = by.kept();
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![
        &owner,
        &kept,
        &first,
        &last,
        &read.imports,
        &read.begins,
        &read.ends,
        &read.signs,
        &limit,
        &offset,
    ];
    let mut wanted = String::new();
    for (column, value) in &filter.equals {
        parameters.push(value);
        wanted += &format!(" AND r.{column} = ${}", parameters.len());
    }
    let rows = moment.query(&statement(by, &wanted), &parameters).await?;
    moment.commit().await?;
    let count = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    let groups: Result<Vec<_>, _> = rows.iter().map(group).collect();
    let groups = groups?.into_iter().flatten().collect();
    Ok((count, groups))
}

/// Whether sums are kept of what the filter leaves: of whole imports, by day. For any other filter
/// the rows are read.
fn is_kept(filter: &Filter) -> bool {
    filter.import.is_none() && filter.equals.is_empty()
}

/// Where the sums come from.
#[derive(Debug, Default)]
struct Pieces {
    /// Whole months, of which sums are kept: their first and their last days.
    kept: Vec<(Date, Date)>,
    /// Days whose rows are read and added (1) or subtracted again (-1).
    read: Vec<(Date, Date, i64)>,
}

impl Pieces {
    /// All days of the filter are read.
    fn to_read(filter: &Filter) -> Self {
        Self {
            kept: Vec::new(),
            read: vec![(filter.from, filter.to, 1)],
        }
    }
}

/// Whole months and what is left of the range at its ends. Of a month that is not whole, the rows
/// of the range are read, or those that are not of the range, whichever are fewer.
async fn pieces(counts: &Counts<'_>) -> Result<Pieces, Error> {
    let Filter { from, to, .. } = *counts.filter;
    let months = months::split(from, to);
    let mut pieces = Pieces {
        kept: months.whole.into_iter().collect(),
        read: Vec::new(),
    };
    let everything = Filter::default();
    let counts = Counts {
        filter: &everything,
        ..*counts
    };
    for (first, last) in months.rest.iter().flat_map(|it| by_months(*it)) {
        let month = (first.first_of_month(), first.last_of_month());
        let days = counts.by_day(month).await?;
        let is_inside = |day: Date| first <= day && day <= last;
        let inside: i64 = days
            .iter()
            .filter(|it| is_inside(it.0))
            .map(|it| it.1)
            .sum();
        let all: i64 = days.iter().map(|it| it.1).sum();
        if inside <= all - inside {
            pieces.read.push((first, last, 1));
        } else {
            pieces.kept.push(month);
            pieces.read.extend(around(month, (first, last)));
        }
    }
    Ok(pieces)
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

/// Days of imports whose rows are read, and added or subtracted.
#[derive(Debug, Default)]
struct ToRead {
    imports: Vec<i64>,
    begins: Vec<Date>,
    ends: Vec<Date>,
    signs: Vec<i64>,
}

impl ToRead {
    fn push(&mut self, import: i64, (begin, end): (Date, Date), sign: i64) {
        self.imports.push(import);
        self.begins.push(begin);
        self.ends.push(end);
        self.signs.push(sign);
    }
}

/// Of every completed import, the ends of the range. Of imports that are not yet in the sums, or
/// still are and should not be, also the kept months.
async fn to_read(counts: &Counts<'_>, pieces: &Pieces) -> Result<ToRead, Error> {
    let sql = format!(
        "SELECT id, state = {COMPLETED}, summed FROM import \
         WHERE owner = $1 AND dataset = 'baseline' AND (state = {COMPLETED} OR summed) \
         AND ($2::integer IS NULL OR number = $2)"
    );
    let mut read = ToRead::default();
    let parameters: [&(dyn ToSql + Sync); 2] = [&counts.owner, &counts.filter.import];
    for import in counts.moment.query(&sql, &parameters).await? {
        let (id, completed, summed): (i64, bool, bool) =
            (import.try_get(0)?, import.try_get(1)?, import.try_get(2)?);
        let ends = pieces.read.iter().filter(|_| completed);
        ends.for_each(|it| read.push(id, (it.0, it.1), it.2));
        let off = pieces.kept.iter().filter(|_| completed != summed);
        off.for_each(|it| read.push(id, *it, if completed { 1 } else { -1 }));
    }
    Ok(read)
}

/// Kept sums, and rows that are read: each piece by itself, along the index. `wanted` are further
/// conditions on a row `r`.
fn statement(by: By, wanted: &str) -> String {
    let of_kept = by.value("s.value", "s.month");
    let column = match by {
        By::Column(column) => format!("r.{column}"),
        By::Month | By::Year => String::new(),
    };
    let of_row = by.value(&column, "r.order_date");
    format!(
        "WITH parts (value, rows, units, revenue, cost, profit) AS ( \
             SELECT {of_kept}, s.rows, s.units, s.revenue, s.cost, s.profit \
             FROM unnest($3::date[], $4::date[]) AS k (first, last) \
             JOIN owner_sum s ON s.owner = $1 AND s.by = $2 AND s.month BETWEEN k.first AND k.last \
             UNION ALL \
             SELECT r.value, p.sign * r.rows, p.sign * r.units, p.sign * r.revenue, \
                 p.sign * r.cost, p.sign * r.profit \
             FROM unnest($5::bigint[], $6::date[], $7::date[], $8::bigint[]) \
                 AS p (import_id, first, last, sign) \
             CROSS JOIN LATERAL (SELECT {of_row} AS value, count(*) AS rows, \
                     sum(r.units_sold) AS units, sum(r.total_revenue) AS revenue, \
                     sum(r.total_cost) AS cost, sum(r.total_profit) AS profit \
                 FROM sales_record r WHERE r.import_id = p.import_id \
                     AND r.order_date BETWEEN p.first AND p.last{wanted} GROUP BY 1) AS r), \
         groups AS MATERIALIZED (SELECT value, sum(rows)::bigint AS rows, sum(units) AS units, \
                 sum(revenue) AS revenue, sum(cost) AS cost, sum(profit) AS profit \
             FROM parts GROUP BY value HAVING sum(rows) <> 0) \
         SELECT counted.groups, page.* FROM (SELECT count(*) AS groups FROM groups) AS counted \
         LEFT JOIN LATERAL (SELECT value, rows, trim_scale(units)::text, trim_scale(revenue)::text, \
                 trim_scale(cost)::text, trim_scale(profit)::text \
             FROM groups ORDER BY value COLLATE \"C\" LIMIT $9 OFFSET $10) AS page ON true"
    )
}

/// `None`: the row says how many groups there are, and that the page has none.
fn group(row: &Row) -> Result<Option<Group>, Error> {
    let Some(value) = row.try_get(1)? else {
        return Ok(None);
    };
    Ok(Some(Group {
        value,
        rows: row.try_get(2)?,
        sums: [
            row.try_get(3)?,
            row.try_get(4)?,
            row.try_get(5)?,
            row.try_get(6)?,
        ],
    }))
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
    fn sums_are_kept_of_days_and_of_nothing_else() {
        let days = Filter {
            from: date(2015, 1, 5),
            ..Filter::default()
        };
        let of_import = Filter {
            import: Some(0),
            ..Filter::default()
        };
        let of_country = Filter {
            equals: vec![("country", String::new())],
            ..Filter::default()
        };
        assert!(is_kept(&Filter::default()) && is_kept(&days));
        assert!(!is_kept(&of_import) && !is_kept(&of_country));
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
