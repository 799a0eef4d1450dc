//! Names made of digits stay text.

use super::*;

fn code(cells: &[&str]) -> (Value, String) {
    let (field, doubts) = of_column(cells);
    (field["type"].clone(), doubts.join(" "))
}

fn is_text(cells: &[&str], doubt: &str) {
    let expected = (json!("string"), format!("fields[0] {doubt}"));
    assert_eq!(code(cells), expected, "{cells:?}");
}

fn is(of: &str, cells: &[&str]) {
    assert_eq!(code(cells), (json!(of), String::new()), "{cells:?}");
}

#[test]
fn a_leading_zero_is_kept() {
    for cells in [
        &["007", "12"][..],
        &["01.10", "02.05"],
        &[" 007", "12"],
        &["007 ", "12"],
        &["-007", "12"],
        &["+007", "12"],
        &["12,50", "0012,50"],
        &["1.234,50", "-0012,50"],
        &["1,234.50", "012.50"],
        &["00.00", "12.50"],
        &["00", "1"],
        &["12", "-00"],
        &["01e5", "12.5"],
    ] {
        is_text(cells, "leading_zeros");
    }
    for (of, cells) in [
        ("number", &["0.5", "12.25"][..]),
        ("number", &["-0.5", "0"]),
        ("number", &[".5", "-.25"]),
        ("number", &["0,5", "12,25"]),
        ("number", &["0.00", "10.05"]),
        ("integer", &["0", "-1"]),
        ("integer", &["100", "-20"]),
        ("integer", &[" 7", "12 "]),
    ] {
        is(of, cells);
    }
}

#[test]
fn telephone_numbers_are_text() {
    for cells in [
        &["+4915112345678", "+358401234567"][..],
        &["+49 151 123 456 ", " +12345678"],
        &["+49.151.123.456"],
    ] {
        is_text(cells, "number_or_name");
    }
    for cells in [
        &["+4915112345678", "4915112345678"][..],
        &["+4915112345678", "+12"],
        &["+1", "+1234567"],
        &["+12345678.5", "+12345678"],
    ] {
        is("number", cells);
    }
}

#[test]
fn part_numbers_are_text() {
    is_text(&["1234", "12E3", "1200"], "number_or_name");
    is_text(&["1e5", "-2e-5"], "number_or_name");
    is("number", &["12E3", "1.5"]);
    is("number", &["1,5", "12e3"]);
    is("number", &["1.5E3", "2.5E-7"]);
}

/// What may be a name is no evidence of how the numbers of other columns are written.
#[test]
fn names_prove_no_decimal_character() {
    for name in ["01.10", "+49.151.123.456", "012,50", "12E3"] {
        let (document, doubts) = inferred(&format!("a;b;c\n{name};1,234;x\n"));
        assert_eq!(document["fields"][1]["type"], "string", "{name}");
        assert_eq!(doubts[1..], ["fields[1] decimal_open"], "{name}");
    }
}

/// What is said to be declared is declared.
#[test]
fn a_doubt_says_how_the_numbers_are_declared() {
    let messages = |file: &str| {
        let doubts = infer(file.as_bytes(), true).unwrap().doubts.into_iter();
        let messages: Vec<String> = doubts.map(|it| it.message).collect();
        messages.join(" ")
    };
    let telephones = "tel;sum\n+4915112345678;1.234,50\n";
    let said = "\"+4915112345678\" may be a number or a name made of digits, such as a telephone \
        number or a part number, so the column is text. If it is to be a number: \
        \"type\": \"number\", \"decimalChar\": \",\", \"groupChar\": \".\".";
    assert_eq!(messages(telephones), said);
    let parts = messages("part;name\n1200;a\n12E3;b\n");
    assert!(parts.starts_with("\"12E3\" may be a number"), "{parts}");
    assert!(parts.ends_with("number: \"type\": \"number\"."), "{parts}");
}
