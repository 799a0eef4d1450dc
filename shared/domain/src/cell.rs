//! Parses the bytes of a cell into a typed value, or says why it cannot. Nothing is ever rounded,
//! cut or guessed.

mod dates;
mod decimal;
mod declared;
mod formats;
mod kind;
mod moments;
mod numbers;
mod pattern;
mod rules;
mod text;
mod written;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use memchr::memchr;
use uuid::Uuid;

use crate::forms::Forms;
use crate::rejection::{NoNumber, OutOfRange, Rejection};

pub(crate) use dates::{Fit, fit};
pub use decimal::{DIGITS_AT_MOST, Decimal, PLACES_AT_MOST};
pub use kind::{
    BigInteger, Boolean, DateFormats, Datetime, Kind, Number, SqlType, TimeOfDay, Zoned,
};
pub use pattern::{Moment, Of, Pattern, PatternError, disagree};
pub use rules::{OneOf, Rules};
pub use text::{TextFormat, TextPattern, TextPatternError, TextRules};
pub use written::{Json, json, write};

/// A cell's value, ready to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text exactly as in the file.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// An amount in cents.
    Money(i64),
    /// A calendar date, year 1 to 9999; of a month of a year, its first day.
    Date(Date),
    /// Nothing: the cell is one of the texts that its column declares to mean so.
    Null,
    /// An exact decimal number, or a whole number that may be too large for 64 bits.
    Number(Decimal),
    /// True or false.
    Boolean(bool),
    /// A date and a time of day without a zone, with whole microseconds.
    Datetime(DateTime),
    /// A point in time, with whole microseconds.
    Timestamp(Timestamp),
    /// A time of day, with whole microseconds.
    Time(Time),
    /// A year, 1 to 9999.
    Year(i16),
    /// A UUID.
    Uuid(Uuid),
}

/// Digits an amount may have before its point: numeric(14, 2).
const MONEY_DIGITS: usize = 12;

/// The most decimals of an amount.
const MONEY_DECIMALS: u8 = 2;

/// The value of a cell of this kind, by the forms of files that have no reading pinned.
///
/// # Errors
/// As [`parse_as`].
pub fn parse<'c>(kind: &Kind, cell: &'c [u8]) -> Result<Value<'c>, Rejection> {
    parse_as(kind, cell, &Forms::PLAIN)
}

/// The value of a cell of this kind, written in these forms.
///
/// # Errors
/// Text: `nul_character`, `not_utf8`, `too_long` and what its rules say. Everything else, after
/// dropping white space around it: `required` if nothing is left, and what the kind and its rules
/// say: `not_an_integer`, `out_of_range`, `bad_date` …
#[inline]
pub fn parse_as<'c>(kind: &Kind, cell: &'c [u8], forms: &Forms) -> Result<Value<'c>, Rejection> {
    match *kind {
        Kind::Text {
            max_chars,
            rules: None,
        } => text::text(cell, max_chars).map(Value::Text),
        Kind::Integer {
            min,
            max,
            bare: true,
            one_of: None,
        } => integer(required(cell)?, min, max, forms).map(Value::Integer),
        Kind::Money {
            bare: true,
            rules: None,
        } => money(required(cell)?, forms).map(Value::Money),
        Kind::Date {
            formats: None,
            rules: None,
        } => dates::parse(required(cell)?, forms.dates).map(Value::Date),
        ref declared => declared::parse(declared, cell, forms),
    }
}

fn required(cell: &[u8]) -> Result<&[u8], Rejection> {
    let trimmed = cell.trim_ascii();
    if trimmed.is_empty() {
        return Err(Rejection::Required);
    }
    Ok(trimmed)
}

