use contracts::http::routes::Route;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits() {
        assert!(matches!(number("17"), Ok(17)));
        for other in ["", "x", "-1", "+1", "1.0", " 1", "99999999999", "1_0"] {
            assert!(matches!(number(other), Err(Refusal::NotFound)), "{other}");
        }
    }
}
