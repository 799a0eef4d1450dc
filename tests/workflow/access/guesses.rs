//! Guesses of passwords, through the gateway and the function that is deployed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{Answer, User, api_url, ask_url};
use crate::fixture::stack::variable;

const PASSWORD: &str = "12ab34cd";

/// Wrong passwords of a name from an address that are free in the stack of the tests.
const FREE: usize = 40;

/// With the pauses that double, more than these take longer than a test may.
const AT_MOST: usize = FREE + 6;

/// An address that no other test has. Who asks the gateway itself can say where they are.
fn somewhere() -> String {
    let [.., a, b, c] = *Uuid::new_v4().as_bytes();
    format!("10.{a}.{b}.{c}")
}

fn sign_in_at(url: &str, address: &str, username: &str, password: &str) -> Answer {
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Forwarded-For", address),
    ];
    let body = json!({"username": username, "password": password}).to_string();
    let url = format!("{url}/token/");
    ask_url("POST", &url, &headers, Some(body.as_bytes()))
}

fn sign_in(address: &str, username: &str, password: &str) -> Answer {
    sign_in_at(&variable("GATEWAY_URL"), address, username, password)
}

/// Guesses until it is refused; gives the refusal.
fn guess(mut wrong: impl FnMut() -> Answer) -> Answer {
    for tried in 0..=AT_MOST {
        let answer = wrong();
        match answer.status {
            401 => answer.is(
                401,
                r#"{"detail":"No active account found with the given credentials"}"#,
            ),
            _ => {
                assert!(tried >= FREE, "{tried}: {answer:?}");
                return answer;
            }
        }
    }
    panic!("nothing refuses a guess");
}

/// The seconds that a refusal names, in its words and in its header.
fn seconds(refused: &Answer) -> u64 {
    let header = refused.header("retry-after").unwrap();
    let seconds: u64 = header.parse().unwrap();
    let plural = if seconds == 1 { "" } else { "s" };
    let words = format!("Request was throttled. Expected available in {seconds} second{plural}.");
    assert_eq!(refused.expect(429), json!({ "detail": words }));
    seconds
}

#[test]
fn guesses_are_refused_until_a_pause_is_over() {
    let (user, address) = (User::new(), somewhere());
    let refused = guess(|| sign_in(&address, &user.name, "12ab34ce"));
    let wait = seconds(&refused);
    assert!((1..=64).contains(&wait), "{wait}");
    // From anywhere else the user signs in as ever.
    sign_in(&somewhere(), &user.name, PASSWORD).expect(200);
    // From there they wait, and a refusal does not make it longer.
    let begin = Instant::now();
    let answer = loop {
        let answer = sign_in(&address, &user.name, PASSWORD);
        if answer.status == 200 {
            break answer;
        }
        assert!(seconds(&answer) <= wait);
        assert!(begin.elapsed() < Duration::from_secs(wait + 30));
        std::thread::sleep(Duration::from_millis(100));
    };
    answer.expect(200);
    // The right password ends it: what was wrong before does not count any more.
    let again = sign_in(&address, &user.name, "12ab34ce");
    assert_eq!(again.status, 401, "{again:?}");
}

/// A name that nobody has is no name to tell from others.
#[test]
fn a_name_that_nobody_has_is_refused_alike() {
    let name = format!("nobody_{}", Uuid::new_v4().simple());
    let address = somewhere();
    let refused = guess(|| sign_in(&address, &name, "12ab34ce"));
    seconds(&refused);
    let other = sign_in(&somewhere(), &name, "12ab34ce");
    assert_eq!(other.status, 401, "{other:?}");
}

/// Behind the front door nobody says where they are.
#[test]
fn a_made_up_address_does_not_help() {
    let user = User::new();
    let refused = guess(|| sign_in_at(&api_url(), &somewhere(), &user.name, "12ab34ce"));
    seconds(&refused);
}

/// Who has a token alone does not find the password by it.
#[test]
fn the_current_password_is_not_guessed_either() {
    let user = User::new();
    let change = |current: &str| {
        let body = json!({"new_password": "blue kettle 7", "current_password": current});
        user.post_json("/auth/users/set_password/", &body)
    };
    let mut tried = 0;
    let refused = loop {
        let answer = change("12ab34ce");
        if answer.status != 400 {
            break answer;
        }
        tried += 1;
        assert!(tried <= AT_MOST, "nothing refuses a guess");
    };
    assert!(tried >= FREE, "{tried}");
    seconds(&refused);
    // Another door to the same password.
    let key: Value = json!({"name": "k", "access": "read", "current_password": "12ab34ce"});
    let answer = user.post_json("/auth/keys/", &key);
    assert!([400, 429].contains(&answer.status), "{answer:?}");
}

/// What the template says of the stage has arrived there, each path by its name.
#[test]
fn the_stage_has_its_limits() {
    use crate::fixture::cloud::{self, Signed};
    let url = variable("GATEWAY_URL");
    let mut parts = url.rsplit('/');
    let (stage, api) = (parts.next().unwrap(), parts.next().unwrap());
    let path = format!("/restapis/{api}/stages/{stage}");
    let request = Signed {
        service: "apigateway",
        method: "GET",
        path: &path,
        query: &[],
        headers: &[],
        body: b"",
    };
    let found = cloud::call(&cloud::operator(), &request).expect(200);
    let settings = &found["methodSettings"];
    for method in [
        "*/*",
        "/token/POST",
        "/auth/users/POST",
        "/auth/users/set_password/POST",
        "/auth/keys/POST",
    ] {
        let limit = &settings[method]["throttlingRateLimit"];
        assert!(limit.is_number(), "{method}: {settings}");
    }
}
