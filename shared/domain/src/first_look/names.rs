//! Names of columns: which are the same, and which may be meant.

use crate::dataset::Dataset;

/// The letters and digits of a name, in lower case: all that two names are compared by.
pub(super) fn folded(name: &str) -> String {
    let known = name.chars().filter(|it| it.is_alphanumeric());
    known.flat_map(char::to_lowercase).collect()
}

/// The column of this name.
pub(super) fn column_of(name: &str, dataset: &Dataset) -> Option<usize> {
    let name = folded(name);
    let mut columns = dataset.columns.iter();
    columns.position(|it| folded(&it.heading) == name)
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
