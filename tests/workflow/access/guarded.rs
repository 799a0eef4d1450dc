//! What is counted of guesses and sign-ups: the code of `auth` with limits of a test, and a table of
//! its own in the local cloud. No time passes in it, so a pause never ends.

use auth::{Acts, App, Guard, Limits};
use aws::accounts::{Accounts, Tally};
use aws::audit::Audit;
use domain::address::Address;
use domain::throttle::{Counted, Turn};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use lambda::http::{Base, Proxies, Response};
use lambda::tokens::Keys;
use lambda::user::Users;
use serde_json::{Value, json};

use crate::fixture::cloud;

const EVENT: &str = include_str!("../../../events/auth/token.json");
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const PASSWORD: &str = "zebra lamp 7";
const WRONG: &str = "zebra lamp 8";

/// Nothing is limited but what a test is about.
const NONE: Limits = Limits {
    of_user_from_address: 1_000,
    from_address: 1_000,
    of_user: 1_000,
    sign_ups_from_address: 1_000,
};

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

async fn table() -> Accounts {
    let name = cloud::create_table(&[("pk", "HASH")]).await;
    Accounts::new(&aws::config().await, name)
}

async fn app(limits: Limits) -> App {
    let accounts = table().await;
    app_that_counts_in(accounts.clone(), accounts, limits).await
}

async fn app_that_counts_in(counts: Accounts, accounts: Accounts, limits: Limits) -> App {
    let users = Users::new(Keys::new(SECRET).unwrap(), accounts);
    let guard = Guard::new(counts, limits, Proxies::default(), SECRET).by_clock(noon);
    let audit = cloud::create_table(&[("pk", "HASH"), ("sk", "RANGE")]).await;
    let audit = Audit::new(&aws::config().await, audit);
    let acts = Acts::new(audit, SignedDuration::from_hours(24));
    App::new(users, Base::new(None), guard, acts).await.unwrap()
}

