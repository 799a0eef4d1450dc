//! `Idempotency-Key`: the same request sent again gets the same answer.

use domain::limits::IDEMPOTENCY_KEY_CHARS_AT_MOST;

use super::{Refusal, Request};

const HEADER: &str = "idempotency-key";

/// Whether the request has a key, valid or not.
pub fn is_keyed(request: &Request) -> bool {
    request.headers().contains_key(HEADER)
}

/// The key of the request, if it has one.
///
/// # Errors
/// 400 for a key that is empty, too long or not ASCII.
pub fn key(request: &Request) -> Result<Option<String>, Refusal> {
    let Some(value) = request.headers().get(HEADER) else {
        return Ok(None);
    };
    let key = value.to_str().ok().map(str::trim);
    let fits = |key: &&str| (1..=IDEMPOTENCY_KEY_CHARS_AT_MOST).contains(&key.len());
    match key.filter(fits) {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(Refusal::Coded {
            status: 400,
            code: "bad_idempotency_key",
            detail: format!(
                "An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_CHARS_AT_MOST} ASCII characters."
            ),
        }),
    }
}

/// 422: the key came with another request before.
pub fn reused() -> Refusal {
    Refusal::Coded {
        status: 422,
        code: "idempotency_key_reused",
        detail: "This Idempotency-Key was used for another request.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(value: &[u8]) -> Result<Option<String>, Refusal> {
        let mut request = Request::default();
        let value = value.try_into().unwrap();
        request.headers_mut().insert(HEADER, value);
        assert!(is_keyed(&request));
        key(&request)
    }

    #[test]
    fn keys() {
        assert!(matches!(key(&Request::default()), Ok(None)));
        assert_eq!(keyed(b" a-1 ").unwrap().as_deref(), Some("a-1"));
        assert!(keyed(&[b'x'; 255]).is_ok());
        for bad in [&b""[..], b" ", b"\xff", &[b'x'; 256]] {
            assert!(matches!(
                keyed(bad),
                Err(Refusal::Coded { status: 400, .. })
            ));
        }
    }
}
