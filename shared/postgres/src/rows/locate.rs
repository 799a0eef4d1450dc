//! From an offset to the position of its row: band, bucket, import, record, each by counts.

use domain::order::{Mark, Marked, Narrowed, Order, narrow};
use domain::paging::cursor::{Direction, RowPosition};
use domain::paging::part_at;
use tokio_postgres::Row;

use super::MARKED_ABOVE;
use super::counts::{Asked, BandCounts, BucketRows, Counts};
use super::keys::{read as read_key, selected};
use super::spans::{Beyond, Span, Spans};
use crate::Error;

/// Where a row is, and what was counted on the way.
pub struct Located {
    pub position: RowPosition,
    pub band: BandCounts,
}

/// The row that has `offset` rows before it; `None` after the last row. `bands` are the counts by
/// band.
pub async fn locate(
    counts: &Counts<'_>,
    bands: &[(i32, i64)],
    offset: i64,
) -> Result<Option<Located>, Error> {
    let asked = counts.asked;
    let Some((band, _, offset)) = part_at(bands.iter().copied(), offset) else {
        return Ok(None);
    };
    let buckets = counts.by_bucket(asked.order.buckets(band)).await?;
    let found = part_at(buckets.iter().copied(), offset);
    let (bucket, _, offset) = found.ok_or_else(|| off(band))?;
    let imports = counts.by_bucket_and_import((bucket, bucket)).await?;
    let position = if asked.order.has_one_value_in_a_bucket() || imports.len() == 1 {
        let parts = imports.iter().map(|it| (*it, it.rows));
        let (rows, _, offset) = part_at(parts, offset).ok_or_else(|| off(band))?;
        of_one(asked, &rows, offset).await?
    } else {
        of_several(asked, &imports, offset).await?
    };
    let band = BandCounts { band, buckets };
    Ok(Some(Located { position, band }))
}

fn off(band: i32) -> Error {
    Error::Stored(format!("the counts of band {band} do not add up"))
}

/// The row that has `above` rows of its bucket and import before it, counted from the nearest mark
/// or end. Where conditions are tried on rows, these are counted one by one.
async fn of_one(asked: &Asked<'_>, rows: &BucketRows, above: i64) -> Result<RowPosition, Error> {
    let span = Span::new(asked.order, rows);
    let below = rows.rows - 1 - above;
    if rows.rows > MARKED_ABOVE && asked.is_free() {
        let mark = mark_before(asked, rows, above).await?;
        let high = (mark.key, mark.record);
        let span = Span { high, ..span };
        one_of(asked, &[span], Direction::Older, above - mark.above).await
    } else if above <= below {
        one_of(asked, &[span], Direction::Older, above).await
    } else {
        one_of(asked, &[span], Direction::Newer, below).await
    }
}

/// The same of all imports that have rows in a bucket of several values, which are merged by them.
async fn of_several(
    asked: &Asked<'_>,
    imports: &[BucketRows],
    offset: i64,
) -> Result<RowPosition, Error> {
    let narrowed = match asked.is_free() {
        true => narrow(&marked(asked, imports).await?, offset),
        false => Narrowed {
            starts: vec![None; imports.len()],
            ..Narrowed::default()
        },
    };
    let end = narrowed.end.map(|(key, number, record)| Beyond {
        position: RowPosition {
            key: Some(key),
            number,
            record,
        },
        with_it: false,
    });
    let span = |(rows, start): (&BucketRows, &Option<Mark>)| {
        let span = Span::new(asked.order, rows);
        let high = start.map_or(span.high, |it| (it.key, it.record));
        let span = Span { high, ..span };
        end.map_or(span, |it| span.beyond(it, Direction::Newer))
    };
    let spans: Vec<Span> = imports.iter().zip(&narrowed.starts).map(span).collect();
    one_of(asked, &spans, Direction::Older, offset - narrowed.skipped).await
}

