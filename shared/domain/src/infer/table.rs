//! The cells of a sample: what separates them, where the heading is.

use super::doubt::{Doubt, DoubtKind};
use crate::heading::folded;
use crate::limits::HEADING_WITHIN_LINES;
use crate::reading::Reading;
use crate::record::{Record, RecordReader};
use crate::row::says_total;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A record of the sample.
pub(super) type Row = (u64, Vec<String>);

/// The sample as records with one number of cells.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) delimiter: u8,
    /// The names of the columns, if the first record has them.
    pub(super) heading: Option<Vec<String>>,
    /// The line of the heading.
    heading_line: u64,
    pub(super) width: usize,
    pub(super) rows: Vec<Row>,
    /// Records with another number of cells, and the line of the first.
    others: (usize, u64),
    /// The line of the first row of totals.
    totals: Option<u64>,
    /// Another delimiter that does as well.
    as_well: Option<u8>,
}

/// The sample as one delimiter cuts it.
struct Cut {
    delimiter: u8,
    rows: Vec<Row>,
    width: usize,
    /// Records of that width.
    fitting: usize,
}

impl Table {
    pub(super) fn of(text: &[u8]) -> Self {
        let mut cuts: Vec<Cut> = DELIMITERS.into_iter().map(|it| Cut::of(text, it)).collect();
        // More than one cell, then most records of that width, then most cells; of equals, the
        // first.
        let rank = |it: &Cut| (it.width > 1, it.share(), it.width);
        let best = (0..cuts.len())
            .rev()
            .max_by_key(|&it| rank(&cuts[it]))
            .unwrap_or(0);
        let best = cuts.swap_remove(best);
        let same = |it: &&Cut| best.width > 1 && rank(it) == rank(&best);
        let as_well = cuts.iter().find(same).map(|it| it.delimiter);
        Self {
            as_well,
            ..best.table()
        }
    }

    pub(super) fn doubts(&self) -> Vec<Doubt> {
        let other = self.as_well.map(char::from);
        let open = other.map(|other| ("dialect.delimiter", DoubtKind::DelimiterOpen { other }));
        let none = self.heading.is_none();
        let none = none.then_some(("dialect.header", DoubtKind::NoHeadingFound));
        let (records, line) = self.others;
        let widths = (records > 0).then_some(("", DoubtKind::OtherWidths { records, line }));
        let line = self.heading_line;
        let before = ("dialect.headerRows", DoubtKind::LinesBeforeHeading { line });
        let before = (line > 1 && self.heading.is_some()).then_some(before);
        let totals = self
            .totals
            .map(|line| ("", DoubtKind::RowOfTotals { line }));
        let doubts = [open, none, before, widths, totals].into_iter().flatten();
        doubts.map(|(path, kind)| Doubt::at(path, &kind)).collect()
    }
}

impl Cut {
    fn of(text: &[u8], delimiter: u8) -> Self {
        let rows = rows(text, delimiter);
        let mut widths = std::collections::BTreeMap::<usize, usize>::new();
        for (_, cells) in &rows {
            *widths.entry(cells.len()).or_default() += 1;
        }
        let most = widths
            .into_iter()
            .max_by_key(|&(width, count)| (count, width));
        let (width, fitting) = most.unwrap_or((1, 0));
        Self {
            delimiter,
            rows,
            width,
            fitting,
        }
    }

    /// Fitting records of a hundred.
    fn share(&self) -> usize {
        self.fitting * 100 / self.rows.len().max(1)
    }

    fn table(mut self) -> Table {
        let width = self.width;
        let fits = |row: &Row| row.1.len() == width;
        let mut rows = self.rows.split_off(self.first());
        let below: Vec<&Row> = rows.iter().skip(1).filter(|it| fits(it)).collect();
        let heading = rows
            .first()
            .filter(|it| fits(it) && is_heading(&it.1, &below));
        let heading = heading.cloned();
        if heading.is_some() {
            rows.remove(0);
        }
        let mut others = rows.iter().filter(|it| !fits(it));
        let line = others.clone().next().map_or(0, |it| it.0);
        let others = (others.by_ref().count(), line);
        rows.retain(fits);
        let totals = rows.iter().find(|it| is_row_of_totals(it)).map(|it| it.0);
        rows.retain(|it| !is_row_of_totals(it));
        Table {
            totals,
            delimiter: self.delimiter,
            heading_line: heading.as_ref().map_or(0, |it| it.0),
            heading: heading.map(|it| it.1),
            width,
            rows,
            others,
            as_well: None,
        }
    }

