//! How the roles that functions sign in as share the sessions of the database server.

use crate::limits::{SESSIONS_BESIDE_WORKERS, SESSIONS_KEPT, SESSIONS_OF_A_ROLE_AT_LEAST};

/// The most sessions of each role at one time. Together they are no more than there are, so that what
/// one of them asks for never shuts out another: requests for rows no import and no cancel, and
/// neither of these what repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Of those who write what becomes of imports and exports.
    pub worker: i32,
    /// Of those who declare and drop datasets, `reconcile` among them.
    pub maker: i32,
    /// Of those who only read: as many as there are requests, without another limit.
    pub reader: i32,
}

impl Shares {
    /// Of the sessions that the server has for users who are no superusers, for a stack that stores
    /// chunks with this number of workers. The worker's share has room for all of them and for the
    /// functions that sign in as the same role, a cancel among them. Of what is left, half is for
    /// readers and a quarter for each of the others. On a server that is too small, the worker gets
    /// what the least of the others leaves.
    pub fn of(sessions: i32, workers: i32) -> Self {
        let least = SESSIONS_OF_A_ROLE_AT_LEAST;
        let all = sessions - SESSIONS_KEPT;
        let needed = Self::needed(workers);
        let left = (all - needed - 2 * least).max(0);
        let (maker, reader) = (least + left / 4, least + left / 2);
        Self {
            worker: (all - maker - reader).max(least),
            maker,
            reader,
        }
    }

    /// Whether there is room for this number of workers and what goes on beside them.
    pub fn has_room_for(&self, workers: i32) -> bool {
        self.worker >= Self::needed(workers)
    }

    fn needed(workers: i32) -> i32 {
        workers.saturating_add(SESSIONS_BESIDE_WORKERS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As docs/deploy.md has them. PostgreSQL reserves three sessions for superusers.
    #[test]
    fn shares_as_a_table() {
        for (sessions, workers, expected) in [
            (200, 8, (56, 47, 84)),
            (200, 16, (62, 45, 80)),
            (410, 32, (127, 93, 177)),
            (840, 64, (258, 193, 376)),
            // Too small.
            (410, 1_000, (377, 10, 10)),
            (23, 2, (10, 10, 10)),
        ] {
            let shares = Shares::of(sessions - 3, workers);
            let found = (shares.worker, shares.maker, shares.reader);
            assert_eq!(found, expected, "{sessions} for {workers}");
        }
    }

    proptest! {
        #[test]
        fn shares_are_no_more_than_there_are(sessions in 60..5_000, workers in 2..=1_000) {
            let shares = Shares::of(sessions, workers);
            let all = shares.worker + shares.maker + shares.reader;
            prop_assert!(all <= sessions - SESSIONS_KEPT);
            prop_assert!(shares.maker.min(shares.reader) >= SESSIONS_OF_A_ROLE_AT_LEAST);
            let needed = workers + SESSIONS_BESIDE_WORKERS;
            let fit = needed + 2 * SESSIONS_OF_A_ROLE_AT_LEAST + SESSIONS_KEPT <= sessions;
            prop_assert_eq!(shares.has_room_for(workers), fit);
        }
    }
}
