mod optional;

use serde_json::json;

use super::*;
use crate::catalog::{BASELINE, TEAM};
use crate::declaration::{Declaration, Place};
use crate::first_look::{FileKind, kind};
use crate::reading::ReadingRequest;

const SALES: &str = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
    Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit";
const TEAMS: &str = "team_name,manager_name,manager_phone_number";

fn looked(dataset: &Dataset, said: &[(&str, &str)], file: &[u8]) -> Result<Look, Reason> {
    let request = ReadingRequest::parse(said.iter().copied()).unwrap();
    let reading = request.reading(dataset).unwrap();
    let FileKind::Text { mark } = kind(file)? else {
        panic!("it is prepared first")
    };
    look(file, mark, true, dataset, &reading).map(|it| it.expect("the whole file decides"))
}

fn team(file: &str) -> Result<Look, Reason> {
    looked(&TEAM, &[], file.as_bytes())
}

#[track_caller]
fn refused(look: Result<Look, Reason>, code: &str, parts: &[&str]) -> Reason {
    let finding = look.unwrap_err();
    assert_eq!(finding.code(), code, "{finding:?}");
    for part in parts {
        assert!(
            finding.to_string().contains(part),
            "{part} not in {finding:?}"
        );
    }
    finding
}

/// Twelve sales, with the amounts of the last three columns written by `money`.
fn sales(heading: &str, separator: &str, date: &str, money: fn(&str) -> String) -> String {
    let amounts = ["10.13", "4.05", "10130.00", "4050.00", "6080.00"];
    let amounts: Vec<_> = amounts.iter().map(|it| money(it)).collect();
    let start = [
        "Asia",
        "Laos",
        "Snacks",
        "Online",
        "C",
        date,
        "700000001",
        date,
        "1000",
    ];
    let cells = start.iter().map(|it| (*it).to_owned()).chain(amounts);
    let line = cells.collect::<Vec<_>>().join(separator);
    format!("{heading}\n{}", format!("{line}\n").repeat(12))
}

fn plain(amount: &str) -> String {
    amount.to_owned()
}

fn baseline(said: &[(&str, &str)], file: &str) -> Result<Look, Reason> {
    looked(&BASELINE, said, file.as_bytes())
}

#[test]
fn a_plain_file_is_read_as_declared() {
    let look = baseline(&[], &sales(SALES, ",", "1/27/2014", plain)).unwrap();
    assert!(look.reading.reads_like(&Reading::declared(&BASELINE)));
    assert_eq!(
        look.heading.column_order,
        (0..14).map(Some).collect::<Vec<_>>()
    );
    assert_eq!(
        (look.heading.byte_end, look.heading.next_line),
        (SALES.len() as i64 + 1, 2)
    );
}

#[test]
fn delimiters_are_found() {
    for (delimiter, byte) in [(";", b';'), ("\t", b'\t'), ("|", b'|')] {
        let look = team(&format!(
            "{}\nOwls{delimiter}\"A,da\"{delimiter}1\n",
            TEAMS.replace(',', delimiter)
        ));
        let reading = look.unwrap().reading;
        assert_eq!(
            (reading.delimiter, reading.origin(Part::Delimiter)),
            (byte, Origin::Found)
        );
    }
    let said = looked(&TEAM, &[("delimiter", ";")], TEAMS.as_bytes());
    refused(said, "bad_heading", &["Missing"]);
}

#[test]
fn no_two_delimiters_fit_the_same_heading() {
    // A name is never split and whole at once, so a tie needs two headings on one line.
    let tie = "team_name,manager_name,manager_phone_number,a;team_name;manager_name;manager_phone_number;b\n";
    refused(
        team(tie),
        "bad_heading",
        &["commas and with semicolons (;)", "delimiter="],
    );
}

#[test]
fn lines_before_the_heading_are_found() {
    let look = team(&format!(
        "Teams, \"2017\r\nby: J. Doe;2018\r\n\r\n{TEAMS}\r\nOwls,Ada,1\r\n"
    ))
    .unwrap();
    assert_eq!(
        (look.reading.preamble, look.reading.origin(Part::SkipLines)),
        (3, Origin::Found),
        "an empty line is not the heading's"
    );
    assert_eq!(look.heading.next_line, 5);
    let far = team(&format!("Teams\n{}{TEAMS}\nOwls,Ada,1\n", "\n".repeat(30))).unwrap();
    assert_eq!((far.reading.preamble, far.heading.next_line), (19, 33));
    let many = format!("{}{TEAMS}\n", "title\n".repeat(20));
    refused(team(&many), "bad_heading", &["first 20 lines"]);
    let said = looked(&TEAM, &[("skip_lines", "20")], many.as_bytes()).unwrap();
    assert_eq!((said.reading.preamble, said.heading.next_line), (20, 22));
    let wrong = looked(&TEAM, &[("skip_lines", "3")], many.as_bytes());
    refused(wrong, "bad_heading", &[]);
}

