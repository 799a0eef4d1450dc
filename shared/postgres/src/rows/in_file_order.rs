//! Rows in the order of their files, and these in the order of their imports: of datasets that are
//! sorted by no column.

mod filtered;

use domain::dataset::Dataset;
use domain::filter::Filter;
use domain::import::Import;
use domain::paging::cursor::{Direction, RowPosition};
use domain::paging::part_at;
use tokio_postgres::{Client, Row, Transaction};
use uuid::Uuid;

use super::cells::{cells as read_cells, columns};
use super::counts::ALONG_THE_INDEX;
use super::gathered::{Collected, Gathered, within};
use super::reader::{Reader, begin};
use super::spans::{Beyond, Wanted};
use super::{Cell, MARK_EVERY, StoredRow};
use crate::Error;
use crate::conditions::Conditions;
use crate::sql::of_import::COMPLETED;

/// A completed import of the owner.
#[derive(Clone, Copy, Debug)]
struct File {
    id: i64,
    number: i32,
    /// This was proved when the import was completed, and has not changed since.
    rows: i64,
}

/// Which rows are read, and at which moment.
pub(super) struct Asked<'a> {
    pub(super) moment: &'a Transaction<'a>,
    pub(super) owner: Uuid,
    pub(super) dataset: &'a Dataset,
    pub(super) filter: &'a Filter,
}

/// Rows of one import from a place on, in one direction.
struct Part {
    file: File,
    /// The first record that is read.
    record: i64,
    /// Rows from there that are passed over.
    passed: i64,
    direction: Direction,
}

/// Count and page of one import's rows, in the order of the file; no rows unless it is completed. At
/// most `at_once` requests of its owner are answered at the same moment.
pub async fn import_page(
    client: &mut Client,
    import: &Import,
    dataset: &Dataset,
    limit: i64,
    offset: i64,
    at_once: Option<i64>,
) -> Result<(i64, Vec<Vec<Cell>>), Error> {
    let owner = import.owner;
    let moment = begin(client, Reader { owner, at_once }).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let filter = Filter {
        import: Some(import.number),
        ..Filter::default()
    };
    let asked = Asked {
        moment: &moment,
        owner,
        dataset,
        filter: &filter,
    };
    let (count, rows) = asked.page(limit, offset).await?;
    moment.commit().await?;
    Ok((count, rows.into_iter().map(|it| it.cells).collect()))
}

/// What is wanted of an import; `None` if it is on the wrong side of the position.
fn part(file: File, wanted: &Wanted) -> Option<Part> {
    let end = match wanted.direction {
        Direction::Older => 0,
        Direction::Newer => i64::MAX,
    };
    let Some(Beyond { position, with_it }) = wanted.beyond else {
        return Some(whole(file, end, wanted.direction));
    };
    let is_there = match wanted.direction {
        Direction::Older => file.number >= position.number,
        Direction::Newer => file.number <= position.number,
    };
    let record = match wanted.direction {
        _ if file.number != position.number => end,
        _ if with_it => position.record,
        Direction::Older => position.record.saturating_add(1),
        Direction::Newer => position.record.saturating_sub(1),
    };
    is_there.then(|| whole(file, record, wanted.direction))
}

fn whole(file: File, record: i64, direction: Direction) -> Part {
    Part {
        file,
        record,
        passed: 0,
        direction,
    }
}

