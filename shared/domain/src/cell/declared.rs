//! Cells of the kinds that only declared datasets have, and of the others with rules.

use std::borrow::Cow;

use super::decimal::{DIGITS_AT_MOST, Decimal, PLACES_AT_MOST};
use super::kind::{BigInteger, Boolean, Kind, Number};
use super::moments::{in_rules, year, yearmonth, yearmonth_text};
use super::rules::{Rules, listed};
use super::{Value, all_digits, integer, money, numbers, required, split_sign, text, whole_number};
use crate::forms::Forms;
use crate::rejection::{NoNumber, OutOfRange, Rejection};

/// See [`parse_as`](super::parse_as).
#[inline(never)]
pub(super) fn parse<'c>(
    kind: &Kind,
    cell: &'c [u8],
    forms: &Forms,
) -> Result<Value<'c>, Rejection> {
    if let Kind::Text { max_chars, rules } = kind {
        let text = match rules {
            Some(rules) => text::by_rules(cell, *max_chars, rules),
            None => text::text(cell, *max_chars),
        };
        return text.map(Value::Text);
    }
    let cell = required(cell)?;
    match kind {
        Kind::Date { formats, rules } => {
            let date = match formats {
                Some(formats) => formats.parse(cell, forms),
                None => super::dates::parse(cell, forms.dates),
            };
            in_rules(date?, rules.as_deref(), |it| it.to_string()).map(Value::Date)
        }
        Kind::Uuid(one_of) => {
            listed(text::uuid(cell)?, one_of, |it| it.to_string()).map(Value::Uuid)
        }
        Kind::Boolean(boolean) => boolean.parse(cell).map(Value::Boolean),
        Kind::Datetime(datetime) => datetime.parse(cell).map(Value::Datetime),
        Kind::Timestamp(zoned) => zoned.parse(cell).map(Value::Timestamp),
        Kind::Time(time) => time.parse(cell).map(Value::Time),
        Kind::Year(rules) => {
            in_rules(year(cell)?, rules.as_deref(), |it| it.to_string()).map(Value::Year)
        }
        Kind::Yearmonth(rules) => {
            in_rules(yearmonth(cell)?, rules.as_deref(), yearmonth_text).map(Value::Date)
        }
        _ => number(kind, cell, forms),
    }
}

/// The value of a kind of numbers.
fn number<'c>(kind: &Kind, cell: &[u8], forms: &Forms) -> Result<Value<'c>, Rejection> {
    match kind {
        Kind::Integer {
            min,
            max,
            bare,
            one_of,
        } => {
            let number = |cell: &[u8]| integer(cell, *min, *max, forms);
            let value = alone(cell, *bare, forms, number)?;
            listed(value, one_of, |it| it.to_string()).map(Value::Integer)
        }
        Kind::Money { bare, rules } => {
            let cents = alone(cell, *bare, forms, |cell| money(cell, forms))?;
            in_rules(cents, rules.as_deref(), crate::money::format).map(Value::Money)
        }
        Kind::BigInteger(big) => {
            alone(cell, big.bare, forms, |cell| big.parse(cell, forms)).map(Value::Number)
        }
        Kind::Number(number) => {
            alone(cell, number.bare, forms, |cell| number.parse(cell, forms)).map(Value::Number)
        }
        _ => Err(Rejection::Required),
    }
}

/// What `parse` makes of the number alone, where other characters may stand around it.
#[inline]
fn alone<T>(
    cell: &[u8],
    bare: bool,
    forms: &Forms,
    parse: impl Fn(&[u8]) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    match bare {
        true => parse(cell),
        // What is not clear is shown as it is, and is no number.
        false => {
            parse(&numbers::without_others(cell, forms.decimal).unwrap_or(Cow::Borrowed(cell)))
        }
    }
}

impl Boolean {
    fn parse(&self, cell: &[u8]) -> Result<bool, Rejection> {
        let is_in = |texts: &[String]| texts.iter().any(|it| it.as_bytes() == cell);
        let value = match (is_in(&self.true_values), is_in(&self.false_values)) {
            (true, _) => true,
            (_, true) => false,
            _ => return Err(self.not_a_boolean()),
        };
        listed(value, &self.one_of, |it| self.word(it).to_owned())
    }

    /// The text that a value is written as.
    pub(super) fn word(&self, value: bool) -> &str {
        let texts = match value {
            true => &self.true_values,
            false => &self.false_values,
        };
        texts.first().map_or("", String::as_str)
    }

    #[cold]
    fn not_a_boolean(&self) -> Rejection {
        let texts = self.true_values.iter().chain(&self.false_values);
        let texts: Vec<&str> = texts.map(String::as_str).collect();
        Rejection::NotABoolean(texts.join(", ").into())
    }
}

impl BigInteger {
    fn parse(&self, cell: &[u8], forms: &Forms) -> Result<Decimal, Rejection> {
        let not_an_integer = || {
            let takes = |forms: &Forms| whole_number(cell, forms).is_some();
            Rejection::NotAnInteger(Box::new(NoNumber {
                example: numbers::integer_in_words(forms),
                help: numbers::help(cell, forms, takes),
            }))
        };
        let bare = numbers::bare(cell, forms, false).ok_or_else(not_an_integer)?;
        let (negative, digits) = split_sign(&bare);
        if !all_digits(digits) {
            return Err(not_an_integer());
        }
        let number = digits.iter().try_fold(0i128, |value, byte| {
            let digit = i128::from(byte - b'0');
            let next = if negative { -digit } else { digit };
            value.checked_mul(10)?.checked_add(next)
        });
        let range = self.min..=self.max;
        let number = number.filter(|it| range.contains(it)).ok_or_else(|| {
            let bounds = (self.min.to_string(), self.max.to_string());
            Rejection::OutOfRange(OutOfRange::Between(Box::new(bounds)))
        })?;
        listed(number, &self.one_of, |it| it.to_string()).map(Decimal::from)
    }
}