/// The row that has `passed` rows of these spans before it in the direction.
async fn one_of(
    asked: &Asked<'_>,
    spans: &[Span],
    direction: Direction,
    passed: i64,
) -> Result<RowPosition, Error> {
    let parameters = Spans::new(asked.order, spans);
    let mut conditions = asked.tried(parameters.conditions());
    let place = conditions.bind(&passed);
    let backwards = match direction {
        Direction::Older => " DESC",
        Direction::Newer => "",
    };
    let key = asked.key();
    // Of one span the rows come in the order of the index, and no more than are passed.
    let within = match spans.len() {
        1 => format!(" ORDER BY {key}{backwards}, r.record{backwards} LIMIT {place}::bigint + 1"),
        _ => String::new(),
    };
    let sql = format!(
        "SELECT {selected}, s.number, r.record FROM {table_of_spans} \
         CROSS JOIN LATERAL (SELECT {key}, r.record FROM {table} r \
             WHERE {holds} AND {conditions}{within}) AS r \
         ORDER BY {key}{backwards}, s.number{backwards}, r.record{backwards} \
         OFFSET {place} LIMIT 1",
        selected = selected(asked.order, &key),
        table_of_spans = Spans::table(asked.order),
        table = asked.dataset.table,
        holds = Spans::holds(&key),
        conditions = conditions.sql(),
    );
    let found = asked
        .moment
        .query_opt(&sql, conditions.parameters())
        .await?;
    let found = found.ok_or_else(|| not_as_counted(spans))?;
    Ok(RowPosition {
        key: Some(read_key(&found, 0, asked.order)?),
        number: found.try_get(1)?,
        record: found.try_get(2)?,
    })
}

fn not_as_counted(spans: &[Span]) -> Error {
    let numbers: Vec<i32> = spans.iter().map(|it| it.number).collect();
    Error::Stored(format!("rows of imports {numbers:?} are not as counted"))
}

async fn mark_before(asked: &Asked<'_>, rows: &BucketRows, above: i64) -> Result<Mark, Error> {
    let (table, bucket, key) = marks(asked.order);
    let sql = format!(
        "SELECT above, record, {key} FROM {table} \
         WHERE import_id = $1 AND {bucket} AND above <= $3 ORDER BY above DESC LIMIT 1"
    );
    let mark = asked
        .moment
        .query_opt(&sql, &[&rows.import_id, &rows.bucket, &above])
        .await?;
    let span = Span::new(asked.order, rows);
    let mark = mark.ok_or_else(|| not_as_counted(&[span]))?;
    read_mark(&mark, asked.order, rows)
}

/// The rows of these imports with all their marks in the bucket.
async fn marked(asked: &Asked<'_>, imports: &[BucketRows]) -> Result<Vec<Marked>, Error> {
    let (table, bucket, key) = marks(asked.order);
    let sql = format!(
        "SELECT above, record, {key}, import_id FROM {table} \
         WHERE import_id = ANY($1) AND {bucket} ORDER BY import_id, above"
    );
    let ids: Vec<i64> = imports.iter().map(|it| it.import_id).collect();
    let number = imports.first().map_or(0, |it| it.bucket);
    let rows = asked.moment.query(&sql, &[&ids, &number]).await?;
    let mut all: Vec<Marked> = imports.iter().map(unmarked).collect();
    for row in &rows {
        let import_id: i64 = row.try_get(3)?;
        let at = imports.iter().position(|it| it.import_id == import_id);
        if let Some(at) = at {
            all[at]
                .marks
                .push(read_mark(row, asked.order, &imports[at])?);
        }
    }
    Ok(all)
}

fn unmarked(rows: &BucketRows) -> Marked {
    Marked {
        number: rows.number,
        rows: rows.rows,
        marks: Vec::new(),
    }
}

/// SQL: the table of marks, the condition for the bucket `$2`, and the key as a number.
fn marks(order: Order) -> (&'static str, &'static str, &'static str) {
    match order {
        Order::Dates => (
            "import_day_mark",
            "day = date '1970-01-01' + $2::integer",
            "NULL::bigint",
        ),
        _ => ("import_bucket_mark", "bucket = $2::integer", "key"),
    }
}

fn read_mark(row: &Row, order: Order, rows: &BucketRows) -> Result<Mark, Error> {
    let number: Option<i64> = row.try_get(2)?;
    let key = match number {
        // A day is the only key of its bucket.
        None => Some(order.keys(rows.bucket).0),
        Some(number) => order.key_of(number),
    };
    Ok(Mark {
        above: row.try_get(0)?,
        record: row.try_get(1)?,
        key: key.ok_or_else(|| Error::Stored("a mark without a key".to_owned()))?,
    })
}
