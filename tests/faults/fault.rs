//! Which fault an error of PostgreSQL is, and what a session survives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use conduct::Fault;
use postgres::{Client, Database};
use uuid::Uuid;

use crate::fixture::database::{Fixture, pid};

fn judged(error: tokio_postgres::Error) -> Fault {
    Fault::of(&postgres::Error::from(error))
}

#[tokio::test]
async fn an_ended_session_is_a_transient_fault() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let ended = pid(&client).await;
    fixture
        .execute("SELECT pg_terminate_backend($1)", &[&ended])
        .await;
    let error = client.batch_execute("SELECT 1").await.unwrap_err();
    assert_eq!(judged(error), Fault::Passing);
    // The next caller gets another session.
    fixture
        .ask(async |client| client.batch_execute("SELECT 1").await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_session_is_kept_until_something_goes_wrong_with_it() {
    let fixture = Fixture::new().await;
    let database = fixture.database("tests");
    let pid = async |client: &mut Client| Ok::<_, postgres::Error>(pid(client).await);
    let kept = database.run(pid).await.unwrap();
    assert_eq!(database.run(pid).await.unwrap(), kept);
    let failed = async |client: &mut Client| {
        client.batch_execute("BEGIN; SELECT FROM nothing").await?;
        Ok(())
    };
    let failed: Result<(), postgres::Error> = database.run(failed).await;
    failed.unwrap_err();
    fixture.wait_until_gone(kept).await;
    let next = database.run(pid).await.unwrap();
    // Nor is a session kept whose work was broken off.
    let endless = database.run(async |client| {
        client.batch_execute("BEGIN; SELECT 1").await?;
        std::future::pending::<Result<(), postgres::Error>>().await
    });
    let broken_off = tokio::time::timeout(Duration::from_millis(300), endless);
    broken_off.await.unwrap_err();
    fixture.wait_until_gone(next).await;
    assert_ne!(database.run(pid).await.unwrap(), next);
}

#[tokio::test]
async fn a_lock_held_elsewhere_is_transient_and_a_value_that_cannot_be_stored_is_permanent() {
    let fixture = Fixture::new().await;
    let (holder, other) = (fixture.connection().await, fixture.connection().await);
    holder
        .batch_execute("BEGIN; LOCK TABLE team")
        .await
        .unwrap();
    let locked = other
        .batch_execute("BEGIN; LOCK TABLE team NOWAIT")
        .await
        .unwrap_err();
    assert_eq!(judged(locked), Fault::Passing);
    other.batch_execute("ROLLBACK").await.unwrap();
    let too_long = "SELECT repeat('x', 16)::varchar(15)::integer";
    let value = other.batch_execute(too_long).await.unwrap_err();
    let Fault::Lasting(reason) = judged(value) else {
        panic!("no attempt can make a number of it");
    };
    assert_eq!(reason.code(), "not_storable");
    let missing = other
        .batch_execute("SELECT FROM nothing")
        .await
        .unwrap_err();
    assert_eq!(judged(missing), Fault::Unclear);
}

/// The driver has only words for it (`is_conversion`), and another version of it may have others.
#[tokio::test]
async fn a_value_of_another_type_than_the_code_expects_is_no_fault_that_passes() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let row = client.query_one("SELECT 'x' AS word", &[]).await.unwrap();
    let of_another_type = row.try_get::<_, i64>("word").unwrap_err();
    let of_no_column = row.try_get::<_, i64>("number").unwrap_err();
    let sent = client.query_one("SELECT $1::text", &[&7i64]).await;
    for error in [of_another_type, of_no_column, sent.unwrap_err()] {
        let words = error.to_string();
        assert_eq!(judged(error), Fault::Unclear, "{words}");
    }
}

/// The server has the new password a moment before the secret has it.
#[tokio::test]
async fn a_secret_that_lags_behind_its_rotation_is_read_again() {
    let fixture = Fixture::new().await;
    let role = format!("role_{}", Uuid::new_v4().simple());
    let make = format!("CREATE ROLE {role} LOGIN PASSWORD 'after'");
    fixture.execute(&make, &[]).await;
    let reads = Arc::new(AtomicU32::new(0));
    let counted = reads.clone();
    let lagging = Database::new(fixture.settings(&role, "before"))
        .unwrap()
        .renewing(Box::new(move || {
            let read = counted.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move { Some(if read < 2 { "before" } else { "after" }.to_owned()) })
        }));
    lagging.connection().await.unwrap().close().await;
    assert_eq!(reads.load(Ordering::Relaxed), 3);
    fixture.execute(&format!("DROP ROLE {role}"), &[]).await;
}

/// Secrets are rotated while functions are warm. The kept session ends some day, and the password
/// that the function started with does not open another one.
#[tokio::test]
async fn a_rotated_password_is_asked_for_again() {
    let fixture = Fixture::new().await;
    let role = format!("role_{}", Uuid::new_v4().simple());
    fixture
        .execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'before'"), &[])
        .await;
    let settings = fixture.settings(&role, "before");
    let renewing = Database::new(settings.clone())
        .unwrap()
        .renewing(Box::new(|| Box::pin(async { Some("after".to_owned()) })));
    let stubborn = Database::new(settings).unwrap();
    for database in [&renewing, &stubborn] {
        database.connection().await.unwrap().keep().await;
    }
    fixture
        .execute(&format!("ALTER ROLE {role} PASSWORD 'after'"), &[])
        .await;
    // Kept sessions outlive the rotation.
    for database in [&renewing, &stubborn] {
        database.connection().await.unwrap().close().await;
    }
    let refused = stubborn.connection().await.err().unwrap();
    assert!(refused.is_sign_in_refused(), "{refused}");
    let opened = renewing.connection().await.unwrap();
    opened.batch_execute("SELECT 1").await.unwrap();
    opened.close().await;
    fixture.execute(&format!("DROP ROLE {role}"), &[]).await;
}
