use super::{
    BadDate, BadForm, BrokenKind, BrokenQuotes, Expected, NoNumber, NumberHelp, OutOfRange,
    Rejection,
};
use crate::forms::DateForms;

fn no_number(example: &str, help: NumberHelp) -> Box<NoNumber> {
    let example = example.to_owned();
    Box::new(NoNumber { example, help })
}

fn bad_form(of: fn(Box<Expected>) -> BadForm, what: &'static str, forms: &str) -> BadForm {
    let forms = forms.to_owned();
    of(Box::new(Expected { what, forms }))
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
        let months = "%d %b %Y (27 Jan 2016)";
        let moments = "YYYY-MM-DDThh:mm:ss (2016-01-27T14:05:09)";
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
            Self::TooShort { chars_at_least: 3 },
            Self::PatternDoesNotMatch(r"[A-Z]{2}\d{4}".into()),
            Self::BadEmail,
            Self::BadUri,
            Self::NotAUuid,
            Self::NotInEnum("new, paid or sent".into()),
            Self::NotABoolean("true, yes, false or no".into()),
            Self::NotAnInteger(no_number("1234", NumberHelp::None)),
            Self::NotAnInteger(no_number("1234", NumberHelp::Shortened)),
            Self::NotANumber(no_number("1234.56", NumberHelp::None)),
            Self::NotANumber(no_number(
                "1234.56",
                NumberHelp::Say(vec!["decimal=,".to_owned(), "group=.".to_owned()]),
            )),
            Self::TooManyDecimals(2),
            Self::TooManyDigits(38),
            Self::OutOfRange(range),
            Self::OutOfRange(OutOfRange::Money(12)),
            Self::OutOfRange(OutOfRange::Between(Box::new(("-90".into(), "90".into())))),
            Self::OutOfRange(OutOfRange::AtLeast("2020-01-01".into())),
            Self::OutOfRange(OutOfRange::AtMost("0.5".into())),
            Self::OutOfRange(OutOfRange::Places(400)),
            Self::BadDate(BadDate::Format(dates)),
            Self::BadDate(BadDate::NoSuchDay(dates)),
            Self::BadDate(BadDate::Declared(bad_form(BadForm::Format, "Date", months))),
            Self::BadDatetime(bad_form(BadForm::Format, "Datetime", moments)),
            Self::BadDatetime(bad_form(BadForm::NoSuch, "Datetime", moments)),
            Self::BadTime(bad_form(BadForm::Format, "Time", "hh:mm:ss (14:05:09)")),
            Self::BadYear,
            Self::BadYearmonth,
            Self::NoSuchTime("Europe/Berlin".into()),
            Self::TimeExistsTwice("Europe/Berlin".into()),
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
            Self::RowTooWide(10_544),
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
