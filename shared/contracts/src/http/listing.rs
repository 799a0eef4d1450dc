//! A page of a list.

use serde::Serialize;

/// The envelope around a page.
#[derive(Debug, Serialize)]
pub struct Listing<T> {
    /// How many entries the whole list has; null where they would have to be counted one by one.
    pub count: Option<i64>,
    /// Absolute URL of the next page, or null.
    pub next: Option<String>,
    /// Absolute URL of the previous page, or null.
    pub previous: Option<String>,
    /// The entries of this page.
    pub results: Vec<T>,
}
