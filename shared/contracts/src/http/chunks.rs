//! The chunks of an import.

use serde::Serialize;

/// Chunks of an import that follow one another and stand where the others do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChunkRun {
    /// `planned`, `handed_out`, `stored`, `tried_again` or `dead`.
    pub state: &'static str,
    /// Number of the first of them, from 0.
    pub first: i32,
    /// How many there are.
    pub count: i64,
}
