//! What could be said so that numbers which do not fit are read.

use super::{Currency, Forms, Group};

/// The words that would take the numbers that `takes` tries in other forms, as few as do; none if
/// no words would. `cell` is one of them: its sign is tried.
pub(crate) fn words_for_numbers(
    forms: &Forms,
    cell: &[u8],
    takes: impl Fn(&Forms) -> bool,
) -> Vec<String> {
    if cell.len() > LONGEST || !cell.iter().any(u8::is_ascii_digit) {
        return Vec::new();
    }
    let mut candidates = candidates(forms, sign(cell));
    candidates.sort_by_key(Candidate::words_needed);
    let taking = candidates.into_iter().find(|it| takes(&it.on(forms)));
    taking.map(|it| it.words()).unwrap_or_default()
}

/// No number that is meant has more bytes, with all that may stand between its digits.
const LONGEST: usize = 60;

/// What is said otherwise.
#[derive(Clone, Copy)]
struct Candidate {
    decimal: Option<u8>,
    group: Option<Group>,
    currency: Option<Currency>,
}

/// Every way to write numbers.
fn candidates(forms: &Forms, sign: Option<Currency>) -> Vec<Candidate> {
    let other = if forms.decimal == b',' { b'.' } else { b',' };
    let mut candidates = Vec::with_capacity(4 * (1 + Group::ALL.len()));
    for decimal in [None, Some(other)] {
        for group in [None].into_iter().chain(Group::ALL.map(Some)) {
            for currency in [None].into_iter().chain(sign.map(Some)) {
                let candidate = Candidate {
                    decimal,
                    group,
                    currency,
                };
                let forms = candidate.on(forms);
                if forms.group.map(Group::char) != Some(char::from(forms.decimal)) {
                    candidates.push(candidate);
                }
            }
        }
    }
    candidates
}

impl Candidate {
    fn words_needed(&self) -> usize {
        let said = [
            self.decimal.is_some(),
            self.group.is_some(),
            self.currency.is_some(),
        ];
        said.into_iter().filter(|it| *it).count()
    }

    fn on(&self, forms: &Forms) -> Forms {
        Forms {
            decimal: self.decimal.unwrap_or(forms.decimal),
            group: self.group.or(forms.group),
            currency: self.currency.or(forms.currency),
            ..*forms
        }
    }

    fn words(&self) -> Vec<String> {
        let decimal = self.decimal.map(char::from);
        let currency = self.currency.as_ref().map(Currency::as_str);
        let group = self.group.map(|it| match it {
            Group::Blank => Group::BLANK.to_owned(),
            other => other.char().to_string(),
        });
        let words = [
            decimal.map(|it| format!("decimal={it}")),
            group.map(|it| format!("group={it}")),
            currency.map(|it| format!("currency={it}")),
        ];
        words.into_iter().flatten().collect()
    }
}

/// What stands before or after the digits of a cell.
fn sign(cell: &[u8]) -> Option<Currency> {
    let cell = std::str::from_utf8(cell).ok()?;
    let cell = cell.trim().trim_start_matches('-');
    let digit = |it: char| it.is_ascii_digit();
    let before = cell.split(digit).next().unwrap_or_default();
    let after = cell.rsplit(digit).next().unwrap_or_default();
    let sign = if before.is_empty() { after } else { before };
    let sign = sign.trim_end_matches('-').trim();
    let letter = |it: char| it.is_alphabetic() || !it.is_ascii() || "$.".contains(it);
    Currency::of(sign).filter(|_| sign.chars().all(letter))
}

/// Digits, a point, digits, and the power of ten: how a spreadsheet shows a long number.
pub(crate) fn is_shortened(cell: &[u8]) -> bool {
    let Some(at) = cell
        .windows(2)
        .position(|it| it.eq_ignore_ascii_case(b"e+"))
    else {
        return false;
    };
    let (number, power) = (&cell[..at], &cell[at + 2..]);
    let number = number.strip_prefix(b"-").unwrap_or(number);
    let all = |bytes: &[u8], also: &[u8]| {
        let known = |it: &u8| it.is_ascii_digit() || also.contains(it);
        !bytes.is_empty() && bytes.iter().all(known)
    };
    all(number, b".,") && all(power, b"")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cell::{Kind, Number, parse_as};

    fn words(kind: &Kind, cell: &str) -> String {
        let takes = |forms: &Forms| parse_as(kind, cell.as_bytes(), forms).is_ok();
        words_for_numbers(&Forms::PLAIN, cell.as_bytes(), takes).join(" ")
    }

    #[test]
    fn as_few_words_as_take_a_number() {
        let units = &Kind::integer(0, 9_999);
        let ratio = &Kind::Number(Arc::new(Number::any()));
        for (kind, cell, expected) in [
            (&Kind::MONEY, "154,06", "decimal=,"),
            (&Kind::MONEY, "1.154,06", "decimal=, group=."),
            (&Kind::MONEY, "1,154.06", "group=,"),
            (&Kind::MONEY, "$1,154.06", "group=, currency=$"),
            (&Kind::MONEY, "-154,06 €", "decimal=, currency=€"),
            (&Kind::MONEY, "n/a", ""),
            (&Kind::MONEY, "+5", ""),
            (&Kind::MONEY, "50%", ""),
            (&Kind::MONEY, "1.2.3", ""),
            (&Kind::MONEY, "1e5", ""),
            (&Kind::MONEY, "0,125", ""),
            (ratio, "0,125", "decimal=,"),
            (ratio, "1.000,125", "decimal=, group=."),
            (units, "0,125", ""),
            (units, "1'234", "group='"),
            (units, "1\u{a0}234", "group=blank"),
            (units, "2/2/2014", ""),
            (units, "$5", ""),
        ] {
            assert_eq!(words(kind, cell), expected, "{cell}");
        }
    }

    #[test]
    fn numbers_that_a_spreadsheet_has_shortened() {
        for cell in ["8.90E+08", "8,9e+08", "-1E+5"] {
            assert!(is_shortened(cell.as_bytes()), "{cell}");
        }
        for cell in ["1e5", "E+08", "8.90E+", "A1E+5", ""] {
            assert!(!is_shortened(cell.as_bytes()), "{cell}");
        }
    }
}
