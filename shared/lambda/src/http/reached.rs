//! Quotas that users have reached: they find in their list of acts which, when and from where. A
//! client that goes on asking is refused each time, and written down once an hour.

use aws::audit::{Audit, Entry};
use domain::audit::Act;
use domain::hourly::Hourly;
use domain::quota::{Exceeded, Quota};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::asking::Known;
use crate::audit::{kept_for, log_unwritten};
use crate::settings::{self, SettingError};

/// Writes them down.
pub(super) struct Reached {
    table: String,
    kept_for: SignedDuration,
    /// Made when it is needed first: few environments ever refuse anybody.
    audit: OnceCell<Audit>,
    seen: Hourly<(Uuid, Quota)>,
}

/// The request that was refused.
pub(super) struct Refused {
    pub by: Known,
    pub address: Option<String>,
    pub request_id: Option<String>,
}

impl Reached {
    /// In the table that the environment names, for so long as it says.
    ///
    /// # Errors
    /// A setting is missing.
    pub(super) fn from_environment() -> Result<Self, SettingError> {
        Ok(Self {
            table: settings::required("AUDIT_TABLE")?,
            kept_for: kept_for()?,
            audit: OnceCell::new(),
            seen: Hourly::default(),
        })
    }

    /// The refusal stays what it is if this fails: the log has it too.
    pub(super) async fn note(&self, exceeded: &Exceeded, refused: Refused) {
        let (quota, now) = (exceeded.quota, Timestamp::now());
        let Known { user, owner } = refused.by;
        if !self.seen.is_first((owner, quota), now) {
            return;
        }
        let entry = Entry {
            address: refused.address,
            request_id: refused.request_id,
            detail: Some(detail(exceeded)),
            ..Entry::of(Act::QuotaReached, user)
        };
        let make = async || Audit::new(&aws::config().await, self.table.clone());
        let audit = self.audit.get_or_init(make).await;
        let written = audit.write_once_an_hour(owner, quota.code(), &entry, now, self.kept_for);
        log_unwritten(written.await);
    }
}

/// Numbers alone: nothing that somebody typed.
fn detail(exceeded: &Exceeded) -> String {
    let Exceeded {
        quota,
        used,
        wanted,
        allowed,
        leaving: _,
    } = exceeded;
    let code = quota.code();
    format!("{code}: {used} used, {wanted} more asked for, {allowed} allowed.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_has_the_code_and_the_numbers() {
        let exceeded = Exceeded {
            quota: Quota::ImportsOpen,
            used: 20,
            wanted: 1,
            allowed: 20,
            leaving: false,
        };
        let expected = "quota_imports: 20 used, 1 more asked for, 20 allowed.";
        assert_eq!(detail(&exceeded), expected);
    }
}