    /// The first row of the table. A title and notes may stand before its heading, also as records
    /// that some programs fill up to the width of the table.
    fn first(&self) -> usize {
        let rows = &self.rows;
        let fits = |row: &Row| row.1.len() == self.width;
        let within = |row: &Row| row.0 <= HEADING_WITHIN_LINES as u64;
        let first = rows.iter().position(fits).filter(|it| within(&rows[*it]));
        let first = first.unwrap_or(0);
        let is_filled_up = |row: &Row| row.1.last().is_some_and(|it| it.trim().is_empty());
        let is_title = |row: &Row| !fits(row) || is_filled_up(row);
        let whole = |row: &Row| row.1.iter().all(|it| !it.trim().is_empty());
        let filled = rows
            .get(first)
            .map(|it| it.1.iter().filter(|it| !it.trim().is_empty()));
        let begins = filled.is_some_and(|it| 2 * it.count() <= self.width);
        let after = rows[first..].iter().position(|it| !is_title(it));
        let after = after.filter(|_| begins).map(|it| first + it);
        let heading = after.filter(|it| {
            let row = &rows[*it];
            let below: Vec<&Row> = rows[it + 1..].iter().filter(|it| fits(it)).collect();
            within(row) && whole(row) && is_heading(&row.1, &below)
        });
        heading.unwrap_or(first)
    }
}

fn rows(text: &[u8], delimiter: u8) -> Vec<Row> {
    let reading = Reading {
        delimiter,
        strict: true,
        ..Reading::before()
    };
    let mut reader = RecordReader::by(&reading, 1, 1);
    let mut record = Record::default();
    let mut rows = Vec::new();
    let mut rest = text;
    loop {
        let (taken, complete) = reader.read(rest, &mut record);
        rest = &rest[taken..];
        if !complete && !reader.finish(&mut record) {
            return rows;
        }
        let cells = record
            .iter()
            .map(|it| String::from_utf8_lossy(it).into_owned());
        let cells: Vec<String> = cells.collect();
        if cells.iter().any(|it| !it.trim().is_empty()) {
            rows.push((record.line, cells));
        }
        if !complete {
            return rows;
        }
    }
}

/// Words for a total, and hardly anything else.
fn is_row_of_totals(row: &Row) -> bool {
    let mut filled = row.1.iter().filter(|it| !it.trim().is_empty());
    let says = filled.next().is_some_and(|it| says_total(it));
    says && 2 * (1 + filled.count()) <= row.1.len()
}

/// Names: each of its own, and nothing but names. What is mostly digits is data, unless nothing below
/// it has its shape: `r10` or `1960` above numbers with decimals.
fn is_heading(cells: &[String], below: &[&Row]) -> bool {
    let folds: std::collections::HashSet<String> = cells.iter().map(|it| folded(it)).collect();
    let is_name = |cell: &str| cell.chars().any(char::is_alphabetic) || cell.trim().len() == 1;
    let digit = |it: &str| it.chars().filter(char::is_ascii_digit).count() * 2 > it.len();
    let is_clear = |cell: &str| is_name(cell) && !digit(cell);
    let stands_out = |at: usize| {
        let shape = shape(&cells[at]);
        let may_be_one = cells[at].starts_with(char::is_alphabetic) || has_year(&cells[at]);
        may_be_one && below.iter().all(|(_, it)| self::shape(&it[at]) != shape)
    };
    // One column may have no name: the numbers that some programs write before each row.
    let blank = cells.iter().filter(|it| it.trim().is_empty()).count();
    let named = cells.iter().any(|it| is_name(it));
    let fits = |(at, it): (usize, &String)| it.trim().is_empty() || is_clear(it) || stands_out(at);
    named && blank <= 1 && 2 * folds.len() > cells.len() && cells.iter().enumerate().all(fits)
}

/// Where a cell has digits and letters, and what is between them.
fn shape(cell: &str) -> String {
    let of = |it: char| match it {
        it if it.is_ascii_digit() => '9',
        it if it.is_alphabetic() => 'a',
        it => it,
    };
    cell.trim().chars().map(of).collect()
}

/// `1960`, `2019 Q1`, `1990-1995`.
fn has_year(cell: &str) -> bool {
    let mut numbers = cell.split(|it: char| !it.is_ascii_digit());
    numbers.any(|it| it.len() == 4 && (it.starts_with("19") || it.starts_with("20")))
}
