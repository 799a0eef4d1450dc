//! Numbers in the document: exact, or refused.

use serde_json::{Number, Value};

/// A number of JSON with more significant digits may have lost some of them already.
const EXACT_DIGITS: usize = 15;

/// A number that is written out as more than these is meant otherwise: `1e-300`.
const DIGITS_WRITTEN_AT_MOST: usize = 40;

/// A 64-bit float has every whole number up to here: 2⁵³ − 1.
const WHOLE_AT_MOST: f64 = 9_007_199_254_740_991.0;

/// The number as it was written, in digits and a point; `None` if it may not be what was written.
pub(super) fn exact(number: &Number) -> Option<String> {
    if number.is_i64() || number.is_u64() {
        return Some(number.to_string());
    }
    let float = number.as_f64()?;
    if float.abs() > WHOLE_AT_MOST {
        return None;
    }
    // Rust writes the shortest text that is read as the same float, without a power of ten.
    let text = format!("{float}");
    let digits = text.chars().filter(char::is_ascii_digit);
    let digits: String = digits.collect();
    let digits = digits.trim_start_matches('0').trim_end_matches('0');
    (digits.len() <= EXACT_DIGITS && text.len() <= DIGITS_WRITTEN_AT_MOST).then_some(text)
}

/// The JSON number of a text, if JSON keeps it; otherwise the text.
pub(super) fn json(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>()
        && whole.to_string() == text
    {
        return whole.into();
    }
    let float = text.parse::<f64>().ok().and_then(Number::from_f64);
    let kept = float.filter(|it| exact(it).as_deref() == Some(text) && text.contains('.'));
    kept.map_or_else(|| text.into(), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_none() {
        for (written, text) in [
            ("0", Some("0")),
            ("-5", Some("-5")),
            ("5.0", Some("5")),
            ("1e3", Some("1000")),
            ("0.1", Some("0.1")),
            ("-0.5", Some("-0.5")),
            ("9007199254740993", Some("9007199254740993")),
            ("18446744073709551615", Some("18446744073709551615")),
            ("99999999999999999999", None),
            ("1e16", None),
            ("12345678901234567890123", None),
            ("0.1234567890123456789", None),
            ("1e300", None),
        ] {
            let number: Number = serde_json::from_str(written).unwrap();
            assert_eq!(exact(&number).as_deref(), text, "{written}");
        }
    }

    #[test]
    fn texts_are_numbers_where_json_keeps_them() {
        for (text, json_text) in [
            ("5", "5"),
            ("-5", "-5"),
            ("0.5", "0.5"),
            ("007", "\"007\""),
            ("1.50", "\"1.50\""),
            ("99999999999999999999", "\"99999999999999999999\""),
            ("2024-01-01", "\"2024-01-01\""),
            ("NaN", "\"NaN\""),
            ("inf", "\"inf\""),
        ] {
            assert_eq!(json(text).to_string(), json_text);
        }
    }
}
