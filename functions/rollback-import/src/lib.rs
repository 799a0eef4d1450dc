//! The rollback: deletes the rows of an import in bounded slices until no row is left, then proves
//! it by counting.

use std::sync::Arc;
use std::time::Instant;

use aws::objects::Objects;
use conduct::Conductor;
use contracts::workflow::{RollbackAnswer, Run};
use domain::import::{Goal, Import};
use domain::limits::LONG_FUNCTION_BUDGET;
use lambda::{Failure, Role, settings};
use postgres::datasets::RowTable;
use postgres::{Client, Database, datasets, imports, preparing, rollback, row_errors, sums};

/// Rolls imports back: see [`RollbackImport::roll_back`].
pub struct RollbackImport {
    database: Arc<Database>,
    conductor: Conductor,
    objects: Objects,
}

impl RollbackImport {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("rollback-import", Role::Worker, &config).await?);
        Ok(Self {
            conductor: Conductor::from_environment(&config, database.clone())?,
            objects: Objects::new(&config, settings::required("UPLOAD_BUCKET")?),
            database,
        })
    }

    /// Rolls the import back if its state still asks for it. May run at any time and more than
    /// once, also twice at the same time.
    pub async fn roll_back(&self, run: Run) -> Result<RollbackAnswer, Failure> {
        let more = self
            .database
            .run(async |client| self.roll_back_with(client, run).await)
            .await?;
        if !more {
            self.conductor.advance(run.import).await?;
        }
        Ok(RollbackAnswer { more })
    }

    /// True if the function has to be entered again.
    async fn roll_back_with(&self, client: &mut Client, run: Run) -> Result<bool, Failure> {
        let import = imports::by_uid(client, run.import).await?;
        // Before the first row goes: the sums are made of them.
        sums::take_out(client, run.import).await?;
        match import.filter(|it| it.state.is_rolling_back()) {
            Some(import) => self.carry_out(client, &import).await,
            None => Ok(false),
        }
    }

    /// True if the function has to be entered again.
    async fn carry_out(&self, client: &Client, import: &Import) -> Result<bool, Failure> {
        let table = &datasets::row_table(client, import).await?;
        let goal = import.goal.ok_or("a rollback without a goal")?;
        let begin = Instant::now();
        if !self.delete_rows(client, import, table, begin).await? {
            return Ok(true);
        }
        // A completed import that is taken back has counts, whatever the goal.
        if !forget_counts(client, import, begin).await? {
            return Ok(true);
        }
        self.remove_prepared(client, import).await?;
        if goal == Goal::Deleted && !self.forget(client, import, begin).await? {
            return Ok(true);
        }
        if goal != Goal::Deleted {
            row_errors::trim(client, import.id).await?;
        }
        let ended = rollback::end(client, import, table, goal).await?;
        tracing::info!(import = %import.uid, %goal, ended = ended.is_some(), "taken back");
        // None: a row is left, the goal was raised meanwhile, or another rollback ended first.
        // The next entry reads the import again.
        Ok(ended.is_none())
    }

    /// False if time ran out first. The fence lets no more rows in, so no row can appear before the
    /// place that was reached; the proof counts all rows nevertheless.
    async fn delete_rows(
        &self,
        client: &Client,
        import: &Import,
        table: &RowTable,
        begin: Instant,
    ) -> Result<bool, Failure> {
        let mut after = None;
        while let Some(to) = rollback::slice_end(client, import, table, after.as_ref()).await? {
            if begin.elapsed() > LONG_FUNCTION_BUDGET {
                return Ok(false);
            }
            rollback::delete_slice(client, import, table, after.as_ref(), &to).await?;
            after = Some(to);
        }
        Ok(true)
    }

    /// Removes what was prepared, or stored of it: whatever the goal is, it is not read again. The
    /// parts first, because they may be joined to an object in the meantime.
    async fn remove_prepared(&self, client: &Client, import: &Import) -> Result<(), Failure> {
        if import.prepared.is_some() {
            let keys = import.prepared_keys();
            self.objects.abort_uploads_below(&keys).await?;
            self.objects.delete_all_below(&keys).await?;
            preparing::forget_parts(client, import).await?;
        }
        Ok(())
    }

    /// Removes what a deleted import has besides rows and counts: row errors, plan and objects.
    /// False if time ran out first.
    async fn forget(
        &self,
        client: &Client,
        import: &Import,
        begin: Instant,
    ) -> Result<bool, Failure> {
        while rollback::forget_errors(client, import).await? {
            if begin.elapsed() > LONG_FUNCTION_BUDGET {
                return Ok(false);
            }
        }
        rollback::forget_plan(client, import).await?;
        self.objects.delete_all_versions(&import.object_key).await?;
        let rejected = import.rejected_key();
        self.objects.delete_all_versions(&rejected).await?;
        Ok(true)
    }
}

/// Deletes the counts that pages of the import were found by. False if time ran out first.
async fn forget_counts(client: &Client, import: &Import, begin: Instant) -> Result<bool, Failure> {
    while rollback::forget_counts(client, import).await? {
        if begin.elapsed() > LONG_FUNCTION_BUDGET {
            return Ok(false);
        }
    }
    Ok(true)
}
