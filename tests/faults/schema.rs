//! The numbered steps of the schema, and the table of those that were applied.

use std::time::Duration;

use jiff::Timestamp;
use postgres::migrations::{self, Patience};
use postgres::{Client, Connection, Error};

use crate::fixture::database::{Fixture, pid, within};

/// Without this check, a step that is added below the newest one would never run, and no error
/// would say so.
#[tokio::test]
async fn a_step_that_is_missing_below_the_newest_is_an_error() {
    let fixture = Fixture::new().await;
    let again = fixture.ask(postgres::migrations::run).await;
    assert_eq!(again.unwrap(), 0);
    let forget = "DELETE FROM refinery_schema_history WHERE version = 5";
    fixture.execute(forget, &[]).await;
    let refused = fixture.ask(postgres::migrations::run).await.unwrap_err();
    let said = refused.to_string();
    assert!(said.contains("step 5 of the schema is missing"), "{said}");
}

/// After a deploy is undone, the previous code runs on the newer schema.
#[tokio::test]
async fn a_step_from_the_future_is_no_error() {
    let fixture = Fixture::new().await;
    let future = "INSERT INTO refinery_schema_history \
        SELECT 9999, 'from_the_future', applied_on, '1' FROM refinery_schema_history LIMIT 1";
    fixture.execute(future, &[]).await;
    assert_eq!(fixture.ask(postgres::migrations::run).await.unwrap(), 0);
}

fn patience(tries: u32) -> Patience {
    Patience {
        lock_within: Duration::from_millis(200),
        tries,
        pause: Duration::from_millis(20),
    }
}

/// A session that holds a lock which every migration needs.
async fn hold<'f>(fixture: &'f Fixture) -> Connection<'f> {
    let holder = fixture.connection().await;
    let lock = "BEGIN; LOCK TABLE refinery_schema_history IN ACCESS EXCLUSIVE MODE";
    holder.batch_execute(lock).await.unwrap();
    holder
}

/// Others who need the lock wait behind a step that waits for it, so none waits for long.
#[tokio::test]
async fn a_migration_that_waits_for_a_lock_gives_up_and_tries_again() {
    let fixture = Fixture::new().await;
    let holder = hold(&fixture).await;
    let holder_pid = pid(&holder).await;
    let mut migrates = fixture.connection().await;
    let migrates_pid = pid(&migrates).await;
    let lets_go = async {
        fixture.who_waits_for(holder_pid).await;
        // It has given up once: it is idle, or has begun another try.
        let tried = "SELECT query_start > $1 FROM pg_stat_activity WHERE pid = $2";
        let began = "SELECT query_start FROM pg_stat_activity WHERE pid = $1";
        let began = async |client: &mut Client| client.query_one(began, &[&migrates_pid]).await;
        let began: Timestamp = fixture.ask(began).await.unwrap().get(0);
        fixture.wait_until(tried, &[&began, &migrates_pid]).await;
        holder.batch_execute("COMMIT").await.unwrap();
    };
    let applies = migrations::run_with(&mut migrates, patience(1_000));
    let (applied, ()) = within(async { tokio::join!(applies, lets_go) }).await;
    assert_eq!(applied.unwrap(), 0);
}

#[tokio::test]
async fn a_migration_whose_lock_is_held_for_good_says_what_to_do() {
    let fixture = Fixture::new().await;
    let holder = hold(&fixture).await;
    let mut migrates = fixture.connection().await;
    let refused = within(migrations::run_with(&mut migrates, patience(3))).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, Error::Locked { tries: 3 }), "{refused}");
    let said = refused.to_string();
    assert!(
        said.contains("pg_stat_activity") && said.contains("deploy again"),
        "{said}"
    );
    // The session is as before, and another deploy is not kept out.
    let left = migrates.query_one("SHOW lock_timeout", &[]).await.unwrap();
    assert_eq!(left.get::<_, String>(0), "0");
    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(fixture.ask(migrations::run).await.unwrap(), 0);
}
