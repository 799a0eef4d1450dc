//! Requests for what is another user's: each method on each route whose path has a variable part, by
//! another user, also with API keys of theirs, and without a valid token or key. The routes are
//! those of the table, so one that is added is asked here, or fails the test until it can be.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use contracts::http::routes::{Route, TakesKeys};
use serde_json::Value;

use super::datasets::DECLARATION;
use super::forged;
use super::stage::{ORDERS, SALES, TEAMS, export_all};
use crate::fixture::client::{Answer, User, ask};

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const AT_ONCE: usize = 8;

/// Of the keys that both users make, the owner's last one has a number that no key of the other has.
const KEYS_OF_OWNER: usize = 5;

/// What stands in the variable parts of paths.
struct Ids {
    dataset: &'static str,
    imports: Vec<(&'static str, i64)>,
    export: i64,
    key: i64,
}

impl Ids {
    /// What no user has.
    fn of_nobody() -> Self {
        Self {
            dataset: "nothing_there",
            imports: vec![("team", 99), ("nothing_there", 1)],
            export: 99,
            key: 99,
        }
    }

    /// The paths of a route with these; none if nothing of it is variable.
    fn paths(&self, route: Route) -> Vec<String> {
        let path = route.written();
        let variable: Vec<&str> = path.split('/').filter(|it| it.starts_with('{')).collect();
        let with = |name: &str, value: i64| vec![path.replace(name, &value.to_string())];
        let first = route.path().trim_start_matches('/').split('{').next();
        match (first.unwrap_or_default(), variable.as_slice()) {
            (_, []) => Vec::new(),
            ("collect/", ["{dataset}"]) => vec![path.replace("{dataset}", self.dataset)],
            ("collect/datasets/", ["{name}"]) => vec![path.replace("{name}", self.dataset)],
            ("collect/", ["{dataset}", "{id}"]) => {
                let of = |(dataset, number): &(&str, i64)| {
                    let path = path.replace("{dataset}", dataset);
                    path.replace("{id}", &number.to_string())
                };
                self.imports.iter().map(of).collect()
            }
            ("collect/exports/", ["{id}"]) => with("{id}", self.export),
            ("auth/keys/", ["{id}"]) => with("{id}", self.key),
            // A secret that its user alone was told, after whom nobody is signed in: it opens by itself.
            ("auth/deletions/", ["{id}"]) => Vec::new(),
            _ => panic!("{route:?}: say here whose {variable:?} another user could ask for"),
        }
    }

    /// Each method on each of them.
    fn requests(&self) -> Vec<Asked> {
        let mut requests = Vec::new();
        for &route in Route::ALL {
            for path in self.paths(route) {
                requests.extend(METHODS.map(|method| Asked {
                    route,
                    method,
                    path: path.clone(),
                }));
            }
        }
        assert!(requests.len() > 300, "{} requests", requests.len());
        requests
    }
}

struct Asked {
    route: Route,
    method: &'static str,
    path: String,
}

/// Who asks.
#[derive(Clone, Copy)]
enum By {
    Stranger,
    Token,
    WritingKey,
    ReadingKey,
}

impl Asked {
    fn answer(&self, headers: &[(&str, &str)]) -> Answer {
        let body = (self.method == "POST").then_some(b"".as_slice());
        ask(self.method, &self.path, headers, body)
    }

