//! A user deletes the account: everything goes, by the functions that are deployed, and the name is
//! another user's then.

mod steps;

use serde_json::{Value, json};
use uuid::Uuid;

use super::lost::reconcile;
use super::pause;
use crate::fixture::client::{User, ask};
use crate::fixture::cloud::{self, accounts};
use crate::fixture::sample;
use crate::fixture::stack::{sql, wait_until};

const PASSWORD: &str = "12ab34cd";

/// What is sold, by the day.
const DECLARATION: &str =
    r#"{"fields":[{"name":"what","type":"string"},{"name":"day","type":"date"}]}"#;
const SOLD: &[u8] = b"what,day\nkettle,2026-01-02\nlamp,2026-01-03\n";

fn owner(user: &User) -> Uuid {
    let item = accounts::item(&format!("USER#{}", user.id));
    item["owner"]["S"].as_str().unwrap().parse().unwrap()
}

/// The report as everyone sees it who has its address.
fn report(address: &str) -> Value {
    let (_, path) = address.split_once("/auth/").unwrap();
    ask("GET", &format!("/auth/{path}"), &[], None).expect(200)
}

/// As if what was deleted had ended two hours ago, and the account had been deleted before that.
fn hours_later(owner: Uuid) {
    for sql in [
        "UPDATE import SET finished_at = now() - interval '2 hours', \
             upload_expires_at = now() - interval '1 hour' \
         WHERE owner = $1 AND state = 'deleted' AND swept_at IS NULL RETURNING 1",
        "UPDATE export SET progressed_at = now() - interval '2 hours' \
         WHERE owner = $1 AND state = 'deleted' AND swept_at IS NULL RETURNING 1",
        "UPDATE owner_end SET asked_at = now() - interval '3 hours' WHERE owner = $1 RETURNING 1",
    ] {
        sql::rows(sql, &[&owner]);
    }
}

fn count(table: &str, owner: Uuid) -> i64 {
    let sql = format!("SELECT count(*) FROM {table} WHERE owner = $1");
    sql::one(&sql, &[&owner])
}

/// What is kept of what was done with the account, the latest last.
fn acts(owner: Uuid) -> Vec<Value> {
    let body = json!({
        "TableName": crate::fixture::stack::variable("AUDIT_TABLE"),
        "KeyConditionExpression": "pk = :owner",
        "ExpressionAttributeValues": {":owner": {"S": format!("OWNER#{owner}")}},
        "ConsistentRead": true,
    });
    let target = "DynamoDB_20120810.Query";
    let found = cloud::call_json(&cloud::operator(), "dynamodb", target, &body).expect(200);
    found["Items"].as_array().unwrap().clone()
}

/// Waits for the end, however often reconcile is needed for it.
fn until_gone(owner: Uuid, address: &str) -> Value {
    wait_until("the account is gone", || {
        reconcile();
        hours_later(owner);
        report(address)["status"] == "deleted"
    });
    report(address)
}

