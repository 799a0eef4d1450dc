mod declared;
mod round_trip;

use jiff::civil::date;

use super::*;

const TEXT_5: Kind = Kind::text(5);
const SMALL: Kind = Kind::integer(-5, 1_000);
const ANY: Kind = Kind::integer(i64::MIN, i64::MAX);

fn good(kind: Kind, table: &[(&str, Value<'_>)]) {
    for (cell, value) in table {
        assert_eq!(
            parse(&kind, cell.as_bytes()).as_ref(),
            Ok(value),
            "{cell:?}"
        );
    }
}

fn bad(kind: Kind, table: &[(&[u8], &str)]) {
    for (cell, code) in table {
        let shown = String::from_utf8_lossy(cell);
        let error = parse(&kind, cell).expect_err(&shown);
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
        Kind::MONEY,
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
        Kind::MONEY,
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
        Kind::DATE,
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
        bad(Kind::DATE, &[(cell, "bad_date")]);
    }
    bad(Kind::DATE, &[(b"", "required"), (b"   ", "required")]);
}

fn forms(said: &[(&str, &str)]) -> Forms {
    let request = crate::reading::ReadingRequest::parse(said.iter().copied()).unwrap();
    let baseline = &crate::catalog::BASELINE;
    request.reading(baseline).unwrap().forms(baseline)
}

/// Each cell with its value, or with the code of its error.
fn by(said: &[(&str, &str)], kind: &Kind, table: &[(&str, Result<Value<'_>, &str>)]) {
    for (cell, expected) in table {
        let parsed = parse_as(kind, cell.as_bytes(), &forms(said));
        let parsed = parsed.map_err(|it| it.code());
        assert_eq!(&parsed, expected, "{said:?} {cell:?}");
    }
}

#[test]
fn a_decimal_comma() {
    by(
        &[("decimal", ",")],
        &Kind::MONEY,
        &[
            ("1234,56", Ok(Value::Money(123_456))),
            ("-0,5", Ok(Value::Money(-50))),
            ("7", Ok(Value::Money(700))),
            ("1234.56", Err("not_a_number")),
            ("1.234,56", Err("not_a_number")),
            ("1,234", Err("too_many_decimals")),
            (",5", Err("not_a_number")),
        ],
    );
}

#[test]
fn groups_of_digits() {
    let european = [("decimal", ","), ("group", ".")];
    by(
        &european,
        &Kind::MONEY,
        &[
            ("1.234,56", Ok(Value::Money(123_456))),
            ("-12.345.678", Ok(Value::Money(-1_234_567_800))),
            ("1234,5", Ok(Value::Money(123_450))),
            ("999", Ok(Value::Money(99_900))),
            ("1.23,4", Err("not_a_number")),
            ("12.34", Err("not_a_number")),
            ("1234.567", Err("not_a_number")),
            (".123", Err("not_a_number")),
            ("1..234", Err("not_a_number")),
            ("1.234.", Err("not_a_number")),
            ("1,234.5", Err("not_a_number")),
        ],
    );
    by(
        &[("group", " ")],
        &ANY,
        &[
            ("1 234", Ok(Value::Integer(1_234))),
            ("-1\u{a0}234\u{a0}567", Ok(Value::Integer(-1_234_567))),
            ("1\u{202f}234", Ok(Value::Integer(1_234))),
            ("1 234\u{a0}567", Err("not_an_integer")),
            ("1 23", Err("not_an_integer")),
        ],
    );
    by(
        &[("group", "'")],
        &ANY,
        &[("1\u{2019}234", Ok(Value::Integer(1_234)))],
    );
}

#[test]
fn currency_signs() {
    by(
        &[("currency", "$"), ("group", ",")],
        &Kind::MONEY,
        &[
            ("$154.06", Ok(Value::Money(15_406))),
            ("-$1,154.06", Ok(Value::Money(-115_406))),
            ("$-154", Ok(Value::Money(-15_400))),
            ("$ 154", Ok(Value::Money(15_400))),
            ("154.06", Ok(Value::Money(15_406))),
            ("154.06 $", Ok(Value::Money(15_406))),
            ("$$1", Err("not_a_number")),
            ("$1$", Err("not_a_number")),
            ("-$-1", Err("not_a_number")),
            ("--1", Err("not_a_number")),
            ("€1", Err("not_a_number")),
            ("$", Err("not_a_number")),
        ],
    );
    by(
        &[("currency", "€"), ("decimal", ",")],
        &Kind::MONEY,
        &[
            ("12,50\u{a0}€", Ok(Value::Money(1_250))),
            ("-12 €", Ok(Value::Money(-1_200))),
        ],
    );
    // A count is no amount.
    by(
        &[("currency", "$")],
        &SMALL,
        &[("$1", Err("not_an_integer"))],
    );
}

#[test]
fn dates_in_the_order_that_was_said() {
    let day = |year, month, day| Ok(Value::Date(date(year, month, day)));
    let iso = ("2016-01-27", day(2016, 1, 27));
    by(
        &[("dates", "dmy")],
        &Kind::DATE,
        &[
            ("27/1/2016", day(2016, 1, 27)),
            ("03/04/2016", day(2016, 4, 3)),
            ("27.01.2016", day(2016, 1, 27)),
            ("27-1-2016", day(2016, 1, 27)),
            ("1/27/2016", Err("bad_date")),
            ("27/01/16", Err("bad_date")),
            ("27/01.2016", Err("bad_date")),
            iso,
        ],
    );
    by(
        &[("dates", "ymd")],
        &Kind::DATE,
        &[
            ("2016/1/27", day(2016, 1, 27)),
            ("2016-1-27", day(2016, 1, 27)),
            ("1/27/2016", Err("bad_date")),
            iso,
        ],
    );
    by(
        &[("dates", "mdy")],
        &Kind::DATE,
        &[("1.27.2016", day(2016, 1, 27)), iso],
    );
    by(
        &[],
        &Kind::DATE,
        &[
            ("1/27/2016", day(2016, 1, 27)),
            ("27.1.2016", day(2016, 1, 27)),
            ("1.27.2016", Err("bad_date")),
            ("27-1-2016", Err("bad_date")),
            iso,
        ],
    );
}

#[test]
fn errors_name_the_forms_with_an_example() {
    let message =
        |kind: Kind, said: &[_]| parse_as(&kind, b"?", &forms(said)).unwrap_err().to_string();
    assert_eq!(
        message(Kind::DATE, &[("dates", "dmy")]),
        "Date has wrong format. Use one of these formats instead: D/M/YYYY (27/1/2016), \
         D.M.YYYY (27.1.2016), D-M-YYYY (27-1-2016), YYYY-MM-DD (2016-01-27)."
    );
    let said = [("decimal", ","), ("group", "."), ("currency", "€")];
    assert_eq!(
        message(Kind::MONEY, &said),
        "A valid number is required, such as 1.234,56 or €1.234,56."
    );
    assert_eq!(
        message(ANY, &[]),
        "A valid integer is required, such as 1234."
    );
}

#[test]
fn which_orders_a_date_fits() {
    let table = [
        ("1/27/2016", Some(Fit::MonthFirst)),
        (" 27/1/2016 ", Some(Fit::DayFirst)),
        ("03/04/2016", Some(Fit::Both(3, 4))),
        ("13/13/2016", None),
        ("2/30/2016", None),
        ("1/27/16", None),
        ("2016-01-27", None),
        ("27.1.2016", None),
    ];
    for (cell, expected) in table {
        assert_eq!(fit(cell.as_bytes(), b'/'), expected, "{cell}");
    }
}
