//! Dates in the forms of a reading, and in which other forms they would be dates.

use jiff::civil::Date;

use super::{all_digits, number};
use crate::forms::{DateForms, DateOrder};
use crate::rejection::{BadDate, Rejection};

/// The numbers of a date in the order of the cell.
#[derive(Clone, Copy)]
struct Parts<'c> {
    separator: u8,
    parts: [&'c [u8]; 3],
}

#[inline]
pub(super) fn parse(cell: &[u8], forms: DateForms) -> Result<Date, Rejection> {
    let day = day_of(cell, forms, true).ok_or(Rejection::BadDate(BadDate::Format(forms)))?;
    day.ok_or(Rejection::BadDate(BadDate::NoSuchDay(forms)))
}

/// `None` if the cell has none of the forms, `Some(None)` if the calendar lacks the day. With
/// `takes_iso`, YYYY-MM-DD is one of them.
#[inline]
pub(super) fn day_of(cell: &[u8], forms: DateForms, takes_iso: bool) -> Option<Option<Date>> {
    if takes_iso && let Some(parts) = iso(cell) {
        return Some(date(parts.parts, DateOrder::Ymd));
    }
    let parts = split(cell)?;
    let order = forms.order(parts.separator)?;
    has_lengths(parts.parts, order).then(|| date(parts.parts, order))
}

/// `YYYY-MM-DD`, all digits given.
fn iso(cell: &[u8]) -> Option<Parts<'_>> {
    let [y1, y2, y3, y4, b'-', _, _, b'-', _, _] = cell else {
        return None;
    };
    let digits = [y1, y2, y3, y4].into_iter().all(u8::is_ascii_digit);
    let parts = [&cell[..4], &cell[5..7], &cell[8..]];
    (digits && parts.into_iter().all(all_digits)).then_some(Parts {
        separator: b'-',
        parts,
    })
}

/// Three runs of digits with the same separator between them.
#[inline]
fn split(cell: &[u8]) -> Option<Parts<'_>> {
    let first = cell.iter().take_while(|it| it.is_ascii_digit()).count();
    let &separator = cell.get(first)?;
    let rest = &cell[first + 1..];
    let second = rest.iter().take_while(|it| it.is_ascii_digit()).count();
    if !b"/.-".contains(&separator) || rest.get(second) != Some(&separator) {
        return None;
    }
    let parts = [&cell[..first], &rest[..second], &rest[second + 1..]];
    parts
        .into_iter()
        .all(all_digits)
        .then_some(Parts { separator, parts })
}

/// The year has four digits, month and day one or two.
#[inline]
fn has_lengths(parts: [&[u8]; 3], order: DateOrder) -> bool {
    let [year, month, day] = in_order(parts, order);
    year.len() == 4 && month.len() <= 2 && day.len() <= 2
}

#[inline]
fn in_order<T: Copy>([a, b, c]: [T; 3], order: DateOrder) -> [T; 3] {
    match order {
        DateOrder::Mdy => [c, a, b],
        DateOrder::Dmy => [c, b, a],
        DateOrder::Ymd => [a, b, c],
    }
}

#[inline]
fn date(parts: [&[u8]; 3], order: DateOrder) -> Option<Date> {
    let [year, month, day] = in_order(parts, order).map(|digits| number(false, digits));
    let date = Date::new(
        year?.try_into().ok()?,
        month?.try_into().ok()?,
        day?.try_into().ok()?,
    );
    date.ok().filter(|date| date.year() > 0)
}

/// In which orders the numbers of a cell are a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Only with the month first.
    MonthFirst,
    /// Only with the day first.
    DayFirst,
    /// In both orders: the first and the second number.
    Both(u8, u8),
}

/// In which orders the first two numbers of a date are month and day; `None` for a date of
/// another form and for what is a day in neither order.
pub(crate) fn fit(cell: &[u8], separator: u8) -> Option<Fit> {
    let parts = split(cell.trim_ascii()).filter(|it| it.separator == separator)?;
    let is_day = |order| has_lengths(parts.parts, order) && date(parts.parts, order).is_some();
    let small = |digits: &[u8]| u8::try_from(number(false, digits).unwrap_or(0)).unwrap_or(0);
    match (is_day(DateOrder::Mdy), is_day(DateOrder::Dmy)) {
        (true, true) => Some(Fit::Both(small(parts.parts[0]), small(parts.parts[1]))),
        (true, false) => Some(Fit::MonthFirst),
        (false, true) => Some(Fit::DayFirst),
        (false, false) => None,
    }
}
