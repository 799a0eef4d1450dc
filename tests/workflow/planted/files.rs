//! What stands in files: cells that are good, bad, or shown in why a file is refused; and what lets
//! somebody fetch or send one.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Planted;
use crate::fixture::client::{Import, User, ask, ask_url, put};
use crate::fixture::pack;
use crate::fixture::stack::{sql, wait_until};

const HEADING: &str = "team_name,manager_name,manager_phone_number";

/// Imports of all ends.
pub fn imported(planted: &mut Planted, user: &User) -> Vec<Uuid> {
    let imports = [
        good_and_bad(planted, user),
        of_bad_records(planted, user),
        of_another_heading(planted, user),
        of_an_open_quote(planted, user),
        of_no_text(planted, user),
        packed(planted, user),
        packed_and_damaged(planted, user),
        declared(planted, user),
        cancelled(planted, user),
    ];
    filters(planted, user);
    imports.map(|it| it.uid).into()
}

fn good_and_bad<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let (good, bad) = (planted.word("a cell"), planted.word("a bad cell"));
    let file = format!("{HEADING}\n{good},{good},1\n{good},b,{bad}\nc,d,2\n");
    let import = user.upload_saying("team", "max_errors=100%25", file.as_bytes());
    let ended = import.ends("completed");
    user.get(&format!("{}errors/", import.path)).expect(200);
    user.get(&format!("{}rows/", import.path)).expect(200);
    let link = ended["rejected_rows_url"].as_str().unwrap();
    planted.link("a link to rejected rows", link);
    let rejected = ask_url("GET", link, &[], None);
    assert!(rejected.body.contains(&bad), "{rejected:?}");
    // A link that was changed is refused, and must not be told either.
    ask_url("GET", &format!("{link}0"), &[], None);
    import
}

/// What an import fails for may show a cell, in its answer only.
fn of_bad_records<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let bad = planted.word("a cell that is shown");
    let file = format!("{HEADING}\n{}", format!("a,b,{bad}\n").repeat(12));
    let import = user.upload("team", file.as_bytes());
    let told = import.ends("failed")["error"].to_string();
    assert!(told.contains(&bad), "{told}");
    import
}

fn of_another_heading<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let name = planted.word("a name in the heading");
    let file = format!("{name},manager_name,manager_phone_number\na,b,1\n");
    let import = user.upload("team", file.as_bytes());
    import.ends("failed");
    import
}

fn of_an_open_quote<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let cell = planted.word("a cell whose quote stays open");
    let file = format!("{HEADING}\n{cell},b,1\n\"{cell},c\n");
    let import = user.upload("team", file.as_bytes());
    import.until(|it| it["finished_at"].is_string());
    import
}

fn of_no_text<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let inside = planted.word("a part of a document");
    let import = user.upload("team", format!("%PDF-1.7\n{inside}\n").as_bytes());
    import.ends("failed");
    import
}

fn packed<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let cell = planted.word("a packed cell");
    let file = pack::gzip(format!("{HEADING}\n{cell},b,1\n").as_bytes());
    let import = user.upload("team", &file);
    import.ends("completed");
    import
}

fn packed_and_damaged<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let cell = planted.word("a cell of a damaged file");
    let rows = format!("{cell},b,1\n").repeat(400);
    let mut file = pack::gzip(format!("{HEADING}\n{rows}").as_bytes());
    let end = file.len() - 6;
    file[end] ^= 0xff;
    let import = user.upload("team", &file);
    import.ends("failed");
    import
}

/// A dataset of one's own: its words, a sample of it, and a cell that its rules refuse.
fn declared<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let (example, bad) = (planted.word("an example"), planted.word("a cell of a rule"));
    let sampled = planted.word("a cell of a sample");
    let sample = format!("number,note\n1,{sampled}\n{sampled},x\n");
    user.send("/collect/datasets/infer/", "a.csv", sample.as_bytes())
        .expect(200);
    user.send("/collect/datasets/validate/", "a.csv", sample.as_bytes());
    let declaration = json!({"fields": [
        {"name": "number", "type": "integer", "constraints": {"required": true}},
        {"name": "note", "type": "string", "example": example},
    ]});
    user.put_json("/collect/datasets/planted/", &declaration)
        .expect(201);
    let refused = json!({"fields": [{"name": "number", "type": example}]});
    user.put_json("/collect/datasets/planted/", &refused)
        .expect(400);
    let file = format!("number,note\n1,x\n{bad},y\n2,z\n3,z\n");
    let import = user.upload_saying("planted", "max_errors=100%25", file.as_bytes());
    import.ends("completed");
    import
}

/// Sent to a URL, twice, and cancelled.
fn cancelled<'u>(planted: &mut Planted, user: &'u User) -> Import<'u> {
    let cell = planted.word("a cell that is taken back");
    let file = format!("{HEADING}\n{cell},b,1\n");
    let (import, upload) = user.ask_for_url("team", file.len());
    planted.link("an upload URL", upload["url"].as_str().unwrap());
    assert_eq!(put(&upload, file.as_bytes()).status, 200);
    assert_eq!(put(&upload, file.as_bytes()).status, 412);
    import.ends("completed");
    import.post("cancel").expect(202);
    import.ends("cancelled");
    import
}

/// Values that rows are asked for by, of the right kind and of none, and the key of a request.
fn filters(planted: &mut Planted, user: &User) {
    let value = planted.word("a value that rows are asked for by");
    for path in [
        "/collect/team/rows/?team_name=",
        "/collect/data/?from=",
        "/collect/data/?country=",
        "/collect/data/summary/?by=",
        "/collect/team/?status=",
        "/collect/planted/summary/?by=",
    ] {
        user.get(&format!("{path}{value}"));
    }
    user.get(&format!("/collect/data/?{value}=1"));
    let key = planted.word("an Idempotency-Key");
    let bearer = format!("Bearer {}", user.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", key.as_str()),
    ];
    for size in [10, 10, 11] {
        let body = json!({"filename": "a.csv", "size": size}).to_string();
        ask("POST", "/collect/planted/", &headers, Some(body.as_bytes()));
    }
}

/// An export of rows that are asked for by a value, with its link.
pub fn exported(planted: &mut Planted, user: &User) -> Vec<Uuid> {
    let value = planted.word("a value that is exported by");
    let body = json!({"dataset": "team", "team_name": value});
    user.post_json("/collect/exports/", &body).expect(201);
    let export = || user.get("/collect/exports/1/").expect(200);
    wait_until("the export is complete", || {
        export()["status"] == "completed"
    });
    let export: Value = export();
    let link = export["download"]["url"].as_str().unwrap();
    planted.link("a link to an export", link);
    assert_eq!(ask_url("GET", link, &[], None).status, 200);
    let created: jiff::Timestamp = export["created_at"].as_str().unwrap().parse().unwrap();
    vec![sql::one(
        "SELECT uid FROM export WHERE created_at = $1",
        &[&created],
    )]
}