fn integer(cell: &[u8], min: i64, max: i64, forms: &Forms) -> Result<i64, Rejection> {
    let range = min..=max;
    let not_an_integer = || {
        let takes = |forms: &Forms| {
            let number = whole_number(cell, forms).flatten();
            number.is_some_and(|it| range.contains(&it))
        };
        Rejection::NotAnInteger(Box::new(NoNumber {
            example: numbers::integer_in_words(forms),
            help: numbers::help(cell, forms, takes),
        }))
    };
    whole_number(cell, forms)
        .ok_or_else(not_an_integer)?
        .filter(|value| range.contains(value))
        .ok_or(Rejection::OutOfRange(OutOfRange::Integer { min, max }))
}

/// Its value; `None` if it is not written as a whole number, `Some(None)` if it is too large for any
/// column.
#[inline]
fn whole_number(cell: &[u8], forms: &Forms) -> Option<Option<i64>> {
    let bare = numbers::bare(cell, forms, false)?;
    let (negative, digits) = split_sign(&bare);
    all_digits(digits).then(|| number(negative, digits))
}

fn money(cell: &[u8], forms: &Forms) -> Result<i64, Rejection> {
    let not_a_number = || {
        let takes = |forms: &Forms| amount(cell, forms).is_ok();
        Rejection::NotANumber(Box::new(NoNumber {
            example: numbers::amount_in_words(forms),
            help: numbers::help(cell, forms, takes),
        }))
    };
    amount(cell, forms).map_err(|error| match error {
        NoAmount::NotWrittenAsOne => not_a_number(),
        NoAmount::Decimals => Rejection::TooManyDecimals(MONEY_DECIMALS),
        NoAmount::Range => Rejection::OutOfRange(OutOfRange::Money(MONEY_DIGITS)),
    })
}

/// Why a cell is no amount. A rejection is many times as large: returning one from each step costs
/// more than reading the cell.
enum NoAmount {
    NotWrittenAsOne,
    Decimals,
    Range,
}

/// Its cents.
#[inline]
fn amount(cell: &[u8], forms: &Forms) -> Result<i64, NoAmount> {
    let bare = numbers::bare(cell, forms, true).ok_or(NoAmount::NotWrittenAsOne)?;
    let (negative, unsigned) = split_sign(&bare);
    let (whole, decimals) = match memchr(forms.decimal, unsigned) {
        Some(point) => (&unsigned[..point], Some(&unsigned[point + 1..])),
        None => (unsigned, None),
    };
    if !all_digits(whole) || !decimals.is_none_or(all_digits) {
        return Err(NoAmount::NotWrittenAsOne);
    }
    amount_of(negative, whole, decimals.unwrap_or_default())
}

fn amount_of(negative: bool, whole: &[u8], decimals: &[u8]) -> Result<i64, NoAmount> {
    let cents = cents(decimals).ok_or(NoAmount::Decimals)?;
    let whole = without_leading_zeros(whole);
    let whole = number(negative, whole).filter(|_| whole.len() <= MONEY_DIGITS);
    let whole = whole.ok_or(NoAmount::Range)?;
    Ok(whole * 100 + if negative { -cents } else { cents })
}

/// The cents of at most two decimals. `None` if there are more, even if they are zeros: the rule
/// stays simple.
fn cents(decimals: &[u8]) -> Option<i64> {
    match *decimals {
        [] => Some(0),
        [tenths] => Some(digit(tenths) * 10),
        [tenths, hundredths] => Some(digit(tenths) * 10 + digit(hundredths)),
        _ => None,
    }
}

fn split_sign(cell: &[u8]) -> (bool, &[u8]) {
    match cell {
        [b'-', digits @ ..] => (true, digits),
        _ => (false, cell),
    }
}

fn all_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

fn without_leading_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    &digits[zeros..]
}

/// The number of these digits (all of them digits), or `None` if it does not fit.
fn number(negative: bool, digits: &[u8]) -> Option<i64> {
    let mut value: i64 = 0;
    for &byte in digits {
        let next = if negative { -digit(byte) } else { digit(byte) };
        value = value.checked_mul(10)?.checked_add(next)?;
    }
    Some(value)
}

fn digit(byte: u8) -> i64 {
    i64::from(byte - b'0')
}

#[cfg(test)]
mod tests;
