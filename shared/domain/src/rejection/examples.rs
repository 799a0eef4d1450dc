use super::{BadDate, BrokenKind, BrokenQuotes, NoNumber, NumberHelp, OutOfRange, Rejection};
use crate::forms::DateForms;

fn no_number(example: &str, help: NumberHelp) -> Box<NoNumber> {
    let example = example.to_owned();
    Box::new(NoNumber { example, help })
}

impl Rejection {
    /// One rejection of every code, and one for each sentence where a code has several: for
    /// documents and tests.
    pub fn examples() -> Vec<Self> {
        let range = OutOfRange::Integer {
            min: 0,
            max: 9_999_999_999,
        };
        let total = "Units Sold × Unit Price".to_owned();
        let dates = DateForms::USUAL;
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
            Self::NotDecodable,
            Self::TooLong { chars_at_most: 15 },
            Self::NotAnInteger(no_number("1234", NumberHelp::None)),
            Self::NotAnInteger(no_number("1234", NumberHelp::Shortened)),
            Self::NotANumber(no_number("1234.56", NumberHelp::None)),
            Self::NotANumber(no_number(
                "1234.56",
                NumberHelp::Say(vec!["decimal=,".to_owned(), "group=.".to_owned()]),
            )),
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

    /// Every cell is returned in a place that would hold a rejection, too.
    #[test]
    fn a_rejection_takes_no_more_room_than_its_largest_sentence_needs() {
        assert!(size_of::<Rejection>() <= 32, "{}", size_of::<Rejection>());
    }

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