#[test]
fn an_account_goes_with_everything_that_it_has() {
    let user = User::new();
    let (owner, key) = (owner(&user), user.make_key("write"));
    let sales = user.upload("baseline", &sample::sales(191, 300));
    sales.ends("completed");
    let paused = pause::paused_half_way(&user);
    let stored = paused.detail()["progress"]["rows_imported"]
        .as_i64()
        .unwrap();
    let document = serde_json::from_str(DECLARATION).unwrap();
    user.put_json("/collect/datasets/sold/", &document)
        .expect(201);
    let sold = user.upload("sold", SOLD);
    sold.ends("completed");
    user.post_json("/collect/exports/", &json!({})).expect(201);
    wait_until("the export ends", || {
        user.get("/collect/exports/1/").expect(200)["status"] == "completed"
    });
    let awaited = user.ask_for_url("team", 1_000).0;
    let keys: Vec<String> = [&sales, &paused, &sold, &awaited]
        .map(|it| it.key.clone())
        .to_vec();
    let export: String = sql::one("SELECT object_key FROM export WHERE owner = $1", &[&owner]);
    let tables: i64 = sql::one("SELECT id FROM dataset WHERE owner = $1", &[&owner]);

    user.leave_with("12ab34ce").expect(400);
    user.get("/auth/users/me/").expect(200);
    let begun = user.leave().expect(202);
    assert_eq!(begun["status"], "deleting");
    let address = begun["report"].as_str().unwrap();
    assert_eq!(report(address), begun);
    user.get("/collect/baseline/").expect(401);
    user.by_key(&key).get("/collect/baseline/").expect(401);

    let ended = until_gone(owner, address);
    let removed = json!({
        "imports": 4,
        "rows": 300 + stored + 2,
        "files": 4,
        "datasets": 1,
        "exports": 1,
    });
    assert_eq!(ended["removed"], removed, "{ended}");
    assert_eq!(ended["rows_remaining"], 0);
    assert_eq!(ended["deleted_at"], begun["deleted_at"]);
    for table in [
        "import",
        "export",
        "import_event",
        "import_number",
        "dataset",
        "owner_count",
        "owner_month",
        "owner_sum",
        "owner_usage",
    ] {
        assert_eq!(count(table, owner), 0, "{table}");
    }
    let table: i64 = sql::one(
        "SELECT count(to_regclass('d_' || $1))",
        &[&tables.to_string()],
    );
    assert_eq!(table, 0);
    for key in keys.iter().chain([&export]) {
        assert_eq!(cloud::object_versions(key), [""; 0], "{key}");
    }
    assert_eq!(accounts::item(&format!("USER#{}", user.id)), Value::Null);
    let list = accounts::item("LEAVING#users").to_string();
    assert!(!list.contains(&format!("\"{}\"", user.id)), "{list}");
    acts_are_kept_without_addresses(owner, &ended);
    the_name_is_anothers(&user);
}

fn acts_are_kept_without_addresses(owner: Uuid, ended: &Value) {
    let acts = acts(owner);
    let words: Vec<&str> = acts
        .iter()
        .map(|it| it["act"]["S"].as_str().unwrap())
        .collect();
    assert_eq!(words.first(), Some(&"signed_up"), "{words:?}");
    for word in ["account_deleted", "account_gone"] {
        assert_eq!(
            words.iter().filter(|it| **it == word).count(),
            1,
            "{words:?}"
        );
    }
    for act in &acts {
        assert!(act.get("address").is_none(), "{act}");
    }
    let gone = acts.iter().find(|it| it["act"]["S"] == "account_gone");
    let detail = gone.unwrap()["detail"]["S"].as_str().unwrap();
    let rows = format!("rows {}, ", ended["removed"]["rows"]);
    assert!(detail.contains(&rows), "{detail}");
}

/// Whoever has the name next begins with nothing.
fn the_name_is_anothers(user: &User) {
    let account = json!({"username": user.name, "password": PASSWORD}).to_string();
    let headers = [("Content-Type", "application/json")];
    let made = ask("POST", "/auth/users/", &headers, Some(account.as_bytes())).expect(201);
    assert!(made["id"].as_i64().unwrap() > user.id);
    let next = User::sign_in(&made, PASSWORD);
    user.get("/auth/users/me/").expect(401);
    for list in ["/collect/imports/", "/collect/exports/", "/auth/keys/"] {
        let found = next.get(list).expect(200);
        assert_eq!(found["results"], json!([]), "{list}");
    }
    let audit = next.get("/collect/audit/").expect(200);
    assert_eq!(audit["results"].as_array().unwrap().len(), 2, "{audit}");
    let (import, _) = next.ask_for_url("team", 1_000);
    assert_eq!(import.path, "/collect/team/1/");
}

/// Who knows an account's report knows nothing of another.
#[test]
fn a_report_is_found_by_its_address_alone() {
    let user = User::new();
    let address = user.leave().expect(202)["report"]
        .as_str()
        .unwrap()
        .to_owned();
    let (start, end) = address.trim_end_matches('/').rsplit_once('/').unwrap();
    let (_, start) = start.split_once("/auth/").unwrap();
    for other in ["0".repeat(64), end.to_uppercase(), end[1..].to_owned()] {
        let answer = ask("GET", &format!("/auth/{start}/{other}/"), &[], None);
        answer.is(404, r#"{"detail":"Not found."}"#);
    }
    let logged = cloud::logged_by_all();
    assert!(
        logged
            .iter()
            .any(|(stream, _)| stream.contains("AuthFunction"))
    );
    let told = logged.iter().find(|(_, line)| line.contains(end));
    assert!(told.is_none(), "{told:?}");
}
