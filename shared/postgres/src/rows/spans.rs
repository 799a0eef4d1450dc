//! Rows of imports between two rows of the table's key, and what is read of them.

use domain::order::{Key, Order};
use domain::paging::cursor::{Direction, RowPosition};
use tokio_postgres::Row;

use super::StoredRow;
use super::cells::{cells as read_cells, columns};
use super::counts::{Asked, BucketRows};
use super::gathered::within;
use super::keys::{Keys, read as read_key, selected, sql_type};
use crate::Error;
use crate::conditions::Conditions;
use crate::sql::of_import::COMPLETED;

/// The rows of an import from one place of its order to another, both included.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub import_id: i64,
    pub number: i32,
    pub low: (Key, i64),
    pub high: (Key, i64),
}

/// Beyond a position, or from it on.
#[derive(Clone, Copy, Debug)]
pub struct Beyond {
    pub position: RowPosition,
    pub with_it: bool,
}

/// What is read of some buckets of imports.
pub struct Wanted {
    pub direction: Direction,
    /// The rows beyond this position in the direction, or all.
    pub beyond: Option<Beyond>,
    /// The most rows that are read.
    pub limit: i64,
    /// The most bytes that their texts may have before the last one, if they may be many.
    pub bytes: Option<usize>,
}

impl Span {
    /// All rows of an import in a bucket.
    pub fn new(order: Order, rows: &BucketRows) -> Self {
        let (first, last) = order.keys(rows.bucket);
        Self {
            import_id: rows.import_id,
            number: rows.number,
            low: (first, 0),
            high: (last, i64::MAX),
        }
    }

    /// Those beyond a position in the direction.
    pub fn beyond(mut self, beyond: Beyond, direction: Direction) -> Self {
        let RowPosition {
            key: Some(key),
            number,
            record,
        } = beyond.position
        else {
            return self;
        };
        // Rows of one key are in the order of their imports, the newest first.
        let is_same = self.number == number;
        match direction {
            Direction::Older => {
                let record = match is_same {
                    true if beyond.with_it => record,
                    true => record.saturating_sub(1),
                    false if self.number < number => i64::MAX,
                    false => 0,
                };
                self.high = self.high.min((key, record));
            }
            Direction::Newer => {
                let record = match is_same {
                    true if beyond.with_it => record,
                    true => record.saturating_add(1),
                    false if self.number < number => i64::MAX,
                    false => 0,
                };
                self.low = self.low.max((key, record));
            }
        }
        self
    }
}

/// Spans as parameters of a statement.
pub struct Spans {
    imports: Vec<i64>,
    numbers: Vec<i32>,
    low: Keys,
    low_records: Vec<i64>,
    high: Keys,
    high_records: Vec<i64>,
}

impl Spans {
    pub fn new(order: Order, spans: &[Span]) -> Self {
        Self {
            imports: spans.iter().map(|it| it.import_id).collect(),
            numbers: spans.iter().map(|it| it.number).collect(),
            low: Keys::new(order, spans.iter().map(|it| it.low.0)),
            low_records: spans.iter().map(|it| it.low.1).collect(),
            high: Keys::new(order, spans.iter().map(|it| it.high.0)),
            high_records: spans.iter().map(|it| it.high.1).collect(),
        }
    }

    /// No condition yet; the first six parameters are these spans.
    pub fn conditions(&self) -> Conditions<'_> {
        Conditions::after(&[
            &self.imports,
            &self.numbers,
            self.low.as_sql(),
            &self.low_records,
            self.high.as_sql(),
            &self.high_records,
        ])
    }

    /// SQL: the spans as a table `s`.
    pub fn table(order: Order) -> String {
        let key = sql_type(order);
        format!(
            "unnest($1::bigint[], $2::integer[], $3::{key}[], $4::bigint[], $5::{key}[], \
                 $6::bigint[]) AS s (import_id, number, low, low_record, high, high_record)"
        )
    }

    /// SQL: a row `r` is of the span `s`.
    pub fn holds(key: &str) -> String {
        format!(
            "r.import_id = s.import_id AND ({key}, r.record) >= (s.low, s.low_record) \
             AND ({key}, r.record) <= (s.high, s.high_record)"
        )
    }
}

/// The rows of these buckets of imports that are wanted, in their order.
pub async fn rows_of(
    asked: &Asked<'_>,
    buckets: &[BucketRows],
    wanted: &Wanted,
) -> Result<Vec<StoredRow>, Error> {
    let span = |it: &BucketRows| {
        let span = Span::new(asked.order, it);
        let beyond = wanted
            .beyond
            .filter(|beyond| is_of(asked.order, beyond, it));
        beyond.map_or(span, |beyond| span.beyond(beyond, wanted.direction))
    };
    let spans: Vec<Span> = buckets.iter().map(span).collect();
    let spans = Spans::new(asked.order, &spans);
    let mut conditions = asked.tried(spans.conditions());
    let limit = conditions.bind(&wanted.limit);
    let backwards = match wanted.direction {
        Direction::Older => " DESC",
        Direction::Newer => "",
    };
    let key = asked.key();
    let read = format!(
        "i.column_order, {selected}, i.number, r.record, {columns}",
        selected = selected(asked.order, &key),
        columns = columns(asked.dataset),
    );
    let rest = format!(
        "FROM {spans} JOIN import i ON i.id = s.import_id AND i.state = {COMPLETED} \
         CROSS JOIN LATERAL (SELECT * FROM {table} r WHERE {holds} AND {conditions} \
             ORDER BY {key}{backwards}, r.record{backwards} LIMIT {limit}) AS r \
         ORDER BY {key}{backwards}, i.number{backwards}, r.record{backwards} LIMIT {limit}",
        spans = Spans::table(asked.order),
        table = asked.dataset.table,
        holds = Spans::holds(&key),
        conditions = conditions.sql(),
    );
    let order = [&*key, "i.number", "r.record"].map(|it| (it, backwards));
    let sql = within(wanted.bytes, asked.dataset, &read, &order, &rest);
    let rows = asked.moment.query(&sql, conditions.parameters()).await?;
    rows.iter().map(|it| read_row(it, asked)).collect()
}

/// Whether the position is in this bucket, whatever its import.
fn is_of(order: Order, beyond: &Beyond, rows: &BucketRows) -> bool {
    let key = beyond.position.key;
    key.is_some_and(|it| order.bucket(it) == rows.bucket)
}

fn read_row(row: &Row, asked: &Asked<'_>) -> Result<StoredRow, Error> {
    Ok(StoredRow {
        column_order: row.try_get(0)?,
        position: RowPosition {
            key: Some(read_key(row, 1, asked.order)?),
            number: row.try_get(2)?,
            record: row.try_get(3)?,
        },
        cells: read_cells(row, asked.dataset, 4)?,
    })
}
