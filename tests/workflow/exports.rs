//! Exports, from the request to the file and to its removal.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{self, User, ask_url};
use crate::fixture::events::event;
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{cloud, sample};

const WAIT_AT_MOST: Duration = Duration::from_secs(120);

/// More rows than this stack exports without a confirmation.
const LARGE: u64 = 60_000;

/// An export of a user.
struct Export<'u> {
    user: &'u User,
    path: String,
    uid: Uuid,
    key: String,
}

impl<'u> Export<'u> {
    fn ask(user: &'u User, body: &Value) -> (Self, Value) {
        let object = user.post_json("/collect/exports/", body).expect(201);
        let path = format!("/collect/exports/{}/", object["id"]);
        let (uid, key) = stored(&object);
        let export = Self {
            user,
            path,
            uid,
            key,
        };
        (export, object)
    }

    fn detail(&self) -> Value {
        self.user.get(&self.path).expect(200)
    }

    #[track_caller]
    fn ends(&self, status: &str) -> Value {
        let begin = Instant::now();
        loop {
            let detail = self.detail();
            if detail["status"] == status {
                return detail;
            }
            assert!(begin.elapsed() < WAIT_AT_MOST, "{status}: {detail}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn file(&self) -> String {
        let detail = self.ends("completed");
        let url = detail["download"]["url"].as_str().unwrap();
        let answer = ask_url("GET", url, &[], None);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body.len() as i64, detail["download"]["bytes"]);
        answer.body
    }

    fn has_left_nothing(&self) {
        assert_eq!(cloud::object_versions(&self.key), [""; 0]);
        assert!(!cloud::uploads().contains(&self.key));
        let parts = "SELECT count(*) FROM export_part JOIN export ON id = export_id WHERE uid = $1";
        assert_eq!(sql::one::<i64>(parts, &[&self.uid]), 0);
    }
}

/// The uid and the key of an export, by its time of creation, which both the answer and the table
/// have.
fn stored(object: &Value) -> (Uuid, String) {
    let created_at: jiff::Timestamp = object["created_at"].as_str().unwrap().parse().unwrap();
    let sql = "SELECT uid, object_key FROM export WHERE created_at = $1";
    let row = sql::row(sql, &[&created_at]);
    (row.get(0), row.get(1))
}

/// What S3 lists of multipart uploads.
fn reconcile() {
    cloud::invoke("ReconcileFunction", &event("reconcile", "schedule"));
}

/// The rows of a user's baseline, without their record numbers.
fn rows_of(user: &User) -> Vec<String> {
    let owner: Uuid = sql::one(
        "SELECT owner FROM import WHERE uid = $1",
        &[&user_import(user)],
    );
    let sql = "SELECT (to_jsonb(r) - 'import_id' - 'record')::text FROM sales_record r \
         JOIN import i ON i.id = r.import_id WHERE i.owner = $1 ORDER BY 1";
    let rows = sql::rows(sql, &[&owner]);
    rows.iter().map(|row| row.get(0)).collect()
}

fn user_import(user: &User) -> Uuid {
    let list = user.get("/collect/baseline/").expect(200);
    let file = list["results"][0]["file"].as_str().unwrap();
    file.split('/').nth(5).unwrap().parse().unwrap()
}

#[test]
fn without_guard_the_file_imports_back_to_the_same_rows() {
    let (user, other) = (User::new(), User::new());
    let heading = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
        Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit";
    let numbers = "100000001,8/9/2015,1,9.50,9.33,9.50,9.33,0.17";
    let loss = "100000002,12/31/0999,1,9.33,9.5,9.33,9.50,-0.17";
    let file = format!(
        "{heading}\r\n=1+1,\"Azerbaijan \",\"a \"\"quoted\"\", b\",\"two\nlines\",C,8/1/2015,{numbers}\r\n\
         東京,'x,-1,@y,+z,1/2/0001,{loss}\r\n\
         \\N,a\tb\\,\\n\\\\,\"\r\n\u{8}\u{b}\u{c}\",M,2/29/2000,{numbers}\r\n"
    );
    user.upload("baseline", file.as_bytes()).ends("completed");
    let (export, _) = Export::ask(&user, &json!({"guard": false}));
    let written = export.file();
    assert!(written.starts_with(&format!("{heading}\r\n")));
    other
        .upload("baseline", written.as_bytes())
        .ends("completed");
    assert_eq!(rows_of(&user), rows_of(&other));
    let (guarded, _) = Export::ask(&user, &json!({}));
    let guarded = guarded.file();
    assert!(guarded.contains("\r\n'=1+1,"), "{guarded}");
    assert!(guarded.contains("\r\n東京,'x,-1,'@y,'+z,") && guarded.contains(",-0.17\r\n"));
    assert!(guarded.contains(",\"a\tb\\\","), "{guarded}");
    other
        .get(&export.path)
        .is(404, r#"{"detail":"Not found."}"#);
}

#[test]
fn a_large_export_waits_for_confirmation_and_then_is_complete() {
    let user = User::new();
    let import = user.upload_to_url("baseline", &sample::sales(191, LARGE));
    import.ends("completed");
    let (export, asked) = Export::ask(&user, &json!({}));
    assert_eq!(asked["status"], "needs_confirmation");
    assert_eq!(asked["estimate"]["rows"], LARGE);
    assert!(asked["confirm_expires_at"].is_string());
    let confirmed = user.post(&format!("{}confirm/", export.path)).expect(202);
    assert_eq!(confirmed["status"], "exporting");
    let file = export.file();
    assert_eq!(file.lines().count() as u64, LARGE + 1);
    let detail = export.detail();
    assert_eq!(detail["progress"]["percent"], 100);
    assert_eq!(detail["progress"]["rows_done"], LARGE);
    let wrong = r#"{"detail":"An export in state completed cannot be cancelled. Its file is at `download`; DELETE it to remove the file.","code":"wrong_state"}"#;
    user.post(&format!("{}cancel/", export.path)).is(409, wrong);
    user.delete(&export.path).is(204, "");
    user.get(&export.path).is(404, r#"{"detail":"Not found."}"#);
    export.has_left_nothing();
}

#[test]
fn an_export_with_more_parts_than_s3_takes_fails_with_its_reason() {
    let user = User::new();
    let import = user.upload_to_url("baseline", &sample::sales(194, LARGE));
    import.ends("completed");
    let (export, _) = Export::ask(&user, &json!({}));
    let forged = sql::rows(
        "INSERT INTO export_part (export_id, number, etag, rows, bytes, import_id, order_date, record) \
         SELECT id, part, 'of a wide row', 0, 0, 0, '0001-01-01', 0 \
         FROM export, generate_series(1, 10000) AS part WHERE uid = $1 RETURNING number",
        &[&export.uid],
    );
    assert_eq!(forged.len(), 10_000);
    sql::change(
        "UPDATE export SET parts_done = 10000 WHERE uid = $1",
        &[&export.uid],
    );
    user.post(&format!("{}confirm/", export.path)).expect(202);
    let detail = export.ends("failed");
    assert_eq!(detail["error"]["code"], "export_too_large", "{detail}");
    export.has_left_nothing();
}

#[test]
fn a_cancel_removes_what_was_uploaded() {
    let user = User::new();
    let import = user.upload_to_url("baseline", &sample::sales(192, LARGE));
    import.ends("completed");
    let (export, _) = Export::ask(&user, &json!({"confirm": true}));
    let answer = user.post(&format!("{}cancel/", export.path)).expect(202);
    assert_eq!(answer["download"], Value::Null);
    let detail = export.ends("cancelled");
    assert_eq!(detail["download"], Value::Null);
    // The writer may still be running. It removes what it stores.
    wait_until("nothing is left", || {
        cloud::object_versions(&export.key).is_empty() && !cloud::uploads().contains(&export.key)
    });
    export.has_left_nothing();
    assert_eq!(export.detail()["status"], "cancelled");
}

#[test]
fn an_export_past_its_days_is_removed() {
    let user = User::new();
    user.upload("baseline", &sample::sales(193, 20))
        .ends("completed");
    let (whole, _) = Export::ask(&user, &json!({"gzip": true}));
    whole.ends("completed");
    assert_eq!(cloud::object_versions(&whole.key).len(), 1);
    let over = "UPDATE export SET expires_at = now() WHERE uid = $1";
    sql::change(over, &[&whole.uid]);
    reconcile();
    assert_eq!(whole.ends("expired")["download"], Value::Null);
    whole.has_left_nothing();
}

/// No link leads to rows, not even one that was handed out before of a deleted import.
#[test]
fn a_file_is_removed_when_one_of_its_imports_is_deleted() {
    let user = User::new();
    let import = user.upload("baseline", &sample::sales(195, 20));
    import.ends("completed");
    let (export, _) = Export::ask(&user, &json!({}));
    export.file();
    let link = export.detail()["download"]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(ask_url("GET", &link, &[], None).status, 200);
    import.delete().is(204, "");
    assert_eq!(
        ask_url("GET", &link, &[], None).status,
        404,
        "a link outlives its rows"
    );
    let detail = export.detail();
    let listed = user.get("/collect/exports/").expect(200)["results"][0].clone();
    for seen in [detail, listed] {
        assert_eq!(seen["download"], Value::Null, "{seen}");
        assert!(["expiring", "expired"].contains(&seen["status"].as_str().unwrap()));
    }
    reconcile();
    let detail = export.ends("expired");
    assert_eq!(detail["error"]["code"], "source_changed", "{detail}");
    export.has_left_nothing();
}

/// A writer stores an object while its export is removed.
#[test]
fn what_an_ended_export_left_is_swept() {
    let user = User::new();
    user.upload("baseline", &sample::sales(196, 20))
        .ends("completed");
    let (export, _) = Export::ask(&user, &json!({}));
    export.ends("completed");
    user.delete(&export.path).is(204, "");
    export.has_left_nothing();
    cloud::put_object(&export.key, b"late");
    let hours_pass = "UPDATE export SET progressed_at = now() - interval '2 hours' WHERE uid = $1";
    sql::change(hours_pass, &[&export.uid]);
    wait_until("it is swept", || {
        reconcile();
        cloud::object_versions(&export.key).is_empty()
    });
}

#[test]
fn an_export_whose_execution_was_lost_is_started_again() {
    let user = User::new();
    user.upload("baseline", &sample::sales(194, 20))
        .ends("completed");
    let (export, _) = Export::ask(&user, &json!({}));
    export.ends("completed");
    // As if its first run had had no effect.
    let lost = "UPDATE export SET state = 'exporting', expires_at = NULL, finished_at = NULL, \
         progressed_at = now() - interval '10 minutes' WHERE uid = $1";
    sql::change(lost, &[&export.uid]);
    reconcile();
    let detail = export.ends("completed");
    assert_eq!(detail["progress"]["rows_done"], 20);
    let run = "SELECT run FROM export WHERE uid = $1";
    assert_eq!(sql::one::<i32>(run, &[&export.uid]), 2);
    assert_eq!(export.file().lines().count(), 21);
}

#[test]
fn the_same_key_gets_the_same_export() {
    let user = User::new();
    let bearer = format!("Bearer {}", user.token);
    let ask = |body: &str| {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "k"),
        ];
        client::ask("POST", "/collect/exports/", &headers, Some(body.as_bytes()))
    };
    let first = ask("{}").expect(201);
    assert_eq!(ask("{}").expect(201)["id"], first["id"]);
    assert_eq!(ask(r#"{"gzip":true}"#).status, 422);
}
