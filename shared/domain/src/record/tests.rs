use super::*;
use crate::catalog::BASELINE;
use crate::reading::ReadingRequest;

fn reading(said: &[(&str, &str)]) -> Reading {
    let request = ReadingRequest::parse(said.iter().copied()).unwrap();
    request.reading(&BASELINE).unwrap()
}

/// Every record, read byte by byte and at once, which must be the same.
fn records(said: &[(&str, &str)], file: &[u8]) -> Vec<Record> {
    let reading = reading(said);
    let all = by_pieces(&reading, file, usize::MAX);
    for piece in 1..4 {
        let same = by_pieces(&reading, file, piece);
        assert_eq!(format!("{same:?}"), format!("{all:?}"));
    }
    all
}

fn by_pieces(reading: &Reading, file: &[u8], piece: usize) -> Vec<Record> {
    let mut reader = RecordReader::by(reading, 1, 1);
    let mut record = Record::default();
    let mut all = Vec::new();
    for mut piece in file.chunks(piece.min(file.len().max(1))) {
        while !piece.is_empty() {
            let (taken, complete) = reader.read(piece, &mut record);
            piece = &piece[taken..];
            if complete {
                all.push(record.clone());
            }
        }
    }
    while reader.finish(&mut record) {
        all.push(record.clone());
    }
    all
}

fn cells(said: &[(&str, &str)], file: &[u8]) -> Vec<String> {
    let shown = |record: &Record| {
        let cells: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
        cells.join("|")
    };
    records(said, file).iter().map(shown).collect()
}

#[test]
fn any_delimiter_and_quote() {
    let said = [("delimiter", ";"), ("quote", "'")];
    assert_eq!(
        cells(&said, b"a,b;'c;d''e'\n\"f\";g"),
        ["a,b|c;d'e", "\"f\"|g"]
    );
    assert_eq!(cells(&[("delimiter", "tab")], b"a\t\"b\tc\"\n"), ["a|b\tc"]);
    assert_eq!(cells(&[("delimiter", " ")], b"a \"b c\"\n"), ["a|b c"]);
}

#[test]
fn without_quotes_every_quote_is_data() {
    assert_eq!(
        cells(&[("quote", "")], b"\"a,b\"\n\"c\n"),
        ["\"a|b\"", "\"c"]
    );
    let broken = records(&[("quote", "")], b" \"a\" b,\"c\" d\n");
    assert_eq!(broken[0].broken_quotes(), None);
}

#[test]
fn escapes() {
    let said = [("escape", "\\")];
    let file = b"\"a\\\"b\\\\\",\"c\",d\\,e\\\nf\n\"g\"\"h\",i\n\"j\\\n";
    let records = records(&said, file);
    assert_eq!(cells(&said, file), ["a\"b\\|c|d,e\nf", "g\"h\"|i", "j\n"]);
    assert_eq!(records[0].broken_quotes(), None);
    assert_eq!(records[0].lines, 2);
    assert!(
        records[1].broken_quotes().is_some(),
        "quotes are not doubled"
    );
    assert_eq!(records[2].open_quote(), Some(4));
}

#[test]
fn blanks_after_delimiters_are_skipped_where_that_is_said() {
    let said = [("skip_initial_space", "true")];
    let file = b"a, \"b, c\",\t d \n  \"e\"\n";
    assert_eq!(cells(&said, file), ["a|b, c|d ", "e"]);
    assert!(
        records(&said, file)
            .iter()
            .all(|it| it.broken_quotes().is_none())
    );
}

#[test]
fn quotes_that_do_not_mean_what_they_say() {
    let broken = |file: &[u8]| records(&[], file)[0].broken_quotes();
    let at = |field, line, kind| Some(BrokenQuotes { field, line, kind });
    use BrokenKind::{BlankBefore, TextAfter};
    assert_eq!(
        broken(b"\"Owls,\"Ada, the first\",1\n"),
        at(0, 1, TextAfter)
    );
    assert_eq!(broken(b"x,\"a\nb\" ,c\n"), at(1, 2, TextAfter));
    assert_eq!(broken(b"\"a\"b\"c,\"d\" \n"), at(0, 1, TextAfter));
    assert_eq!(
        broken(b"Owls, \"Lovelace, Ada\", 1\n"),
        at(1, 1, BlankBefore)
    );
    assert_eq!(broken(b"a,\t\"b\""), at(1, 1, BlankBefore));
    for fine in [
        "12\" pizza,a",
        "b \"c\",d",
        "\" \"\"x\",\"a\"\"\"",
        " a,\" \"",
        "\"\",\"\"",
    ] {
        assert_eq!(broken(fine.as_bytes()), None, "{fine}");
    }
}

