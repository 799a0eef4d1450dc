//! A page of a list.

use domain::reason::StoredReason;
use serde::Serialize;

/// The envelope around a page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Listing<T> {
    /// How many entries the whole list has; null where they would have to be counted one by one.
    pub count: Option<i64>,
    /// Absolute URL of the next page, or null.
    pub next: Option<String>,
    /// Absolute URL of the previous page, or null.
    pub previous: Option<String>,
    /// The entries of this page.
    pub results: Vec<T>,
    /// What was odd about the request: the code `unknown_parameter` for each parameter that is
    /// ignored and nearly a known one. Missing if there is nothing to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<StoredReason>,
}
