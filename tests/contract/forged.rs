//! Tokens and API keys that are not what `/token/` and `/auth/keys/` give out.

use crate::fixture::client::User;
use crate::fixture::tokens::{FAR_AWAY, Key, claims};

/// `{"typ":"JWT","alg":"none"}`
const NO_ALGORITHM: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0";

/// A time long past.
const GONE_BY: i64 = 1_000_000_000;

/// An id that the counter of users does not reach in a test.
const NO_USER: i64 = 9_000_000_000_000;

/// The user's claims, unsigned.
pub fn unsigned(user: &User) -> String {
    let claims = user.token.split('.').nth(1).unwrap();
    format!("{NO_ALGORITHM}.{claims}.")
}

/// The user's token, its signature cut short.
pub fn cut(user: &User) -> String {
    user.token[..user.token.len() - 8].to_owned()
}

/// The user's claims, signed with another key.
pub fn of_another_key(user: &User) -> String {
    let key = Key::of_the_stack().foreign();
    key.signed(&claims("access", user.id, FAR_AWAY))
}

/// The user's claims, signed with the right key, but expired.
pub fn expired(user: &User) -> String {
    Key::of_the_stack().signed(&claims("access", user.id, GONE_BY))
}

/// Signed with the right key, for a user who does not exist.
pub fn of_unknown_user() -> String {
    Key::of_the_stack().signed(&claims("access", NO_USER, FAR_AWAY))
}

/// The same, to be refreshed.
pub fn refresh_of_unknown_user() -> String {
    refresh_without_beginning(NO_USER, FAR_AWAY)
}

/// A refresh token of the user that does not say when it was issued, as those of before; it ends at
/// `exp`.
pub fn refresh_of_before(user: &User, exp: i64) -> String {
    refresh_without_beginning(user.id, exp)
}

fn refresh_without_beginning(user_id: i64, exp: i64) -> String {
    let mut claims = claims("refresh", user_id, exp);
    claims["jti"] = uuid::Uuid::new_v4().simple().to_string().into();
    Key::of_the_stack().signed(&claims)
}

/// Signed with the right key, without a user id.
pub fn without_user() -> String {
    let mut claims = claims("access", NO_USER, FAR_AWAY);
    claims.as_object_mut().unwrap().remove("user_id");
    Key::of_the_stack().signed(&claims)
}

/// An API key of the user's by its form, with a secret that was made up.
pub fn api_key(user: i64, number: i64) -> String {
    domain::api_key::write(user, number, &[7; domain::api_key::SECRET_BYTES])
}
