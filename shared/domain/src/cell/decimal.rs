//! An exact decimal number of at most 38 significant digits.

use std::cmp::Ordering;
use std::fmt;

/// The most significant digits of any number: 10³⁸ − 1 is within 128 bits.
pub const DIGITS_AT_MOST: u8 = 38;

/// The most digits of a number before its point, and after it, once its power of ten is written
/// out. Every 64-bit float fits; `1e131071` is ten bytes that would become 131,072.
pub const PLACES_AT_MOST: i16 = 400;

/// Numbers with as many places or fewer on both sides of the point are written without a power of
/// ten.
const PLAIN_PLACES: i16 = 40;

/// An exact decimal number: mantissa × 10⁻ˢᶜᵃˡᵉ. The last digit of the mantissa is never 0 (unless
/// the number is), so equal numbers are equal.
///
/// The mantissa is kept as bytes: a value of a row then takes no more room than a text does.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: [u8; 16],
    scale: i16,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self {
        mantissa: [0; 16],
        scale: 0,
    };

    /// mantissa × 10⁻ˢᶜᵃˡᵉ.
    pub fn new(mantissa: i128, scale: i16) -> Self {
        if mantissa == 0 {
            return Self::ZERO;
        }
        let (mut mantissa, mut scale) = (mantissa, scale);
        while mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self::shortest(mantissa, scale)
    }

    /// A mantissa whose last digit is not 0.
    pub(super) fn shortest(mantissa: i128, scale: i16) -> Self {
        let mantissa = mantissa.to_le_bytes();
        Self { mantissa, scale }
    }

    /// The digits with their sign.
    pub fn mantissa(self) -> i128 {
        i128::from_le_bytes(self.mantissa)
    }

    /// Digits of the mantissa after the point; negative if zeros follow the mantissa.
    pub fn scale(self) -> i16 {
        self.scale
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self::shortest(self.mantissa().abs(), self.scale)
    }

    /// The number of its significant digits: 2 for 0.012 and for 1200.
    pub fn digits(self) -> u32 {
        let digits = self.mantissa().unsigned_abs().checked_ilog10();
        digits.map_or(0, |it| it + 1)
    }

    /// The whole number it is, unless it has decimals or does not fit.
    pub fn to_integer(self) -> Option<i128> {
        let zeros = u32::try_from(-self.scale).ok()?;
        self.mantissa().checked_mul(10i128.checked_pow(zeros)?)
    }

    /// Digits before the point; negative if zeros follow the point.
    pub(super) fn whole_digits(self) -> i32 {
        self.digits() as i32 - i32::from(self.scale)
    }
}

impl From<i128> for Decimal {
    fn from(number: i128) -> Self {
        Self::new(number, 0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, two) = (self.mantissa(), other.mantissa());
        if one.signum() != two.signum() || one == 0 {
            return one.signum().cmp(&two.signum());
        }
        let sizes = self.whole_digits().cmp(&other.whole_digits());
        // With as many digits before the point, the mantissas are compared at equal length.
        let longest = self.digits().max(other.digits());
        let full = |it: &Self| it.mantissa().unsigned_abs() * 10u128.pow(longest - it.digits());
        let abs = sizes.then_with(|| full(self).cmp(&full(other)));
        if one < 0 { abs.reverse() } else { abs }
    }
}

/// The shortest text: `-0.5`, `1200`, and with a power of ten where the zeros would be many:
/// `1.5e-300`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa() < 0 { "-" } else { "" };
        let digits = self.mantissa().unsigned_abs().to_string();
        let plain = self.scale <= PLAIN_PLACES && self.whole_digits() <= i32::from(PLAIN_PLACES);
        if !plain {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            let power = self.whole_digits() - 1;
            return write!(f, "{sign}{first}{point}{rest}e{power}");
        }
        match usize::try_from(self.scale) {
            Ok(0) => write!(f, "{sign}{digits}"),
            Ok(scale) => {
                let padded = format!("{digits:0>width$}", width = scale + 1);
                let (whole, decimals) = padded.split_at(padded.len() - scale);
                write!(f, "{sign}{whole}.{decimals}")
            }
            Err(_) => {
                let zeros = usize::from(self.scale.unsigned_abs());
                write!(f, "{sign}{digits}{:0<zeros$}", "")
            }
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shortest_exact_text() {
        let most = 10i128.pow(38) - 1;
        #[rustfmt::skip]
        let table = [
            (0, 5, "0"), (1, 0, "1"), (-5, 1, "-0.5"), (150, 2, "1.5"), (1200, 0, "1200"),
            (12, 3, "0.012"), (1, 40, "0.0000000000000000000000000000000000000001"),
            (1, 41, "1e-41"), (-15, 301, "-1.5e-300"), (1, -39, "1000000000000000000000000000000000000000"),
            (17, -307, "1.7e308"),
        ];
        for (mantissa, scale, text) in table {
            assert_eq!(Decimal::new(mantissa, scale).to_string(), text);
        }
        assert_eq!(Decimal::new(most, 0).to_string(), "9".repeat(38));
        assert_eq!(
            Decimal::new(-most, 38).to_string(),
            format!("-0.{}", "9".repeat(38))
        );
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(Decimal::new(12, -3).to_integer(), Some(12_000));
        assert_eq!(Decimal::new(0, 0).to_integer(), Some(0));
        assert_eq!(Decimal::new(12, 1).to_integer(), None);
        assert_eq!(Decimal::new(12, -300).to_integer(), None);
    }

    fn any() -> impl Strategy<Value = Decimal> {
        let most = 10i128.pow(38) - 1;
        let mantissa = prop_oneof![-most..=most, -100i128..=100];
        let scale = prop_oneof![-3i16..=3, -400i16..=400];
        (mantissa, scale).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
    }

    /// The digits of both, written out to the same number of decimals.
    fn written_out(it: Decimal) -> String {
        let digits = it.mantissa().unsigned_abs().to_string();
        let zeros = usize::try_from(500 - it.scale()).unwrap();
        format!("{digits}{:0<zeros$}", "")
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_is_that_of_the_numbers_written_out(one in any(), two in any()) {
            let abs = |it| { let digits = written_out(it); (digits.len(), digits) };
            let expected = match (one.mantissa() < 0, two.mantissa() < 0) {
                (false, false) if one.mantissa() == 0 || two.mantissa() == 0 =>
                    one.mantissa().signum().cmp(&two.mantissa().signum()),
                (false, false) => abs(one).cmp(&abs(two)),
                (true, true) => abs(two).cmp(&abs(one)),
                (one, two) => two.cmp(&one),
            };
            prop_assert_eq!(one.cmp(&two), expected);
            prop_assert_eq!(one == two, expected == Ordering::Equal);
        }
    }
}
