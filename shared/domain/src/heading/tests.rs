use super::*;
use crate::catalog::find;

fn team(bytes: &[u8]) -> Result<Option<Heading>, Reason> {
    read(bytes, true, find("team").unwrap())
}

fn fits(bytes: &[u8]) -> Heading {
    team(bytes).unwrap().unwrap()
}

#[track_caller]
fn refused(bytes: &[u8], code: &str, parts: &[&str]) {
    let reason = team(bytes).unwrap_err();
    assert_eq!(reason.code(), code, "{reason:?}");
    for part in parts {
        assert!(
            reason.to_string().contains(part),
            "{part} not in {reason:?}"
        );
    }
}

const SAMPLE: &[u8] = b"team_name, manager_name, manager_phone_number\r\n";

#[test]
fn the_sample_headings_fit() {
    let heading = fits(SAMPLE);
    assert_eq!(heading.column_order, [Some(0), Some(1), Some(2)]);
    assert_eq!((heading.byte_end, heading.next_line), (47, 2));
    assert_eq!(heading.warning(), None);
    let baseline = find("baseline").unwrap();
    let text = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
                Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit\n";
    let heading = read(text.as_bytes(), true, baseline).unwrap().unwrap();
    let order: Vec<_> = (0..14).map(Some).collect();
    assert_eq!(heading.column_order, order);
}

#[test]
fn any_order_any_case_quoted_and_marked() {
    let bytes = b"\xef\xbb\xbf\"MANAGER_PHONE_NUMBER \", Team_Name,manager_name\rx";
    let heading = fits(bytes);
    assert_eq!(heading.column_order, [Some(2), Some(0), Some(1)]);
    assert_eq!(heading.byte_end, bytes.len() as i64 - 1);
    assert_eq!(heading.next_line, 2);
    assert_eq!(
        heading.data_start(),
        Start::after_heading(heading.byte_end, 2)
    );
}

#[test]
fn empty_lines_before_and_no_line_break_behind() {
    let heading = fits(b"\r\n\nteam_name,manager_name,manager_phone_number");
    assert_eq!((heading.byte_end, heading.next_line), (46, 3));
    let heading = fits(b"team_name,manager_name,manager_phone_number\r");
    assert_eq!((heading.byte_end, heading.next_line), (44, 2));
}

#[test]
fn a_heading_on_two_lines() {
    let heading = fits(b"team_name,manager_name,manager_phone_number,\"my\r\nnote\"\n");
    assert_eq!(heading.next_line, 3);
    assert_eq!(heading.unknown, ["my\r\nnote"]);
}

#[test]
fn unknown_columns_are_a_warning() {
    let heading = fits(b"age,team_name,manager_name,manager_phone_number,\n");
    assert_eq!(
        heading.column_order,
        [None, Some(0), Some(1), Some(2), None]
    );
    assert_eq!(heading.unknown, ["age", ""]);
    let warning = heading.warning().unwrap();
    assert_eq!(warning.code(), "unknown_columns");
    assert!(warning.to_string().contains("\"age\", \"\""), "{warning:?}");
}

#[test]
fn missing_doubled_and_unknown_are_named() {
    refused(
        b"team_name,TEAM_NAME,age,manager_name\n",
        "bad_heading",
        &[
            "Missing: \"manager_phone_number\".",
            "More than once: \"team_name\".",
            "Unknown: \"age\".",
        ],
    );
    refused(
        b"(674) 566-5530,Ann\n",
        "bad_heading",
        &["team file", "Missing: \"team_name\", \"manager_name\""],
    );
}

#[test]
fn another_delimiter_is_named() {
    let table: [(&[u8], &str); 5] = [
        (
            b"team_name;manager_name;manager_phone_number\n",
            "semicolons (;)",
        ),
        (
            b"team_name;manager_name;manager_phone_number;points, so far\n",
            "semicolons (;)",
        ),
        (
            b"\"team_name\";\"manager_name\";\"manager_phone_number\"\n",
            "semicolons",
        ),
        (b"team_name\tmanager_name\tmanager_phone_number\n", "tabs"),
        (
            b"team_name|manager_name|manager_phone_number\n",
            "pipes (|)",
        ),
    ];
    for (bytes, word) in table {
        refused(bytes, "bad_heading", &[word, "use commas"]);
    }
    let reason = team(b"a;b\n").unwrap_err();
    assert!(!reason.to_string().contains("separated"));
}

