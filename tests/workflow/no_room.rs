//! Work for which there is no room at the moment waits, and is not lost.

use aws::objects::Objects;
use contracts::workflow::PlanRequest;
use postgres::{Database, Settings};
use serde_json::json;
use uuid::Uuid;

use super::hand_over::{arrived, built, read};
use crate::fixture::cloud;
use crate::fixture::database::{Fixture, Role};
use crate::fixture::stack::{variable, wait_until};

/// A role that may do what a worker may, in one session.
async fn role_with_one_session(fixture: &Fixture) -> Settings {
    let name = format!("role_{}", Uuid::new_v4().simple());
    let worker = fixture.role_name(Role::Worker);
    for statement in [
        format!("CREATE ROLE {name} LOGIN PASSWORD 'of-role' CONNECTION LIMIT 1"),
        format!(r#"GRANT "{worker}" TO {name}"#),
    ] {
        fixture.execute(&statement, &[]).await;
    }
    fixture.settings(&name, "of-role")
}

/// The workflow asks for a planner again and again, in the same run, until the database has a session
/// for one. That it does so for hours is said by its definition, which `cargo xtask test` looks at.
#[tokio::test(flavor = "multi_thread")]
async fn a_planner_that_finds_no_session_free_is_asked_for_again() {
    let fixture = Fixture::new().await;
    let upload = arrived(&fixture).await;
    let login = role_with_one_session(&fixture).await;
    let other = Database::new(login.clone()).unwrap();
    let only = other.connection().await.unwrap();
    let machine = cloud::Activity::in_place_of_the_planner();
    let objects = Objects::new(&aws::config().await, variable("UPLOAD_BUCKET"));
    let planner = built(Database::new(login.clone()).unwrap(), &machine, objects).await;
    let asked = || PlanRequest {
        import: upload.uid,
        run: 1,
        task_token: machine.next_token(),
    };
    machine.start(&upload.uid.to_string());
    for _ in 0..2 {
        planner.plan(asked()).await.unwrap_err();
    }
    let mut request = asked();
    assert_eq!(machine.failures(), ["transient", "transient"]);
    only.close().await;
    let import = loop {
        planner.plan(request).await.unwrap();
        let import = read(&fixture, &upload).await;
        if import.chunks_total.is_some() {
            break import;
        }
        // Its time was over.
        request = asked();
    };
    assert_eq!((import.run, import.error), (1, None));
    cloud::answer_task(&import.task_token.unwrap(), r#"{"more": false}"#);
    wait_until("the workflow goes on to its end", || {
        machine.status() == "SUCCEEDED"
    });
    drop(planner);
    let role = login.user;
    fixture
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1",
            &[&role],
        )
        .await;
    fixture.execute(&format!("DROP ROLE {role}"), &[]).await;
}

/// A planner that dies before it can say so does not leave its execution waiting.
#[test]
fn a_function_that_fails_fails_the_task_it_was_called_for() {
    const IMPORTS: &str = "IMPORT_STATE_MACHINE_ARN";
    let name = format!("no-import-{}", Uuid::new_v4().simple());
    // No planner can make anything of it.
    cloud::start_execution(IMPORTS, &name, &json!({"import": "none", "run": 1}));
    wait_until("the execution has failed", || {
        cloud::execution(IMPORTS, &name) == "FAILED"
    });
}
