//! Deleted accounts: who leaves is read from the table of accounts, and written into the database; what
//! they had is removed there; and when nothing of it is left, the account goes, its name last but one.
//!
//! Each step may be carried out twice, and the process may die after any of them: the next pass begins
//! with what is written down.

use aws::SdkConfig;
use aws::accounts::{Accounts, Leaver};
use aws::audit::{Audit, Entry};
use domain::audit::Act;
use domain::limits::{ACTS_BLANKED_AT_MOST, USERS_TAKEN_UP_AT_MOST};
use jiff::{SignedDuration, Timestamp};
use lambda::{Failure, chain, settings};
use postgres::leaving::{self, Emptied};
use postgres::{Client, Database};
use uuid::Uuid;

/// What is done first for a user who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is created for the owner any more.
    EndOwner,
    /// Everything that there is is deleted at once.
    TakeBack,
    /// The user is taken off the list.
    TakeOffTheList,
}

/// The first steps, in their order.
pub const STEPS: [Step; 3] = [Step::EndOwner, Step::TakeBack, Step::TakeOffTheList];

/// What is done when nothing of the owner is left in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastStep {
    /// What was done with the account is kept without addresses.
    BlankActs,
    /// That all is gone is written down beside it.
    NoteEnd,
    /// The name may be another user's.
    FreeName,
    /// The user is told.
    EndReport,
    /// The account's last item goes.
    ForgetUser,
    /// It is noted that nothing is to be done any more.
    EndOwner,
}

/// The last steps, in their order.
pub const LAST_STEPS: [LastStep; 6] = [
    LastStep::BlankActs,
    LastStep::NoteEnd,
    LastStep::FreeName,
    LastStep::EndReport,
    LastStep::ForgetUser,
    LastStep::EndOwner,
];

/// Sees to deleted accounts.
pub struct Leaving {
    accounts: Accounts,
    audit: Audit,
    /// How long it is kept what was done with an account.
    kept_for: SignedDuration,
}

impl Leaving {
    /// As the environment says it.
    ///
    /// # Errors
    /// A setting is missing.
    pub fn from_environment(config: &SdkConfig) -> Result<Self, Failure> {
        Ok(Self::new(
            Accounts::new(config, settings::required("ACCOUNTS_TABLE")?),
            Audit::new(config, settings::required("AUDIT_TABLE")?),
            lambda::audit::kept_for()?,
        ))
    }

    /// With these tables; acts are kept for so long.
    pub fn new(accounts: Accounts, audit: Audit, kept_for: SignedDuration) -> Self {
        Self {
            accounts,
            audit,
            kept_for,
        }
    }

    /// Takes up those who leave. Returns how many.
    ///
    /// # Errors
    /// A step of one of them failed, or the list could not be read.
    pub async fn take_up(&self, database: &Database) -> Result<usize, Failure> {
        let mut users = self.accounts.leaving().await?;
        users.truncate(USERS_TAKEN_UP_AT_MOST);
        let mut failed = None;
        for &user in &users {
            if let Err(error) = self.take_one_up(database, user).await {
                tracing::error!(
                    user,
                    cause = chain(&*error),
                    "a deleted account is not taken up"
                );
                failed = Some(error);
            }
        }
        failed.map_or(Ok(users.len()), Err)
    }

    async fn take_one_up(&self, database: &Database, user: i64) -> Result<(), Failure> {
        let Some(leaver) = self.accounts.leaver(user).await? else {
            // It went in an earlier pass, which died before it could say so.
            return Ok(self.accounts.take_up(user).await?);
        };
        for step in STEPS {
            self.step(database, &leaver, step).await?;
        }
        Ok(())
    }

    /// Carries out one of the first steps.
    ///
    /// # Errors
    /// The database or DynamoDB could not be asked.
    pub async fn step(
        &self,
        database: &Database,
        leaver: &Leaver,
        step: Step,
    ) -> Result<(), Failure> {
        let owner = leaver.owner;
        match step {
            Step::EndOwner => {
                let begin = async |client: &mut Client| {
                    leaving::begin(client, owner, leaver.id, leaver.asked_at).await
                };
                database.run(begin).await?;
            }
            Step::TakeBack => {
                let taken_back = database
                    .run(async |client| leaving::take_back(client, owner).await)
                    .await?;
                tracing::info!(user = leaver.id, ?taken_back, "an account is deleted");
            }
            Step::TakeOffTheList => self.accounts.take_up(leaver.id).await?,
        }
        Ok(())
    }

