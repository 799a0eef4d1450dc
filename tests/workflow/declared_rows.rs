//! Rows of a declared dataset: read while it is dropped, and larger than an answer may be.

use std::thread;

use serde_json::{Value, json};

use crate::fixture::client::{Answer, Import, User, api_url, ask_url};
use crate::fixture::stack::{sql, wait_until};

const LIST: &str = "/collect/notes/rows/";

fn declare(user: &User) {
    let declaration = json!({"fields": [
        {"name": "number", "type": "integer", "constraints": {"required": true}},
        {"name": "text", "type": "string"},
    ]});
    user.put_json("/collect/datasets/notes/", &declaration)
        .expect(201);
}

fn imported<'u>(user: &'u User, file: &[u8]) -> Import<'u> {
    declare(user);
    let import = user.upload_to_url("notes", file);
    import.ends("completed");
    import
}

/// The number of the dataset that the import is of.
fn dataset_of(import: &Import<'_>) -> i64 {
    sql::one(
        "SELECT dataset_id FROM import WHERE uid = $1",
        &[&import.uid],
    )
}

/// What a reader is answered who has counted the rows when this happens to their table.
fn read_while(user: &User, dataset: i64, happens: &str) -> Answer {
    let lock = format!("LOCK TABLE d_{dataset} IN ACCESS EXCLUSIVE MODE");
    let held = sql::Open::begin(&lock, &[]);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))";
    thread::scope(|scope| {
        let url = format!("{}{LIST}?number__gte=1", api_url());
        let token = format!("Bearer {}", user.token);
        // A 503 is one of the answers.
        let reader = scope.spawn(move || ask_url("GET", &url, &[("Authorization", &token)], None));
        wait_until("a reader waits", || {
            sql::one::<i64>(waits, &[&held.pid()]) > 0
        });
        held.commit_with(happens);
        reader.join().unwrap()
    })
}

#[test]
fn a_dataset_that_is_dropped_while_it_is_read_is_not_found() {
    let user = User::new();
    let import = imported(&user, b"number,text\r\n1,a\r\n2,b\r\n");
    let id = dataset_of(&import);
    // What the drop of a dataset has done at its end, an hour after it was asked for.
    let drop = format!(
        "UPDATE import SET state = 'deleted', goal = 'deleted', rows_deleted = 2, \
             rows_remaining = 0, swept_at = now() WHERE dataset_id = {id}; \
         UPDATE dataset SET state = 'dropping', dropped_at = now() WHERE id = {id}; \
         SELECT drop_dataset_table({id})"
    );
    read_while(&user, id, &drop).is(404, r#"{"detail":"Not found."}"#);
}

/// The table stays another: whoever asks is told to ask again.
#[test]
fn a_dataset_that_is_another_at_each_look_is_to_be_asked_for_again() {
    let user = User::new();
    let import = imported(&user, b"number,text\r\n1,a\r\n");
    let id = dataset_of(&import);
    let rename = format!("ALTER TABLE d_{id} RENAME c1 TO c9");
    let answer = read_while(&user, id, &rename);
    let expected = json!({
        "detail": "The dataset was declared anew meanwhile. Send the request again.",
        "code": "dataset_changed",
    });
    assert_eq!(answer.expect(503), expected);
    assert_eq!(answer.header("retry-after"), Some("1"));
    let back = sql::Open::begin("SELECT 1", &[]);
    back.commit_with(&format!("ALTER TABLE d_{id} RENAME c9 TO c1"));
    let count = user.get(&format!("{LIST}?number__gte=1")).expect(200)["count"].clone();
    assert_eq!(count, 1);
}

/// Each text has 400,000 characters that are written with more bytes in JSON.
#[test]
fn rows_that_are_larger_than_an_answer_come_on_several_pages() {
    const ROWS: usize = 20;
    let user = User::new();
    let text = "x\\".repeat(200_000);
    let record = |number: usize| format!("{number},{text}\r\n");
    let file = "number,text\r\n".to_owned() + &(1..=ROWS).map(record).collect::<String>();
    imported(&user, file.as_bytes());
    let refused = user.get(&format!("{LIST}?limit=100"));
    let body = refused.expect(400);
    assert_eq!(body["code"], "page_too_large", "{body}");
    let words = body["detail"].as_str().unwrap();
    let fitting = words.split("limit=").nth(1).unwrap();
    let fitting: usize = fitting.split(' ').next().unwrap().parse().unwrap();
    let page = user.get(&format!("{LIST}?limit={fitting}")).expect(200);
    assert_eq!(page["results"].as_array().unwrap().len(), fitting);

    let mut next = Some(format!("{LIST}?limit=100&cursor="));
    let mut numbers: Vec<String> = Vec::new();
    while let Some(path) = next {
        let page = user.get(&path).expect(200);
        for row in page["results"].as_array().unwrap() {
            assert_eq!(row["data"]["text"], Value::from(text.as_str()));
            numbers.push(row["data"]["number"].as_str().unwrap().to_owned());
        }
        let query = page["next"]
            .as_str()
            .map(|it| it.split_once('?').unwrap().1);
        next = query.map(|it| format!("{LIST}?{it}"));
    }
    let expected: Vec<String> = (1..=ROWS).map(|it| it.to_string()).collect();
    assert_eq!(numbers, expected);
}
