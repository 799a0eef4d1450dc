//! Rejected records: the file they are given back in, and how many of their row errors are kept.

mod file;

pub(crate) use file::ADDED;
pub use file::RejectsFile;

use crate::limits::{ROW_ERRORS_KEPT_PER_CHUNK, ROW_ERRORS_KEPT_PER_IMPORT};

/// The most row errors that are kept of each chunk, for an object and chunks of these numbers of
/// bytes: its share of what the import may keep, and never fewer than
/// [`ROW_ERRORS_KEPT_PER_CHUNK`]. So workers need not ask each other, and what all of them keep
/// beyond the import's limit is dropped at its end.
pub fn errors_kept_per_chunk(object_size: i64, chunk_bytes: i64) -> usize {
    let chunks = (object_size.max(1) - 1) / chunk_bytes.max(1) + 1;
    let share = (ROW_ERRORS_KEPT_PER_IMPORT / chunks).max(ROW_ERRORS_KEPT_PER_CHUNK);
    usize::try_from(share).unwrap_or(0)
}

/// Which rejected records of an import have their row errors kept, told record by record in the
/// order of the file: all errors of a record or none. After the first record without room, no later
/// one of its chunk is kept, and after the first beyond the import's limit none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    each_chunk: usize,
    chunk: usize,
    import: usize,
}

impl Room {
    /// Of an import of an object of this size in chunks of this size.
    pub fn new(object_size: i64, chunk_bytes: i64) -> Self {
        let each_chunk = errors_kept_per_chunk(object_size, chunk_bytes);
        Self {
            each_chunk,
            chunk: each_chunk,
            import: usize::try_from(ROW_ERRORS_KEPT_PER_IMPORT).unwrap_or(0),
        }
    }

    /// Another chunk begins.
    pub fn begin_chunk(&mut self) {
        self.chunk = self.each_chunk;
    }

    /// Whether a record with so many errors has them kept.
    pub fn take(&mut self, errors: usize) -> bool {
        if errors > self.chunk {
            self.chunk = 0;
            return false;
        }
        if errors > self.import {
            self.import = 0;
            return false;
        }
        self.chunk -= errors;
        self.import -= errors;
        true
    }

    /// True if no later record has its errors kept.
    pub fn is_full(&self) -> bool {
        self.import == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::chunk_bytes;

    /// A file of few chunks keeps what a large one keeps, and a chunk of many has room for bad
    /// records that stand together.
    #[test]
    fn an_import_of_any_size_may_keep_what_is_promised() {
        for size in [1, 4 << 20, 12_500_000, 256 << 20, 1 << 30, 5 << 30] {
            let bytes = chunk_bytes(size);
            let chunks = size / bytes + i64::from(size % bytes > 0);
            let each = errors_kept_per_chunk(size, bytes) as i64;
            let within = ROW_ERRORS_KEPT_PER_CHUNK..=ROW_ERRORS_KEPT_PER_IMPORT;
            assert!(within.contains(&each), "{size}: {each}");
            let all = (each + 1) * chunks;
            assert!(all >= ROW_ERRORS_KEPT_PER_IMPORT, "{size}: {all}");
        }
        assert_eq!(errors_kept_per_chunk(4 << 20, 4 << 20), 100_000);
        assert_eq!(errors_kept_per_chunk(8 << 20, 4 << 20), 50_000);
        assert_eq!(errors_kept_per_chunk(5 << 30, 16 << 20), 10_000);
    }

    #[test]
    fn records_are_kept_whole_until_the_first_without_room() {
        let mut room = Room {
            each_chunk: 5,
            chunk: 5,
            import: 8,
        };
        let taken = |room: &mut Room, errors: [usize; 3]| errors.map(|it| room.take(it));
        assert_eq!(taken(&mut room, [2, 2, 2]), [true, true, false]);
        assert!(!room.take(1), "a later record of the same chunk");
        room.begin_chunk();
        assert_eq!(taken(&mut room, [3, 2, 1]), [true, false, false]);
        assert!(room.is_full());
        room.begin_chunk();
        assert!(!room.take(1), "beyond the import's limit");
    }
}
