use domain::export::{Estimate, Filters};
use domain::limits::EXPORT_COUNTED_WITHIN;
use postgres_protocol::escape::escape_literal;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::Error;
use crate::imports::one_moment;
use crate::sql::of_import::COMPLETED;

/// What an export is to be made from, and how much that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// The completed baselines of the owner that may have rows of it; ascending.
    pub imports: Vec<i64>,
    /// Its expected size.
    pub estimate: Estimate,
}

/// Pins an owner's completed baselines, and tells how many of their rows match, at one moment.
pub async fn pin(
    client: &mut Client,
    owner: Uuid,
    filters: &Filters,
    gzip: bool,
) -> Result<Pinned, Error> {
    let moment = one_moment(client).await?;
    let sql = format!(
        "SELECT coalesce(array_agg(id ORDER BY id), '{{}}'), \
             coalesce(sum(rows_imported), 0)::bigint, coalesce(sum(coalesce(prepared_size, object_size)), 0)::bigint \
         FROM import WHERE owner = $1 AND dataset = 'baseline' AND state = {COMPLETED} \
         AND ($2::integer IS NULL OR number = $2)"
    );
    let row = moment.query_one(&sql, &[&owner, &filters.import]).await?;
    let (imports, stored, bytes): (Vec<i64>, i64, i64) = (row.get(0), row.get(1), row.get(2));
    let (rows, exact) = if filters.take_all() {
        (stored, true)
    } else {
        rows(&moment, &imports, filters).await?
    };
    moment.rollback().await?;
    let estimate = Estimate::new(rows, exact, stored, bytes, gzip);
    Ok(Pinned { imports, estimate })
}

/// How many rows match, and true. If counting takes too long: how many rows of these days there
/// are, which is the most that can match, and false.
async fn rows(
    moment: &Transaction<'_>,
    imports: &[i64],
    filters: &Filters,
) -> Result<(i64, bool), Error> {
    let of_days = count_of_days(filters);
    let of_days: i64 = moment.query_one(&of_days, &[&imports]).await?.get(0);
    if filters.texts().next().is_none() {
        return Ok((of_days, true));
    }
    let counted = count_in_time(moment, imports, filters).await?;
    Ok((counted.unwrap_or(of_days), counted.is_some()))
}

/// `None`: it took too long.
async fn count_in_time(
    moment: &Transaction<'_>,
    imports: &[i64],
    filters: &Filters,
) -> Result<Option<i64>, Error> {
    let seconds = EXPORT_COUNTED_WITHIN.as_secs();
    let limit = format!("SET LOCAL statement_timeout = '{seconds}s'");
    moment.batch_execute(&limit).await?;
    let sql = count(filters);
    match moment.query_one(&sql, &[&imports]).await {
        Ok(row) => Ok(Some(row.get(0))),
        Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// SQL that counts the rows of the imports `$1` that match. It adds up the counts that are kept of
/// each day, which costs nothing per row, unless a text must be compared.
pub(super) fn count(filters: &Filters) -> String {
    if filters.texts().next().is_some() {
        return format!(
            "SELECT count(*) FROM sales_record r WHERE r.import_id = ANY($1){}",
            conditions(filters)
        );
    }
    count_of_days(filters)
}

/// SQL that counts the rows of the imports `$1` of the days that match, with any texts.
fn count_of_days(filters: &Filters) -> String {
    format!(
        "SELECT coalesce(sum(rows), 0)::bigint FROM import_day WHERE import_id = ANY($1){}",
        days(filters, "day")
    )
}

/// ` AND …` for each filter but the import's. As literals: COPY takes no parameters.
pub(super) fn conditions(filters: &Filters) -> String {
    let mut sql = days(filters, "r.order_date");
    for (column, text) in filters.texts() {
        sql.push_str(&format!(" AND r.{column} = {}", escape_literal(text)));
    }
    sql
}

fn days(filters: &Filters, column: &str) -> String {
    let mut sql = String::new();
    if let Some(from) = filters.from {
        sql.push_str(&format!(" AND {column} >= '{from}'"));
    }
    if let Some(to) = filters.to {
        sql.push_str(&format!(" AND {column} <= '{to}'"));
    }
    sql
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn filters_become_conditions_and_nothing_else() {
        assert_eq!(conditions(&Filters::default()), "");
        let filters = Filters {
            from: Some(date(2015, 8, 1)),
            to: Some(date(2016, 12, 31)),
            country: Some("Cote d'Ivoire".into()),
            region: Some("\\'; DROP TABLE import; --".into()),
            import: Some(7),
            ..Filters::default()
        };
        let expected = " AND r.order_date >= '2015-08-01' AND r.order_date <= '2016-12-31' \
             AND r.region =  E'\\\\''; DROP TABLE import; --' AND r.country = 'Cote d''Ivoire'";
        assert_eq!(conditions(&filters), expected);
    }

    #[test]
    fn rows_are_counted_one_by_one_only_where_a_text_is_looked_at() {
        let mut filters = Filters {
            to: Some(date(2016, 12, 31)),
            ..Filters::default()
        };
        let kept = "SELECT coalesce(sum(rows), 0)::bigint FROM import_day \
             WHERE import_id = ANY($1) AND day <= '2016-12-31'";
        assert_eq!(count(&filters), kept);
        filters.region = Some("Asia".into());
        let rows = "SELECT count(*) FROM sales_record r WHERE r.import_id = ANY($1) \
             AND r.order_date <= '2016-12-31' AND r.region = 'Asia'";
        assert_eq!(count(&filters), rows);
    }
}
