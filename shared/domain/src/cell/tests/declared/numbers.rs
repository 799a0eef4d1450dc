//! Numbers of every kind.

use super::*;

#[test]
fn numbers_are_exact() {
    let digits = "12345678901234567890123456789012345678";
    let most: i128 = digits.parse().unwrap();
    table(
        &number(38, None, true),
        &[
            ("0", decimal(0, 0)),
            ("-0.00", decimal(0, 0)),
            ("1.50", decimal(15, 1)),
            ("-.5", decimal(-5, 1)),
            ("5.", decimal(5, 0)),
            ("+5", decimal(5, 0)),
            (" 1200 ", decimal(12, -2)),
            ("1e3", decimal(1, -3)),
            ("1.5E-300", decimal(15, 301)),
            ("-2.5e+2", decimal(-25, -1)),
            (digits, decimal(most, 0)),
            (&format!("-0.{digits}000"), decimal(-most, 38)),
            (&format!("{digits}9"), Err("too_many_digits")),
            (&format!("{}{digits}", "0".repeat(50)), decimal(most, 0)),
            ("1e400", Err("out_of_range")),
            ("1e399", decimal(1, -399)),
            ("1e-401", Err("out_of_range")),
            ("1e131071", Err("not_a_number")),
            ("0e9999", decimal(0, 0)),
            ("1e9999", Err("out_of_range")),
            ("NaN", Err("not_a_number")),
            ("INF", Err("not_a_number")),
            ("-Infinity", Err("not_a_number")),
            (".", Err("not_a_number")),
            ("e5", Err("not_a_number")),
            ("1e", Err("not_a_number")),
            ("1e5.5", Err("not_a_number")),
            ("+-5", Err("not_a_number")),
            ("--5", Err("not_a_number")),
            ("1,5", Err("not_a_number")),
            ("1_000", Err("not_a_number")),
            ("0x1", Err("not_a_number")),
            ("5%", Err("not_a_number")),
            ("", Err("required")),
        ],
    );
    table(
        &number(3, Some(2), true),
        &[
            ("1.23", decimal(123, 2)),
            ("1.5e1", decimal(15, 0)),
            ("1.5e-1", decimal(15, 2)),
            ("1.234", Err("too_many_digits")),
            ("0.001", Err("too_many_decimals")),
            ("1.500", Err("too_many_decimals")),
            ("1234", Err("too_many_digits")),
            ("1230", decimal(123, -1)),
        ],
    );
}

#[test]
fn numbers_in_other_forms() {
    by(
        &[("decimal", ","), ("group", "."), ("currency", "€")],
        &number(38, None, true),
        &[
            (",5", decimal(5, 1)),
            ("1.234,5", decimal(12_345, 1)),
            ("-1234,", decimal(-1_234, 0)),
            ("1.234e2", decimal(1_234, -2)),
            ("€ 1.234", decimal(1_234, 0)),
            ("1.5", Err("not_a_number")),
            ("1.23", Err("not_a_number")),
        ],
    );
}

/// `0,125` is no way to write 125: it has a decimal comma.
#[test]
fn groups_do_not_begin_with_a_zero() {
    let big = Kind::BigInteger(Arc::new(BigInteger {
        min: i128::MIN,
        max: i128::MAX,
        bare: true,
        one_of: None,
    }));
    for (kind, code) in [
        (&ANY, "not_an_integer"),
        (&big, "not_an_integer"),
        (&Kind::MONEY, "not_a_number"),
        (&number(38, None, true), "not_a_number"),
        (&number(38, None, false), "not_a_number"),
    ] {
        for (char, group) in [
            (",", ","),
            (".", "."),
            ("'", "'"),
            (" ", "blank"),
            ("_", "_"),
        ] {
            let decimal = if char == "." { "," } else { "." };
            let forms = forms(&[("decimal", decimal), ("group", group)]);
            let read = |cell: &str| {
                let cell = cell.replace(',', char);
                let read = parse_as(kind, cell.as_bytes(), &forms);
                read.map(drop).map_err(|it| it.code())
            };
            for cell in [
                "0,125",
                "-0,125",
                "00,125",
                "012,345",
                "000,000",
                "0,125,000",
            ] {
                assert_eq!(read(cell), Err(code), "{kind:?} {cell} {char}");
            }
            for cell in ["0", "125", "007", "1,000", "-10,125", "100,000"] {
                assert!(read(cell).is_ok(), "{kind:?} {cell} {char}");
            }
        }
    }
    let comma = forms(&[("group", ",")]);
    let says = |kind: &Kind| parse_as(kind, b"0,125", &comma).unwrap_err().to_string();
    assert_eq!(
        says(&number(38, None, true)),
        "A valid number is required, such as 1,234.56. Say decimal=, and group=. to read it."
    );
    assert_eq!(says(&ANY), "A valid integer is required, such as 1,234.");
}

