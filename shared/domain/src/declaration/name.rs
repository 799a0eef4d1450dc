//! Names of datasets: they stand in paths.

use super::problem::ProblemKind;
use crate::limits::DATASET_NAME_CHARS_AT_MOST;

/// Names that mean something else in a path. Whatever comes later stands under `/collect/-/`,
/// which is no name.
pub const TAKEN: [&str; 15] = [
    "baseline", "team", "data", "datasets", "exports", "imports", "webhooks", "usage", "audit",
    "operator", "infer", "validate", "rows", "summary", "schema",
];

/// Checks the name of a dataset that a user declares.
///
/// # Errors
/// `bad_name` or `taken_name`.
pub fn check(name: &str) -> Result<(), ProblemKind> {
    let mut chars = name.chars();
    let begins = chars.next().is_some_and(|it| it.is_ascii_lowercase());
    let known = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    if !begins || !chars.all(known) || name.len() > DATASET_NAME_CHARS_AT_MOST {
        return Err(ProblemKind::BadName);
    }
    match TAKEN.into_iter().find(|it| *it == name) {
        Some(name) => Err(ProblemKind::TakenName { name }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_stand_in_a_path() {
        for name in ["a", "orders", "orders_2026", "o2", &"a".repeat(48)] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "2",
            "_a",
            "A",
            "Orders",
            "or-ders",
            "or ders",
            "or.ders",
            "é",
            "orders/",
            "-",
            "a\0",
            &"a".repeat(49),
        ] {
            assert_eq!(check(name), Err(ProblemKind::BadName), "{name}");
        }
        for name in TAKEN {
            assert_eq!(check(name), Err(ProblemKind::TakenName { name }));
        }
    }
}
