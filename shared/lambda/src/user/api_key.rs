//! Users who send an API key in the place of an access token.

use aws::accounts::Accounts;
use contracts::http::routes::TakesKeys;
use domain::api_key::{self, KeyAccess, SentKey, Unfit};
use jiff::Timestamp;

use super::{SignedInBy, User, bearer};
use crate::http::{Asker, Refusal, Request, Unauthorized, allow, route};

const READ_ONLY: &str =
    "This API key may only read: send one whose access is write, or an access token.";
const NOT_TAKEN: &str = "An API key cannot do this: sign in at /token/ and send the access token.";

/// What was sent in the place of an access token and is meant to be an API key.
pub(super) fn sent(request: &Request) -> Option<&[u8]> {
    bearer(request).ok().filter(|it| api_key::is_meant(it))
}

/// The user of the key, if the request takes it. The accounts are not asked about a key that is not
/// whole.
pub(super) async fn signed_in(
    accounts: &Accounts,
    text: &[u8],
    request: &Request,
    now: Timestamp,
) -> Result<User, Refusal> {
    let sent = SentKey::read(text).ok_or(Unauthorized::KeyNotWhole)?;
    // Whoever makes a key up learns nothing of whether there is such a user.
    let user = accounts.by_id(sent.user).await?;
    let user = user.ok_or(Unauthorized::KeyUnknown)?;
    let kept = user.api_keys.get(&sent.number);
    let kept = kept.ok_or(Unauthorized::KeyUnknown)?;
    let access = kept.check(&sent, now).map_err(refused)?;
    Asker::of(request).is(user.id, user.owner);
    permit(access, request)?;
    let number = sent.number;
    Ok(User::new(user, SignedInBy::Key { number, access }))
}

fn refused(unfit: Unfit) -> Unauthorized {
    match unfit {
        Unfit::Unknown => Unauthorized::KeyUnknown,
        Unfit::Expired(at) => Unauthorized::KeyExpired(at),
    }
}

/// # Errors
/// 404 or 405 for what there is not, 403 for what is not done with such a key.
fn permit(access: KeyAccess, request: &Request) -> Result<(), Refusal> {
    let (route, _) = route(request)?;
    allow(request, route)?;
    match (route.takes_keys(request.method().as_str()), access) {
        (TakesKeys::All, _) | (TakesKeys::Writing, KeyAccess::Write) => Ok(()),
        (TakesKeys::Writing, KeyAccess::Read) => Err(read_only()),
        (TakesKeys::None, _) => Err(not_taken()),
    }
}

fn read_only() -> Refusal {
    Refusal::Coded {
        status: 403,
        code: "read_only_key",
        detail: READ_ONLY.to_owned(),
    }
}

fn not_taken() -> Refusal {
    Refusal::Coded {
        status: 403,
        code: "key_not_taken",
        detail: NOT_TAKEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::RequestExt as _;

    use super::*;

    fn asked(method: &str, path: &str) -> Request {
        let mut request = Request::default().with_raw_http_path(path);
        *request.method_mut() = method.parse().unwrap();
        request
    }

    fn status(access: KeyAccess, method: &str, path: &str) -> u16 {
        match permit(access, &asked(method, path)) {
            Ok(()) => 200,
            Err(refusal) => refusal.into_response().status().as_u16(),
        }
    }

    #[test]
    fn what_a_key_may_do() {
        #[rustfmt::skip]
        let table = [
            // Method, path, with a key that reads, with one that writes.
            ("GET", "/collect/team/", 200, 200),
            ("HEAD", "/collect/team/1/", 200, 200),
            ("OPTIONS", "/collect/team/1/cancel/", 200, 200),
            ("GET", "/collect/exports/1/", 200, 200),
            ("POST", "/collect/datasets/infer/", 200, 200),
            ("POST", "/collect/datasets/validate/", 200, 200),
            ("POST", "/collect/team/", 403, 200),
            ("POST", "/collect/team/1/cancel/", 403, 200),
            ("DELETE", "/collect/team/1/", 403, 200),
            ("PUT", "/collect/datasets/orders/", 403, 200),
            ("DELETE", "/collect/datasets/orders/", 403, 200),
            ("POST", "/collect/exports/", 403, 200),
            ("GET", "/collect/team/1/upload/", 403, 200),
            ("GET", "/auth/keys/", 403, 403),
            ("POST", "/auth/keys/", 403, 403),
            ("DELETE", "/auth/keys/1/", 403, 403),
            ("PUT", "/collect/team/", 405, 405),
            ("GET", "/auth/keys/1/", 405, 405),
            ("GET", "/nowhere/", 404, 404),
        ];
        for (method, path, reading, writing) in table {
            let found = [KeyAccess::Read, KeyAccess::Write].map(|it| status(it, method, path));
            assert_eq!(found, [reading, writing], "{method} {path}");
        }
    }

    #[test]
    fn what_is_meant_to_be_a_key() {
        let with = |authorization: &str| {
            let mut request = Request::default();
            let value = authorization.parse().unwrap();
            request.headers_mut().insert("authorization", value);
            sent(&request).map(<[u8]>::to_vec)
        };
        assert_eq!(with("Bearer ck_7"), Some(b"ck_7".to_vec()));
        for other in [
            "Bearer eyJ0",
            "Bearer ck_7 ck_8",
            "Basic ck_7",
            "ck_7",
            "Bearer CK_7",
            "",
        ] {
            assert_eq!(with(other), None, "{other}");
        }
    }
}