/// Why a cell is not read as a number: a byte, where a rejection would be many.
enum Unread {
    NotWrittenAsOne,
    Digits,
    Places,
}

/// A number as it is written.
struct Written {
    value: Decimal,
    /// Digits after the point, once the power of ten is written out.
    decimals: i64,
}

impl Number {
    /// Any decimal number, as far as it can be stored.
    pub fn any() -> Self {
        Self {
            digits: DIGITS_AT_MOST,
            decimals: None,
            bare: true,
            rules: Rules::default(),
        }
    }

    /// The number that is written so with a decimal point, if it is one.
    pub fn exact(&self, text: &[u8]) -> Option<Decimal> {
        self.parse(text, &Forms::PLAIN).ok()
    }

    fn parse(&self, cell: &[u8], forms: &Forms) -> Result<Decimal, Rejection> {
        let not_a_number = || {
            let takes = |forms: &Forms| self.written(cell, forms).is_ok();
            Rejection::NotANumber(Box::new(NoNumber {
                example: numbers::amount_in_words(forms),
                help: numbers::help(cell, forms, takes),
            }))
        };
        let number = self.written(cell, forms).map_err(|error| match error {
            Unread::NotWrittenAsOne => not_a_number(),
            Unread::Digits => Rejection::TooManyDigits(self.digits),
            Unread::Places => Rejection::OutOfRange(OutOfRange::Places(PLACES_AT_MOST)),
        })?;
        match self.decimals {
            Some(most) if number.decimals > i64::from(most) => {
                Err(Rejection::TooManyDecimals(most))
            }
            _ => self.rules.check(number.value, |it| it.to_string()),
        }
    }

    /// A number is an optional sign, digits with or without a point, and an optional power of ten.
    fn written(&self, cell: &[u8], forms: &Forms) -> Result<Written, Unread> {
        let (number, power) = match cell.iter().rposition(|it| b"eE".contains(it)) {
            Some(at) => (&cell[..at], power(&cell[at + 1..])),
            None => (cell, Some(0)),
        };
        let power = power.ok_or(Unread::NotWrittenAsOne)?;
        let number = number.strip_prefix(b"+").unwrap_or(number);
        if number.starts_with(b"-") && cell.starts_with(b"+") {
            return Err(Unread::NotWrittenAsOne);
        }
        let plain = |it: &u8| it.is_ascii_digit() || *it == b'-' || *it == forms.decimal;
        let bare = match number.iter().all(plain) {
            true => Some(Cow::Borrowed(number)),
            false => numbers::bare(number, forms, true),
        };
        let bare = bare.ok_or(Unread::NotWrittenAsOne)?;
        let (negative, unsigned) = split_sign(&bare);
        let (whole, decimals) = match memchr::memchr(forms.decimal, unsigned) {
            Some(point) => (&unsigned[..point], &unsigned[point + 1..]),
            None => (unsigned, &b""[..]),
        };
        let all = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
        if !all(whole) || !all(decimals) || whole.len() + decimals.len() == 0 {
            return Err(Unread::NotWrittenAsOne);
        }
        self.value(negative, whole, decimals, power)
    }

    fn value(
        &self,
        negative: bool,
        whole: &[u8],
        decimals: &[u8],
        power: i64,
    ) -> Result<Written, Unread> {
        let scale = i64::try_from(decimals.len()).unwrap_or(i64::MAX) - power;
        let digits = || whole.iter().chain(decimals);
        let zeros = |it: &&u8| **it == b'0';
        let leading = digits().take_while(zeros).count();
        let all = whole.len() + decimals.len();
        if leading == all {
            let decimals = scale;
            return Ok(Written {
                value: Decimal::ZERO,
                decimals,
            });
        }
        let trailing = digits().rev().take_while(zeros).count();
        let significant = all - leading - trailing;
        if significant > usize::from(self.digits) {
            return Err(Unread::Digits);
        }
        let shortest = scale - i64::try_from(trailing).unwrap_or(i64::MAX);
        let places = i64::from(PLACES_AT_MOST);
        if shortest > places || significant as i64 - shortest > places {
            return Err(Unread::Places);
        }
        let mantissa = mantissa(digits().skip(leading).take(significant));
        let mantissa = if negative { -mantissa } else { mantissa };
        Ok(Written {
            value: Decimal::shortest(mantissa, shortest as i16),
            decimals: scale,
        })
    }
}

/// The number of at most 38 digits; the first 19 of them need 64 bits only.
fn mantissa<'d>(digits: impl Iterator<Item = &'d u8>) -> i128 {
    let (mut low, mut high) = (0u64, 0i128);
    for (at, byte) in digits.enumerate() {
        let digit = u64::from(byte - b'0');
        match at {
            0..19 => low = low * 10 + digit,
            19 => high = i128::from(low) * 10 + i128::from(digit),
            _ => high = high * 10 + i128::from(digit),
        }
    }
    if high == 0 { i128::from(low) } else { high }
}

/// The power of ten: a sign and at most four digits.
fn power(text: &[u8]) -> Option<i64> {
    let unsigned = text.strip_prefix(b"+").unwrap_or(text);
    let (negative, digits) = match unsigned.len() == text.len() {
        true => split_sign(text),
        false => (false, unsigned),
    };
    (all_digits(digits) && digits.len() <= 4).then(|| super::number(negative, digits))?
}
