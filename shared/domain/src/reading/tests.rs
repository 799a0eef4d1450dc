use proptest::prelude::*;

use super::*;
use crate::catalog::BASELINE;

fn request(said: &[(&str, &str)]) -> Result<ReadingRequest, Vec<BadValue>> {
    ReadingRequest::parse(said.iter().copied())
}

fn reading(said: &[(&str, &str)]) -> Reading {
    request(said).unwrap().reading(&BASELINE).unwrap()
}

#[test]
fn what_is_not_said_is_declared() {
    let declared = reading(&[]);
    assert_eq!(declared, Reading::declared(&BASELINE));
    assert!(
        Part::ALL
            .iter()
            .all(|&it| declared.origin(it) == Origin::Declared)
    );
    let said = reading(&[("delimiter", ";"), ("decimal", ","), ("unknown", "x")]);
    assert_eq!((said.delimiter, said.decimal), (b';', b','));
    assert!(said.was_said(Part::Decimal) && !said.was_said(Part::Quote));
}

#[test]
fn every_part_can_be_said() {
    let said = reading(&[
        ("delimiter", "tab"),
        ("decimal", ","),
        ("group", "."),
        ("currency", "€"),
        ("dates", "dmy"),
        ("encoding", "latin-1"),
        ("skip_lines", "3"),
        ("quote", "'"),
        ("escape", "\\"),
        ("heading_lines", "0"),
        ("skip_initial_space", "true"),
    ]);
    let expected = Reading {
        encoding: Encoding::Windows1252,
        delimiter: b'\t',
        quote: Some(b'\''),
        escape: Escape::Byte(b'\\'),
        skip_initial_space: true,
        preamble: 3,
        heading_lines: 0,
        decimal: b',',
        group: Some(Group::Point),
        currency: Currency::of("€"),
        dates: Some(DateOrder::Dmy),
        strict: true,
        guarded: false,
        origins: Part::ALL.map(|it| (it, Origin::Said)).into(),
    };
    assert_eq!(said, expected);
}

#[test]
fn no_quote_has_none_to_double() {
    let said = reading(&[("quote", "")]);
    assert_eq!((said.quote, said.escape), (None, Escape::None));
    let bad = request(&[("quote", ""), ("escape", "doubled")]).unwrap_err();
    assert_eq!(bad[0].name, "escape");
}

#[test]
fn a_bad_value_is_told_what_is_allowed() {
    let table = [
        ("delimiter", ["", ",,", "\n", "a", "é"].as_slice(), "tab"),
        ("decimal", &["", ";", "point"], "comma"),
        ("group", &["-", "  ", "0"], "apostrophe"),
        ("currency", &["1", " $", "-", ".", "123456789"], "€"),
        ("dates", &["", "DMY", "dym", "auto"], "dmy (27/1/2016)"),
        ("encoding", &["", "utf-7", "ascii"], "windows-1252"),
        ("skip_lines", &["", "-1", "1001", "+3", "3.0"], "1000"),
        ("quote", &["ab", "\r", "x"], "nothing"),
        ("escape", &["double", "n"], "doubled"),
        ("heading_lines", &["", "11", "one"], "10"),
        ("skip_initial_space", &["", "1", "yes"], "true or false"),
    ];
    for (name, values, words) in table {
        for value in values {
            let bad = request(&[(name, value)]).unwrap_err();
            assert_eq!(bad.len(), 1, "{name}={value}");
            assert_eq!(bad[0].name, name);
            assert!(bad[0].message.contains(words), "{bad:?}");
        }
    }
    let both = request(&[("decimal", "x"), ("dates", "x")]).unwrap_err();
    assert_eq!(both.len(), 2);
}

#[test]
fn one_character_means_one_thing() {
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[("quote", ",")], "quote"),
        (&[("escape", "\"")], "escape"),
        (&[("delimiter", "|"), ("escape", "|")], "escape"),
        (&[("decimal", ","), ("group", ",")], "group"),
        (
            &[("delimiter", " "), ("skip_initial_space", "true")],
            "skip_initial_space",
        ),
    ];
    for (said, name) in table {
        let bad = request(said).unwrap().reading(&BASELINE).unwrap_err();
        assert_eq!(bad[0].name, name, "{said:?}");
    }
}

#[test]
fn it_is_pinned_by_the_names_of_the_table_dialect() {
    let said = reading(&[("delimiter", ";"), ("skip_lines", "2"), ("group", " ")]);
    let json = serde_json::to_value(&said).unwrap();
    let expected = serde_json::json!({
        "encoding": "utf-8", "delimiter": ";", "quoteChar": "\"", "doubleQuote": true,
        "escapeChar": null, "skipInitialSpace": false, "header": true, "headerRows": [3],
        "commentRows": [1, 2], "decimalChar": ".", "groupChar": " ", "currency": null,
        "dateOrder": null, "guarded": false,
        "origins": {"delimiter": "said", "skip_lines": "said", "group": "said"},
    });
    assert_eq!(json, expected);
}

#[test]
fn an_answer_names_every_part_and_who_decided_it() {
    let read_as = reading(&[("dates", "ymd")]).read_as(&BASELINE);
    let json = serde_json::to_value(&read_as).unwrap();
    assert_eq!(
        json[10],
        serde_json::json!({"part": "dates", "value": "ymd", "origin": "said"})
    );
    let declared = Reading::declared(&BASELINE).read_as(&BASELINE);
    assert_eq!(
        declared[10].value,
        "M/D/YYYY (1/27/2016), D.M.YYYY (27.1.2016), YYYY-MM-DD (2016-01-27)"
    );
    assert_eq!(declared.len(), Part::ALL.len());
    for (part, shown) in Part::ALL.iter().zip(&declared) {
        assert_eq!(shown.part, *part);
        let json = serde_json::to_value(part).unwrap();
        assert_eq!(json, part.name(), "one name everywhere");
    }
}

fn any_values() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let one = |name, values: &'static [&'static str]| {
        prop::option::of(prop::sample::select(values)).prop_map(move |it| it.map(|it| (name, it)))
    };
    let values = (
        one("delimiter", &[",", ";", "tab", "|", ":", "\u{1}"]),
        one("decimal", &[".", ","]),
        one("group", &["", ".", ",", "'", " ", "blank", "_"]),
        one("currency", &["", "$", "EUR", "kr."]),
        one("dates", &["mdy", "dmy", "ymd"]),
        one("encoding", &["utf-8", "utf-16", "utf-16be", "latin-1"]),
        one("skip_lines", &["0", "1", "17"]),
        one("quote", &["", "'", "\""]),
        one("escape", &["", "\\", "doubled"]),
        (
            one("heading_lines", &["0", "1", "3"]),
            one("skip_initial_space", &["true", "false"]),
        ),
    );
    values.prop_map(|(a, b, c, d, e, f, g, h, i, (j, k))| {
        [a, b, c, d, e, f, g, h, i, j, k]
            .into_iter()
            .flatten()
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_on_the_way_through_json(said in any_values()) {
        let Ok(request) = request(&said) else { return Ok(()) };
        let json = serde_json::to_string(&request).unwrap();
        prop_assert_eq!(&serde_json::from_str::<ReadingRequest>(&json).unwrap(), &request);
        let Ok(reading) = request.reading(&BASELINE) else { return Ok(()) };
        let json = serde_json::to_string(&reading).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Reading>(&json).unwrap(), &reading);
    }
}
