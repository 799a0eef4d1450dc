//! Where a chunk stands, as the list of an import's chunks tells it.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::limits::ATTEMPTS_AT_MOST;

/// Where a chunk stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum ChunkState {
    /// It waits to be handed out.
    Planned,
    /// It is in the queue, or a worker has it for the first time.
    HandedOut,
    /// It has its receipt.
    Stored,
    /// It was tried without a receipt, and is or will be tried again.
    TriedAgain,
    /// It was tried as often as it may be: its import fails.
    Dead,
}

impl ChunkState {
    /// Every state, in the order of a chunk's way.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Of a chunk that is stored or not, is out or waits to be handed out, and was tried this often.
    /// The first try of a chunk that is out is under way; so is the last.
    pub fn of(stored: bool, out: bool, attempts: i32) -> Self {
        match (out, attempts) {
            _ if stored => Self::Stored,
            (true, 0 | 1) => Self::HandedOut,
            (false, 0) => Self::Planned,
            (false, ATTEMPTS_AT_MOST..) => Self::Dead,
            _ => Self::TriedAgain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chunk_has_its_state() {
        use ChunkState::{Dead, HandedOut, Planned, Stored, TriedAgain};
        #[rustfmt::skip]
        let table = [
            // out, attempts, state
            (false, 0, Planned),
            (true,  0, HandedOut),
            (true,  1, HandedOut),
            (true,  2, TriedAgain),
            (true,  5, TriedAgain),
            (false, 1, TriedAgain),
            (false, 4, TriedAgain),
            (false, 5, Dead),
            (false, 9, Dead),
        ];
        for (out, attempts, state) in table {
            assert_eq!(
                ChunkState::of(false, out, attempts),
                state,
                "{out} {attempts}"
            );
            assert_eq!(ChunkState::of(true, out, attempts), Stored);
        }
    }

    #[test]
    fn words() {
        let words = ChunkState::ALL.iter().map(|it| it.as_str());
        assert!(words.eq(["planned", "handed_out", "stored", "tried_again", "dead"]));
    }
}
