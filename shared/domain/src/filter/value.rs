use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use uuid::Uuid;

use super::day;
use crate::cell::{Kind, SqlType};
use crate::order::{Key, Order};
use crate::words::{
    NO_NUL, NOT_A_BOOLEAN, NOT_A_DATE, NOT_A_DATETIME, NOT_A_NUMBER, NOT_A_STRING, NOT_A_TIME,
    NOT_A_UUID, NOT_AN_INTEGER, TOO_LARGE, too_long,
};

/// The most characters of a number: more than any stored one has.
const NUMBER_CHARS_AT_MOST: usize = 200;

/// A value that cells of a column are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, exactly.
    Text(String),
    /// A UUID.
    Uuid(Uuid),
    /// A whole number.
    Integer(i64),
    /// An exact number as it was written: digits, at most one point, perhaps a sign.
    Number(String),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A day and a time, as written.
    DateTime(DateTime),
    /// A moment.
    Moment(Timestamp),
    /// A time of day.
    Time(Time),
}

/// What is wrong with the text of a value, in a sentence for its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// It is no value of the column's type.
    Malformed(String),
    /// It is one, but no row can have it. `/collect/data/` finds no rows then, as the service did
    /// that it succeeds; every other request refuses it.
    Impossible(String),
}

impl Bad {
    /// The sentence.
    pub fn into_sentence(self) -> String {
        match self {
            Bad::Malformed(sentence) | Bad::Impossible(sentence) => sentence,
        }
    }
}

impl Value {
    /// Reads a value for a column of this kind. Text counts with the white space around it, as
    /// stored values keep theirs.
    ///
    /// # Errors
    /// What is wrong with it, and the value if there is one that no row has.
    pub fn read(kind: &Kind, text: &str) -> Result<Value, (Bad, Option<Value>)> {
        let trimmed = text.trim();
        let read = match kind.sql() {
            SqlType::Text => return self::text(kind, text),
            SqlType::Bigint | SqlType::Integer => return integer(trimmed),
            SqlType::Uuid => trimmed.parse().ok().map(Value::Uuid),
            SqlType::Numeric | SqlType::Money => number(trimmed).map(Value::Number),
            SqlType::Boolean => boolean(trimmed).map(Value::Boolean),
            SqlType::Date => day::read(trimmed).map(Value::Date),
            SqlType::Timestamp => datetime(trimmed).map(Value::DateTime),
            SqlType::Timestamptz => moment(trimmed).map(Value::Moment),
            SqlType::Time => time(trimmed).map(Value::Time),
        };
        read.ok_or_else(|| (Bad::Malformed(malformed(kind).to_owned()), None))
    }

    /// The value in the order of a dataset's rows; `None` if it is of another kind.
    pub fn key(&self, order: Order) -> Option<Key> {
        match (order, self) {
            (Order::Dates, Value::Date(it)) => Some(Key::Date(*it)),
            (Order::DateTimes, Value::DateTime(it)) => Some(Key::DateTime(*it)),
            (Order::Moments, Value::Moment(it)) => Some(Key::of_moment(*it)),
            (Order::Integers { .. }, Value::Integer(it)) => Some(Key::Integer(*it)),
            _ => None,
        }
    }

    /// The value as a request writes it.
    pub fn text(&self) -> String {
        match self {
            Value::Text(it) | Value::Number(it) => it.clone(),
            Value::Uuid(it) => it.to_string(),
            Value::Integer(it) => it.to_string(),
            Value::Boolean(it) => it.to_string(),
            Value::Date(it) => it.to_string(),
            Value::DateTime(it) => it.to_string(),
            Value::Moment(it) => it.to_string(),
            Value::Time(it) => it.to_string(),
        }
    }
}

/// What is said of a text that is no value of a column of this kind.
pub fn malformed(kind: &Kind) -> &'static str {
    match kind.sql() {
        SqlType::Text => NOT_A_STRING,
        SqlType::Uuid => NOT_A_UUID,
        SqlType::Bigint | SqlType::Integer => NOT_AN_INTEGER,
        SqlType::Numeric | SqlType::Money => NOT_A_NUMBER,
        SqlType::Boolean => NOT_A_BOOLEAN,
        SqlType::Date => NOT_A_DATE,
        SqlType::Timestamp | SqlType::Timestamptz => NOT_A_DATETIME,
        SqlType::Time => NOT_A_TIME,
    }
}

fn text(kind: &Kind, text: &str) -> Result<Value, (Bad, Option<Value>)> {
    let value = Value::Text(text.to_owned());
    if text.contains('\0') {
        return Err((Bad::Malformed(NO_NUL.to_owned()), None));
    }
    match kind {
        Kind::Text { max_chars, .. } if text.chars().count() > *max_chars => {
            Err((Bad::Impossible(too_long(*max_chars)), Some(value)))
        }
        _ => Ok(value),
    }
}

/// Digits, perhaps with a sign.
pub(super) fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
}

fn integer(text: &str) -> Result<Value, (Bad, Option<Value>)> {
    if !is_whole(text) {
        return Err((Bad::Malformed(NOT_AN_INTEGER.to_owned()), None));
    }
    let too_large = || (Bad::Impossible(TOO_LARGE.to_owned()), None);
    text.parse().map(Value::Integer).map_err(|_| too_large())
}

fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
    let is_number = all(whole) && all(decimals) && whole.len() + decimals.len() > 0;
    (is_number && text.len() <= NUMBER_CHARS_AT_MOST).then(|| text.to_owned())
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// With an offset or `Z`; without, in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => Key::moment(datetime(text)?),
    };
    let year = jiff::tz::Offset::UTC.to_datetime(moment).year();
    let is_stored = has_a_stored_year(i64::from(year)) && is_exact(moment.subsec_nanosecond());
    is_stored.then_some(moment)
}

fn datetime(text: &str) -> Option<DateTime> {
    let datetime: DateTime = text.parse().ok()?;
    let is_stored =
        has_a_stored_year(i64::from(datetime.year())) && is_exact(datetime.subsec_nanosecond());
    is_stored.then_some(datetime)
}

fn time(text: &str) -> Option<Time> {
    let time: Time = text.parse().ok()?;
    is_exact(time.subsec_nanosecond()).then_some(time)
}

/// Stored times have six decimals. With more, PostgreSQL would round: the last moment of the year
/// 9999 to one that it does not take, and that of a day to `24:00:00`.
fn is_exact(nanoseconds: i32) -> bool {
    nanoseconds % 1_000 == 0
}

/// No row has a time of another year, and PostgreSQL does not take all of them.
fn has_a_stored_year(year: i64) -> bool {
    (1..=9_999).contains(&year)
}
