//! The file of rejected rows: fetched, corrected, and uploaded again as it is.

use crate::fixture::client::{Import, User, ask_url};
use crate::fixture::stack::sql;

const TEAMS: &str = concat!(
    "note, Manager_Name ,team_name,manager_phone_number\r\n",
    "a,Ada,Owls,1\r\n",
    "\"b, \"\"quoted\"\"\nover two lines\",Ben,Foxes,1234567890123456\r\n",
    "c,Cy\r\n",
    "d,Di,,1234567890123456\r\n",
);

/// Three of four records are bad.
const TAKE_ALL: &str = "max_errors=100%25";

const REJECTED: &str = concat!(
    "\u{feff}note,Manager_Name,team_name,manager_phone_number,record,line,error\r\n",
    "\"b, \"\"quoted\"\"\nover two lines\",Ben,Foxes,1234567890123456,2,3,",
    "manager_phone_number: Ensure this field has no more than 15 characters.\r\n",
    "c,Cy,3,5,\"Expected 4 columns as in the heading, found 2.\"\r\n",
    "d,Di,,1234567890123456,4,6,",
    "manager_phone_number: Ensure this field has no more than 15 characters.\r\n",
);

fn rejected_rows(import: &Import<'_>) -> String {
    let detail = import.ends("completed");
    let url = detail["rejected_rows_url"].as_str().unwrap().to_owned();
    let answer = ask_url("GET", &url, &[], None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

#[test]
fn rejected_rows_can_be_corrected_and_uploaded_again() {
    let user = User::new();
    let import = user.upload_saying("team", TAKE_ALL, TEAMS.as_bytes());
    let file = rejected_rows(&import);
    assert_eq!(file, REJECTED);
    let corrected = file
        .replace("1234567890123456", "2")
        .replace("c,Cy,3,5", "c,Cy,Bears,3,3,5");
    let again = user.upload("team", corrected.as_bytes());
    let detail = again.ends("completed");
    let ignored = "Columns that are not known were ignored: \"note\".";
    assert_eq!(detail["warnings"][0]["detail"], ignored, "{detail}");
    assert_eq!(detail["progress"]["rows_rejected"], 0, "{file}{corrected}");
    assert_eq!(detail["rejected_rows_url"], serde_json::Value::Null);
    assert_eq!(again.rows_seen(), 3);
}

/// Whatever the file was called that was sent.
#[test]
fn a_download_has_a_name_of_ours() {
    let user = User::new();
    let list = format!("/collect/team/?{TAKE_ALL}");
    let answer = user.send(&list, "..%2F\u{202e}evil.html", TEAMS.as_bytes());
    let import = Import::of(&user, "team", &answer.expect(201));
    let link = import.ends("completed")["rejected_rows_url"].clone();
    let file = ask_url("GET", link.as_str().unwrap(), &[], None);
    let name = "attachment; filename=\"rejected-1.csv\"";
    assert_eq!(file.header("content-disposition"), Some(name));
    assert_eq!(file.body, REJECTED);
}

#[test]
fn uncorrected_rows_are_rejected_again() {
    let user = User::new();
    let import = user.upload_saying("team", TAKE_ALL, TEAMS.as_bytes());
    let file = rejected_rows(&import);
    let again = user.upload("team", file.as_bytes()).ends("failed");
    assert_eq!(again["error"]["code"], "no_rows_fit", "{again}");
    assert_eq!(again["progress"]["rows_rejected"], 3, "{again}");
}

#[test]
fn a_deleted_import_loses_its_rejected_rows() {
    let user = User::new();
    let import = user.upload_saying("team", TAKE_ALL, TEAMS.as_bytes());
    let detail = import.ends("completed");
    let url = detail["rejected_rows_url"].as_str().unwrap();
    assert_eq!(ask_url("GET", url, &[], None).status, 200);
    import.delete().is(204, "");
    import.is_forgotten();
    assert_eq!(ask_url("GET", url, &[], None).status, 404);
    let left: i64 = sql::one(
        "SELECT count(*) FROM row_error WHERE import_id = (SELECT id FROM import WHERE uid = $1)",
        &[&import.uid],
    );
    assert_eq!(left, 0);
}
