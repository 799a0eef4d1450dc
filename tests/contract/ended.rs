//! Sessions that are ended, one or all: by a sign-out, by another password, and with the account.

use std::thread;

use contracts::http::routes::Route;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::sessions::{BLACKLISTED, GONE, blacklist, refresh, rotating, send};
use crate::fixture::client::{Answer, User, ask};
use crate::fixture::cloud::accounts;

const SIGN_OUT: &str = "/token/blacklist/";
const SET_PASSWORD: &str = "/auth/users/set_password/";
const PASSWORD: &str = "12ab34cd";

/// What an access token of before is answered.
const ENDED: &str = r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is blacklisted"}]}"#;

fn sign_in(name: &str, password: &str) -> Answer {
    send("/token/", &json!({"username": name, "password": password}))
}

/// The user once more, signed in from elsewhere.
#[track_caller]
fn again(user: &User, password: &str) -> User {
    let account = json!({"username": user.name, "id": user.id});
    User::sign_in(&account, password)
}

#[track_caller]
fn everywhere(user: &User) {
    send(SIGN_OUT, &json!({"refresh": user.refresh, "all": true})).is(200, "{}");
}

#[track_caller]
fn change(user: &User, new: &str) -> Answer {
    let body = json!({"new_password": new, "current_password": PASSWORD});
    user.post_json(SET_PASSWORD, &body)
}

/// A request to each function that answers users, by this token.
fn by_each_function(user: &User) -> Vec<Answer> {
    let asked = [
        user.get("/auth/users/me/"),
        user.get("/collect/team/"),
        user.post("/collect/team/"),
        user.post("/collect/team/1/cancel/"),
        user.get("/collect/data/"),
        user.get("/collect/datasets/"),
        user.get("/collect/exports/"),
    ];
    asked.into()
}

#[test]
fn a_sign_out_ends_one_session_only() {
    let user = User::new();
    let other = again(&user, PASSWORD);
    blacklist(&user.refresh).is(200, "{}");
    refresh(&user.refresh).is(401, BLACKLISTED);
    blacklist(&user.refresh).is(401, BLACKLISTED);
    refresh(&other.refresh).expect(200);
    // The access token lives out its time.
    user.get("/auth/users/me/").expect(200);
}

#[test]
fn a_sign_out_everywhere_ends_every_token() {
    let user = User::new();
    let (other, family) = (again(&user, PASSWORD), rotating(&user));
    everywhere(&user);
    for token in [&user.refresh, &other.refresh, &family] {
        refresh(token).is(401, BLACKLISTED);
        blacklist(token).is(401, BLACKLISTED);
    }
    for answer in by_each_function(&other) {
        answer.is(401, ENDED);
    }
    again(&user, PASSWORD).get("/auth/users/me/").expect(200);
}

/// Several times within a second: each ends the tokens of before and no later ones.
#[test]
fn tokens_of_the_same_second_are_told_apart() {
    let mut user = User::new();
    for _ in 0..4 {
        let next = {
            everywhere(&user);
            again(&user, PASSWORD)
        };
        user.get("/auth/users/me/").is(401, ENDED);
        refresh(&user.refresh).is(401, BLACKLISTED);
        next.get("/auth/users/me/").expect(200);
        let body = refresh(&next.refresh).expect(200);
        let access = User {
            token: body["access"].as_str().unwrap().to_owned(),
            ..again(&user, PASSWORD)
        };
        access.get("/auth/users/me/").expect(200);
        user = next;
    }
}

#[test]
fn another_password_ends_every_token() {
    let user = User::new();
    let family = rotating(&user);
    change(&user, "blue kettle 7").is(204, "");
    for answer in by_each_function(&user) {
        answer.is(401, ENDED);
    }
    for token in [&user.refresh, &family] {
        refresh(token).is(401, BLACKLISTED);
    }
    sign_in(&user.name, PASSWORD).expect(401);
    let user = again(&user, "blue kettle 7");
    user.get("/auth/users/me/").expect(200);
    refresh(&user.refresh).expect(200);
}

/// The others have changed nothing: neither the password nor who is signed in.
#[test]
fn of_changes_of_a_password_at_once_one_is_carried_out() {
    let user = User::new();
    let passwords: Vec<String> = (0..8).map(|it| format!("blue kettle {it}")).collect();
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = passwords
            .iter()
            .map(|new| scope.spawn(|| change(&user, new)))
            .collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let done = |it: &&Answer| it.status == 204;
    assert_eq!(answers.iter().filter(done).count(), 1);
    for refused in answers.iter().filter(|it| it.status != 204) {
        let words = r#"{"current_password":["Invalid password."]}"#;
        let expected = [(400, words), (401, ENDED)];
        let found = (refused.status, refused.body.as_str());
        assert!(expected.contains(&found), "{refused:?}");
    }
    for (password, answer) in passwords.iter().zip(&answers) {
        let signed_in = sign_in(&user.name, password).status == 200;
        assert_eq!(signed_in, answer.status == 204, "{password}");
    }
}