#[test]
fn the_line_of_a_spreadsheet_says_the_delimiter() {
    let look =
        team("sep=;\r\nteam_name;manager_name;manager_phone_number\r\nOwls;Ada;1\r\n").unwrap();
    assert_eq!((look.reading.delimiter, look.reading.preamble), (b';', 1));
    assert!(look.reading.was_said(Part::Delimiter));
    assert_eq!(look.heading.next_line, 3);
}

#[test]
fn names_are_compared_by_letters_and_digits() {
    for heading in [
        "Team Name,ManagerName,MANAGER-PHONE-NUMBER",
        "team_name,\u{200b}manager_name,manager\u{a0}phone number",
        "\u{feff}team_name, manager_name , manager_phone_number",
    ] {
        assert!(
            team(&format!("{heading}\nOwls,Ada,1\n")).is_ok(),
            "{heading}"
        );
    }
    refused(
        team("team_name,TeamName,manager_name\n"),
        "bad_heading",
        &["More than once: \"team_name\""],
    );
}

#[test]
fn a_bad_heading_names_what_may_be_meant() {
    let finding = refused(
        team("team_nam,\u{200b}boss,manager_phone_number\n"),
        "bad_heading",
        &[
            "Line 1 comes closest, separated by commas.",
            "Missing: \"team_name\", \"manager_name\".",
            "Unknown: \"team_nam\", \"\\u200bboss\".",
            "Did you mean \"team_name\" by \"team_nam\"?",
        ],
    );
    assert_eq!(finding.found()[0].line, 1);
    let renamed = SALES.replace("Order Date", "Date of Order");
    let look = baseline(&[], &sales(&renamed, ",", "1/27/2014", plain));
    refused(
        look,
        "bad_heading",
        &["Did you mean \"Order Date\" by \"Date of Order\"?"],
    );
}

#[test]
fn headings_of_any_number_of_lines() {
    let look = looked(&TEAM, &[("heading_lines", "0")], b"Owls,Ada,1\n").unwrap();
    assert_eq!((look.heading.byte_end, look.heading.next_line), (0, 1));
    let two = b"team,manager,manager_phone\n name,name,number\nOwls,Ada,1\n";
    let look = looked(&TEAM, &[("heading_lines", "2")], two).unwrap();
    assert_eq!(look.heading.next_line, 3);
}

#[test]
fn a_heading_on_several_lines_is_found_where_its_joined_names_fit() {
    let file = "Teams of 2026\nteam,manager,manager phone\nname,name,number\nOwls,Ada,1\n";
    let look = team(file).unwrap();
    assert_eq!((look.reading.heading_lines, look.reading.preamble), (2, 1));
    assert_eq!(look.reading.origin(Part::HeadingLines), Origin::Found);
    assert_eq!((look.heading.next_line, look.heading.byte_end), (4, 58));
    // One line that has all names is the heading, whatever stands before and after it.
    let file = format!(",,\n{TEAMS}\n,,\nOwls,Ada,1\n");
    let look = team(&file).unwrap();
    assert_eq!((look.reading.heading_lines, look.reading.preamble), (1, 1));
    // What was said is not looked for.
    let dataset = &TEAM;
    let file = "team,manager,manager phone\nname,name,number\nOwls,Ada,1\n";
    let said = looked(dataset, &[("heading_lines", "1")], file.as_bytes());
    refused(said, "bad_heading", &["Missing"]);
}

#[test]
fn a_heading_whose_last_quote_is_a_lone_one_ends_on_its_line() {
    let file = "team_name,manager_name,\"manager_phone_number\nOwls,\"Ada\",1\n";
    let look = team(file).unwrap();
    assert_eq!((look.heading.next_line, look.heading.byte_end), (2, 45));
}

#[test]
fn a_file_without_a_heading_is_told() {
    let file = sales(SALES, ",", "1/27/2014", plain);
    let (_, records) = file.split_once('\n').unwrap();
    let finding = refused(
        baseline(&[], records),
        "no_heading",
        &["Line 1 looks like data", "heading_lines=0"],
    );
    assert_eq!(finding.found()[0].readings, ["heading_lines=0"]);
    assert!(baseline(&[("heading_lines", "0")], records).is_ok());
}

#[test]
fn a_file_of_another_dataset_is_told() {
    let file = "team_name, manager_name, manager_phone_number\nFalcons,Ada,1\n";
    refused(
        baseline(&[], file),
        "other_dataset",
        &["This is a team file"],
    );
}