impl Asked<'_> {
    /// Count and page by offset. The table of a declared dataset is made with its first import, so
    /// it is not asked if there is none.
    pub(super) async fn page(
        &self,
        limit: i64,
        offset: i64,
    ) -> Result<(i64, Vec<StoredRow>), Error> {
        let mut files = self.files().await?;
        if files.is_empty() {
            return Ok((0, Vec::new()));
        }
        if !self.filter.conditions.is_empty() {
            filtered::count(self, &mut files).await?;
        }
        self.moment.batch_execute(ALONG_THE_INDEX).await?;
        let count = files.iter().map(|it| it.rows).sum();
        let parts = files.iter().enumerate().map(|(at, it)| (at, it.rows));
        let Some((first, _, mut passed)) = part_at(parts, offset) else {
            return Ok((count, Vec::new()));
        };
        let mut gathered = Gathered::new(self.dataset, limit);
        for file in files.iter().skip(first).filter(|it| it.rows > 0) {
            let part = self.part_at(*file, passed).await?;
            self.gather(&part, None, &mut gathered).await?;
            passed = 0;
            if gathered.is_done() {
                break;
            }
        }
        Ok((count, gathered.collected(None).whole()?))
    }

    /// Count, if nothing has to be tried on rows, and the rows beyond a position.
    pub(super) async fn at(
        &self,
        wanted: Wanted,
        looked_at_most: i64,
    ) -> Result<(Option<i64>, Collected), Error> {
        let mut files = self.files().await?;
        let count = files.iter().map(|it| it.rows).sum();
        if wanted.direction == Direction::Newer {
            files.reverse();
        }
        let parts: Vec<Part> = files.iter().filter_map(|it| part(*it, &wanted)).collect();
        if !self.filter.conditions.is_empty() {
            let found = filtered::collect(self, &parts, wanted.limit, looked_at_most).await?;
            return Ok((None, found));
        }
        let mut gathered = Gathered::new(self.dataset, wanted.limit);
        for part in parts {
            self.gather(&part, None, &mut gathered).await?;
            if gathered.is_done() {
                break;
            }
        }
        Ok((Some(count), gathered.collected(None)))
    }

    /// The owner's completed imports that the filter leaves, in their order.
    async fn files(&self) -> Result<Vec<File>, Error> {
        let conditions = Conditions::on_import(&self.owner, self.dataset, self.filter);
        let sql = format!(
            "SELECT i.id, i.number, i.rows_imported FROM import i WHERE {} ORDER BY i.number",
            conditions.sql()
        );
        let rows = self.moment.query(&sql, conditions.parameters()).await?;
        let file = |row: &Row| {
            Ok(File {
                id: row.try_get(0)?,
                number: row.try_get(1)?,
                rows: row.try_get(2)?,
            })
        };
        rows.iter().map(file).collect()
    }

    /// The part of an import that begins with the row at this offset among those that match.
    async fn part_at(&self, file: File, offset: i64) -> Result<Part, Error> {
        let (record, passed) = match self.filter.conditions.is_empty() {
            true => self.block_at(file, offset).await?,
            false => (0, offset),
        };
        Ok(Part {
            file,
            record,
            passed,
            direction: Direction::Older,
        })
    }

    /// The first record of the block in which the row with this offset stands, and how many rows of
    /// the block stand before it.
    async fn block_at(&self, file: File, offset: i64) -> Result<(i64, i64), Error> {
        let sql = "SELECT above, block FROM import_block WHERE import_id = $1 AND above <= $2 \
             ORDER BY above DESC, block DESC LIMIT 1";
        let entry = self.moment.query_opt(sql, &[&file.id, &offset]).await?;
        let Some(entry) = entry else {
            let words = format!("import {} has rows in no block", file.number);
            return Err(Error::Stored(words));
        };
        let (above, block): (i64, i64) = (entry.try_get(0)?, entry.try_get(1)?);
        let beyond = offset - above;
        let block = block + beyond / MARK_EVERY;
        Ok((block * MARK_EVERY + 1, beyond % MARK_EVERY))
    }

    /// Gathers the next rows of a part that match, none of them beyond the record `last`.
    async fn gather(
        &self,
        part: &Part,
        last: Option<i64>,
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let (from, to, backwards) = match part.direction {
            Direction::Older => (part.record, last.unwrap_or(i64::MAX), ""),
            Direction::Newer => (last.unwrap_or(0), part.record, " DESC"),
        };
        let wanted = gathered.wanted();
        let mut conditions = Conditions::on_row(&part.file.id)
            .and("r.record >= ?", &from)
            .and("r.record <= ?", &to)
            .and_all(self.dataset, &self.filter.conditions);
        let (limit, passed) = (conditions.bind(&wanted), conditions.bind(&part.passed));
        let read = format!("i.column_order, r.record, {}", columns(self.dataset));
        let table = &self.dataset.table;
        let is_there = format!("JOIN import i ON i.id = r.import_id AND i.state = {COMPLETED}");
        let found = format!(
            "WHERE {} ORDER BY r.record{backwards} LIMIT {limit} OFFSET {passed}",
            conditions.sql()
        );
        let rest = match part.passed {
            0 => format!("FROM {table} r {is_there} {found}"),
            // Of rows that are passed over, no more is read than it takes to try and to find them.
            _ => format!(
                "FROM (SELECT {keys} FROM {table} r {found}) AS k \
                 JOIN {table} r ON r.import_id = $1 AND {same} {is_there} ORDER BY r.record{backwards}",
                keys = self.by_key(|it| format!("r.{it}"), ", "),
                same = self.by_key(|it| format!("r.{it} = k.{it}"), " AND "),
            ),
        };
        let order = [("r.record", backwards)];
        let sql = within(gathered.bytes_left(), self.dataset, &read, &order, &rest);
        let rows = self.moment.query(&sql, conditions.parameters()).await?;
        let rows = rows.iter().map(|it| self.read(it, part.file.number));
        gathered.add(rows.collect::<Result<_, _>>()?);
        Ok(())
    }

    /// SQL: a piece for each column of the table's key after the import.
    fn by_key(&self, piece: impl Fn(&str) -> String, between: &str) -> String {
        let pieces: Vec<String> = self.dataset.key().into_iter().map(piece).collect();
        pieces.join(between)
    }

    fn read(&self, row: &Row, number: i32) -> Result<StoredRow, Error> {
        Ok(StoredRow {
            column_order: row.try_get(0)?,
            position: RowPosition {
                key: None,
                number,
                record: row.try_get(1)?,
            },
            cells: read_cells(row, self.dataset, 2)?,
        })
    }
}
