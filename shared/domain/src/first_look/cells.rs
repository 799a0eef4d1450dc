//! What cells hold, and what they should hold, in words.

use std::fmt;

use strum::VariantArray;

use crate::cell::{self, Kind};

/// What a cell looks like, regardless of what its column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray)]
pub(super) enum Look {
    Nothing,
    Date,
    WholeNumber,
    Amount,
    Text,
    NoText,
}

impl Look {
    fn of(cell: &[u8]) -> Self {
        const ANY_NUMBER: Kind = Kind::integer(i64::MIN, i64::MAX);
        const ANY_TEXT: Kind = Kind::text(usize::MAX);
        let is = |kind: Kind| cell::parse(&kind, cell).is_ok();
        match () {
            () if cell.trim_ascii().is_empty() => Look::Nothing,
            () if is(Kind::DATE) => Look::Date,
            () if is(ANY_NUMBER) => Look::WholeNumber,
            () if is(Kind::MONEY) => Look::Amount,
            () if is(ANY_TEXT) => Look::Text,
            () => Look::NoText,
        }
    }

    /// What most of the cells look like.
    pub(super) fn of_most<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Self {
        let mut counts = [0usize; Self::VARIANTS.len()];
        for cell in cells {
            counts[Self::of(cell) as usize] += 1;
        }
        let most = (0..counts.len()).max_by_key(|&look| counts[look]);
        Self::VARIANTS[most.unwrap_or(0)]
    }

    /// The look in words, as found in a column of this kind.
    pub(super) fn beside(self, kind: &Kind) -> &'static str {
        match (self, kind) {
            (Look::Nothing, _) => "nothing",
            (Look::Date, _) => "dates",
            (Look::WholeNumber, kind) if kind.is_number() => "other numbers",
            (Look::WholeNumber, _) => "whole numbers",
            (Look::Amount, _) => "amounts",
            (Look::Text, Kind::Text { rules: None, .. }) => "longer text",
            (Look::Text, Kind::Text { .. }) => "other text",
            (Look::Text, _) => "text",
            (Look::NoText, _) => "bytes that are no text",
        }
    }
}

/// What a column of a kind takes, in words.
pub(super) struct Expected<'k>(pub(super) &'k Kind);

impl fmt::Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Text {
                max_chars,
                rules: None,
            } => write!(f, "text of at most {max_chars} characters"),
            Kind::Text { .. } => f.write_str("text by the rules of its column"),
            Kind::Uuid(_) => f.write_str("UUIDs"),
            Kind::Integer { min, max, .. } => write!(f, "whole numbers from {min} to {max}"),
            Kind::BigInteger(big) => write!(f, "whole numbers from {} to {}", big.min, big.max),
            Kind::Money { .. } => f.write_str("amounts"),
            Kind::Number(_) => f.write_str("numbers"),
            Kind::Boolean(_) => f.write_str("true or false"),
            Kind::Date { .. } => f.write_str("dates"),
            Kind::Datetime(_) | Kind::Timestamp(_) => f.write_str("dates with times"),
            Kind::Time(_) => f.write_str("times"),
            Kind::Year(_) => f.write_str("years"),
            Kind::Yearmonth(_) => f.write_str("months"),
        }
    }
}
