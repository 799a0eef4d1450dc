use super::{BadDate, BrokenKind, BrokenQuotes, NumberHelp, OutOfRange, Rejection};
use crate::forms::DateForms;

impl Rejection {
    /// One rejection of every code, and one for each sentence where a code has several: for
    /// documents and tests.
    pub fn examples() -> Vec<Self> {
        let range = OutOfRange::Integer {
            min: 0,
            max: 9_999_999_999,
        };
        let total = "Units Sold × Unit Price".to_owned();
        let dates = DateForms::BEFORE;
        let broken = |kind| {
            Self::BrokenQuotes(BrokenQuotes {
                field: 3,
                line: 17,
                kind,
            })
        };
        vec![
            Self::Required,
            Self::NulCharacter,
            Self::NotUtf8,
            Self::TooLong { chars_at_most: 15 },
            Self::NotAnInteger {
                example: "1234".to_owned(),
                help: NumberHelp::None,
            },
            Self::NotAnInteger {
                example: "1234".to_owned(),
                help: NumberHelp::Shortened,
            },
            Self::NotANumber {
                example: "1234.56".to_owned(),
                help: NumberHelp::None,
            },
            Self::NotANumber {
                example: "1234.56".to_owned(),
                help: NumberHelp::Say(vec!["decimal=,".to_owned(), "group=.".to_owned()]),
            },
            Self::TooManyDecimals,
            Self::OutOfRange(range),
            Self::OutOfRange(OutOfRange::Money(12)),
            Self::BadDate(BadDate::Format(dates)),
            Self::BadDate(BadDate::NoSuchDay(dates)),
            Self::OpenQuote,
            broken(BrokenKind::TextAfter),
            broken(BrokenKind::BlankBefore),
            broken(BrokenKind::Cut),
            broken(BrokenKind::NeverClosed),
            Self::TooManyLines(1_001),
            Self::WrongColumnCount {
                expected: 14,
                found: 13,
            },
            Self::RowOfTotals,
            Self::MissingColumn,
            Self::WrongTotal { expected: total },
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_an_example_that_is_a_sentence() {
        let examples = Rejection::examples();
        let codes: BTreeSet<&str> = examples.iter().map(Rejection::code).collect();
        assert_eq!(codes, Rejection::CODES.iter().copied().collect());
        for example in examples {
            assert!(example.to_string().ends_with('.'), "{example}");
        }
    }
}
