use jiff::civil::date;

use super::*;

const TEXT_5: Kind = Kind::Text { max_chars: 5 };
const SMALL: Kind = Kind::Integer {
    min: -5,
    max: 1_000,
};
const ANY: Kind = Kind::Integer {
    min: i64::MIN,
    max: i64::MAX,
};

fn good(kind: Kind, table: &[(&str, Value<'_>)]) {
    for (cell, value) in table {
        assert_eq!(parse(kind, cell.as_bytes()).as_ref(), Ok(value), "{cell:?}");
    }
}

fn bad(kind: Kind, table: &[(&[u8], &str)]) {
    for (cell, code) in table {
        let shown = String::from_utf8_lossy(cell);
        let error = parse(kind, cell).expect_err(&shown);
        assert_eq!(error.code(), *code, "{shown:?}");
        assert!(error.to_string().ends_with('.'), "{error}");
    }
}

#[test]
fn text_is_kept_exactly() {
    let kept = [
        "",
        " ",
        "a  ",
        "O'Br",
        "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        "\u{1F600}",
        "a\r\nb",
        "\u{feff}a",
    ];
    for text in kept {
        good(TEXT_5, &[(text, Value::Text(text))]);
    }
}

#[test]
fn text_that_cannot_be_stored() {
    bad(
        TEXT_5,
        &[
            (b"abcdef", "too_long"),
            (
                "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}".as_bytes(),
                "too_long",
            ),
            (b"a\0b", "nul_character"),
            (b"\xff", "not_utf8"),
            (b"caf\xe9", "not_utf8"),
            // A surrogate half and an overlong NUL are not UTF-8.
            (b"\xed\xa0\x80", "not_utf8"),
            (b"\xc0\x80", "not_utf8"),
        ],
    );
}

#[test]
fn whole_numbers() {
    good(
        SMALL,
        &[
            ("0", Value::Integer(0)),
            ("-0", Value::Integer(0)),
            ("007", Value::Integer(7)),
            (" 1000 ", Value::Integer(1_000)),
            ("-5", Value::Integer(-5)),
            ("0000000000000000000000000012", Value::Integer(12)),
        ],
    );
    good(
        ANY,
        &[
            ("9223372036854775807", Value::Integer(i64::MAX)),
            ("-9223372036854775808", Value::Integer(i64::MIN)),
        ],
    );
}

#[test]
fn no_whole_numbers() {
    bad(
        SMALL,
        &[
            (b"", "required"),
            (b"  \t", "required"),
            (b"-", "not_an_integer"),
            (b"--1", "not_an_integer"),
            (b"- 1", "not_an_integer"),
            (b"+1", "not_an_integer"),
            (b"1.0", "not_an_integer"),
            (b"1e3", "not_an_integer"),
            (b"1,000", "not_an_integer"),
            (b"1_000", "not_an_integer"),
            (b"0x1", "not_an_integer"),
            (b"12\0", "not_an_integer"),
            (b"\xff", "not_an_integer"),
            ("\u{661}".as_bytes(), "not_an_integer"),
            ("1\u{a0}".as_bytes(), "not_an_integer"),
            (b"1001", "out_of_range"),
            (b"-6", "out_of_range"),
            (b"99999999999999999999999999", "out_of_range"),
            (b"-99999999999999999999999999", "out_of_range"),
        ],
    );
    bad(ANY, &[(b"9223372036854775808", "out_of_range")]);
}

#[test]
fn money_is_exact_cents() {
    good(
        Kind::Money,
        &[
            ("0", Value::Money(0)),
            ("-0.00", Value::Money(0)),
            ("1", Value::Money(100)),
            ("1.5", Value::Money(150)),
            ("1.50", Value::Money(150)),
            ("142509.72", Value::Money(14_250_972)),
            ("-0.05", Value::Money(-5)),
            ("-12.34", Value::Money(-1_234)),
            (" 9.33 ", Value::Money(933)),
            ("00000000000000000001.10", Value::Money(110)),
            ("999999999999.99", Value::Money(99_999_999_999_999)),
            ("-999999999999.99", Value::Money(-99_999_999_999_999)),
        ],
    );
}

#[test]
fn no_money() {
    bad(
        Kind::Money,
        &[
            (b"", "required"),
            (b" ", "required"),
            (b"1e5", "not_a_number"),
            (b"1,234.5", "not_a_number"),
            (b"+1", "not_a_number"),
            (b".5", "not_a_number"),
            (b"5.", "not_a_number"),
            (b".", "not_a_number"),
            (b"-", "not_a_number"),
            (b"1.2.3", "not_a_number"),
            (b"1.-2", "not_a_number"),
            (b"1 2", "not_a_number"),
            (b"NaN", "not_a_number"),
            (b"inf", "not_a_number"),
            (b"$1", "not_a_number"),
            (b"\xff", "not_a_number"),
            (b"1.005", "too_many_decimals"),
            (b"1.500", "too_many_decimals"),
            (b"1000000000000", "out_of_range"),
            (b"-1000000000000.00", "out_of_range"),
            (b"99999999999999999999999999.9", "out_of_range"),
        ],
    );
}

#[test]
fn dates() {
    good(
        Kind::Date,
        &[
            ("1/2/2014", Value::Date(date(2014, 1, 2))),
            ("01/02/2014", Value::Date(date(2014, 1, 2))),
            ("10/23/2014", Value::Date(date(2014, 10, 23))),
            ("2/29/2016", Value::Date(date(2016, 2, 29))),
            (" 12/31/9999 ", Value::Date(date(9999, 12, 31))),
            ("2014-01-02", Value::Date(date(2014, 1, 2))),
            ("0001-01-01", Value::Date(date(1, 1, 1))),
        ],
    );
}

#[test]
fn no_dates() {
    let table: [&[u8]; 22] = [
        b"2/30/2014",
        b"13/1/2014",
        b"0/1/2014",
        b"1/0/2014",
        b"2/29/2015",
        b"2014-02-30",
        b"0000-01-01",
        b"1/1/0000",
        b"1/1/14",
        b"001/1/2014",
        b"1/001/2014",
        b"1/1/02014",
        b"1/1/2014/",
        b"1//2014",
        b"/1/2014",
        b"1-1-2014",
        b"2014-1-2",
        b"2014/01/02",
        b"-014-01-02",
        b"2014-01-02T00:00:00",
        b"1/ 1/2014",
        b"tomorrow",
    ];
    for cell in table {
        bad(Kind::Date, &[(cell, "bad_date")]);
    }
    bad(Kind::Date, &[(b"", "required"), (b"   ", "required")]);
}