#[test]
fn long_names_and_long_lists_are_cut() {
    let mut bytes = vec![b'x'; 10_000];
    bytes.extend(b"\xc3\xa9,\"a\x1b[31m\nb\"");
    bytes.extend(b",y".repeat(500));
    let detail = team(&bytes).unwrap_err().to_string();
    assert!(detail.chars().count() < 600, "{detail}");
    assert!(
        detail.contains("xxx\u{2026}\"") && detail.contains("482 more"),
        "{detail}"
    );
    assert!(!detail.contains(char::is_control), "{detail}");
}

#[test]
fn nothing_in_the_file() {
    let table: [&[u8]; 5] = [b"", b"\n", b"\r\n\r\n", b"  \n \t", b"\xef\xbb\xbf\r\n"];
    for bytes in table {
        refused(bytes, "no_records", &["empty"]);
    }
}

#[test]
fn what_is_not_text() {
    let table: [&[u8]; 9] = [
        b"\xff\xfet\0e\0",
        b"\xfe\xff\0t\0e",
        b"\xff\xfe\0\0t\0\0\0",
        b"\0\0\xfe\xff\0\0\0t",
        b"t\0e\0a\0m\0\n\0",
        b"team_name,manager\0_name\n",
        b"team_name,caf\xe9\n",
        b"PK\x03\x04\x14\0\x06\0",
        b"caf\xc3",
    ];
    for bytes in table {
        refused(bytes, "not_text", &[]);
    }
}

#[test]
fn wide_text_is_named() {
    let table: [(&[u8], &str); 6] = [
        (b"\xff\xfet\0e\0", "UTF-16"),
        (b"\xfe\xff\0t\0e", "UTF-16"),
        (b"t\0e\0a\0m\0", "UTF-16"),
        (b"\0t\0e\0a\0m", "UTF-16"),
        (b"\xff\xfe\0\0t\0\0\0", "UTF-32"),
        (b"\0\0\xfe\xff\0\0\0t", "UTF-32"),
    ];
    for (bytes, name) in table {
        refused(bytes, "not_text", &[name, "Save it as UTF-8"]);
    }
}

#[test]
fn a_quote_that_is_never_closed() {
    refused(
        b"team_name,\"manager_name,manager_phone_number\nFalcons,Ada,1\n",
        "bad_heading",
        &["quote", "never closed"],
    );
}

#[test]
fn more_columns_than_are_taken() {
    let mut bytes = b"team_name,manager_name,manager_phone_number".to_vec();
    bytes.extend(b",".repeat(COLUMNS_AT_MOST - 3));
    assert_eq!(fits(&bytes).column_order.len(), COLUMNS_AT_MOST);
    bytes.push(b',');
    refused(&bytes, "bad_heading", &["1001 columns", "at most 1000"]);
}

#[test]
fn a_prefix_is_enough_only_if_the_heading_ends_in_it() {
    let team = find("team").unwrap();
    for end in 0..SAMPLE.len() {
        assert_eq!(read(&SAMPLE[..end], false, team), Ok(None), "{end}");
    }
    let whole = read(SAMPLE, false, team).unwrap().unwrap();
    let mut longer = SAMPLE.to_vec();
    longer.extend(b"\xff\0\"");
    assert_eq!(read(&longer, false, team), Ok(Some(whole)));
    // A character that is cut in two is not an error yet, a sequence that is no character is.
    assert_eq!(read(b"caf\xc3", false, team), Ok(None));
    assert_eq!(
        read(b"caf\xc3,", false, team).unwrap_err().code(),
        "not_text"
    );
}

#[test]
fn a_heading_that_does_not_end() {
    let team = find("team").unwrap();
    let mut bytes = b"team_name,\"manager_name,manager_phone_number\n".to_vec();
    bytes.resize(HEADING_BYTES_AT_MOST - 1, b'\n');
    assert_eq!(read(&bytes, false, team), Ok(None));
    bytes.push(b'\n');
    let reason = read(&bytes, false, team).unwrap_err();
    assert_eq!(reason.code(), "bad_heading");
    assert!(reason.to_string().contains("64 KiB"));
    bytes.push(b'\n');
    assert_eq!(read(&bytes, true, team), Err(reason));
}
