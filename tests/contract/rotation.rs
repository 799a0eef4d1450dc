//! Refresh tokens that are exchanged, in an order: what a table of single requests cannot show.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use domain::limits::{FAMILY_AT_MOST, REFRESH_TOKEN_VALID_FOR, REFRESHED_AGAIN_WITHIN};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::forged::refresh_of_before;
use super::sessions::{BLACKLISTED, blacklist, refresh, rotating, send, text};
use crate::fixture::client::{Answer, User, ask};
use crate::fixture::cloud::accounts;

const AT_ONCE: usize = 16;

/// The successor of a token, which is exchanged.
#[track_caller]
fn next(token: &str) -> String {
    text(&refresh(token).expect(200)["refresh"])
}

/// What a token says.
fn said(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode(token)
        .unwrap()
        .claims
}

/// The key of the item of a token's family.
fn family(token: &str) -> String {
    format!("FAMILY#{}", text(&said(token)["family"]))
}

fn keys(body: &Value) -> Vec<&String> {
    body.as_object().unwrap().keys().collect()
}

#[track_caller]
fn is_ended(token: &str) {
    refresh(token).is(401, BLACKLISTED);
}

/// A client of the original, which knows nothing of all this.
#[test]
fn a_client_that_does_not_ask_uses_one_token_all_day() {
    let user = User::new();
    for _ in 0..3 {
        assert_eq!(keys(&refresh(&user.refresh).expect(200)), ["access"]);
    }
    let claims = said(&user.refresh);
    assert_eq!(
        keys(&claims),
        ["token_type", "exp", "iat", "jti", "user_id", "iss"]
    );
    let access = text(&refresh(&user.refresh).expect(200)["access"]);
    assert_eq!(
        keys(&said(&access)),
        ["token_type", "exp", "iat", "jti", "user_id", "iss"]
    );
}

#[test]
fn a_family_goes_on_from_token_to_token() {
    let user = User::new();
    let first = rotating(&user);
    let mut token = first.clone();
    for _ in 0..3 {
        let pair = refresh(&token).expect(200);
        assert_eq!(keys(&pair), ["access", "refresh"]);
        let bearer = format!("Bearer {}", text(&pair["access"]));
        let headers = [("Authorization", bearer.as_str())];
        ask("GET", "/auth/users/me/", &headers, None).expect(200);
        token = text(&pair["refresh"]);
    }
    assert_eq!(family(&token), family(&first));
    let began = said(&first)["iat"].as_i64();
    assert_eq!(accounts::number(&family(&first), "began"), began);
    // Kept for as long as a token of it may come.
    let expires_at = accounts::number(&family(&token), "expires_at");
    assert!(expires_at >= said(&token)["exp"].as_i64());
}

/// Two windows ask at once, or an answer is lost.
#[test]
fn a_token_that_comes_again_at_once_gets_another_successor() {
    let user = User::new();
    let first = rotating(&user);
    let (one, other) = (next(&first), next(&first));
    assert_ne!(one, other);
    // The first of the two that is used is the successor; the other one is a copy from then on.
    let after = next(&other);
    is_ended(&one);
    is_ended(&after);
    is_ended(&first);
}

#[test]
fn a_token_that_comes_again_later_ends_its_family() {
    let user = User::new();
    let first = rotating(&user);
    let second = next(&first);
    let at = accounts::number(&family(&first), "spent_at").unwrap();
    let earlier = at - REFRESHED_AGAIN_WITHIN.as_secs() - 1;
    accounts::set_number(&family(&first), "spent_at", earlier);
    is_ended(&first);
    is_ended(&second);
    // Another session of the same user goes on.
    next(&rotating(&user));
}

#[test]
fn a_token_whose_successor_was_used_ends_its_family_even_at_once() {
    let user = User::new();
    let first = rotating(&user);
    let third = next(&next(&first));
    is_ended(&first);
    is_ended(&third);
    let ended = accounts::number(&family(&first), "ended_at");
    assert!(ended.is_some());
}

/// However often its tokens are exchanged.
#[test]
fn a_family_has_an_end() {
    let user = User::new();
    let second = next(&rotating(&user));
    let now = Timestamp::now().as_second();
    let began = now - FAMILY_AT_MOST.as_secs() + 600;
    accounts::set_number(&family(&second), "began", began);
    let third = next(&second);
    assert_eq!(said(&third)["exp"], now + 600);
    let day = REFRESH_TOKEN_VALID_FOR.as_secs();
    assert!(said(&second)["exp"].as_i64().unwrap() > now + day - 600);
}

