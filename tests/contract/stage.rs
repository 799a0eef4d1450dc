//! What exists before a request of the table is sent.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use domain::address::Address;
use domain::throttle::Counted;
use jiff::Timestamp;
use serde_json::json;

use super::datasets::DECLARATION;
use crate::fixture::client::{Import, User, ask, put};
use crate::fixture::cloud::accounts;
use crate::fixture::{hold, sample};

/// The user who sends a request, and what they have. If they have an import, its number is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Signed up, but the request is sent without a token.
    NoToken,
    /// Signed in, without an import.
    Fresh,
    /// A completed team import of two records.
    Teams,
    /// A completed baseline of three records.
    Sales,
    /// A baseline that awaits its upload.
    Waiting,
    /// A baseline that awaits its upload, asked for with the Idempotency-Key `k`.
    Keyed,
    /// A baseline that is paused.
    Paused,
    /// A team import that is paused.
    PausedTeams,
    /// A cancelled team import.
    Cancelled,
    /// A deleted team import.
    Deleted,
    /// A team import that failed for its heading.
    Failed,
    /// A team import of two records, one of them bad, that was only validated.
    Validated,
    /// A completed team import with one record of two rejected.
    Rejected,
    /// A completed baseline of three records, and a completed export of it.
    Exported,
    /// A completed team import, and one that awaits its upload to take its place.
    Replaced,
    /// A completed team import that was cancelled.
    TakenBack,
    /// The dataset `orders`, without an import.
    Declared,
    /// The dataset `orders`, with a completed import.
    Ordered,
    /// The dataset `orders`, with an import that awaits its upload.
    Ordering,
    /// API keys: 1 that may read, 2 that may write, 3 that has expired, 4 that was revoked.
    WithKeys,
    /// Twenty passwords more than are free were tried from where the request comes.
    Guessed,
    /// The account is deleted, a moment ago.
    Left,
}

pub const TEAMS: &str = "team_name, manager_name, manager_phone_number\r\n\
    Falcons,Ada,(674) 566-5530\r\n\
    Owls,Grace,(674) 566-5531\r\n";

pub const REJECTED: &str = "team_name, manager_name, manager_phone_number\r\n\
    Falcons,Ada,(674) 566-5530\r\n\
    Owls,Grace,(674) 566-5531 ext. 7\r\n";

/// Teams without their heading.
pub const HEADLESS: &str = "a,b\r\n1,2\r\n";

/// The body of the request that had the key.
pub const KEYED: &str = r#"{"filename":"sales.csv","size":1000}"#;

pub const SALES: &str = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
    Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit\r\n\
    Asia,Japan,Snacks,Online,C,8/1/2015,100000001,8/9/2015,1,9.50,9.33,9.50,9.33,0.17\r\n\
    Europe,Cote d'Ivoire ,Fruits,Offline,H,7/31/2015,100000002,8/1/2015,2,2.00,1.00,4.00,2.00,2.00\r\n\
    Asia,Japan,Cereal,Online,L,8/1/2015,100000003,8/2/2015,3,3.00,2.00,9.00,6.00,3.00\r\n";

/// Orders, one of which has a day that is not in the calendar.
pub const ORDERS: &str = "number,placed,paid\r\n\
    1,2026-03-02,59.70\r\n\
    2,2026-03-03,\r\n\
    3,2026-02-30,1.00\r\n";

/// An export of three rows.
const EXPORTED_WITHIN: Duration = Duration::from_secs(120);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// A user of each state, for requests that change nothing.
pub struct Stage(HashMap<State, User>);

impl Stage {
    pub fn of(states: impl Iterator<Item = State>) -> Self {
        let states: std::collections::HashSet<State> = states.collect();
        thread::scope(|scope| {
            let started: Vec<_> = states
                .into_iter()
                .map(|it| (it, scope.spawn(move || it.prepare())))
                .collect();
            let ready = |(state, it): (State, thread::ScopedJoinHandle<'_, User>)| {
                (state, it.join().unwrap())
            };
            Self(started.into_iter().map(ready).collect())
        })
    }

    pub fn user(&self, state: State) -> &User {
        &self.0[&state]
    }
}

impl State {
    /// A new user in this state.
    pub fn prepare(self) -> User {
        let mut user = User::new();
        match self {
            State::NoToken | State::Fresh => {}
            State::WithKeys => user.keys = keys(&user),
            State::Guessed => guessed(&user),
            State::Left => user.keys = vec![report(&user)],
            State::Teams => imported(&user, "team", "teams.csv", TEAMS, "completed"),
            State::Sales => imported(&user, "baseline", "sales.csv", SALES, "completed"),
            State::Rejected => imported(&user, "team", "teams.csv", REJECTED, "completed"),
            State::Validated => validated(&user),
            State::Failed => imported(&user, "team", "teams.csv", HEADLESS, "failed"),
            State::Exported => exported(&user),
            State::Replaced => replaced(&user),
            State::TakenBack => taken_back(&user),
            State::Waiting => awaited(&user, "baseline"),
            State::Keyed => keyed(&user),
            State::Paused => paused(&user, "baseline", &sample::sales(171, 100)),
            State::PausedTeams => paused(&user, "team", &sample::teams(172, 100)),
            State::Cancelled => cancelled(&user),
            State::Declared => declared(&user),
            State::Ordered => {
                declared(&user);
                imported(&user, "orders", "orders.csv", ORDERS, "completed");
            }
            State::Ordering => {
                declared(&user);
                awaited(&user, "orders");
            }
            State::Deleted => {
                awaited(&user, "team");
                user.delete("/collect/team/1/").is(204, "");
            }
        }
        user
    }

