use serde_json::{Value, json};

use crate::fixture::client::{Import, User};
use crate::fixture::sample;
use crate::fixture::stack::sql;

/// Texts that are easily read wrong, and what must come out of them.
const TRAPS: [(&str, [&str; 3]); 8] = [
    (
        "Falcons,Ada Lovelace,(674) 566-5530",
        ["Falcons", "Ada Lovelace", "(674) 566-5530"],
    ),
    (
        "Trailing  , Leading,(1) ",
        ["Trailing  ", " Leading", "(1) "],
    ),
    (
        r#""Comma, Inc.","He said ""no""",1"#,
        ["Comma, Inc.", r#"He said "no""#, "1"],
    ),
    (
        "\"Two\r\nlines\",\"Three\n\nof them\",2",
        ["Two\r\nlines", "Three\n\nof them", "2"],
    ),
    (
        "Équipe Ñandú 東京 🦅,Zoë,+41 44",
        ["Équipe Ñandú 東京 🦅", "Zoë", "+41 44"],
    ),
    ("O'Brien's,\\N,NULL", ["O'Brien's", "\\N", "NULL"]),
    (",No team,", ["", "No team", ""]),
    (
        "Falcons,Ada Lovelace,(674) 566-5530",
        ["Falcons", "Ada Lovelace", "(674) 566-5530"],
    ),
];

const HEADING: &str = "team_name, manager_name, manager_phone_number";

#[test]
fn every_team_comes_back_as_it_went_in() {
    for line_break in ["\r\n", "\n"] {
        let mut file = format!("{HEADING}{line_break}");
        for (record, _) in TRAPS {
            file += record;
            file += line_break;
        }
        let user = User::new();
        let import = user.upload("team", file.as_bytes());
        let detail = import.ends("completed");
        assert_eq!(detail["progress"]["rows_imported"], TRAPS.len());
        rows_agree(&user, &import);
    }
}

#[test]
fn the_last_line_needs_no_line_break() {
    let user = User::new();
    let file = format!("{HEADING}\r\na,b,c\r\nd,e,f");
    let import = user.upload("team", file.as_bytes());
    import.ends("completed");
    assert_eq!(import.rows_seen(), 2);
}

#[test]
fn every_one_of_many_teams_is_there() {
    let user = User::new();
    let file = sample::teams(21, 5_000);
    let import = user.upload("team", &file);
    import.ends("completed");
    let expected: Vec<Vec<String>> = super::sales::records(&file)
        .iter()
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(stored(&import), expected);
    assert_eq!(import.rows_seen(), 5_000);
}

fn rows_agree(user: &User, import: &Import<'_>) {
    let page = user
        .get(&format!("{}rows/?limit=100", import.path))
        .expect(200);
    let entry = |(_, cells): &(&str, [&str; 3])| {
        json!({"data": {
            "team_name": cells[0], "manager_name": cells[1], "manager_phone_number": cells[2],
        }})
    };
    let entries: Vec<Value> = TRAPS.iter().map(entry).collect();
    let whole = json!({
        "count": TRAPS.len(), "next": null, "previous": null, "results": entries,
    });
    assert_eq!(page.to_string(), whole.to_string());
    let expected: Vec<Vec<String>> = TRAPS.map(|(_, it)| it.map(str::to_owned).to_vec()).to_vec();
    assert_eq!(stored(import), expected);
}

/// The rows in the table, in the order of their records.
fn stored(import: &Import<'_>) -> Vec<Vec<String>> {
    let rows = sql::rows(
        "SELECT team_name, manager_name, manager_phone_number FROM team \
         WHERE import_id = (SELECT id FROM import WHERE uid = $1) ORDER BY record",
        &[&import.uid],
    );
    let cells = |row: &tokio_postgres::Row| (0..3).map(|column| row.get(column)).collect();
    rows.iter().map(cells).collect()
}
