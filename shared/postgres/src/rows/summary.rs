//! What an owner's rows add up to.

mod pieces;
mod statement;

use domain::answer::text_bytes;
use domain::cell::SqlType;
use domain::dataset::{Dataset, Sums};
use domain::filter::Filter;
use domain::limits::ANSWER_BYTES_AT_MOST;
use domain::order::Order;
use tokio_postgres::{Client, Row, Transaction};

use super::counts::{ALONG_THE_INDEX, Asked};
use super::reader::{Reader, begin};
use crate::Error;
use crate::conditions::Conditions;
use crate::sums;
use pieces::{Pieces, pieces, to_read};
use statement::Statement;

/// The most bytes of an exact sum in an answer: 400 places, and digits of as many rows as there may be.
const SUM_BYTES_AT_MOST: usize = 512;

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
    reader: impl Into<Reader>,
    dataset: &Dataset,
    by: By,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Group>), Error> {
    let reader = reader.into();
    let (moment, owner) = (begin(client, reader).await?, reader.owner);
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let order = dataset.order();
    let asked = order.map(|order| Asked {
        moment: &moment,
        owner,
        dataset,
        order,
        filter,
    });
    let kept = kept_sums(&moment, dataset, by, filter).await?;
    let pieces = match (kept, &asked) {
        (Some(_), Some(asked)) => pieces(asked).await?,
        _ => Pieces::to_read(dataset, filter),
    };
    let since = kept.and_then(|it| it.since);
    let read = to_read(&moment, owner, dataset, filter, (&pieces, since)).await?;
    if !read.any {
        // The table of a dataset is made with its first import.
        moment.commit().await?;
        return Ok((0, Vec::new()));
    }
    let (first, last) = pieces.kept.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
    let kept_by = kept.map_or("", |it| dataset.columns[it.column].name.as_str());
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
    let sql = Statement { dataset, by, kept }.sql(conditions.sql());
    let rows = moment.query(&sql, conditions.parameters()).await?;
    let count = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    let sums = added(dataset).len();
    let groups: Result<Vec<_>, _> = rows.iter().map(|it| group(it, sums)).collect();
    let groups: Vec<Group> = groups?.into_iter().flatten().collect();
    moment.commit().await?;
    let fitting = fitting(dataset, &groups);
    match fitting < groups.len() {
        true => Err(Error::TooLarge { fitting, row: None }),
        false => Ok((count, groups)),
    }
}

/// Sums that are kept.
#[derive(Clone, Copy)]
struct KeptSums {
    /// The column that they are by.
    column: usize,
    /// Which they are, if the dataset is declared.
    since: Option<i32>,
}

/// The sums that are kept of what the filter leaves. Of a declared dataset there are none if it is
/// another one by now than that which was found.
async fn kept_sums(
    moment: &Transaction<'_>,
    dataset: &Dataset,
    by: By,
    filter: &Filter,
) -> Result<Option<KeptSums>, Error> {
    let Some(column) = kept_column(dataset, by, filter) else {
        return Ok(None);
    };
    let since = match dataset.declared() {
        Some(version) => sums::since(moment, version).await?,
        None => None,
    };
    let is_kept = since.is_some() || dataset.id.is_none();
    Ok(is_kept.then_some(KeptSums { column, since }))
}

/// The column by which sums are kept of what the filter leaves: of whole imports, by day. For any
/// other filter the rows are read.
fn kept_column(dataset: &Dataset, by: By, filter: &Filter) -> Option<usize> {
    let order = dataset.order().filter(|it| *it == Order::Dates)?;
    let is_of_days = filter.import.is_none() && filter.is_free(dataset, order);
    by.kept(sums::kept(dataset)?).filter(|_| is_of_days)
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

/// How many of the groups have their place in an answer.
fn fitting(dataset: &Dataset, groups: &[Group]) -> usize {
    // A count and each sum with its name have no more bytes than these.
    let names = added(dataset)
        .into_iter()
        .map(|it| &dataset.columns[it].field);
    let sums: usize = names.map(|it| text_bytes(it) + SUM_BYTES_AT_MOST).sum();
    let mut left = ANSWER_BYTES_AT_MOST;
    let fits = |group: &&Group| {
        let value = group.value.as_deref().map_or(0, text_bytes);
        let rest = left.checked_sub(SUM_BYTES_AT_MOST + sums + value);
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    groups.iter().take_while(fits).count()
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use domain::filter::Names;
    use jiff::civil::{Date, date};

    use super::*;

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
}
