//! Values as text, in the form in which their column is read again, and as JSON.

use std::borrow::Cow;

use super::kind::Kind;
use super::moments;
use super::pattern::{Moment, Of, Pattern};
use super::{Decimal, Value};
use crate::forms::{DateOrder, Forms};
use crate::money;

/// A value in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// The digits of a number, which every program reads exactly.
    Number(String),
    /// A text, and a number that some programs would round.
    Text(Cow<'a, str>),
}

/// Writes a value as its kind is written in files of these forms; read again, it is the same value.
/// Null is written by whoever knows which text of the column means it.
pub fn write(kind: &Kind, value: &Value<'_>, forms: &Forms, out: &mut Vec<u8>) {
    match (value, kind) {
        (Value::Null, _) => {}
        (Value::Text(text), _) => out.extend_from_slice(text.as_bytes()),
        (Value::Integer(number), _) => out.extend_from_slice(number.to_string().as_bytes()),
        (Value::Money(cents), _) => decimal(&money::format(*cents), forms, out),
        (Value::Number(number), _) => decimal(&number.to_string(), forms, out),
        (Value::Boolean(value), Kind::Boolean(boolean)) => {
            out.extend_from_slice(boolean.word(*value).as_bytes());
        }
        (Value::Date(date), Kind::Yearmonth(_)) => {
            out.extend_from_slice(moments::yearmonth_text(*date).as_bytes());
        }
        (
            Value::Date(date),
            Kind::Date {
                formats: Some(formats),
                ..
            },
        ) => formats.write(*date, out),
        (Value::Date(date), _) => plain_date(*date, forms, out),
        (Value::Datetime(datetime), Kind::Datetime(kind)) => kind.write(*datetime, out),
        (Value::Timestamp(timestamp), Kind::Timestamp(kind)) => kind.write(*timestamp, out),
        (Value::Time(time), Kind::Time(kind)) => kind.write(*time, out),
        (Value::Year(year), _) => out.extend_from_slice(format!("{year:04}").as_bytes()),
        (other, _) => out.extend_from_slice(text(kind, other).as_bytes()),
    }
}

/// A number with its decimal character.
fn decimal(number: &str, forms: &Forms, out: &mut Vec<u8>) {
    let byte = |it: u8| if it == b'.' { forms.decimal } else { it };
    out.extend(number.bytes().map(byte));
}

/// A day in the first of the forms that have three numbers, without leading zeros.
fn plain_date(date: jiff::civil::Date, forms: &Forms, out: &mut Vec<u8>) {
    let dates = forms.dates;
    let known = [(dates.slash, '/'), (dates.dot, '.'), (dates.dash, '-')];
    let known = known.into_iter().find_map(|(order, it)| Some((order?, it)));
    let (year, month, day) = (date.year(), date.month(), date.day());
    let text = match known {
        Some((DateOrder::Mdy, it)) => format!("{month}{it}{day}{it}{year:04}"),
        Some((DateOrder::Dmy, it)) => format!("{day}{it}{month}{it}{year:04}"),
        Some((DateOrder::Ymd, it)) => format!("{year:04}{it}{month}{it}{day}"),
        None => format!("{year:04}-{month:02}-{day:02}"),
    };
    out.extend_from_slice(text.as_bytes());
}

/// A value in an answer: dates and times in the form of ISO 8601, whatever their files look like,
/// and numbers with a point.
pub fn json<'a>(kind: &Kind, value: &Value<'a>) -> Json<'a> {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::Boolean(*value),
        Value::Text(text) => Json::Text(Cow::Borrowed(text)),
        Value::Integer(_) | Value::Money(_) | Value::Number(_) | Value::Year(_)
            if kind.is_json_number() =>
        {
            Json::Number(plain(value))
        }
        Value::Integer(_) | Value::Money(_) | Value::Number(_) | Value::Year(_) => {
            Json::Text(plain(value).into())
        }
        other => Json::Text(text(kind, other).into()),
    }
}

fn plain(value: &Value<'_>) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Money(cents) => money::format(*cents),
        Value::Number(number) => Decimal::to_string(number),
        Value::Year(year) => year.to_string(),
        _ => String::new(),
    }
}

/// The form of ISO 8601 or, of others, the usual one.
fn text(kind: &Kind, value: &Value<'_>) -> String {
    let iso = |of, moment: Moment| {
        let mut out = Vec::with_capacity(32);
        Pattern::iso(of).write(&mut out, &moment);
        String::from_utf8(out).unwrap_or_default()
    };
    match (value, kind) {
        (Value::Date(date), Kind::Yearmonth(_)) => moments::yearmonth_text(*date),
        (Value::Date(date), _) => iso(Of::Date, Moment::of_date(*date)),
        (Value::Datetime(it), _) => {
            let moment = Moment {
                date: it.date(),
                time: it.time(),
                offset: None,
            };
            iso(Of::Datetime, moment)
        }
        (Value::Timestamp(it), Kind::Timestamp(zoned)) => moments::iso(*it, &zoned.zone),
        (Value::Timestamp(it), _) => it.to_string(),
        (Value::Time(time), _) => iso(Of::Time, Moment::of_time(*time)),
        (Value::Uuid(uuid), _) => uuid.to_string(),
        (Value::Boolean(value), _) => value.to_string(),
        (other, _) => plain(other),
    }
}