    /// The user in words, for `docs/api.md`.
    pub fn told(self) -> &'static str {
        match self {
            State::NoToken => "a user who sends no token",
            State::Fresh => "a user without imports",
            State::Teams => "a user whose team import 1 is completed",
            State::Sales => "a user whose baseline 1 is completed",
            State::Waiting => "a user whose baseline 1 awaits its upload",
            State::Keyed => "a user who asked for baseline 1 with `Idempotency-Key: k`",
            State::PausedTeams => "a user whose team import 1 is paused",
            State::Paused => "a user whose baseline 1 is paused",
            State::Cancelled => "a user whose team import 1 was cancelled",
            State::Deleted => "a user whose team import 1 was deleted",
            State::Failed => "a user whose team import 1 failed",
            State::Validated => "a user whose team import 1 was only validated",
            State::Rejected => "a user whose team import 1 has a rejected record",
            State::Exported => "a user whose baseline 1 is completed, and export 1 holds its rows",
            State::Replaced => "a user whose team import 2 is on its way to take the place of 1",
            State::TakenBack => "a user whose team import 1 was cancelled after it was completed",
            State::Declared => "a user who has declared `orders`",
            State::Ordered => "a user whose import 1 of `orders` is completed",
            State::Ordering => "a user whose import 1 of `orders` awaits its upload",
            State::WithKeys => {
                "a user whose API key 1 may read, 2 may write, 3 has expired and 4 was revoked"
            }
            State::Left => "a user who has deleted the account",
            State::Guessed => "a user whose password was tried too often from there",
        }
    }
}

fn imported(user: &User, dataset: &str, name: &str, file: &str, end: &str) {
    let answer = user.send(&format!("/collect/{dataset}/"), name, file.as_bytes());
    Import::of(user, dataset, &answer.expect(201)).ends(end);
}

fn keys(user: &User) -> Vec<String> {
    let keys = [
        user.make_key("read"),
        user.make_key("write"),
        user.make_expired_key(),
        user.make_revoked_key(),
    ];
    keys.into_iter().map(|it| it.text).collect()
}

/// Deletes the account; the end of the address of its report.
fn report(user: &User) -> String {
    let answer = user.leave().expect(202);
    let address = answer["report"].as_str().unwrap().trim_end_matches('/');
    address.rsplit('/').next().unwrap().to_owned()
}

/// As many tries take a quarter of an hour.
fn guessed(user: &User) {
    let address = Address::of("127.0.0.1").unwrap();
    let counted = Counted::PasswordFrom {
        username: &user.name,
        address: &address,
    };
    let item = format!("TRIES#{}", counted.digest());
    let now = Timestamp::now();
    for (name, value) in [
        ("tries", 60),
        ("last_try", now.as_millisecond()),
        ("expires_at", now.as_second() + 3600),
    ] {
        accounts::set_number(&item, name, value);
    }
}

fn declared(user: &User) {
    let document = serde_json::from_str(DECLARATION).unwrap();
    user.put_json("/collect/datasets/orders/", &document)
        .expect(201);
}

fn exported(user: &User) {
    imported(user, "baseline", "sales.csv", SALES, "completed");
    export_all(user);
}

/// Export 1 of a user, completed.
pub fn export_all(user: &User) {
    user.post_json("/collect/exports/", &json!({})).expect(201);
    let begin = Instant::now();
    while user.get("/collect/exports/1/").expect(200)["status"] != "completed" {
        assert!(begin.elapsed() < EXPORTED_WITHIN, "the export does not end");
        thread::sleep(LOOK_AGAIN_AFTER);
    }
}

fn replaced(user: &User) {
    imported(user, "team", "teams.csv", TEAMS, "completed");
    let body = json!({"filename": "teams.csv", "size": 1000});
    user.post_json("/collect/team/1/replace/", &body)
        .expect(201);
}

fn taken_back(user: &User) {
    imported(user, "team", "teams.csv", TEAMS, "completed");
    let object = user.post("/collect/team/1/cancel/").expect(202);
    Import::of(user, "team", &object).ends("cancelled");
}

fn validated(user: &User) {
    let path = "/collect/team/?validate_only=true&max_errors=1";
    let answer = user.send(path, "teams.csv", REJECTED.as_bytes());
    Import::of(user, "team", &answer.expect(201)).ends("validated");
}

fn awaited(user: &User, dataset: &str) {
    let body = json!({"filename": "sales.csv", "size": 1000});
    user.post_json(&format!("/collect/{dataset}/"), &body)
        .expect(201);
}

fn keyed(user: &User) {
    let bearer = format!("Bearer {}", user.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "k"),
    ];
    ask(
        "POST",
        "/collect/baseline/",
        &headers,
        Some(KEYED.as_bytes()),
    )
    .expect(201);
}

fn cancelled(user: &User) {
    awaited(user, "team");
    let object = user.post("/collect/team/1/cancel/").expect(202);
    Import::of(user, "team", &object).ends("cancelled");
}

/// Its planner is stopped before the only chunk until the import is paused.
fn paused(user: &User, dataset: &str, file: &[u8]) {
    let (import, upload) = user.ask_for_url(dataset, file.len());
    let planner = hold::before_chunk(&import, 0);
    assert_eq!(put(&upload, file).status, 200);
    import.until(|it| it["status"] == "planning");
    import.post("pause").expect(202);
    planner.undo();
}
