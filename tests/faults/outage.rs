//! The server has no session to spare, or is away: what a request is told, and what a worker does.

use std::time::Duration;

use conduct::Fault;
use lambda::http::{Refusal, Response};
use postgres::{Client, Database, Outage, Settings, Tls};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::fixture::database::Fixture;

/// What a function of the API answers that asks this database for anything.
async fn asked(database: &Database) -> Response {
    let answer: Result<(), Refusal> = database.run(async |_: &mut Client| Ok(())).await;
    answer.unwrap_err().into_response()
}

#[track_caller]
fn is(response: &Response, code: &str, detail: &str) {
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body, json!({"detail": detail, "code": code}));
}

const FULL: &str =
    "The database has no room for this request at this moment. Send the request again.";
const AWAY: &str = "The database is out of reach at this moment. Send the request again.";

/// As an operator limits a role, and as all sessions of the server may be in use.
#[tokio::test]
async fn a_request_that_finds_no_session_free_is_told_to_come_again() {
    let fixture = Fixture::new().await;
    let role = format!("role_{}", Uuid::new_v4().simple());
    let make = format!("CREATE ROLE {role} LOGIN PASSWORD 'of-role' CONNECTION LIMIT 1");
    fixture.execute(&make, &[]).await;
    let settings = fixture.settings(&role, "of-role");
    let first = Database::new(settings.clone()).unwrap();
    let second = Database::new(settings).unwrap();
    let only = first.connection().await.unwrap();
    is(&asked(&second).await, "database_full", FULL);
    // For work it is a fault that passes: it is tried again, without a limit.
    let error = second.connection().await.err().unwrap();
    assert_eq!(error.outage(), Some(Outage::Full), "{error}");
    assert_eq!(Fault::of(&error), Fault::Passing);
    // The next one gets in.
    only.close().await;
    let answer: Result<(), Refusal> = second.run(async |_| Ok(())).await;
    answer.unwrap();
    second.connection().await.unwrap().close().await;
    fixture.execute(&format!("DROP ROLE {role}"), &[]).await;
}

/// In the middle of a request, as a failover ends it. The session is not kept for the next one.
#[tokio::test]
async fn a_request_whose_session_is_ended_is_told_to_come_again() {
    let fixture = Fixture::new().await;
    let database = fixture.database("tests");
    let ended: Result<(), Refusal> = database
        .run(async |client| {
            let end = "SELECT pg_terminate_backend(pg_backend_pid())";
            client
                .batch_execute(end)
                .await
                .map_err(postgres::Error::from)?;
            Ok(())
        })
        .await;
    is(&ended.unwrap_err().into_response(), "database_away", AWAY);
    let next: Result<(), Refusal> = database
        .run(async |client| Ok(client.batch_execute("SELECT 1").await?))
        .await;
    next.unwrap();
}

/// As between the end of a server and the start of the one that takes its name.
#[tokio::test]
async fn a_request_that_finds_no_server_is_told_to_come_again() {
    let fixture = Fixture::new().await;
    let usual = fixture.settings("somebody", "of-somebody");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let closed = Settings {
        port,
        ..usual.clone()
    };
    let nowhere = Settings {
        host: "no-such-host.invalid".to_owned(),
        tls: Tls::VerifyFull,
        ..usual
    };
    for settings in [closed, nowhere] {
        let database = Database::new(settings).unwrap();
        is(&asked(&database).await, "database_away", AWAY);
        let error = database.connection().await.err().unwrap();
        assert_eq!(Fault::of(&error), Fault::Passing, "{error}");
    }
}

/// A server that answers every session with this SQLSTATE, as PostgreSQL does while it starts, stops
/// or recovers; without one it takes the session and never says a word.
async fn server(state: Option<&'static str>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut length = [0; 4];
            socket.read_exact(&mut length).await.unwrap();
            let mut rest = vec![0; u32::from_be_bytes(length) as usize - 4];
            socket.read_exact(&mut rest).await.unwrap();
            let Some(state) = state else {
                tokio::spawn(async move {
                    let _open = socket;
                    std::future::pending::<()>().await;
                });
                continue;
            };
            let fields = format!("SFATAL\0VFATAL\0C{state}\0Mnot now\0\0");
            let mut refusal = vec![b'E'];
            refusal.extend((fields.len() as u32 + 4).to_be_bytes());
            refusal.extend(fields.as_bytes());
            socket.write_all(&refusal).await.unwrap();
        }
    });
    port
}

#[tokio::test]
async fn a_server_that_takes_nobody_yet_is_away_for_a_moment() {
    let fixture = Fixture::new().await;
    let usual = fixture.settings("somebody", "of-somebody");
    for (state, code, detail) in [
        ("57P03", "database_away", AWAY),
        ("57P01", "database_away", AWAY),
        ("53300", "database_full", FULL),
        ("53400", "database_full", FULL),
    ] {
        let port = server(Some(state)).await;
        let database = Database::new(Settings {
            port,
            ..usual.clone()
        });
        let database = database.unwrap();
        is(&asked(&database).await, code, detail);
        let error = database.connection().await.err().unwrap();
        assert_eq!(Fault::of(&error), Fault::Passing, "{error}");
    }
}

/// A request has 28 s in all. Without a limit of its own the driver waits for the first word for ever.
#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for_longer_than_a_request_lasts() {
    let fixture = Fixture::new().await;
    let settings = Settings {
        port: server(None).await,
        ..fixture.settings("somebody", "of-somebody")
    };
    let database = Database::new(settings).unwrap();
    let asked = tokio::time::timeout(Duration::from_secs(25), asked(&database)).await;
    is(&asked.unwrap(), "database_away", AWAY);
}