#[test]
fn lines_of_records_and_empty_lines_add_up() {
    let file = b"\n\"a\nb\r\nc\",d\r\n\r\n\n  \r\"\n\n\",e";
    let reading = reading(&[]);
    let mut reader = RecordReader::by(&reading, 1, 1);
    let lines: Vec<_> = records(&[], file)
        .iter()
        .map(|it| (it.line, it.lines))
        .collect();
    assert_eq!(lines, [(2, 3), (7, 1), (8, 3)]);
    let mut record = Record::default();
    let mut rest = &file[..];
    while !rest.is_empty() {
        rest = &rest[reader.read(rest, &mut record).0..];
    }
    assert!(reader.is_inside_line());
    assert_eq!(reader.empty_lines(), 3);
    let open = records(&[], b"a,\"b\n");
    assert_eq!((open[0].lines, open[0].open_quote()), (1, Some(1)));
}

#[test]
fn blank_records() {
    let blank = |width, file: &str| records(&[], file.as_bytes())[0].is_blank(width);
    for file in [
        ",,", " ", " ,\t\n", "\"\",", "\"\"", "\" \"", "\x1a", " \x1a",
    ] {
        assert!(blank(3, file), "{file:?}");
    }
    for file in ["a,", "\x1a\n", ",\x1a", "\u{a0}"] {
        assert!(!blank(3, file), "{file:?}");
    }
    assert!(blank(1, " ") && blank(1, "\x1a") && !blank(1, "\"\""));
}

#[test]
fn more_cells_fit_if_they_are_blank() {
    let fits = |file: &[u8]| records(&[], file)[0].fits(2);
    assert!(fits(b"a,b") && fits(b",b") && fits(b"a,b,,") && fits(b"a,, ,\n"));
    assert!(!fits(b"a") && !fits(b"a,b,c") && !fits(b"a,b,,c"));
}

/// The cells of each record, with a `!` before those whose quotes are broken.
fn marked(said: &[(&str, &str)], file: &str) -> Vec<String> {
    let all = records(said, file.as_bytes());
    let shown = cells(said, file.as_bytes());
    let pairs = all.iter().zip(shown);
    pairs
        .map(|(it, cells)| match it.broken_quotes() {
            Some(_) => format!("!{cells}"),
            None => cells,
        })
        .collect()
}

#[test]
fn a_lone_quote_costs_its_own_line() {
    for (file, expected) in [
        // At the end of a record, before one with quotes at its end, in its middle, and all over.
        ("a,\"\nb,\"c\"\nd,e\n", &["!a|", "b|c", "d|e"][..]),
        ("a,\"b\nc,\"d\",e\nf\n", &["!a|b", "c|d|e", "f"]),
        ("\"a,b\n\"c\",\"d\"\n\"e\",\"f\"\n", &["!a,b", "c|d", "e|f"]),
        // The quote that tells it is lines away, or begins with a quote that is data.
        (
            "a,\"\nb,c\nd,e\n\nf,\"g\"\nh\n",
            &["!a|", "b|c", "d|e", "f|g", "h"],
        ),
        ("a,\"b\nc,\"\"\"d\"\" e\"\n", &["!a|b", "c|\"d\" e"]),
        ("a,\"b\nc,\"\"\nd,\"e\"\n", &["!a|b", "c|", "d|e"]),
        // Its record has an honest cell on two lines before it; so has the one that tells it.
        ("\"a\nb\",\"c\nd,\"e\"\n", &["!a\nb|c", "d|e"]),
        ("a,\"b\nc,\"d\ne\"\nf\n", &["!a|b", "c|d\ne", "f"]),
        // Two of them, each told by the quotes after it.
        (
            "a,\"b\nc,\"d\"\ne,\"f\ng,\"h\"\n",
            &["!a|b", "c|d", "!e|f", "g|h"],
        ),
        // In the last lines, with and without a line break at the end.
        ("a,\"b\r\nc,d\r\ne,\"f\"\r\n", &["!a|b", "c|d", "e|f"]),
        ("a,\"b\rc,d\re,\"f\"", &["!a|b", "c|d", "e|f"]),
    ] {
        assert_eq!(marked(&[], file), expected, "{file:?}");
    }
    let said = [("delimiter", ";"), ("quote", "'"), ("escape", "\\")];
    let file = "a;'b\nc\\;d;e\nf;'g\\'h'\n";
    assert_eq!(marked(&said, file), ["!a|b", "c;d|e", "f|g'h"]);
}

