//! API keys.

use domain::api_key::{KeptKey, KeyAccess, prefix};
use jiff::Timestamp;
use serde::Serialize;

/// 201 of `POST /auth/keys/`, and an entry of `GET /auth/keys/`. It may hold the key itself, so
/// that it cannot be formatted for a log.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ApiKeyObject {
    /// Counts from 1 for each user. No number is used again.
    pub id: i64,
    /// As its user calls it.
    pub name: String,
    /// What it may be used for.
    pub access: KeyAccess,
    /// What the key begins with: it says which key is meant, and is no secret.
    pub prefix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// It is refused from then on.
    pub expires_at: Timestamp,
    /// The key itself, only in the answer to the request that makes it: it is kept nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
}

impl ApiKeyObject {
    /// What is shown of a key at any time.
    pub fn new(user: i64, number: i64, kept: &KeptKey) -> Self {
        Self {
            id: number,
            name: kept.name.clone(),
            access: kept.access,
            prefix: prefix(user, number),
            created_at: kept.created_at,
            expires_at: kept.expires_at,
            key: None,
        }
    }

    /// With the key itself.
    #[must_use]
    pub fn with_key(self, key: String) -> Self {
        let key = Some(key);
        Self { key, ..self }
    }
}
