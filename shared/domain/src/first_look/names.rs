//! Names of columns: which are the same, and which may be meant.

use std::collections::HashMap;

use crate::dataset::Dataset;
pub(super) use crate::heading::folded;

/// The columns of a dataset by each of their names. It is made once for a heading: to compare 500
/// names with 500 columns one by one would take seconds.
pub(super) struct Names(HashMap<String, usize>);

impl Names {
    pub(super) fn of(dataset: &Dataset) -> Self {
        let mut names = HashMap::with_capacity(2 * dataset.columns.len());
        for (at, column) in dataset.columns.iter().enumerate() {
            for name in column.titles.iter().chain([&column.heading, &column.field]) {
                names.entry(folded(name)).or_insert(at);
            }
        }
        Self(names)
    }

    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.0.get(&folded(name)).copied()
    }
}

/// True if a name may be another one: the same words in another order, or two letters apart.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let (one_folded, other_folded) = (folded(one), folded(other));
    let short = one_folded.len().min(other_folded.len()) < 5;
    let words = |it: &str| {
        let split = it.split(|char: char| !char.is_alphanumeric());
        let mut words: Vec<_> = split.map(folded).filter(|it| !it.is_empty()).collect();
        words.retain(|it| it != "of" && it != "the");
        words.sort_unstable();
        words
    };
    let distance = distance(&one_folded, &other_folded);
    words(one) == words(other) || distance <= if short { 1 } else { 2 }
}

/// How many letters must be changed, added or left out; names are short.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, char) in one.chars().take(80).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &known) in other.iter().enumerate() {
            let changed = diagonal + usize::from(char != known);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}
