//! What was done with accounts is written down: in a table that the user can read, and in the log.

use aws::SdkConfig;
use aws::accounts::{Account, User};
use aws::audit::{Audit, Entry};
use domain::address::Address;
use domain::audit::Act;
use domain::hourly::Hourly;
use jiff::{SignedDuration, Timestamp};
use lambda::audit::{kept_for, log_unwritten};
use lambda::http::{Asker, Request, request_id};
use lambda::{Failure, settings};
use uuid::Uuid;

/// Where a request comes from.
pub struct Source {
    /// The address of the sender.
    pub address: Address,
    request_id: Option<String>,
    asker: Asker,
}

impl Source {
    /// Of this request, which comes from this address.
    pub fn of(request: &Request, address: Address) -> Self {
        Self {
            address,
            request_id: request_id(request),
            asker: Asker::of(request),
        }
    }

    /// Says whose request it is.
    pub fn found(&self, user: &User) {
        self.asker.is(user.id, user.owner);
    }

    /// What is written down of an act; the log has it too.
    fn entry(&self, act: Act, user: i64, detail: Option<String>) -> Entry {
        tracing::info!(act = act.as_str(), detail, "act");
        Entry {
            // What is kept of a deleted account has none.
            address: (act != Act::AccountDeleted).then(|| self.address.to_string()),
            request_id: self.request_id.clone(),
            detail,
            ..Entry::of(act, user)
        }
    }
}

/// Whose account it is.
#[derive(Clone, Copy)]
pub struct Whose {
    /// What the acts are kept under.
    pub owner: Uuid,
    /// The id of the user.
    pub user: i64,
}

impl From<&Account> for Whose {
    fn from(account: &Account) -> Self {
        let (owner, user) = (account.owner, account.id);
        Self { owner, user }
    }
}

impl From<&User> for Whose {
    fn from(user: &User) -> Self {
        let (owner, user) = (user.owner, user.id);
        Self { owner, user }
    }
}

impl From<&lambda::user::User> for Whose {
    fn from(user: &lambda::user::User) -> Self {
        let (owner, user) = (user.owner, user.id);
        Self { owner, user }
    }
}

/// Writes acts down.
pub struct Acts {
    audit: Audit,
    kept_for: SignedDuration,
    /// What this environment has written down in this hour of what comes often.
    seen: Hourly<(Uuid, &'static str)>,
}

impl Acts {
    /// As the environment says it.
    ///
    /// # Errors
    /// A setting is missing.
    pub fn from_environment(config: &SdkConfig) -> Result<Self, Failure> {
        let audit = Audit::new(config, settings::required("AUDIT_TABLE")?);
        Ok(Self::new(audit, kept_for()?))
    }

    /// In this table, for so long.
    pub fn new(audit: Audit, kept_for: SignedDuration) -> Self {
        Self {
            audit,
            kept_for,
            seen: Hourly::default(),
        }
    }

    /// Writes down an act that was carried out, or refused. What has happened stays so if that
    /// fails: the log has the act too.
    pub async fn note(
        &self,
        act: Act,
        whose: impl Into<Whose>,
        source: &Source,
        detail: Option<String>,
    ) {
        let Whose { owner, user } = whose.into();
        source.asker.is(user, owner);
        let entry = source.entry(act, user, detail);
        let written = self
            .audit
            .write(owner, &entry, Timestamp::now(), self.kept_for);
        log_unwritten(written.await);
    }

    /// The same of an act that somebody may repeat as often as they like: of a user's, the log has
    /// each, and the table the first of an hour.
    pub async fn note_once_an_hour(
        &self,
        act: Act,
        whose: impl Into<Whose>,
        source: &Source,
        detail: Option<String>,
    ) {
        let (Whose { owner, user }, now) = (whose.into(), Timestamp::now());
        source.asker.is(user, owner);
        let entry = source.entry(act, user, detail);
        if !self.seen.is_first((owner, act.as_str()), now) {
            return;
        }
        let (audit, kept_for) = (&self.audit, self.kept_for);
        let written = audit.write_once_an_hour(owner, act.as_str(), &entry, now, kept_for);
        log_unwritten(written.await);
    }

    /// A sign-in by a name that nobody has. The name is not told, for it may be a password. It takes
    /// as long as to write an act down.
    pub async fn note_unknown(&self) {
        tracing::info!("a sign-in by a name that nobody has");
        log_unwritten(self.audit.write_nothing().await);
    }
}
