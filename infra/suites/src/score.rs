//! The published metric: success, and precision, recall and F1 of the heading, the records and the
//! cells, each from 0 to 1, added up.
//!
//! They compare multisets of normalised cells. Ours are normalised less than the published ones:
//! case and the writing of numbers are the same, dates, times and prices are compared as text. That
//! can only lose points.

use std::collections::HashMap;

/// The ten parts of a file's score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    pub success: f64,
    pub heading: [f64; 3],
    pub records: [f64; 3],
    pub cells: [f64; 3],
}

impl Score {
    /// Of what was loaded against what is meant. A file that is refused scores nothing at all.
    pub fn of(meant: Loaded<'_>, loaded: Loaded<'_>) -> Self {
        let rows = |it: Loaded<'_>| it.records.iter().map(|row| joined(row)).collect();
        let cells = |it: Loaded<'_>| it.records.iter().flatten().map(|it| normal(it)).collect();
        let heading = |it: Loaded<'_>| it.heading.iter().map(|it| normal(it)).collect();
        Self {
            success: 1.0,
            heading: measures(heading(meant), heading(loaded)),
            records: measures(rows(meant), rows(loaded)),
            cells: measures(cells(meant), cells(loaded)),
        }
    }

    pub fn sum(&self) -> f64 {
        let parts = [self.heading, self.records, self.cells];
        self.success + parts.iter().flatten().sum::<f64>()
    }
}

/// A heading and its records.
#[derive(Clone, Copy)]
pub struct Loaded<'l> {
    pub heading: &'l [String],
    pub records: &'l [Vec<String>],
}

/// How many rows there are that are not meant.
pub fn not_meant(meant: &[Vec<String>], rows: &[Vec<String>]) -> usize {
    rows.len() - common(counted(meant), counted(rows))
}

/// Precision, recall and F1. Where nothing is meant, nothing can be missed.
fn measures(meant: Vec<String>, loaded: Vec<String>) -> [f64; 3] {
    let (of_meant, of_loaded) = (meant.len() as f64, loaded.len() as f64);
    if meant.is_empty() {
        return [1.0; 3];
    }
    match common(counted(&meant), counted(&loaded)) as f64 {
        0.0 => [0.0; 3],
        both => {
            let (precision, recall) = (both / of_loaded, both / of_meant);
            let f1 = 2.0 * precision * recall / (precision + recall);
            [precision, recall, f1]
        }
    }
}

fn counted<T: Eq + std::hash::Hash>(all: &[T]) -> HashMap<&T, usize> {
    let mut counts = HashMap::new();
    for it in all {
        *counts.entry(it).or_default() += 1;
    }
    counts
}

fn common<T: Eq + std::hash::Hash>(one: HashMap<&T, usize>, other: HashMap<&T, usize>) -> usize {
    let both = |(it, count): (&&T, &usize)| *other.get(*it).unwrap_or(&0).min(count);
    one.iter().map(both).sum()
}

fn joined(row: &[String]) -> String {
    let cells = row.iter().map(|it| normal(it));
    cells
        .map(|it| if it.is_empty() { "null".into() } else { it })
        .collect()
}

fn normal(cell: &str) -> String {
    if cell.eq_ignore_ascii_case("true") || cell.eq_ignore_ascii_case("false") {
        return u8::from(cell.eq_ignore_ascii_case("true")).to_string();
    }
    let number = cell.starts_with(|it: char| it.is_ascii_digit() || "+-.".contains(it));
    match (cell.parse::<i64>(), cell.parse::<f64>()) {
        (Ok(whole), _) => whole.to_string(),
        (_, Ok(decimal)) if number => decimal.to_string(),
        _ => cell.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(rows: &[&[&str]]) -> Vec<Vec<String>> {
        let row = |it: &&[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        rows.iter().map(row).collect()
    }

    fn score(meant: &[&[&str]], loaded: &[&[&str]]) -> Score {
        let (meant, loaded) = (owned(meant), owned(loaded));
        let parts = |all: &[Vec<String>]| (all[0].clone(), all[1..].to_vec());
        let ((head, records), (its_head, its_records)) = (parts(&meant), parts(&loaded));
        let meant = Loaded {
            heading: &head,
            records: &records,
        };
        let loaded = Loaded {
            heading: &its_head,
            records: &its_records,
        };
        Score::of(meant, loaded)
    }

    #[test]
    fn a_file_that_is_read_as_meant_has_all_ten() {
        let file: &[&[&str]] = &[&["a", "b"], &["1", "X"], &["1", "X"]];
        assert_eq!(score(file, file).sum(), 10.0);
        let alike: &[&[&str]] = &[&["A", "b"], &["01", "x"], &["1", "x"]];
        assert_eq!(score(file, alike).sum(), 10.0);
        assert_eq!(score(&[&[]], &[&["a"], &["b"]]).sum(), 10.0);
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_cost() {
        let file: &[&[&str]] = &[
            &["a", "b"],
            &["1", "x"],
            &["2", "y"],
            &["2", "y"],
            &["3", ""],
        ];
        let one_missing = score(file, &[file[0], file[1], file[2], file[4]]);
        assert_eq!(one_missing.records[..2], [1.0, 0.75]);
        assert!((one_missing.records[2] - 6.0 / 7.0).abs() < 1e-12);
        assert_eq!(one_missing.cells[..2], [1.0, 0.75]);
        let one_wrong = score(file, &[file[0], file[1], file[2], file[3], &["3", "z"]]);
        assert_eq!(one_wrong.records, [0.75; 3]);
        assert_eq!(one_wrong.cells, [0.875; 3]);
        assert_eq!(score(file, &[&["c"]]).sum(), 1.0);
    }

    #[test]
    fn rows_that_are_not_meant_are_counted_one_by_one() {
        let meant = owned(&[&["1"], &["2"], &["2"]]);
        assert_eq!(not_meant(&meant, &meant), 0);
        assert_eq!(
            not_meant(&meant, &owned(&[&["2"], &["2"], &["2"], &["3"]])),
            2
        );
    }
}
