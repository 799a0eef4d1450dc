use contracts::http::routes::Route;
use domain::limits::DATASET_NAME_CHARS_AT_MOST;
use lambda_http::RequestExt;

use super::{Refusal, Request};

/// The parts of the request's path between slashes, without the stage. A slash at the end of the
/// path makes no difference.
pub fn route(request: &Request) -> Result<(Route, Vec<&str>), Refusal> {
    Route::find(request.raw_http_path()).ok_or(Refusal::NotFound)
}

/// The number of an import, as it stands in a path.
///
/// # Errors
/// 404 for anything but digits: there is no such import.
pub fn number(segment: &str) -> Result<i32, Refusal> {
    let digits = segment.bytes().all(|it| it.is_ascii_digit());
    let number = segment.parse().ok().filter(|_| digits);
    number.ok_or(Refusal::NotFound)
}

/// The path as it stands in the log. No part of a path of ours is longer than the name of a
/// dataset; one that is may be a token or an API key that its sender put there by mistake.
pub(super) fn logged(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(shortened).collect();
    parts.join("/")
}

fn shortened(part: &str) -> &str {
    if part.len() > DATASET_NAME_CHARS_AT_MOST {
        "…"
    } else {
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_in_a_path_is_logged() {
        let name = "a".repeat(DATASET_NAME_CHARS_AT_MOST);
        for path in [
            "/",
            "",
            "/collect/team/1/",
            &format!("/collect/{name}/rows/"),
        ] {
            assert_eq!(logged(path), path);
        }
        let key = domain::api_key::write(7, 3, &[1; 32]);
        assert_eq!(logged(&format!("/auth/keys/{key}/")), "/auth/keys/…/");
        let coded = key.replace('_', "%5F");
        assert_eq!(logged(&format!("/auth/keys/{coded}")), "/auth/keys/…");
    }

    #[test]
    fn a_number_is_digits() {
        assert!(matches!(number("17"), Ok(17)));
        for other in ["", "x", "-1", "+1", "1.0", " 1", "99999999999", "1_0"] {
            assert!(matches!(number(other), Err(Refusal::NotFound)), "{other}");
        }
    }
}
