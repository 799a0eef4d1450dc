//! What a request is told that the database did not carry out.

use domain::quota::{Exceeded, Quota};
use postgres::leaving::OWNER_IS_THERE;
use postgres::{Error, Outage};

use super::{Refusal, Unauthorized};
use crate::chain;

/// The server may have no room, or be away for the time of a restart or a failover.
pub(super) fn refusal(error: Error) -> Refusal {
    if let Error::TooManyReads { at_once } = error {
        return too_many_reads(at_once);
    }
    if let Some((refusal, words)) = is_no_fault(&error) {
        tracing::warn!(cause = chain(&error), "{words}");
        return refusal;
    }
    let (code, detail) = match error.outage() {
        None => return Refusal::Internal(Box::new(error)),
        Some(Outage::Full) => ("database_full", FULL),
        Some(Outage::Away) => ("database_away", AWAY),
    };
    Refusal::Unavailable {
        code,
        detail,
        failure: Box::new(error),
    }
}

/// What may have changed since the request looked. Of a declared dataset the table may be gone, or be
/// another; the account may have been deleted.
fn is_no_fault(error: &Error) -> Option<(Refusal, &'static str)> {
    if error.is_other_table() {
        let words = "the table of a dataset is another now";
        Some((Refusal::DatasetChanged, words))
    } else if error.is_out_of_time() {
        let refusal = Refusal::too_slow("fewer entries, or once more");
        Some((refusal, "a list took too long"))
    } else if error.violated_constraint() == Some(OWNER_IS_THERE) {
        let words = "the account was deleted while the request was carried out";
        Some((Unauthorized::UserNotFound.into(), words))
    } else {
        None
    }
}

fn too_many_reads(at_once: i64) -> Refusal {
    Refusal::OverQuota(Exceeded {
        quota: Quota::ReadsAtOnce,
        used: at_once,
        wanted: 1,
        allowed: at_once,
        leaving: false,
    })
}

const FULL: &str =
    "The database has no room for this request at this moment. Send the request again.";
const AWAY: &str = "The database is out of reach at this moment. Send the request again.";
