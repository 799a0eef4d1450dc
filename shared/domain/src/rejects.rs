//! Rejected records: the file they are given back in, and how many of their row errors are kept.

mod file;

pub(crate) use file::ADDED;
pub use file::RejectsFile;

use crate::limits::{ROW_ERRORS_KEPT_PER_CHUNK, ROW_ERRORS_KEPT_PER_IMPORT};

/// The most row errors that are kept of each chunk, for an object and chunks of these numbers of
/// bytes: a share of what the import may keep, so that workers need not ask each other.
pub fn errors_kept_per_chunk(object_size: i64, chunk_bytes: i64) -> usize {
    let chunks = (object_size.max(1) - 1) / chunk_bytes.max(1) + 1;
    let share = (ROW_ERRORS_KEPT_PER_IMPORT / chunks).min(ROW_ERRORS_KEPT_PER_CHUNK);
    usize::try_from(share).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::chunk_bytes;

    /// For a file of any size, all chunks together stay within the import's limit, and each chunk
    /// has a share.
    #[test]
    fn chunks_share_what_is_kept() {
        for size in [1, 4 << 20, 12_500_000, 256 << 20, 1 << 30, 5 << 30] {
            let bytes = chunk_bytes(size);
            let chunks = size / bytes + i64::from(size % bytes > 0);
            let each = errors_kept_per_chunk(size, bytes) as i64;
            assert!(
                (300..=ROW_ERRORS_KEPT_PER_CHUNK).contains(&each),
                "{size}: {each}"
            );
            assert!(
                each * chunks <= ROW_ERRORS_KEPT_PER_IMPORT,
                "{size}: {each}"
            );
        }
    }
}
