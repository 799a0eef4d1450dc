//! A dataset from its declaration to its drop, as a client sees it, and that nobody else sees it.

use std::collections::BTreeSet;

use contracts::http::routes::Route;
use domain::limits::{DATASETS_OF_AN_OWNER_AT_MOST, DECLARATION_BYTES_AT_MOST};
use serde_json::{Value, json};

use super::datasets::{DECLARATION, MORE};
use super::stage::ORDERS;
use crate::fixture::client::{Import, User, ask};
use crate::fixture::stack::sql;

const ONE: &str = "/collect/datasets/orders/";
const TAKE_BACK: &str = "/collect/datasets/orders/?take_back=true";

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn import<'u>(user: &'u User, file: &str) -> Import<'u> {
    let answer = user.send("/collect/orders/", "orders.csv", file.as_bytes());
    Import::of(user, "orders", &answer.expect(201))
}

#[test]
fn a_dataset_from_its_declaration_to_its_drop() {
    let user = User::new();
    user.put_json(ONE, &document(DECLARATION)).expect(201);
    let first = import(&user, ORDERS);
    let completed = first.ends("completed");
    assert_eq!(completed["progress"]["rows_imported"], 2);
    assert_eq!(completed["progress"]["rows_rejected"], 1);
    assert_eq!(first.rows_seen(), 2);
    let errors = user.get(&format!("{}errors/", first.path)).expect(200);
    let error = &errors["results"][0];
    assert_eq!(
        (&error["record"], &error["column"]),
        (&json!(3), &json!("placed"))
    );

    // Another version: what was imported before has no value in the new field.
    assert_eq!(
        user.put_json(ONE, &document(MORE)).expect(200)["version"],
        2
    );
    let second = import(&user, "number,placed,paid,country\n4,2026-03-04,1.00,FI\n");
    second.ends("completed");
    assert_eq!((first.rows_seen(), second.rows_seen()), (2, 1));
    let shown = user.get(&format!("{ONE}?version=1")).expect(200);
    assert_eq!(shown["declaration"], document(DECLARATION));

    // Take one import back, with its proof.
    first.post("cancel").expect(202);
    let proof = first.ends("cancelled")["rollback"].clone();
    assert_eq!(proof, json!({"rows_deleted": 2, "rows_remaining": 0}));
    assert_eq!(user.delete(ONE).expect(409)["imports"], 2);
    dropped(&user, &[first, second]);
}

