//! Rows that are gathered for a page: until they are as many as are wanted, or fill an answer.

use domain::answer::{row_bytes, row_bytes_at_most};
use domain::cell::Kind;
use domain::dataset::{Column, Dataset};
use domain::limits::ANSWER_BYTES_AT_MOST;
use domain::paging::cursor::RowPosition;

use super::StoredRow;
use crate::Error;

/// What was found.
pub struct Collected {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<StoredRow>,
    /// The position at which the search was given up, although more rows may be found after it.
    pub given_up_at: Option<RowPosition>,
    /// The first row that has no place in an answer beside those before it.
    pub left_out: Option<RowPosition>,
}

impl Collected {
    /// The rows, if each of them has its place in the answer.
    pub fn whole(self) -> Result<Vec<StoredRow>, Error> {
        match self.left_out {
            Some(row) => Err(Error::TooLarge {
                fitting: self.rows.len(),
                row: Some(row),
            }),
            None => Ok(self.rows),
        }
    }

    /// What a cursor leads on from: one row at least, if there is any.
    pub fn leading_on(self) -> Result<Self, Error> {
        match (self.rows.as_slice(), self.left_out) {
            ([], Some(row)) => Err(Error::TooLarge {
                fitting: 0,
                row: Some(row),
            }),
            _ => Ok(self),
        }
    }
}

/// The rows so far.
pub(super) struct Gathered<'a> {
    dataset: &'a Dataset,
    rows: Vec<StoredRow>,
    limit: i64,
    /// Bytes of an answer that are left; `None` if no such page can fill one.
    bytes_left: Option<usize>,
    /// The first row that has no place in the answer.
    left_out: Option<RowPosition>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(dataset: &'a Dataset, limit: i64) -> Self {
        let rows = usize::try_from(limit).unwrap_or(usize::MAX);
        let most = row_bytes_at_most(dataset).saturating_mul(rows);
        Self {
            dataset,
            rows: Vec::new(),
            limit,
            bytes_left: (most > ANSWER_BYTES_AT_MOST).then_some(ANSWER_BYTES_AT_MOST),
            left_out: None,
        }
    }

    /// How many more rows are wanted; none if the answer is full.
    pub(super) fn wanted(&self) -> i64 {
        match self.left_out {
            Some(_) => 0,
            None => self.limit - self.rows.len() as i64,
        }
    }

    /// True if no more rows are wanted.
    pub(super) fn is_done(&self) -> bool {
        self.wanted() <= 0
    }

    /// The bytes that the texts of the next rows may have.
    pub(super) fn bytes_left(&self) -> Option<usize> {
        self.bytes_left
    }

    /// Adds the next rows, as far as there is a place for them.
    pub(super) fn add(&mut self, rows: Vec<StoredRow>) {
        for row in rows {
            if let Some(left) = self.bytes_left {
                let bytes = row_bytes(self.dataset, row.cells.iter().map(|it| it.value()));
                let Some(left) = left.checked_sub(bytes) else {
                    self.left_out = Some(row.position);
                    return;
                };
                self.bytes_left = Some(left);
            }
            self.rows.push(row);
        }
    }

    /// What was gathered; `given_up_at` is where the search was given up, if it was.
    pub(super) fn collected(self, given_up_at: Option<RowPosition>) -> Collected {
        let last = self.rows.last().map(|it| it.position);
        Collected {
            given_up_at: self.left_out.and(last).or(given_up_at),
            rows: self.rows,
            left_out: self.left_out,
        }
    }
}

/// SQL: the statement that reads rows `r`, without those that the answer has no place for: the bytes
/// of their texts alone would fill it, and so would the function's memory. `columns` are more
/// columns of the rows, `order` those of them that they are sorted by, and `rest` is what follows
/// the columns.
pub(super) fn within(
    bytes: Option<usize>,
    dataset: &Dataset,
    columns: &str,
    order: &[(&str, &str)],
    rest: &str,
) -> String {
    let Some(bytes) = bytes else {
        return format!("SELECT {columns} {rest}");
    };
    let by: Vec<String> = (1..)
        .zip(order)
        .map(|(n, (key, _))| format!("{key} AS by_{n}"))
        .collect();
    let places = (1..).zip(order);
    let order: Vec<String> = places
        .map(|(n, (_, direction))| format!("q.by_{n}{direction}"))
        .collect();
    let (by, order) = (by.join(", "), order.join(", "));
    format!(
        "SELECT * FROM (SELECT q.*, sum(q.width) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) \
             - q.width AS before FROM (SELECT {columns}, {width} AS width, {by} {rest}) AS q) AS q \
         WHERE q.before < {bytes} ORDER BY {order}",
        width = width(dataset),
    )
}

/// SQL: the bytes of the texts of a row `r`. PostgreSQL knows them without reading a long text.
fn width(dataset: &Dataset) -> String {
    let texts = dataset.columns.iter();
    let texts = texts.filter(|it| matches!(it.kind, Kind::Text { .. }));
    let bytes = |it: &Column| format!("coalesce(octet_length(r.{}), 0)", it.name);
    let bytes: Vec<String> = texts.map(bytes).collect();
    match bytes.is_empty() {
        true => "0".to_owned(),
        false => bytes.join(" + "),
    }
}
