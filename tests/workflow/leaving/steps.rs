//! The steps of reconcile between the two stores, in a database and in tables of the test: whoever
//! carries them out dies after each of them, and the next pass brings the account to its end.

use aws::accounts::{Accounts, Left, NewAccount, Registered, Report};
use aws::audit::{Audit, Entry};
use domain::audit::Act;
use domain::leaving::{REPORT_SECRET_BYTES, Removed, ReportId};
use jiff::{SignedDuration, Timestamp};
use postgres::leaving::{self, Emptied};
use postgres::{Client, Database};
use reconcile::{LAST_STEPS, LastStep, Leaving, STEPS};
use uuid::Uuid;

use crate::fixture::cloud;
use crate::fixture::database::{Fixture, GOOD_PER_CHUNK, Upload, roll_back};

const NAME: &str = "ada";

/// A user with a completed import, who has deleted the account.
struct World {
    fixture: Fixture,
    database: Database,
    accounts: Accounts,
    audit: Audit,
    leaving: Leaving,
    upload: Upload,
    user: i64,
    report: ReportId,
}

fn new_account() -> NewAccount {
    NewAccount {
        username: NAME.to_owned(),
        email: "ada@example.org".to_owned(),
        password_hash: "$argon2id$…".to_owned(),
    }
}

/// Long enough ago that no request is under way any more.
fn a_while_ago() -> Timestamp {
    let now = Timestamp::now() - SignedDuration::from_mins(5);
    Timestamp::from_microsecond(now.as_microsecond()).unwrap()
}

impl World {
    async fn new() -> Self {
        let config = aws::config().await;
        let accounts = cloud::create_table(&[("pk", "HASH")]).await;
        let accounts = Accounts::new(&config, accounts);
        let audit = cloud::create_table(&[("pk", "HASH"), ("sk", "RANGE")]).await;
        let audit = Audit::new(&config, audit);
        let kept_for = SignedDuration::from_hours(24);
        let Registered::Created { id: user, owner } = accounts.create(new_account()).await.unwrap()
        else {
            panic!("nobody else is there");
        };
        let fixture = Fixture::new().await;
        let upload = fixture.awaiting_of(owner, "team", 2, None).await;
        upload.finish_chunks(&fixture).await;
        upload.complete(&fixture).await;
        let world = Self {
            database: fixture.database("reconcile"),
            leaving: Leaving::new(accounts.clone(), audit.clone(), kept_for),
            fixture,
            accounts,
            audit,
            upload,
            user,
            report: ReportId::new(&[7; REPORT_SECRET_BYTES]),
        };
        world.leave(owner).await;
        world
    }

    async fn leave(&self, owner: Uuid) {
        let kept_for = SignedDuration::from_hours(24);
        for _ in 0..3 {
            let entry = Entry {
                address: Some("192.0.2.7".to_owned()),
                ..Entry::of(Act::SignedIn, self.user)
            };
            let written = self
                .audit
                .write(owner, &entry, Timestamp::now(), kept_for)
                .await;
            written.unwrap();
        }
        let account = self.accounts.by_username(NAME).await.unwrap().unwrap();
        let report = Report::begun(a_while_ago());
        let left = self.accounts.leave(&account, &self.report, &report).await;
        assert_eq!(left.unwrap(), Left::Done);
        // The second one finds nobody.
        let again = self.accounts.leave(&account, &self.report, &report).await;
        assert_eq!(again.unwrap(), Left::Gone);
        assert!(self.accounts.by_username(NAME).await.unwrap().is_none());
        assert!(self.accounts.by_id(self.user).await.unwrap().is_none());
    }

    /// The first steps, as many.
    async fn begin(&self, steps: usize) {
        let leaver = self.accounts.leaver(self.user).await.unwrap().unwrap();
        for step in &STEPS[..steps] {
            let done = self.leaving.step(&self.database, &leaver, *step).await;
            done.unwrap();
        }
    }

    /// What rollback and sweeps do with the import.
    async fn import_goes(&self) {
        let go = async |client: &mut Client| {
            roll_back(client, &self.upload)
                .await
                .expect("no row is left");
            let import = self.upload.import(client).await;
            postgres::upkeep::mark_swept(client, &import).await.unwrap();
        };
        self.fixture.ask(go).await;
    }

    async fn emptied(&self) -> Vec<Emptied> {
        let emptied = async |client: &mut Client| leaving::emptied(client).await;
        self.fixture.ask(emptied).await.unwrap()
    }

    /// Everything up to the last steps, and as many of these.
    async fn finish(&self, steps: usize) {
        let owner = self.upload.owner;
        let empty = async |client: &mut Client| {
            assert!(leaving::count(client, owner).await.unwrap());
            leaving::forget(client, owner).await.unwrap();
        };
        self.fixture.ask(empty).await;
        let emptied = self.emptied().await;
        for step in &LAST_STEPS[..steps] {
            let done = self
                .leaving
                .last_step(&self.database, &emptied[0], *step)
                .await;
            assert!(done.unwrap(), "{step:?}");
        }
    }