/// Of sign-outs everywhere that race, each holds for the tokens of before it.
#[test]
fn sign_outs_everywhere_at_once_all_hold() {
    let user = User::new();
    let sessions: Vec<User> = (0..8).map(|_| again(&user, PASSWORD)).collect();
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = sessions
            .iter()
            .map(|it| json!({"refresh": it.refresh, "all": true}))
            .map(|body| scope.spawn(move || send(SIGN_OUT, &body)))
            .collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let done = answers.iter().filter(|it| it.status == 200).count();
    assert!(done > 0);
    for refused in answers.iter().filter(|it| it.status != 200) {
        refused.is(401, BLACKLISTED);
    }
    for session in &sessions {
        session.get("/auth/users/me/").is(401, ENDED);
    }
    again(&user, PASSWORD).get("/auth/users/me/").expect(200);
}

/// As the runbook says.
#[test]
fn the_operator_ends_every_token_of_a_user() {
    let user = User::new();
    let second = Timestamp::now().as_second() + 1;
    accounts::set_number(&format!("USER#{}", user.id), "tokens_valid_from", second);
    user.get("/auth/users/me/").is(401, ENDED);
    refresh(&user.refresh).is(401, BLACKLISTED);
    again(&user, PASSWORD).get("/auth/users/me/").expect(200);
}

/// On every route, by every method, though the tokens are good for a while.
#[test]
fn tokens_of_a_deleted_account_are_refused_everywhere() {
    let user = User::new();
    let family = rotating(&user);
    accounts::delete(&format!("USERNAME#{}", user.name));
    accounts::delete(&format!("USER#{}", user.id));
    let bearer = format!("Bearer {}", user.token);
    let headers = [("Authorization", bearer.as_str())];
    for route in Route::ALL.iter().filter(|it| !it.is_open()) {
        let path = route.written().replace("{id}", "1");
        let path = path
            .replace("{dataset}", "team")
            .replace("{name}", "orders");
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let body = (method != "GET" && method != "DELETE").then_some(b"".as_slice());
            let answer = ask(method, &path, &headers, body);
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (401, GONE),
                "{method} {path}"
            );
        }
    }
    for token in [&user.refresh, &family] {
        refresh(token).is(401, GONE);
        blacklist(token).is(401, GONE);
        send(SIGN_OUT, &json!({"refresh": token, "all": true})).is(401, GONE);
    }
    sign_in(&user.name, PASSWORD).expect(401);
    // Nothing of it came back.
    assert_eq!(accounts::item(&format!("USER#{}", user.id)), Value::Null);
}

/// From the answer on, though the account's items are there for a while.
#[test]
fn nobody_is_signed_in_to_an_account_that_is_being_deleted() {
    let user = User::new();
    let (family, key) = (rotating(&user), user.make_key("write"));
    user.leave().expect(202);
    for answer in by_each_function(&user) {
        answer.is(401, GONE);
    }
    for answer in by_each_function(&user.by_key(&key)) {
        assert_eq!(answer.expect(401)["code"], "key_not_valid");
    }
    for token in [&user.refresh, &family] {
        refresh(token).is(401, GONE);
    }
    sign_in(&user.name, PASSWORD).expect(401);
    let kept = accounts::item(&format!("USERNAME#{}", user.name)).to_string();
    for gone in ["password_hash", "email", "addresses"] {
        assert!(!kept.contains(gone), "{kept}");
    }
    // The name is not free before everything is removed.
    let taken = json!({"username": user.name, "password": PASSWORD});
    let words = r#"{"username":["A user with that username already exists."]}"#;
    send("/auth/users/", &taken).is(400, words);
}

#[test]
fn of_deletions_at_once_one_is_carried_out() {
    let user = User::new();
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| user.leave())).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let done = answers.iter().filter(|it| it.status == 202).count();
    assert_eq!(done, 1, "{answers:?}");
    for refused in answers.iter().filter(|it| it.status != 202) {
        refused.is(401, GONE);
    }
}

/// What a deletion that is under way leaves for a moment.
#[test]
fn an_account_without_its_user_signs_nobody_in() {
    let user = User::new();
    accounts::delete(&format!("USER#{}", user.id));
    sign_in(&user.name, PASSWORD).expect(401);
    user.get("/auth/users/me/").is(401, GONE);
    change(&user, "blue kettle 7").is(401, GONE);
}
