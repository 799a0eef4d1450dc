//! What a token says.

use serde::{Deserialize, Serialize};

/// What is signed. Times are seconds since the Unix epoch.
#[derive(Serialize)]
pub(super) struct Claims {
    pub(super) token_type: &'static str,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) jti: String,
    pub(super) user_id: i64,
    /// Of a refresh token that is exchanged: the id of the first of its family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) family: Option<String>,
    /// Of any but the first: the id of the token that it was given for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<String>,
}

/// What a token with a good signature holds; anything but its end may be missing.
#[derive(Deserialize)]
pub(super) struct Received {
    pub(super) token_type: Option<String>,
    pub(super) exp: i64,
    /// Missing in tokens that were issued before there were families.
    pub(super) iat: Option<i64>,
    pub(super) jti: Option<String>,
    pub(super) user_id: Option<i64>,
    pub(super) family: Option<String>,
    pub(super) parent: Option<String>,
}
