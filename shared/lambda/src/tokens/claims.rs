//! What a token says.

use serde::{Deserialize, Serialize};

/// What is signed.
#[derive(Serialize)]
pub(super) struct Claims {
    pub(super) token_type: &'static str,
    /// Seconds since the Unix epoch.
    pub(super) exp: i64,
    pub(super) jti: String,
    pub(super) user_id: i64,
}

/// What a token with a good signature holds; anything but its end may be missing.
#[derive(Deserialize)]
pub(super) struct Received {
    pub(super) token_type: Option<String>,
    /// Seconds since the Unix epoch.
    pub(super) exp: i64,
    pub(super) jti: Option<String>,
    pub(super) user_id: Option<i64>,
}
