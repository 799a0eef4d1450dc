//! API keys on every route, and many at once.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use contracts::http::routes::{Route, TakesKeys};
use domain::limits::API_KEYS_OF_A_USER_AT_MOST;
use serde_json::{Value, json};

use super::forged;
use crate::fixture::client::{Answer, User, ask};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const AT_ONCE: usize = 8;

/// A request for what is not there: it changes nothing, whoever sends it.
#[derive(Clone)]
struct Asked {
    route: Route,
    method: &'static str,
    path: String,
}

/// A user and their keys.
struct Keys {
    token: String,
    read: String,
    write: String,
    expired: String,
    revoked: String,
}

impl Keys {
    fn of(user: &User) -> Self {
        Self {
            token: user.token.clone(),
            read: user.make_key("read").text,
            write: user.make_key("write").text,
            expired: user.make_expired_key().text,
            revoked: user.make_revoked_key().text,
        }
    }
}

impl Asked {
    fn all() -> Vec<Self> {
        let of_route = |route: &Route| {
            let path = ["{dataset}", "{name}"]
                .iter()
                .fold(route.written(), |path, it| {
                    path.replace(it, "nothing_there")
                })
                .replace("{id}", "99");
            METHODS.map(|method| Self {
                route: *route,
                method,
                path: path.clone(),
            })
        };
        Route::ALL.iter().flat_map(of_route).collect()
    }

    fn by(&self, credentials: Option<&str>) -> Answer {
        let bearer = credentials.map(|it| format!("Bearer {it}"));
        let headers: Vec<(&str, &str)> = bearer
            .iter()
            .map(|it| ("Authorization", it.as_str()))
            .collect();
        let body = ["POST", "PUT", "PATCH"].contains(&self.method);
        ask(self.method, &self.path, &headers, body.then_some(b""))
    }

    /// Status and code of the answer.
    fn answer(&self, credentials: Option<&str>) -> (u16, String) {
        let answer = self.by(credentials);
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let code = body["code"].as_str().unwrap_or_default();
        (answer.status, code.to_owned())
    }

    /// What is wrong with the answers to the keys.
    fn complaints(&self, keys: &Keys) -> Vec<String> {
        let mut complaints = Vec::new();
        for (who, key, expected) in self.expected(keys) {
            let found = self.answer(Some(key));
            // HEAD is answered without a body, so without a code.
            let same = found.0 == expected.0 && (found.1 == expected.1 || self.method == "HEAD");
            if !same {
                let asked = format!("{} {} by {who}", self.method, self.path);
                complaints.push(format!("{asked}: expected {expected:?}, found {found:?}"));
            }
        }
        complaints
    }

    /// What each key is to be answered.
    fn expected<'k>(&self, keys: &'k Keys) -> [(&'static str, &'k str, (u16, String)); 4] {
        let coded = |status: u16, code: &str| (status, code.to_owned());
        let anonymous = self.answer(None);
        let (read, write, expired, revoked) = if anonymous.0 == 401 {
            let by_token = || self.answer(Some(&keys.token));
            let allowed = self.route.allow().split(", ").any(|it| it == self.method);
            let (read, write) = match self.route.takes_keys(self.method) {
                _ if !allowed => (coded(405, ""), coded(405, "")),
                TakesKeys::All => (by_token(), by_token()),
                TakesKeys::Writing => (coded(403, "read_only_key"), by_token()),
                TakesKeys::None => (coded(403, "key_not_taken"), coded(403, "key_not_taken")),
            };
            let expired = coded(401, "key_expired");
            (read, write, expired, coded(401, "key_not_valid"))
        } else {
            // Nobody has to be signed in for this, so that no key is looked at.
            let same = || anonymous.clone();
            (same(), same(), same(), same())
        };
        [
            ("a key that reads", &keys.read, read),
            ("a key that writes", &keys.write, write),
            ("an expired key", &keys.expired, expired),
            ("a revoked key", &keys.revoked, revoked),
        ]
    }
}

/// Also on the routes that are added after this was written.
#[test]
fn a_key_is_answered_like_the_token_or_refused_on_every_route() {
    let keys = Keys::of(&User::new());
    let rest = Mutex::new(Asked::all().into_iter());
    let work = || {
        let mut complaints = Vec::new();
        while let Some(asked) = { rest.lock().unwrap().next() } {
            complaints.extend(asked.complaints(&keys));
        }
        complaints
    };
    let complaints: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|it| it.join().unwrap());
        done.flatten().collect()
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_key_is_refused_from_the_moment_in_which_it_is_revoked() {
    let user = User::new();
    let (first, second) = (user.make_key("read"), user.make_key("read"));
    let (by_first, by_second) = (user.by_key(&first), user.by_key(&second));
    by_first.get("/collect/data/").expect(200);
    user.delete("/auth/keys/1/").is(204, "");
    let refused = by_first.get("/collect/data/").expect(401);
    assert_eq!(refused["code"], "key_not_valid");
    by_second.get("/collect/data/").expect(200);
}

/// Otherwise the ids of users could be tried out one after the other.
#[test]
fn a_key_that_was_made_up_is_unknown_whoever_it_names() {
    let user = User::new();
    user.make_key("write");
    let made_up = |user: i64, number: i64| {
        let key = forged::api_key(user, number);
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str())];
        ask("GET", "/collect/data/", &headers, None)
    };
    let answers = [
        made_up(user.id, 1),
        made_up(user.id, 2),
        made_up(9_000_000_000_000, 1),
    ];
    let answers: BTreeSet<String> = answers
        .iter()
        .map(|it| it.expect(401).to_string())
        .collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// Only the condition of the update itself can ensure this.
#[test]
fn of_many_keys_asked_for_at_once_as_many_are_made_as_a_user_may_have() {
    let user = User::new();
    let body = json!({"name": "a", "access": "read", "current_password": "12ab34cd"});
    let ask = || user.post_json("/auth/keys/", &body);
    let asked = API_KEYS_OF_A_USER_AT_MOST + 5;
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = (0..asked).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 201);
    assert_eq!(made.len(), API_KEYS_OF_A_USER_AT_MOST, "{refused:?}");
    for answer in refused {
        assert_eq!(answer.expect(409)["code"], "too_many_keys");
    }
    let numbers: BTreeSet<i64> = made.iter().map(|it| number(it)).collect();
    assert_eq!(numbers.len(), made.len());
    let list = user.get("/auth/keys/").expect(200);
    assert_eq!(list["count"], API_KEYS_OF_A_USER_AT_MOST);
    let path = format!("/auth/keys/{}/", number(made[0]));
    user.delete(&path).is(204, "");
    let next = ask();
    next.expect(201);
    assert!(!numbers.contains(&number(&next)), "{next:?}");
}

fn number(answer: &Answer) -> i64 {
    answer.json()["id"].as_i64().unwrap()
}