/// The answer to a POST of JSON from an address.
async fn post(app: &App, path: &str, address: &str, body: &Value) -> Response {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["resource"] = json!(path.trim_end_matches('/'));
    event["path"] = json!(path);
    event["headers"] = json!({"Content-Type": "application/json"});
    event["multiValueHeaders"] = json!({"Content-Type": ["application/json"]});
    event["requestContext"]["resourcePath"] = json!(path.trim_end_matches('/'));
    event["requestContext"]["path"] = json!(format!("/v1{path}"));
    event["requestContext"]["identity"]["sourceIp"] = json!(address);
    event["body"] = json!(body.to_string());
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    match app.handle(request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn sign_in(app: &App, address: &str, username: &str, password: &str) -> u16 {
    let body = json!({"username": username, "password": password});
    post(app, "/token/", address, &body).await.status().as_u16()
}

async fn sign_up(app: &App, address: &str, username: &str) -> u16 {
    let body = json!({"username": username, "password": PASSWORD});
    let response = post(app, "/auth/users/", address, &body).await;
    response.status().as_u16()
}

#[tokio::test]
async fn an_address_does_not_try_one_name_after_the_other() {
    let limits = Limits {
        from_address: 3,
        ..NONE
    };
    let app = app(limits).await;
    assert_eq!(sign_up(&app, "192.0.2.1", "ada").await, 201);
    let place = "2001:db8:1:2::";
    for other in 1..=3 {
        let status = sign_in(
            &app,
            &format!("{place}{other}"),
            &format!("u{other}"),
            WRONG,
        )
        .await;
        assert_eq!(status, 401, "{other}");
    }
    // Another address of the same network, another name, the right password: none of it helps.
    assert_eq!(
        sign_in(&app, &format!("{place}4"), "ada", PASSWORD).await,
        429
    );
    assert_eq!(sign_in(&app, "2001:db8:1:3::1", "ada", PASSWORD).await, 200);
}

/// Right passwords are no guesses: a whole office may sign in.
#[tokio::test]
async fn sign_ins_that_succeed_are_not_counted() {
    let limits = Limits {
        of_user_from_address: 2,
        from_address: 2,
        of_user: 2,
        ..NONE
    };
    let app = app(limits).await;
    assert_eq!(sign_up(&app, "192.0.2.1", "ada").await, 201);
    for _ in 0..5 {
        assert_eq!(sign_in(&app, "192.0.2.1", "ada", PASSWORD).await, 200);
    }
    assert_eq!(sign_in(&app, "192.0.2.1", "ada", WRONG).await, 401);
}

/// Others may keep a user out only where the user never was.
#[tokio::test]
async fn many_addresses_do_not_guess_one_password() {
    let limits = Limits { of_user: 5, ..NONE };
    let app = app(limits).await;
    let (home, name) = ("198.51.100.7", "ada");
    assert_eq!(sign_up(&app, home, name).await, 201);
    assert_eq!(sign_in(&app, home, name, PASSWORD).await, 200);
    for (tried, expected) in [(1, 401), (2, 401), (3, 401), (4, 401), (5, 401), (6, 429)] {
        let status = sign_in(&app, &format!("192.0.2.{tried}"), name, WRONG).await;
        assert_eq!(status, expected, "{tried}");
    }
    // Where they have signed in, nobody else's guesses count.
    assert_eq!(sign_in(&app, home, name, WRONG).await, 401);
    assert_eq!(sign_in(&app, home, name, PASSWORD).await, 200);
    // Where they have not, the right password waits too, like that of a name that nobody has.
    assert_eq!(sign_in(&app, "192.0.2.77", name, PASSWORD).await, 429);
    for (tried, expected) in [(1, 401), (2, 401), (3, 401), (4, 401), (5, 401), (6, 429)] {
        let status = sign_in(&app, &format!("192.0.2.{tried}"), "nobody", WRONG).await;
        assert_eq!(status, expected, "{tried}");
    }
}

/// The table shows no address and no name that was tried.
#[tokio::test]
async fn what_is_remembered_is_a_digest() {
    let accounts = table().await;
    let app = app_that_counts_in(accounts.clone(), accounts.clone(), NONE).await;
    assert_eq!(sign_up(&app, "192.0.2.1", "ada").await, 201);
    for address in ["192.0.2.1", "2001:db8::1", "192.0.2.1"] {
        assert_eq!(sign_in(&app, address, "ada", PASSWORD).await, 200);
    }
    let account = accounts.by_username("ada").await.unwrap().unwrap();
    assert_eq!(account.addresses.len(), 2);
    for digest in account.addresses {
        assert_eq!(digest.len(), 64);
        assert!(digest.bytes().all(|it| it.is_ascii_hexdigit()), "{digest}");
    }
}

#[tokio::test]
async fn an_address_does_not_make_accounts_without_end() {
    let limits = Limits {
        sign_ups_from_address: 2,
        ..NONE
    };
    let app = app(limits).await;
    let address = "192.0.2.1";
    // What makes no account and asks for none is not counted.
    for body in [
        json!({"username": "ada"}),
        json!({"username": "a b", "password": PASSWORD}),
        json!({"username": "ada", "password": "short"}),
    ] {
        let response = post(&app, "/auth/users/", address, &body).await;
        assert_eq!(response.status(), 400, "{body}");
    }
    assert_eq!(sign_up(&app, address, "ada").await, 201);
    // It asks whether somebody is there.
    assert_eq!(sign_up(&app, address, "ada").await, 400);
    assert_eq!(sign_up(&app, address, "grace").await, 429);
    assert_eq!(sign_up(&app, "192.0.2.2", "grace").await, 201);
}

/// The exact limit, at one moment by the clock of all of them.
#[tokio::test]
async fn of_fifty_tries_at_one_moment_the_free_ones_are_made() {
    let accounts = table().await;
    let (free, now) = (10, noon());
    let tally = Tally::of(&Counted::PasswordOf("ada"));
    let tries = (0..50).map(|_| accounts.count_try(&tally, free, now));
    let turns: Vec<Turn> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let made = turns.iter().filter(|it| matches!(it, Turn::Try(_))).count();
    assert_eq!(made, 10);
    assert_eq!(turns.iter().filter(|it| **it == Turn::Wait(1)).count(), 40);
    // Of those that come when the pause is over, one.
    let later = now + SignedDuration::from_secs(1);
    let tries = (0..50).map(|_| accounts.count_try(&tally, free, later));
    let turns = join_all(tries).await;
    let made = turns
        .iter()
        .filter(|it| matches!(it, Ok(Turn::Try(_))))
        .count();
    assert_eq!(made, 1);
}

/// The same through everything that a sign-in does.
#[tokio::test]
async fn fifty_wrong_passwords_at_once_do_not_pass_the_limit() {
    let limits = Limits {
        of_user_from_address: 5,
        ..NONE
    };
    let app = app(limits).await;
    assert_eq!(sign_up(&app, "192.0.2.1", "ada").await, 201);
    let tries = (0..50).map(|_| sign_in(&app, "192.0.2.1", "ada", WRONG));
    let mut statuses = join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![401; 5], vec![429; 45]].concat());
    assert_eq!(sign_in(&app, "192.0.2.1", "ada", PASSWORD).await, 429);
}

/// A sign-in that cannot be counted is not carried out.
#[tokio::test]
async fn what_cannot_be_counted_is_not_tried() {
    let accounts = table().await;
    let whole = app_that_counts_in(accounts.clone(), accounts.clone(), NONE).await;
    assert_eq!(sign_up(&whole, "192.0.2.1", "ada").await, 201);
    let nowhere = Accounts::new(&aws::config().await, "no-such-table".to_owned());
    let app = app_that_counts_in(nowhere, accounts, NONE).await;
    for (path, username) in [("/token/", "ada"), ("/auth/users/", "grace")] {
        let body = json!({"username": username, "password": PASSWORD});
        let response = post(&app, path, "192.0.2.1", &body).await;
        assert_eq!(response.status(), 503, "{path}");
        assert_eq!(response.headers()["retry-after"], "5");
    }
    assert_eq!(sign_in(&whole, "192.0.2.1", "ada", PASSWORD).await, 200);
}

/// What an old item says counts no more, also before DynamoDB has removed it.
#[tokio::test]
async fn tries_of_an_hour_ago_are_forgotten() {
    let accounts = table().await;
    let address = Address::of("192.0.2.1").unwrap();
    let tally = Tally::of(&Counted::SignUpsFrom(&address));
    let now = noon();
    for _ in 0..3 {
        let turn = accounts.count_try(&tally, 3, now).await.unwrap();
        assert!(matches!(turn, Turn::Try(_)));
    }
    assert_eq!(
        accounts.count_try(&tally, 3, now).await.unwrap(),
        Turn::Wait(1)
    );
    let later = now + SignedDuration::from_hours(1);
    let turn = accounts.count_try(&tally, 3, later).await.unwrap();
    assert!(
        matches!(turn, Turn::Try(made) if made.count == 1),
        "{turn:?}"
    );
}