    /// What is not one's own is not there. What is not allowed to anybody comes before, and what a key
    /// may not do.
    fn expected(&self, by: By) -> u16 {
        if matches!(by, By::Stranger) {
            return 401;
        }
        if !self.route.allow().split(", ").any(|it| it == self.method) {
            return 405;
        }
        let takes = self.route.takes_keys(self.method);
        match by {
            By::WritingKey if takes == TakesKeys::None => 403,
            By::ReadingKey if takes != TakesKeys::All => 403,
            // The name is free to everybody else, and the empty body is no declaration.
            _ if (self.route, self.method) == (Route::Dataset, "PUT") => 400,
            _ => 404,
        }
    }
}

#[test]
fn another_users_numbers_lead_nowhere() {
    let (owner, other) = (User::new(), User::new());
    let ids = everything(&owner);
    are_found(&ids, &owner);
    let strangers = strangers(&owner, &other);
    let (read, write) = (other.make_key("read").text, other.make_key("write").text);
    let before = seen_by(&owner);
    let requests = ids.requests();
    for authorization in strangers {
        are_refused(&requests, authorization.as_deref(), By::Stranger);
    }
    for (credentials, by) in [
        (&other.token, By::Token),
        (&write, By::WritingKey),
        (&read, By::ReadingKey),
    ] {
        let bearer = format!("Bearer {credentials}");
        are_refused(&requests, Some(&bearer), by);
    }
    for (before, after) in before.iter().zip(seen_by(&owner)) {
        assert_eq!(*before, after);
    }
    // The owner can still cancel, delete and revoke, so no stranger has done it.
    owner.post("/collect/team/2/cancel/").expect(202);
    owner.delete("/collect/baseline/2/").is(204, "");
    owner.delete("/collect/exports/1/").is(204, "");
    let key = format!("/auth/keys/{}/", ids.key);
    owner.delete(&key).is(204, "");
}

/// The answer is the same for what somebody has and for what nobody has.
#[test]
fn options_tell_nothing_about_a_number() {
    let (owner, other) = (User::new(), User::new());
    let ids = everything(&owner);
    let bearer = format!("Bearer {}", other.token);
    let headers = [("Authorization", bearer.as_str())];
    let nobodys = Ids::of_nobody();
    for &route in Route::ALL {
        for there in ids.paths(route) {
            for not_there in nobodys.paths(route) {
                let options = |path: &str| ask("OPTIONS", path, &headers, None);
                let (found, not_found) = (options(&there), options(&not_there));
                assert_eq!(found.expect(200), not_found.expect(200), "{there}");
                assert_eq!(found.header("allow"), not_found.header("allow"));
            }
        }
    }
}

/// One of everything: a completed import and a waiting one in each built-in dataset, a dataset with an
/// import, an export, and API keys.
fn everything(owner: &User) -> Ids {
    for (dataset, file) in [("team", TEAMS), ("baseline", SALES)] {
        owner.upload(dataset, file.as_bytes()).ends("completed");
        owner.ask_for_url(dataset, 1000);
    }
    let declaration: Value = serde_json::from_str(DECLARATION).unwrap();
    let declared = owner.put_json("/collect/datasets/orders/", &declaration);
    declared.expect(201);
    owner.upload("orders", ORDERS.as_bytes()).ends("completed");
    export_all(owner);
    let mut key = 0;
    for _ in 0..KEYS_OF_OWNER {
        key = owner.make_key("write").number;
    }
    let built_in = ["team", "baseline"].into_iter();
    let built_in = built_in.flat_map(|dataset| [(dataset, 1), (dataset, 2)]);
    Ids {
        dataset: "orders",
        imports: built_in.chain([("orders", 1)]).collect(),
        export: 1,
        key,
    }
}

/// The paths lead somewhere: their owner is not answered 404.
fn are_found(ids: &Ids, owner: &User) {
    let mut not_found = Vec::new();
    for asked in ids.requests() {
        if asked.method == "GET" && asked.route.allow().contains("GET") {
            let answer = owner.get(&asked.path);
            assert!(answer.status < 500, "{answer:?}");
            not_found.extend((answer.status == 404).then_some(asked.path));
        }
    }
    // Sales records are read at `/collect/data/` alone.
    let sales = [1, 2].map(|id| format!("/collect/baseline/{id}/rows/"));
    assert_eq!(not_found, sales);
    let keys = owner.get("/auth/keys/").expect(200);
    let has = |it: &Value| it["id"] == ids.key;
    assert!(keys["results"].as_array().unwrap().iter().any(has));
}

/// Everything that the owner can see, but for links, which are signed anew.
fn seen_by(owner: &User) -> Vec<Value> {
    let see = |path: &&str| {
        let mut seen = owner.get(path).expect(200);
        without_links(&mut seen);
        seen
    };
    [
        "/auth/users/me/",
        "/auth/keys/",
        "/collect/audit/?limit=100",
        "/collect/imports/?limit=100",
        "/collect/team/?status=all",
        "/collect/baseline/?status=all",
        "/collect/orders/?status=all",
        "/collect/exports/",
        "/collect/datasets/orders/",
        "/collect/data/",
        "/collect/team/1/rows/",
        "/collect/orders/rows/",
    ]
    .iter()
    .map(see)
    .collect()
}

fn without_links(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("X-Amz-Signature") => *text = "a link".to_owned(),
        Value::Array(values) => values.iter_mut().for_each(without_links),
        Value::Object(members) => {
            members.values_mut().for_each(without_links);
            // Of a link: another one ends later.
            if members.get("url").is_some_and(|it| it == "a link") {
                members.remove("expires_at");
            }
        }
        _ => {}
    }
}

/// The `Authorization` headers that let no one in: tokens and keys that are not valid, and none at
/// all.
fn strangers(owner: &User, other: &User) -> Vec<Option<String>> {
    let tokens = [
        other.refresh.clone(),
        owner.refresh.clone(),
        forged::unsigned(owner),
        forged::cut(owner),
        forged::of_another_key(owner),
        owner.make_expired_key().text,
        owner.make_revoked_key().text,
        forged::api_key(owner.id, owner.make_key("write").number),
    ];
    let bearer = |it| Some(format!("Bearer {it}"));
    tokens.into_iter().map(bearer).chain([None]).collect()
}

/// Sends them all, and says which answers are others than they should be.
#[track_caller]
fn are_refused(requests: &[Asked], authorization: Option<&str>, by: By) {
    let rest = Mutex::new(requests.iter());
    let headers: Vec<_> = authorization
        .iter()
        .map(|it| ("Authorization", *it))
        .collect();
    let asking = || {
        let mut wrong = BTreeSet::new();
        while let Some(asked) = { rest.lock().unwrap().next() } {
            let (expected, answer) = (asked.expected(by), asked.answer(&headers));
            if answer.status != expected {
                let Asked { method, path, .. } = asked;
                wrong.insert(format!("{method} {path}: not {expected}, but {answer:?}"));
            }
        }
        wrong
    };
    let wrong: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(asking)).collect();
        let done = threads.into_iter().map(|it| it.join().unwrap());
        done.flatten().collect()
    });
    assert!(wrong.is_empty(), "{authorization:?}: {}", wrong.join("\n"));
}