    /// Whether somebody may sign up by the name; if so, somebody does.
    async fn is_name_free(&self) -> bool {
        match self.accounts.create(new_account()).await.unwrap() {
            Registered::Created { .. } => true,
            Registered::UsernameTaken => false,
        }
    }

    async fn is_over(&self, when: &str) {
        let owner = self.upload.owner;
        assert!(
            self.accounts.leaver(self.user).await.unwrap().is_none(),
            "{when}"
        );
        assert!(self.accounts.leaving().await.unwrap().is_empty(), "{when}");
        let report = self.accounts.report(&self.report, Timestamp::now()).await;
        let report = report.unwrap().unwrap();
        let removed = Removed {
            imports: 1,
            rows: 2 * GOOD_PER_CHUNK,
            files: 1,
            datasets: 0,
            exports: 0,
        };
        assert_eq!(report.removed, Some(removed), "{when}");
        assert!(report.ended_at.is_some(), "{when}");
        let acts = self.audit.before(owner, None, 100).await.unwrap();
        let words: Vec<&str> = acts.iter().map(|it| it.1.act.as_str()).collect();
        assert_eq!(
            words,
            ["account_gone", "signed_in", "signed_in", "signed_in"],
            "{when}"
        );
        assert!(acts.iter().all(|it| it.1.address.is_none()), "{when}");
        let ended = "SELECT count(*) FROM owner_end WHERE owner = $1 AND ended_at IS NOT NULL";
        assert_eq!(self.fixture.number(ended, &[&owner]).await, 1, "{when}");
        for table in ["import", "import_event", "owner_usage"] {
            let sql = format!("SELECT count(*) FROM {table} WHERE owner = $1");
            assert_eq!(
                self.fixture.number(&sql, &[&owner]).await,
                0,
                "{when}: {table}"
            );
        }
    }
}

#[tokio::test]
async fn who_takes_an_account_up_dies_after_each_step() {
    for steps in 0..=STEPS.len() {
        let world = World::new().await;
        let when = format!("after {steps} steps");
        world.begin(steps).await;
        let listed = world.accounts.leaving().await.unwrap();
        assert_eq!(listed.is_empty(), steps == STEPS.len(), "{when}");
        let taken_up = world.leaving.take_up(&world.database).await.unwrap();
        assert_eq!(taken_up, listed.len(), "{when}");
        assert_eq!(
            world.leaving.finish(&world.database).await.unwrap(),
            0,
            "{when}"
        );
        world.import_goes().await;
        assert_eq!(
            world.leaving.finish(&world.database).await.unwrap(),
            1,
            "{when}"
        );
        world.is_over(&when).await;
    }
}

#[tokio::test]
async fn who_ends_an_account_dies_after_each_step() {
    for steps in 0..=LAST_STEPS.len() {
        let world = World::new().await;
        let when = format!("after {steps} of the last steps");
        world.begin(STEPS.len()).await;
        world.import_goes().await;
        world.finish(steps).await;
        let freed = LAST_STEPS[..steps].contains(&LastStep::FreeName);
        assert_eq!(world.is_name_free().await, freed, "{when}");
        let ends = world.leaving.finish(&world.database).await.unwrap();
        assert_eq!(ends, usize::from(steps < LAST_STEPS.len()), "{when}");
        world.is_over(&when).await;
        // An account that somebody has made meanwhile is theirs.
        let next = world.accounts.by_username(NAME).await.unwrap();
        assert_eq!(next.is_some(), freed, "{when}");
        assert_eq!(world.is_name_free().await, !freed, "{when}");
        assert_eq!(
            world.leaving.finish(&world.database).await.unwrap(),
            0,
            "{when}"
        );
        assert!(
            world.accounts.by_username(NAME).await.unwrap().is_some(),
            "{when}"
        );
    }
}

/// Two passes at once, from the beginning to the end.
#[tokio::test]
async fn two_who_do_the_same_do_it_once() {
    let world = World::new().await;
    let (leaving, database) = (&world.leaving, &world.database);
    let other = world.fixture.database("reconcile");
    let (one, two) = tokio::join!(leaving.take_up(database), leaving.take_up(&other));
    assert!(one.unwrap() + two.unwrap() >= 1);
    world.import_goes().await;
    let (one, two) = tokio::join!(leaving.finish(database), leaving.finish(&other));
    assert!(one.unwrap() + two.unwrap() >= 1);
    world.is_over("at once").await;
}

/// An account that is gone already stands in the list still.
#[tokio::test]
async fn who_was_taken_up_and_has_gone_leaves_the_list() {
    let world = World::new().await;
    world.accounts.forget_user(world.user).await.unwrap();
    assert_eq!(world.accounts.leaving().await.unwrap(), [world.user]);
    assert_eq!(world.leaving.take_up(&world.database).await.unwrap(), 1);
    assert!(world.accounts.leaving().await.unwrap().is_empty());
}
