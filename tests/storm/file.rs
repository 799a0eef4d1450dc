//! Generated files: their rows are known without reading them.

use std::sync::Arc;

use xtask::random::Random;

use super::dataset::{Dataset, Declared};
use super::field::NULL;
use crate::fixture::pack;

/// A file, and what an import of it must store.
pub struct StormFile {
    pub dataset: Arc<Dataset>,
    pub bytes: Vec<u8>,
    /// What is sent of it: the text, or the text packed or encoded in another way.
    pub sent: Vec<u8>,
    /// For each good record its number and its columns as PostgreSQL prints them, with `|` between
    /// them.
    pub rows: Vec<(i64, String)>,
    /// Numbers of the records that are rejected, with one row error each.
    pub bad: Vec<i64>,
}

const TEAM: &str = "team_name, manager_name, manager_phone_number\r\n";
const BASELINE: &str = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit\r\n";

impl StormFile {
    /// A few dozen to a few hundred KB.
    pub fn new(random: &mut Random, dataset: Arc<Dataset>) -> Self {
        let records = match *dataset {
            Dataset::Team => random.between(1_000, 6_000),
            _ => random.between(400, 2_400),
        };
        let bad_percent = *random.pick(&[0, 0, 1, 5]);
        let columns = columns(random, &dataset);
        let mut file = Self {
            bytes: heading(&dataset, &columns).into(),
            dataset,
            sent: Vec::new(),
            rows: Vec::new(),
            bad: Vec::new(),
        };
        for record in 1..=records as i64 {
            let is_bad = random.percent(bad_percent);
            file.push(record, random.bits(), is_bad, &columns);
        }
        file.sent = match random.between(0, 9) {
            0 => pack::gzip(&file.bytes),
            1 => pack::zstd(&file.bytes),
            2 => pack::zip(&[("file.csv", &file.bytes)]),
            3 => pack::utf16(&file.bytes, random.percent(50)),
            _ => file.bytes.clone(),
        };
        file
    }

    /// The bytes of a second upload: as many, with other contents.
    pub fn other(&self) -> Vec<u8> {
        let text = std::str::from_utf8(&self.bytes).unwrap();
        self.renamed(text).into_bytes()
    }

    /// The rows of the second upload.
    pub fn other_rows(&self) -> Vec<(i64, String)> {
        let row = |(record, row): &(i64, String)| (*record, self.renamed(row));
        self.rows.iter().map(row).collect()
    }

    fn renamed(&self, text: &str) -> String {
        match *self.dataset {
            Dataset::Team => text.replace("Team ", "Crew "),
            Dataset::Baseline => text.replace("Region ", "Sector "),
            Dataset::Declared(_) => text.replace("Visitor ", "Tourist "),
        }
    }

    fn push(&mut self, record: i64, salt: u64, is_bad: bool, columns: &[usize]) {
        let (line, row) = match &*self.dataset {
            Dataset::Team => team(salt, is_bad),
            Dataset::Baseline => sale(salt, is_bad),
            Dataset::Declared(declared) => entry(declared, salt, is_bad, columns),
        };
        self.bytes.extend_from_slice(line.as_bytes());
        match is_bad {
            true => self.bad.push(record),
            false => self.rows.push((record, row)),
        }
    }
}

/// Which fields of a declared dataset the file has, in its order: it may lack optional ones.
fn columns(random: &mut Random, dataset: &Dataset) -> Vec<usize> {
    let Some(declared) = dataset.declared() else {
        return Vec::new();
    };
    let mut columns: Vec<usize> = (0..declared.fields.len()).collect();
    columns.retain(|it| declared.fields[*it].required || !random.percent(15));
    let first = random.below(columns.len() as u64) as usize;
    columns.rotate_left(first);
    columns
}

fn heading(dataset: &Dataset, columns: &[usize]) -> String {
    match dataset {
        Dataset::Team => TEAM.to_owned(),
        Dataset::Baseline => BASELINE.to_owned(),
        Dataset::Declared(declared) => {
            let headings = columns.iter().map(|it| declared.fields[*it].heading());
            headings.collect::<Vec<_>>().join(",") + "\r\n"
        }
    }
}

/// A record of a declared dataset. A bad one is bad by its total, if that is judged, or by its field
/// `entry`.
fn entry(declared: &Declared, salt: u64, is_bad: bool, columns: &[usize]) -> (String, String) {
    let salts = (1..).map(|it| salt.rotate_left(11 * it) >> 1);
    let cells = declared.fields.iter().zip(salts);
    let mut cells: Vec<(String, String)> = cells.map(|(field, salt)| field.cell(salt)).collect();
    let wrong_total = is_bad && salt.is_multiple_of(2);
    let judged = declared.add_up(&mut cells, columns, wrong_total);
    let wrong_entry = is_bad && !(wrong_total && judged);
    let in_file = columns.iter().map(|it| match &*declared.fields[*it].name {
        "entry" if wrong_entry => "none",
        _ => cells[*it].0.as_str(),
    });
    let line = in_file.collect::<Vec<_>>().join(",") + "\r\n";
    let in_table = cells
        .iter()
        .enumerate()
        .map(|(at, cell)| match columns.contains(&at) {
            true => cell.1.as_str(),
            false => NULL,
        });
    (line, in_table.collect::<Vec<_>>().join("|"))
}

fn team(salt: u64, is_bad: bool) -> (String, String) {
    let (name, manager) = (
        format!("Team {}", salt % 90_000),
        format!("M {}", salt % 7_919),
    );
    let phone = match is_bad {
        true => format!("(555) {:08} extension", salt % 100_000_000),
        false => format!("(555) {:08}", salt % 100_000_000),
    };
    let quoted = if salt.is_multiple_of(97) { "\"" } else { "" };
    let line = format!("{quoted}{name}{quoted},{manager},{phone}\r\n");
    (line, format!("{name}|{manager}|{phone}"))
}

fn sale(salt: u64, is_bad: bool) -> (String, String) {
    let (year, month, day) = (2010 + salt % 8, 1 + salt % 12, 1 + salt % 28);
    let csv_day = if is_bad { 99 } else { day };
    let (order, units) = (100_000_000 + salt % 899_999_999, 1 + salt % 9_999);
    let (price, cost) = (1_000 + salt % 60_000, 500 + salt % 400);
    let (revenue, spent) = (price * units, cost * units);
    let money = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    let text = format!("Region {},Country {},Snacks,Online,C", salt % 7, salt % 180);
    let amounts = [price, cost, revenue, spent, revenue - spent].map(money);
    let line = format!(
        "{text},{month}/{csv_day}/{year},{order},12/31/2018,{units},{}\r\n",
        amounts.join(",")
    );
    let row = format!(
        "{}|{year}-{month:02}-{day:02}|{order}|2018-12-31|{units}|{}",
        text.replace(',', "|"),
        amounts.join("|")
    );
    (line, row)
}
