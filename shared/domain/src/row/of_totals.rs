//! Rows of totals, with which reports end.

use crate::record::Record;

/// Words that say that a row is the sum of others, in a few languages.
const WORDS: [&str; 19] = [
    "total",
    "totals",
    "subtotal",
    "subtotals",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "totaal",
    "totale",
    "totales",
    "somme",
    "suma",
    "soma",
    "razem",
    "итого",
    "balance",
    "saldo",
    "endsaldo",
];

/// A cell that says so has no more words: `Grand total:`, `Total 2016`.
const WORDS_AT_MOST: usize = 3;

/// True if the first cell that is not blank says that the record is a sum of others. A record that
/// fits its columns is never asked.
#[cold]
pub(super) fn is_row_of_totals(record: &Record) -> bool {
    let mut cells = record.iter().filter(|it| !it.trim_ascii().is_empty());
    let first = cells.next().and_then(|it| std::str::from_utf8(it).ok());
    first.is_some_and(says_total)
}

/// True if the words of a cell say so.
pub(crate) fn says_total(cell: &str) -> bool {
    let words = || {
        let split = cell.split(|it: char| !it.is_alphanumeric());
        split.filter(|it| !it.is_empty())
    };
    let says = |word: &str| WORDS.contains(&word.to_lowercase().as_str());
    words().take(WORDS_AT_MOST + 1).count() <= WORDS_AT_MOST && words().any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_say_total() {
        for cell in [
            "Total",
            "TOTALS:",
            " Grand total ",
            "Total 2016",
            "Gesamt",
            "Closing balance",
        ] {
            assert!(says_total(cell), "{cell}");
        }
        for cell in ["", "Europe", "Totally", "The sum of all our sales"] {
            assert!(!says_total(cell), "{cell}");
        }
    }
}
