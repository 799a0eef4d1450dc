//! Requests for another user's imports: on every route with an import's number, by another user,
//! also with an API key of theirs, and without a valid token or key.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use contracts::http::routes::Route;
use domain::catalog::NAMES;

use super::forged;
use super::stage::{SALES, TEAMS};
use crate::fixture::client::{User, ask};

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const AT_ONCE: usize = 8;

#[test]
fn another_users_numbers_lead_nowhere() {
    let (owner, other) = (owner(), User::new());
    let before = seen_by(&owner);
    let requests = requests();
    for authorization in strangers(&owner, &other) {
        let statuses = statuses(&requests, authorization.as_deref());
        let expected = BTreeSet::from([401]);
        assert_eq!(statuses, expected, "{authorization:?}");
    }
    let read = other.make_key("read").text;
    let write = other.make_key("write").text;
    for (credentials, expected) in [
        (&other.token, BTreeSet::from([404, 405])),
        (&write, BTreeSet::from([404, 405])),
        (&read, BTreeSet::from([403, 404, 405])),
    ] {
        let bearer = format!("Bearer {credentials}");
        assert_eq!(statuses(&requests, Some(&bearer)), expected);
    }
    assert_eq!(seen_by(&owner), before);
    // The owner can still cancel and delete, so no stranger has done it.
    owner.post("/collect/team/2/cancel/").expect(202);
    owner.delete("/collect/baseline/2/").is(204, "");
}

/// The answer is the same for a number that an import has and for one that no import has.
#[test]
fn options_tell_nothing_about_a_number() {
    let (owner, other) = (User::new(), User::new());
    for dataset in NAMES {
        owner.ask_for_url(dataset, 1000);
    }
    let bearer = format!("Bearer {}", other.token);
    let headers = [("Authorization", bearer.as_str())];
    for dataset in NAMES {
        for (there, not_there) in paths(dataset, 1).zip(paths(dataset, 99)) {
            let options = |path: &str| ask("OPTIONS", path, &headers, None);
            let (found, not_found) = (options(&there), options(&not_there));
            assert_eq!(found.expect(200), not_found.expect(200), "{there}");
            assert_eq!(found.header("allow"), not_found.header("allow"));
        }
    }
}

/// With a completed import 1 and a waiting import 2 in both datasets.
fn owner() -> User {
    let user = User::new();
    for (dataset, file) in [("team", TEAMS), ("baseline", SALES)] {
        let import = user.upload(dataset, file.as_bytes());
        import.ends("completed");
        user.ask_for_url(dataset, 1000);
    }
    user
}

/// Everything that the owner can see, except what changes with time.
fn seen_by(owner: &User) -> Vec<String> {
    let lists = [
        "team/?status=all",
        "baseline/?status=all",
        "data/",
        "team/1/rows/",
    ];
    let see = |it: &&str| owner.get(&format!("/collect/{it}")).body;
    lists.iter().map(see).collect()
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

fn requests() -> Vec<(&'static str, String)> {
    let mut requests = Vec::new();
    for dataset in NAMES {
        for path in [1, 2].into_iter().flat_map(|id| paths(dataset, id)) {
            requests.extend(METHODS.map(|method| (method, path.clone())));
        }
    }
    requests
}

/// The path of each route that has an import's number.
fn paths(dataset: &str, id: u32) -> impl Iterator<Item = String> {
    let routes = Route::ALL.iter().map(|it| it.path());
    let of_an_import = routes.filter(|it| it.starts_with("/collect/{dataset}/{id}"));
    of_an_import.map(move |path| {
        let path = path.replace("{dataset}", dataset);
        format!("{}/", path.replace("{id}", &id.to_string()))
    })
}

/// The statuses of the answers.
fn statuses(requests: &[(&str, String)], authorization: Option<&str>) -> BTreeSet<u16> {
    let rest = Mutex::new(requests.iter());
    let headers: Vec<_> = authorization
        .iter()
        .map(|it| ("Authorization", *it))
        .collect();
    let answered = || {
        let mut statuses = BTreeSet::new();
        while let Some((method, path)) = { rest.lock().unwrap().next() } {
            let body = (*method == "POST").then_some(b"".as_slice());
            statuses.insert(ask(method, path, &headers, body).status);
        }
        statuses
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(answered)).collect();
        threads
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    })
}