#[test]
fn numbers_within_bounds() {
    let rules = Rules {
        min: Some(Decimal::new(-9, -1)),
        max: Some(Decimal::new(905, 1)),
        one_of: None,
    };
    let kind = Kind::Number(Arc::new(Number {
        rules,
        ..Number::any()
    }));
    table(
        &kind,
        &[
            ("-90", decimal(-90, 0)),
            ("90.5", decimal(905, 1)),
            ("90.50000000001", Err("out_of_range")),
            ("-90.01", Err("out_of_range")),
            ("1e300", Err("out_of_range")),
        ],
    );
    assert_eq!(
        says(&kind, "91"),
        "Ensure this value is between -90 and 90.5."
    );
    let rules = Rules {
        one_of: one_of(vec![Decimal::new(5, 1), Decimal::new(2, 0)]),
        ..Rules::default()
    };
    let kind = Kind::Number(Arc::new(Number {
        rules,
        ..Number::any()
    }));
    table(
        &kind,
        &[
            ("0.50", decimal(5, 1)),
            ("2e0", decimal(2, 0)),
            ("3", Err("not_in_enum")),
        ],
    );
}

#[test]
fn characters_around_a_number() {
    let integer = Kind::Integer {
        min: -100,
        max: 100,
        bare: false,
        one_of: None,
    };
    let whole = |it| Ok(Value::Integer(it));
    let no = Err("not_an_integer");
    table(
        &integer,
        &[
            ("95%", whole(95)),
            ("€95", whole(95)),
            ("EUR 95", whole(95)),
            ("-95 %", whole(-95)),
            ("-$5", whole(-5)),
            ("$-5", whole(-5)),
            ("5", whole(5)),
            ("(5)", no),
            ("5-", no),
            ("--5", no),
            ("\u{2212}5", no),
            ("5 m2", no),
            ("kr.5", no),
            ("$,5", no),
            ("%", no),
            ("101 %", Err("out_of_range")),
        ],
    );
    let number = number(38, None, false);
    table(
        &number,
        &[
            ("$.50", decimal(5, 1)),
            ("kr.50", Err("not_a_number")),
            ("-1.5e3 kg", decimal(-1_500, 0)),
            ("12.50 EUR", decimal(125, 1)),
        ],
    );
    let money = Kind::Money {
        bare: false,
        rules: None,
    };
    table(&money, &[("CHF 12.50", Ok(Value::Money(1_250)))]);
}

#[test]
fn whole_numbers_of_any_size() {
    let most = 10i128.pow(38) - 1;
    let kind = Kind::BigInteger(Arc::new(BigInteger {
        min: -5,
        max: most,
        bare: true,
        one_of: None,
    }));
    let nines = "9".repeat(38);
    table(
        &kind,
        &[
            (&nines, decimal(most, 0)),
            ("-5", decimal(-5, 0)),
            ("00012", decimal(12, 0)),
            ("-6", Err("out_of_range")),
            (&format!("{nines}0"), Err("out_of_range")),
            (&"9".repeat(60), Err("out_of_range")),
            ("1.0", Err("not_an_integer")),
            ("+1", Err("not_an_integer")),
        ],
    );
    let listed = Kind::Integer {
        min: 0,
        max: 9,
        bare: true,
        one_of: one_of(vec![1, 2, 3, 5, 7, 8]),
    };
    table(
        &listed,
        &[
            ("07", Ok(Value::Integer(7))),
            ("4", Err("not_in_enum")),
            ("10", Err("out_of_range")),
        ],
    );
    let sentence = "This is none of the values of its column: 1, 2, 3, 5, 7 or 1 more.";
    assert_eq!(says(&listed, "4"), sentence);
    let rules = Rules {
        min: Some(50),
        ..Rules::default()
    };
    let money = Kind::Money {
        bare: true,
        rules: rules.kept(),
    };
    assert_eq!(says(&money, "0.49"), "Ensure this value is at least 0.5.");
}