    /// Removes what is left of owners who have nothing any more, and their accounts. Returns how many
    /// have come to their end.
    ///
    /// # Errors
    /// A step of one of them failed.
    pub async fn finish(&self, database: &Database) -> Result<usize, Failure> {
        let mut failed = empty(database).await.err();
        let emptied = database
            .run(async |client| leaving::emptied(client).await)
            .await?;
        let mut ended = 0;
        for owner in &emptied {
            match self.finish_one(database, owner).await {
                Ok(is_ended) => ended += usize::from(is_ended),
                Err(error) => {
                    let user = owner.user;
                    tracing::error!(
                        user,
                        cause = chain(&*error),
                        "a deleted account does not end"
                    );
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(ended), Err)
    }

    async fn finish_one(&self, database: &Database, emptied: &Emptied) -> Result<bool, Failure> {
        for step in LAST_STEPS {
            if !self.last_step(database, emptied, step).await? {
                return Ok(false);
            }
        }
        let (user, removed) = (emptied.user, emptied.removed);
        tracing::info!(user, ?removed, rows_remaining = 0, "an account is gone");
        Ok(true)
    }

    /// Carries out one of the last steps. False: it is to be carried out again before the next one.
    ///
    /// # Errors
    /// The database or DynamoDB could not be asked.
    pub async fn last_step(
        &self,
        database: &Database,
        emptied: &Emptied,
        step: LastStep,
    ) -> Result<bool, Failure> {
        let owner = emptied.owner;
        match step {
            LastStep::BlankActs => {
                return Ok(self.audit.blank(owner, ACTS_BLANKED_AT_MOST).await?);
            }
            LastStep::NoteEnd => self.note_end(emptied).await?,
            LastStep::FreeName | LastStep::EndReport => {
                // Without it, both were done before the process died.
                if let Some(leaver) = self.accounts.leaver(emptied.user).await? {
                    self.of_leaver(&leaver, emptied, step).await?;
                }
            }
            LastStep::ForgetUser => self.accounts.forget_user(emptied.user).await?,
            LastStep::EndOwner => {
                database
                    .run(async |client| leaving::end(client, owner).await)
                    .await?;
            }
        }
        Ok(true)
    }

    async fn of_leaver(
        &self,
        leaver: &Leaver,
        emptied: &Emptied,
        step: LastStep,
    ) -> Result<(), Failure> {
        match step {
            LastStep::FreeName => self.accounts.free_name(leaver).await?,
            _ => {
                let now = Timestamp::now();
                let removed = &emptied.removed;
                self.accounts.end_report(leaver, removed, now).await?;
            }
        }
        Ok(())
    }

    /// Under the time at which the last of it was gone, and the owner's own id: once, however often it
    /// is written.
    async fn note_end(&self, emptied: &Emptied) -> Result<(), Failure> {
        let Emptied {
            owner,
            user,
            removed,
            at,
        } = emptied;
        let entry = Entry {
            detail: Some(format!("{removed}, rows remaining 0")),
            ..Entry::of(Act::AccountGone, *user)
        };
        let written = self
            .audit
            .write_as(*owner, &entry, *at, *owner, self.kept_for);
        Ok(written.await?)
    }
}

/// Counts what was removed of owners of whom only entries are left, and forgets these.
async fn empty(database: &Database) -> Result<(), Failure> {
    let to_count = database
        .run(async |client| leaving::to_count(client).await)
        .await?;
    let mut failed = None;
    for owner in to_count {
        let counted = database
            .run(async |client| leaving::count(client, owner).await)
            .await;
        noted(&mut failed, owner, counted.map(|_| ()));
    }
    let to_forget = database
        .run(async |client| leaving::to_forget(client).await)
        .await?;
    for owner in to_forget {
        let forgotten = database
            .run(async |client| leaving::forget(client, owner).await)
            .await;
        noted(&mut failed, owner, forgotten);
    }
    failed.map_or(Ok(()), Err)
}

/// One owner who cannot be emptied holds up none of the others.
fn noted(failed: &mut Option<Failure>, owner: Uuid, done: Result<(), postgres::Error>) {
    if let Err(error) = done {
        tracing::error!(%owner, cause = chain(&error), "a deleted account is not emptied");
        *failed = Some(error.into());
    }
}
