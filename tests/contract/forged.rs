//! Tokens and API keys that are not what `/token/` and `/auth/keys/` give out.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::fixture::client::User;
use crate::fixture::cloud;

/// `{"typ":"JWT","alg":"none"}`
const NO_ALGORITHM: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0";

/// 2100-01-01, and a time long past.
const FAR_AWAY: i64 = 4_102_444_800;
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
    signed(
        b"0123456789abcdef0123456789abcdef",
        &claims(user.id, FAR_AWAY),
    )
}

/// The user's claims, signed with the right key, but expired.
pub fn expired(user: &User) -> String {
    signed(key().as_bytes(), &claims(user.id, GONE_BY))
}

/// Signed with the right key, for a user who does not exist.
pub fn of_unknown_user() -> String {
    signed(key().as_bytes(), &claims(NO_USER, FAR_AWAY))
}

/// The same, to be refreshed.
pub fn refresh_of_unknown_user() -> String {
    signed(key().as_bytes(), &of_before("refresh", NO_USER, FAR_AWAY))
}

/// A refresh token of the user as they were before they said when they were issued; it ends at `exp`.
pub fn refresh_of_before(user: &User, exp: i64) -> String {
    signed(key().as_bytes(), &of_before("refresh", user.id, exp))
}

fn of_before(token_type: &str, user_id: i64, exp: i64) -> Value {
    let jti = uuid::Uuid::new_v4().simple().to_string();
    json!({"token_type": token_type, "exp": exp, "jti": jti, "user_id": user_id})
}

/// Signed with the right key, without a user id.
pub fn without_user() -> String {
    let claims = json!({"token_type": "access", "exp": FAR_AWAY, "jti": "0"});
    signed(key().as_bytes(), &claims)
}

/// An API key of the user's by its form, with a secret that was made up.
pub fn api_key(user: i64, number: i64) -> String {
    domain::api_key::write(user, number, &[7; domain::api_key::SECRET_BYTES])
}

fn claims(user_id: i64, exp: i64) -> Value {
    json!({"token_type": "access", "exp": exp, "jti": "0", "user_id": user_id})
}

fn signed(key: &[u8], claims: &Value) -> String {
    let key = EncodingKey::from_secret(key);
    encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

/// The key that the stack signs with.
fn key() -> String {
    let arn = cloud::variable_of("AuthFunction", "SIGNING_SECRET_ARN");
    let body = json!({ "SecretId": arn });
    let action = "secretsmanager.GetSecretValue";
    let secret = cloud::call_json(&cloud::operator(), "secretsmanager", action, &body).expect(200);
    secret["SecretString"].as_str().unwrap().to_owned()
}