#[test]
fn a_quote_that_may_mean_what_it_says_is_left() {
    for (file, expected) in [
        // Honest cells on several lines, whatever is in them.
        ("a,\"b\nc,d\ne\"\nf\n", &["a|b\nc,d\ne", "f"][..]),
        ("\"a\n\"\"b\"\",c\n\",d\n", &["a\n\"b\",c\n|d"]),
        // Text follows the quote that closes the cell, which opens none: nothing is guessed.
        ("a,\"b\nc,d\ne\"f\ng\n", &["!a|b\nc,d\nef", "g"]),
        // The quote may open a cell, but that one is broken as well.
        ("a,\"b\nc,d\ne,\"f\" g\nh\n", &["!a|b\nc,d\ne,f\" g", "h"]),
        // No quote follows, or none that opens a cell to the end.
        ("a,\"b\nc,d\n", &["a|b\nc,d\n"]),
        ("a,\"b\nc,\"d\"e", &["!a|b\nc,d\"e"]),
    ] {
        assert_eq!(marked(&[], file), expected, "{file:?}");
    }
}

#[test]
fn lines_and_numbers_go_on_after_a_lone_quote() {
    let all = records(&[], b"a\n\n\"b\nc\",\"d\r\ne,f\n\ng,\"h\"\ni");
    let places: Vec<_> = all
        .iter()
        .map(|it| (it.number, it.line, it.lines))
        .collect();
    assert_eq!(
        places,
        [(1, 1, 1), (2, 3, 2), (3, 5, 1), (4, 7, 1), (5, 8, 1)]
    );
    let broken = BrokenQuotes {
        field: 1,
        line: 4,
        kind: BrokenKind::NeverClosed,
    };
    assert_eq!(all[1].broken_quotes(), Some(broken));
}

#[test]
fn texts_are_kept_after_a_lone_quote() {
    let file = b"a,\"b\r\nc,d\r\ne,\"f\"\r\n\"g\nh\",\"\"\n";
    for piece in 1..file.len() {
        let mut reader = RecordReader::by(&reading(&[]), 1, 1).keep_text();
        let mut record = Record::default();
        let mut texts = Vec::new();
        for mut piece in file.chunks(piece) {
            while !piece.is_empty() {
                let (taken, complete) = reader.read(piece, &mut record);
                piece = &piece[taken..];
                if complete {
                    texts.push(String::from_utf8_lossy(record.text()).into_owned());
                }
            }
        }
        assert_eq!(texts, ["a,\"b", "c,d", "e,\"f\"", "\"g\nh\",\"\""]);
        assert_eq!(reader.bytes_behind(), 0);
    }
}

#[test]
fn quotes_that_hold_a_delimiter_behind_other_text() {
    let cut = |file: &str| records(&[], file.as_bytes())[0].unsound_quotes();
    for (file, field) in [
        ("7\"a, b\"\n", 0),
        ("x,$7\"Table, 48\"\"\",y\n", 1),
        ("x\"a, b, c\",\"d\"\n", 0),
        ("x\"5\"\" a, b\"", 0),
    ] {
        let kind = BrokenKind::Cut;
        let line = 1;
        assert_eq!(
            cut(file),
            Some(BrokenQuotes { field, line, kind }),
            "{file}"
        );
    }
    for fine in [
        "12\" pizza,14\" pizza",
        "a\"b\"c,d\"",
        "x\"y,z",
        "7\"a,\"b\"\"\"",
        "\"a\"\"b\",c\"",
        "a\",b\"",
    ] {
        assert_eq!(cut(fine), None, "{fine}");
    }
}

#[test]
fn an_escape_before_what_is_no_syntax_is_data() {
    let said = [("escape", "\\")];
    let file = b"C:\\temp\\\\x,\"8\\'9\\\"\"\n\\\"a,b\\\n";
    assert_eq!(cells(&said, file), ["C:\\temp\\x|8\\'9\"", "\"a|b\n"]);
}
