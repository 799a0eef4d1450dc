//! How the service itself is.

use serde::Serialize;

/// 200 of `GET /healthz`, and 200 or 503 of `GET /readyz`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `ok`, or `database_unreachable`.
    pub status: &'static str,
}
