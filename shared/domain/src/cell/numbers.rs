//! Numbers as people write them become a sign, digits and a decimal character.

use std::borrow::Cow;

use super::{all_digits, split_sign};
use crate::forms::{Forms, Group, is_shortened, words_for_numbers};
use crate::rejection::NumberHelp;

/// The number without its currency sign and without the characters between its groups of digits;
/// `None` if one of them stands where it means nothing. Most files have neither.
#[inline]
pub(super) fn bare<'c>(cell: &'c [u8], forms: &Forms, amount: bool) -> Option<Cow<'c, [u8]>> {
    match (forms.group, forms.currency) {
        (None, None) => Some(Cow::Borrowed(cell)),
        _ => stripped(cell, forms, amount),
    }
}

#[cold]
fn stripped<'c>(cell: &'c [u8], forms: &Forms, amount: bool) -> Option<Cow<'c, [u8]>> {
    let sign = forms.currency.as_ref().filter(|_| amount);
    let (negative, number) = match sign {
        Some(sign) => without_sign(cell, sign.as_bytes()),
        None => split_sign(cell),
    };
    let (whole, rest) = match memchr::memchr(forms.decimal, number) {
        Some(at) => number.split_at(at),
        None => (number, &b""[..]),
    };
    let digits = match forms.group {
        Some(group) => without_groups(whole, group)?,
        None => Cow::Borrowed(whole),
    };
    let minus: &[u8] = if negative { b"-" } else { b"" };
    Some(Cow::Owned([minus, &digits, rest].concat()))
}

/// The sign stands before or after the digits, once, and the minus before or after the sign:
/// `-$1`, `$-1`, `1 €`, `-1 €`.
fn without_sign<'c>(cell: &'c [u8], sign: &[u8]) -> (bool, &'c [u8]) {
    let (negative, rest) = split_sign(cell);
    if let Some(number) = rest.strip_prefix(sign) {
        let number = trim(number);
        return match negative {
            true => (true, number),
            false => split_sign(number),
        };
    }
    let number = rest.strip_suffix(sign).map_or(rest, trim);
    (negative, number)
}

/// Without the blanks between a sign and its number.
fn trim(mut bytes: &[u8]) -> &[u8] {
    loop {
        let before = bytes;
        for blank in Group::Blank.spellings() {
            let blank = blank.as_bytes();
            bytes = bytes.strip_prefix(blank).unwrap_or(bytes);
            bytes = bytes.strip_suffix(blank).unwrap_or(bytes);
        }
        if bytes.len() == before.len() {
            return bytes;
        }
    }
}

/// The number among the characters that a column declares to stand around it: `€95`, `95 %`. `None`
/// where what is left out might have meant something: a second minus or one after the number,
/// brackets of accountants, or a point whose place is not clear (`kr.5`).
pub(super) fn without_others(cell: &[u8], decimal: u8) -> Option<Cow<'_, [u8]>> {
    let digit = |it: &u8| it.is_ascii_digit();
    let (first, last) = (cell.iter().position(digit)?, cell.iter().rposition(digit)?);
    let before = first.checked_sub(1).map(|at| cell[at]);
    let after_letter = || first > 1 && cell[first - 2].is_ascii_alphabetic();
    let start = match before {
        Some(byte) if byte == decimal && !after_letter() => first - 1,
        Some(byte) if byte == decimal || b".,'".contains(&byte) => return None,
        _ => first,
    };
    let (leading, trailing) = (&cell[..start], &cell[last + 1..]);
    let means_something = |it: &[u8]| {
        let minus = "\u{2212}".as_bytes();
        it.iter().any(|it| b"()".contains(it)) || it.windows(3).any(|it| it == minus)
    };
    if means_something(leading) || means_something(trailing) || trailing.contains(&b'-') {
        return None;
    }
    let minus = match leading.iter().filter(|it| **it == b'-').count() {
        0 => &b""[..],
        1 if leading.starts_with(b"-") || leading.ends_with(b"-") => b"-",
        _ => return None,
    };
    let number = &cell[start..=last];
    Some(match (minus, leading) {
        (b"", _) => Cow::Borrowed(number),
        _ => Cow::Owned([minus, number].concat()),
    })
}

/// The digits of groups: one to three that do not begin with 0, then three each, or no group at all.
/// `1,23` is not 123 and `0,125` is not 125: it may be a decimal comma.
fn without_groups(whole: &[u8], group: Group) -> Option<Cow<'_, [u8]>> {
    if all_digits(whole) {
        return Some(Cow::Borrowed(whole));
    }
    let text = std::str::from_utf8(whole).ok()?;
    let spelling = *group.spellings().iter().find(|it| text.contains(**it))?;
    let mut groups = text.split(spelling);
    let first = groups.next()?;
    let full = groups.all(|it| it.len() == 3 && all_digits(it.as_bytes()));
    let begins = (1..=3).contains(&first.len()) && all_digits(first.as_bytes());
    let fits = begins && !first.starts_with('0') && full;
    fits.then(|| Cow::Owned(text.replace(spelling, "").into_bytes()))
}

/// What to do about a cell that is not taken.
#[cold]
pub(super) fn help(cell: &[u8], forms: &Forms, takes: impl Fn(&Forms) -> bool) -> NumberHelp {
    if is_shortened(cell) {
        return NumberHelp::Shortened;
    }
    match words_for_numbers(forms, cell, takes) {
        words if words.is_empty() => NumberHelp::None,
        words => NumberHelp::Say(words),
    }
}

/// What a whole number looks like.
#[cold]
pub(super) fn integer_in_words(forms: &Forms) -> String {
    example(forms)
}

/// What an amount looks like.
#[cold]
pub(super) fn amount_in_words(forms: &Forms) -> String {
    let decimal = char::from(forms.decimal);
    let amount = format!("{}{decimal}56", example(forms));
    let sign = forms.currency.as_ref();
    let sign = sign.map(|it| format!(" or {}{amount}", it.as_str()));
    let sign = sign.unwrap_or_default();
    format!("{amount}{sign}")
}

fn example(forms: &Forms) -> String {
    let group = forms.group.map(|it| it.char().to_string());
    let grouped = group.map(|it| format!(" or 1{it}234"));
    match grouped {
        Some(grouped) => grouped.trim_start_matches(" or ").to_owned(),
        None => "1234".to_owned(),
    }
}
