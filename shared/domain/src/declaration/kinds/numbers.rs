//! Whole and decimal numbers, and years.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Making;
use crate::cell::{BigInteger, DIGITS_AT_MOST, Decimal, Kind, Number, Rules};

/// Digits of an amount, and those of them after its point: numeric(14, 2).
const MONEY: (u8, u8) = (14, 2);

/// What a bigint holds.
const BIGINT: RangeInclusive<i128> = i64::MIN as i128..=i64::MAX as i128;

/// The largest whole number of as many digits as are taken.
const LARGEST: i128 = 10i128.pow(DIGITS_AT_MOST as u32) - 1;

/// The number of digits and a point, as bounds are written.
fn decimal(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    let decimals = decimals.trim_end_matches('0');
    let digits = format!("{whole}{decimals}");
    let significant = digits.trim_start_matches('0');
    if significant.len() > usize::from(DIGITS_AT_MOST) {
        return None;
    }
    let mantissa: i128 = format!("0{significant}").parse().ok()?;
    let scale = i16::try_from(decimals.len()).ok()?;
    Some(Decimal::new(
        if negative { -mantissa } else { mantissa },
        scale,
    ))
}

pub(super) fn integer(making: Making<'_>) -> Option<Kind> {
    let of = |text: &str| decimal(text)?.to_integer();
    let rules = making.rules("a whole number of at most 38 digits", of)?;
    let bare = making.form.bare;
    let bounds = [rules.min, rules.max].into_iter().flatten();
    if bounds.clone().all(|it| BIGINT.contains(&it)) {
        let small = |it: i128| i64::try_from(it).ok();
        let choices = rules
            .one_of
            .map(|it| it.iter().copied().filter_map(small).collect());
        return Some(Kind::Integer {
            min: rules.min.and_then(small).unwrap_or(i64::MIN),
            max: rules.max.and_then(small).unwrap_or(i64::MAX),
            bare,
            one_of: choices,
        });
    }
    Some(Kind::BigInteger(Arc::new(BigInteger {
        min: rules.min.unwrap_or(-LARGEST),
        max: rules.max.unwrap_or(LARGEST),
        bare,
        one_of: rules.one_of,
    })))
}

pub(super) fn number(making: Making<'_>) -> Option<Kind> {
    let form = making.form;
    let digits = form.digits.unwrap_or(DIGITS_AT_MOST);
    if form.decimals.is_some_and(|it| it > digits) {
        making.bad_bounds("decimals", "There are more `decimals` than `digits`.");
        return None;
    }
    let fits = |it: &Decimal| {
        let decimals = i16::from(form.decimals.unwrap_or(DIGITS_AT_MOST));
        it.scale() <= decimals && it.digits() <= u32::from(digits)
    };
    let of = |text: &str| decimal(text).filter(fits);
    let rules = making.rules("a number within `digits` and `decimals`, with a point", of)?;
    if (form.digits, form.decimals) == (Some(MONEY.0), Some(MONEY.1)) {
        return money(making, &rules);
    }
    Some(Kind::Number(Arc::new(Number {
        digits,
        decimals: form.decimals,
        bare: form.bare,
        rules,
    })))
}

fn money(making: Making<'_>, rules: &Rules<Decimal>) -> Option<Kind> {
    let within = |it: i128| it.abs() < 10i128.pow(u32::from(MONEY.0));
    let cents = |it: &Decimal| {
        let cents = Decimal::new(it.mantissa(), it.scale() - i16::from(MONEY.1));
        i64::try_from(cents.to_integer().filter(|it| within(*it))?).ok()
    };
    let one_of = rules.one_of.as_ref();
    let choices: Option<Vec<i64>> =
        one_of.map_or(Some(Vec::new()), |it| it.iter().map(cents).collect());
    let (min, max) = (rules.min.as_ref().map(cents), rules.max.as_ref().map(cents));
    let (Some(min), Some(max), Some(choices)) = (super::whole(min), super::whole(max), choices)
    else {
        making.bad_bounds(
            "constraints",
            "A bound has more than 12 digits before its point.",
        );
        return None;
    };
    let rules = Rules {
        min,
        max,
        one_of: super::sorted(choices),
    };
    Some(Kind::Money {
        bare: making.form.bare,
        rules: rules.kept(),
    })
}

pub(super) fn year(making: Making<'_>) -> Option<Kind> {
    let of = |text: &str| {
        let year: i16 = text.parse().ok()?;
        (1..=9999).contains(&year).then_some(year)
    };
    let rules = making.rules("a year from 1 to 9999", of)?;
    Some(Kind::Year(rules.kept()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_digits_and_a_point() {
        for (text, number) in [
            ("0", Decimal::new(0, 0)),
            ("-1.50", Decimal::new(-15, 1)),
            ("007", Decimal::new(7, 0)),
            ("0.001", Decimal::new(1, 3)),
            (&"9".repeat(38), Decimal::new(LARGEST, 0)),
        ] {
            assert_eq!(decimal(text), Some(number), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e3",
            "+1",
            "1,5",
            " 1",
            "--1",
            &"9".repeat(39),
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
