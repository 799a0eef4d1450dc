//! Pages of another origin: the test stack lets in one. `tests/browser` tries it in a browser.

use contracts::http::headers::ON_EVERY_ANSWER;

use super::stage::State;
use crate::fixture::client::{Answer, User, api_url, ask_url};

const PAGE: &str = "https://page.example.org";
const OTHER: &str = "https://evil.example.org";

fn asked(method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask_url(method, &format!("{}{path}", api_url()), headers, None)
}

fn preflight(origin: &str) -> Answer {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        (
            "Access-Control-Request-Headers",
            "authorization,content-type",
        ),
    ];
    asked("OPTIONS", "/collect/team/", &headers)
}

#[test]
fn a_browser_may_ask_for_a_page_that_is_let_in() {
    let answer = preflight(PAGE);
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    let methods = answer.header("access-control-allow-methods");
    assert_eq!(methods, Some("GET, POST, HEAD, OPTIONS"));
    let taken = answer.header("access-control-allow-headers").unwrap();
    assert!(taken.contains("Authorization") && taken.contains("Idempotency-Key"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    for (name, value) in ON_EVERY_ANSWER {
        assert_eq!(answer.header(name), Some(value));
    }
}

/// As the original answers: a client that is not signed in.
#[test]
fn for_any_other_page_it_is_an_options_as_ever() {
    let answer = preflight(OTHER);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(
        asked("OPTIONS", "/collect/team/", &[("Origin", PAGE)]).status,
        401
    );
}

#[test]
fn only_that_page_may_read_answers_and_refusals() {
    let user: User = State::Fresh.prepare();
    let token = format!("Bearer {}", user.token);
    for (path, status) in [("/collect/team/", 200), ("/collect/team/7/", 404)] {
        let of = |origin| {
            asked(
                "GET",
                path,
                &[("Origin", origin), ("Authorization", &token)],
            )
        };
        let (let_in, other) = (of(PAGE), of(OTHER));
        assert_eq!((let_in.status, other.status), (status, status));
        assert_eq!(let_in.header("access-control-allow-origin"), Some(PAGE));
        assert_eq!(let_in.header("vary"), Some("Origin"));
        assert_eq!(other.header("access-control-allow-origin"), None);
        assert_eq!(other.header("vary"), Some("Origin"));
    }
}