/// All at the same time.
fn at_once(tokens: &[String]) -> Vec<Answer> {
    thread::scope(|scope| {
        let asked: Vec<_> = tokens
            .iter()
            .map(|token| scope.spawn(|| refresh(token)))
            .collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// Each is answered, but one generation has come of it; and of its tokens one is exchanged, whoever
/// is first.
#[test]
fn of_tokens_that_race_one_is_exchanged() {
    let user = User::new();
    let first = rotating(&user);
    let answers = at_once(&vec![first.clone(); AT_ONCE]);
    let successors: Vec<String> = answers
        .iter()
        .map(|it| text(&it.expect(200)["refresh"]))
        .collect();
    let spent = accounts::item(&family(&first))["spent"]["S"].clone();
    assert_eq!(spent, said(&first)["jti"]);
    let answers = at_once(&successors);
    let (exchanged, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 200);
    assert_eq!((exchanged.len(), refused.len()), (1, AT_ONCE - 1));
    for answer in refused {
        answer.is(401, BLACKLISTED);
    }
    is_ended(&text(&exchanged[0].json()["refresh"]));
}

/// Whatever is exchanged meanwhile: after the answer nothing is.
#[test]
fn a_sign_out_ends_what_is_exchanged_at_the_same_time() {
    for _ in 0..5 {
        let user = User::new();
        let first = rotating(&user);
        let signed_out = AtomicBool::new(false);
        let last = thread::scope(|scope| {
            let exchanging = scope.spawn(|| exchanged_until_refused(&first, &signed_out));
            blacklist(&first).is(200, "{}");
            signed_out.store(true, Ordering::SeqCst);
            exchanging.join().unwrap()
        });
        is_ended(&last);
    }
}

/// The last of a family, each of whose tokens is exchanged as soon as it is there.
fn exchanged_until_refused(first: &str, signed_out: &AtomicBool) -> String {
    let mut token = first.to_owned();
    loop {
        let late = signed_out.load(Ordering::SeqCst);
        let answer = refresh(&token);
        if answer.status != 200 {
            answer.is(401, BLACKLISTED);
            return token;
        }
        assert!(!late, "exchanged after the answer to the sign-out");
        token = text(&answer.json()["refresh"]);
    }
}

#[test]
fn a_cookie_is_exchanged_in_cookies() {
    let user = User::new();
    let body = json!({"username": user.name, "password": "12ab34cd", "cookie": true});
    let kind = ("Content-Type", "application/json");
    let console = ("X-Collect-Console", "1");
    let body = body.to_string();
    let signed_in = ask("POST", "/token/", &[kind, console], Some(body.as_bytes()));
    let mut cookie = of(&signed_in);
    let first = cookie.clone();
    for _ in 0..2 {
        let headers = [console, ("Cookie", cookie.as_str())];
        let answer = ask("POST", "/token/refresh/", &headers, Some(b""));
        assert_eq!(keys(&answer.expect(200)), ["access"]);
        cookie = of(&answer);
    }
    let headers = [console, ("Cookie", first.as_str())];
    ask("POST", "/token/refresh/", &headers, Some(b"")).is(401, BLACKLISTED);
    let headers = [console, ("Cookie", cookie.as_str())];
    ask("POST", "/token/blacklist/", &headers, Some(b"")).is(401, BLACKLISTED);
}

/// Name and value of the cookie that an answer sets.
#[track_caller]
fn of(answer: &Answer) -> String {
    answer.expect(200);
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, _) = cookie.split_once(';').unwrap();
    assert!(pair.starts_with("collect_refresh=ey"), "{cookie}");
    pair.to_owned()
}

/// A token of before there were families is good until it ends.
#[test]
fn refresh_tokens_of_before_are_good_and_can_be_ended() {
    let user = User::new();
    let end = Timestamp::now().as_second() + 3600;
    let token = refresh_of_before(&user, end);
    assert_eq!(keys(&refresh(&token).expect(200)), ["access"]);
    blacklist(&token).is(200, "{}");
    is_ended(&token);
    blacklist(&token).is(401, BLACKLISTED);
    let jti = text(&said(&token)["jti"]);
    // Remembered until its end.
    let expires_at = accounts::number(&format!("FAMILY#{jti}"), "expires_at");
    assert_eq!(expires_at, Some(end));
    let other = refresh_of_before(&user, end);
    let everywhere = json!({"refresh": user.refresh, "all": true});
    send("/token/blacklist/", &everywhere).is(200, "{}");
    is_ended(&other);
}
