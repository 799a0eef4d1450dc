//! Amounts in their shortest exact form: 152.58, 9.5, 100. The product has the same, but xtask runs
//! without it, and what makes the samples should not be what reads them.

use std::fmt;

#[derive(Clone, Copy)]
pub struct Cents(pub u64);

impl Cents {
    pub fn times(self, units: u64) -> Self {
        Self(self.0 * units)
    }

    pub fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, cents) if cents % 10 == 0 => write!(f, "{whole}.{}", cents / 10),
            (whole, cents) => write!(f, "{whole}.{cents:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_digits_than_needed() {
        for (cents, text) in [
            (15_258, "152.58"),
            (950, "9.5"),
            (10_000, "100"),
            (5, "0.05"),
            (0, "0"),
        ] {
            assert_eq!(Cents(cents).to_string(), text);
        }
    }
}