/// Drops the dataset with its imports, and waits until neither table nor entry is left.
fn dropped(user: &User, imports: &[Import<'_>]) {
    let table = "SELECT format('d_%s', dataset_id) FROM import WHERE uid = $1";
    let table: String = sql::one(table, &[&imports[0].uid]);
    let left = "SELECT count(*) FROM pg_class WHERE relname = $1";
    assert_eq!(sql::one::<i64>(left, &[&table]), 1);
    user.delete(TAKE_BACK).expect(202);
    for path in [
        ONE,
        "/collect/orders/",
        "/collect/orders/schema/",
        &imports[1].path,
    ] {
        user.get(path).is(404, r#"{"detail":"Not found."}"#);
    }
    imports.iter().for_each(Import::is_forgotten);
    let dropping = user.delete(TAKE_BACK).expect(202);
    let expected =
        json!({"name": "orders", "imports_left": 0, "rows_deleted": 3, "rows_remaining": 0});
    assert_eq!(dropping, expected);

    // Swept, as they are an hour after their end.
    for import in imports {
        let sweep = "UPDATE import SET swept_at = now() WHERE uid = $1";
        sql::change(sweep, &[&import.uid]);
    }
    // `reconcile` may have been first.
    let gone = user.delete(TAKE_BACK);
    assert!([204, 404].contains(&gone.status), "{gone:?}");
    assert_eq!(sql::one::<i64>(left, &[&table]), 0);
    user.delete(TAKE_BACK).is(404, r#"{"detail":"Not found."}"#);
}

/// Nothing has arrived, and the dataset has no table.
#[test]
fn a_dataset_is_dropped_while_its_import_waits_for_its_file() {
    let user = User::new();
    user.put_json(ONE, &document(DECLARATION)).expect(201);
    let (waiting, _) = user.ask_for_url("orders", 1000);
    let dropping = user.delete(TAKE_BACK).expect(202);
    assert_eq!(dropping["rows_remaining"], 0);
    waiting.is_forgotten();
    // The name is free, and numbers go on.
    user.put_json(ONE, &document(DECLARATION)).expect(201);
    let next = import(&user, ORDERS);
    assert_eq!(next.path, "/collect/orders/2/");
    next.ends("completed");
}

/// On every route of a dataset, whoever asks for another user's gets the answer of one that is not
/// there.
#[test]
fn another_users_dataset_is_not_there() {
    let (owner, other) = (User::new(), User::new());
    owner.put_json(ONE, &document(DECLARATION)).expect(201);
    import(&owner, ORDERS).ends("completed");
    let bearer = format!("Bearer {}", other.token);
    let headers = [("Authorization", bearer.as_str())];
    let asked = |dataset: &str| -> Vec<(u16, String)> {
        let requests = requests(dataset).into_iter();
        let answers = requests.map(|(method, path)| {
            let body = (method == "POST").then_some(b"".as_slice());
            let answer = ask(method, &path, &headers, body);
            (answer.status, answer.body)
        });
        answers.collect()
    };
    let (theirs, nobodys) = (asked("orders"), asked("nothing"));
    let statuses: BTreeSet<u16> = theirs.iter().map(|it| it.0).collect();
    assert_eq!(statuses, BTreeSet::from([404, 405]));
    assert_eq!(theirs, nobodys);
    assert_eq!(owner.get("/collect/orders/1/rows/").expect(200)["count"], 2);
}

/// Every method on the path of each route that names a dataset, but for the one that declares it.
fn requests(dataset: &str) -> Vec<(&'static str, String)> {
    let mut requests = Vec::new();
    for &route in Route::ALL {
        let path = route.written();
        if !path.contains("{dataset}") && !path.contains("{name}") {
            continue;
        }
        let path = path
            .replace("{dataset}", dataset)
            .replace("{name}", dataset);
        let path = path.replace("{id}", "1");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
            if (route, method) != (Route::Dataset, "PUT") {
                requests.push((method, path.clone()));
            }
        }
    }
    requests
}

#[test]
fn a_declaration_may_be_so_large() {
    let user = User::new();
    let large = json!({"fields": [{
        "name": "x", "type": "string", "description": "x".repeat(DECLARATION_BYTES_AT_MOST),
    }]});
    let refused = user.put_json(ONE, &large).expect(413);
    assert_eq!(refused["code"], "body_too_large");
    let field = |at: usize| json!({"name": format!("field {at}"), "type": "string"});
    let wide: Vec<Value> = (0..501).map(field).collect();
    let refused = user.put_json(ONE, &json!({ "fields": wide })).expect(400);
    assert_eq!(refused["problems"][0]["code"], "too_many");
    let declared = user.put_json(ONE, &json!({ "fields": wide[..500] }));
    assert_eq!(declared.expect(201)["version"], 1);
}

#[test]
fn a_user_may_have_so_many_datasets() {
    let user = User::new();
    user.put_json(ONE, &document(DECLARATION)).expect(201);
    let more = DATASETS_OF_AN_OWNER_AT_MOST - 1;
    let fill = "INSERT INTO dataset (owner, name, column_numbers, column_types, columns_used) \
         SELECT owner, 'filled_' || n, '{1}', '{text}', 1 FROM dataset, generate_series(1, $2::bigint) AS n \
         WHERE id = (SELECT max(id) FROM dataset WHERE name = 'orders' AND created_at = $1::text::timestamptz) \
         RETURNING id";
    let declared = user.get(ONE).expect(200)["declared_at"].clone();
    let filled = sql::rows(fill, &[&declared.as_str().unwrap(), &more]);
    assert_eq!(filled.len() as i64, more);
    let refused = user.put_json("/collect/datasets/one_more/", &document(DECLARATION));
    let refused = refused.expect(409);
    assert_eq!(refused["code"], "quota_datasets");
    assert_eq!(refused["used"], refused["allowed"]);
    user.put_json(ONE, &document(MORE)).expect(200);
    user.delete("/collect/datasets/filled_1/").is(204, "");
    let declared = user.put_json("/collect/datasets/one_more/", &document(DECLARATION));
    declared.expect(201);
    // The stack has room for others again.
    sql::rows(
        "DELETE FROM dataset WHERE name LIKE 'filled\\_%' RETURNING id",
        &[],
    );
}
