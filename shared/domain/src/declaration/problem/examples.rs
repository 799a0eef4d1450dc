use super::{ProblemKind, too_wide};
use crate::cell::PatternError;
use crate::declaration::known;
use crate::limits::DATE_PATTERNS_AT_MOST;
use crate::rejection::Rejection;

impl ProblemKind {
    /// One problem of every code, and one for each sentence where a code has several: for documents
    /// and tests.
    pub fn examples() -> Vec<Self> {
        let text = |it: &str| it.to_owned();
        let mut all = vec![
            Self::NotSupported {
                what: text("primaryKey"),
                advice: known::advice("primaryKey").unwrap_or_default().to_owned(),
            },
            Self::Required {
                what: "type",
                allowed: known::TYPES.join(", "),
            },
            Self::WrongType {
                allowed: "a list of strings",
            },
            Self::NotAChoice {
                found: text("sometimes"),
                allowed: text("equal, partial"),
            },
            Self::Blank,
            Self::NulCharacter,
            Self::TooLong { most: 200 },
            Self::TooMany { most: 500 },
            Self::TooLarge,
            Self::OutOfRange { least: 1, most: 38 },
            Self::NotACharacter {
                allowed: "a point (.) or a comma (,)",
            },
            Self::BadName,
            Self::TakenName { name: "exports" },
            Self::DuplicateName {
                first: text("fields[0]"),
            },
            Self::SameHeading {
                first: text("fields[0].title"),
            },
            Self::BadPattern {
                why: text("unclosed group"),
            },
            Self::PatternsTooLarge,
        ];
        all.extend(of_values());
        all.extend(of_changes());
        all
    }
}

fn of_values() -> Vec<ProblemKind> {
    let text = |it: &str| it.to_owned();
    vec![
        ProblemKind::BadFormat {
            why: PatternError::Any.to_string(),
        },
        ProblemKind::TooManyFormats {
            most: DATE_PATTERNS_AT_MOST,
        },
        ProblemKind::PatternsDisagree {
            one: text("%m/%d/%Y"),
            other: text("%d/%m/%Y"),
            text: text("01/02/1990"),
            first: text("1990-01-02"),
            second: text("1990-02-01"),
        },
        ProblemKind::NoSuchZone {
            found: text("Berlin"),
        },
        ProblemKind::BadBounds {
            why: text("`minimum` is above `maximum`."),
        },
        ProblemKind::BadExample {
            why: Rejection::TooLong { chars_at_most: 15 }.to_string(),
        },
        ProblemKind::Inexact,
        ProblemKind::MeansTwoThings {
            why: text("The delimiter cannot be the quote, too."),
        },
        ProblemKind::NotTheSame {
            first: text("fields[2].decimalChar"),
        },
        ProblemKind::UnknownField {
            found: text("order date"),
            meant: text(" Did you mean \"order_date\"?"),
        },
        ProblemKind::WrongField {
            why: known::NOT_SORTED_BY.to_owned(),
        },
        ProblemKind::NeverFits {
            why: text("No text of `enum` has `minLength` characters or more."),
        },
        too_wide(8_102),
    ]
}

fn of_changes() -> Vec<ProblemKind> {
    vec![
        ProblemKind::FieldRemoved {
            name: "price".to_owned(),
        },
        ProblemKind::TypeChanged { old: "integer" },
        ProblemKind::StorageChanged {
            old: "bigint",
            new: "numeric",
        },
        ProblemKind::MissingValuesChanged,
        ProblemKind::MustBeOptional,
        ProblemKind::CannotChange { what: "sortedBy" },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_an_example_that_is_a_sentence() {
        let examples = ProblemKind::examples();
        let codes: BTreeSet<&str> = examples.iter().map(ProblemKind::code).collect();
        assert_eq!(codes, ProblemKind::CODES.iter().copied().collect());
        for example in examples {
            let sentence = example.to_string();
            assert!(sentence.ends_with(['.', '?']), "{sentence}");
        }
    }
}