#[test]
fn numbers_in_other_forms_are_shown_with_the_words_that_take_them() {
    let comma = |amount: &str| amount.replace('.', ",");
    let file = sales(&SALES.replace(',', ";"), ";", "27.1.2014", comma);
    let finding = refused(
        baseline(&[], &file),
        "columns_do_not_fit",
        &["\"Unit Price\" on line 2 is \"10,13\".", "Say decimal=,"],
    );
    assert_eq!(finding.found()[0].readings, ["decimal=,"]);
    assert!(baseline(&[("decimal", ",")], &file).is_ok());

    let dollars = |amount: &str| {
        format!(
            "\"${}\"",
            amount
                .replace("10130", "10,130")
                .replace("4050", "4,050")
                .replace("6080", "6,080")
        )
    };
    let file = sales(SALES, ",", "1/27/2014", dollars);
    let finding = refused(
        baseline(&[], &file),
        "columns_do_not_fit",
        &["Say currency=$ and group=, to read it."],
    );
    let revenue = finding
        .found()
        .iter()
        .find(|it| it.column.as_deref() == Some("Total Revenue"));
    assert_eq!(revenue.unwrap().readings, ["group=,", "currency=$"]);
    assert!(baseline(&[("currency", "$"), ("group", ",")], &file).is_ok());
}

/// `1,500` alone may be a thousand and a half, or one and a half.
#[test]
fn one_cell_says_what_a_comma_means_in_its_column() {
    let document = json!({ "fields": [{ "name": "ratio", "type": "number" }] });
    let declaration = Declaration::parse(&document).unwrap();
    let dataset = declaration.compile(&Place::declared("ratios", 1, 1, &[1]));
    let readings = |last: &str| {
        let file = format!("ratio\n{}{last}\n", "1,500\n".repeat(19));
        let finding = looked(&dataset, &[("delimiter", ";")], file.as_bytes()).unwrap_err();
        finding.found()[0].readings.clone()
    };
    assert_eq!(readings("1,250,000"), ["group=,"]);
    assert_eq!(readings("0,125"), ["decimal=,"]);
    // What is no number in any form says nothing.
    assert_eq!(readings("none"), ["group=,"]);
}

#[test]
fn dates_in_other_forms_are_shown() {
    let file = sales(SALES, ",", "27/1/2014", plain);
    let finding = refused(
        baseline(&[], &file),
        "columns_do_not_fit",
        &["Say dates=dmy"],
    );
    assert_eq!(finding.found().len(), 2);
    for date in ["1/27/14", "27-Jan-14", "1/27/2014 0:00"] {
        let look = baseline(&[], &sales(SALES, ",", date, plain));
        refused(look, "columns_do_not_fit", &["M/D/YYYY (1/27/2016)", date]);
    }
}

#[test]
fn what_is_not_text_is_named() {
    let table: [(&[u8], &str); 11] = [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            "old Excel workbook",
        ),
        (b"<html xmlns:x=\"\"><body>", "HTML"),
        (b"\n <TABLE>", "HTML"),
        (b"{\"Region\": 1}", "JSON"),
        (b"\xef\xbb\xbf[\r\n  {\r\n \"Region\": 1}]", "JSON"),
        (b"<meta charset=utf-8>", "HTML"),
        (b"MIME-Version: 1.0\r\n", "web archive"),
        (b"%PDF-1.4", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"BZh91AY", "bzip2"),
    ];
    for (bytes, name) in table {
        refused(looked(&BASELINE, &[], bytes), "not_text", &[name]);
    }
    use crate::reading::Encoding::{Utf16Be, Utf16Le};
    let table: [(&[u8], FileKind); 6] = [
        (b"\x1f\x8b\x08\0", FileKind::Gzip),
        (b"PK\x03\x04\x14\0", FileKind::Zip),
        (b"\x28\xb5\x2f\xfd\x04", FileKind::Zstd),
        (b"\xff\xfet\0", FileKind::Encoded(Utf16Le)),
        (b"\0t\0e\0a", FileKind::Encoded(Utf16Be)),
        (b"\xef\xbb\xbfa", FileKind::Text { mark: 3 }),
    ];
    for (bytes, expected) in table {
        assert_eq!(kind(bytes), Ok(expected), "{bytes:?}");
    }
}

#[test]
fn bytes_that_are_no_text_in_the_heading() {
    let look = looked(&TEAM, &[], b"team_name,caf\xe9,manager_phone_number\n");
    refused(look, "not_utf8", &["line 1", "encoding=windows-1252"]);
    let look = looked(&TEAM, &[], b"team_name,a\0b\n");
    refused(look, "not_text", &["null characters"]);
    refused(
        team("team_name,\"manager_name,manager_phone_number\nOwls,Ada,1\n"),
        "bad_heading",
        &["never closed"],
    );
    refused(team(" \n\n"), "no_records", &["empty"]);
}

#[test]
fn a_rejects_file_that_comes_back_is_known() {
    let look = team(&format!(
        "{TEAMS},record,line,error\nOwls,Ada,1,7,9,Wrong.\n"
    ))
    .unwrap();
    assert!(look.is_rejects_file && look.heading.unknown.is_empty());
    let look = team(&format!("{TEAMS},record,line\nOwls,Ada,1,7,9\n")).unwrap();
    assert!(!look.is_rejects_file);
    assert_eq!(look.heading.unknown, ["record", "line"]);
}

#[test]
fn more_bytes_are_asked_for_unless_the_file_ends() {
    let reading = Reading::declared(&BASELINE);
    assert_eq!(
        look(SALES.as_bytes(), 0, false, &BASELINE, &reading),
        Ok(None)
    );
}
