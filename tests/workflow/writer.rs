//! What write-export does with an export that is no longer its own, in a database of the test.

use std::sync::Arc;

use aws::objects::Objects;
use conduct::ExportConductor;
use contracts::workflow::ExportRun;
use domain::export::{Export, Goal, State};
use domain::limits::LONG_FUNCTION_BUDGET;
use postgres::Client;
use postgres::exports::{self, Asked};
use write_export::WriteExport;

use crate::fixture::cloud;
use crate::fixture::database::{Fixture, pid, within};
use crate::fixture::stack::variable;

/// Built like the deployed function, except for its database.
async fn writer(fixture: &Fixture) -> WriteExport {
    let database = Arc::new(fixture.database("write-export"));
    let config = aws::config().await;
    let objects = Objects::new(&config, variable("UPLOAD_BUCKET"));
    let conductor =
        ExportConductor::from_environment(&config, database.clone(), objects.clone()).unwrap();
    WriteExport::new(database, conductor, objects, 7, LONG_FUNCTION_BUDGET)
}

fn run(export: &Export) -> ExportRun {
    ExportRun {
        export: export.uid,
        run: export.run,
    }
}

async fn now(fixture: &Fixture, export: &Export) -> Export {
    let read = async |client: &mut Client| exports::by_uid(client, export.uid).await;
    fixture.ask(read).await.unwrap().unwrap()
}

async fn cancel(fixture: &Fixture, export: &Export) {
    let cancel =
        async |client: &mut Client| exports::cancel(client, export.owner, export.number).await;
    assert!(matches!(fixture.ask(cancel).await.unwrap(), Asked::Done(_)));
}

/// With a filter that matches almost nothing there is no part for minutes. Here the COPY waits for
/// a lock instead.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_finds_no_rows_notices_a_cancel() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = fixture.export(&upload).await;
    let holder = fixture.connection().await;
    let lock = "SET idle_in_transaction_session_timeout = 0; \
         BEGIN; LOCK TABLE sales_record IN ACCESS EXCLUSIVE MODE";
    holder.batch_execute(lock).await.unwrap();
    let (writer, run) = (writer(&fixture).await, run(&export));
    let written = tokio::spawn(async move { writer.write(run).await.map(|it| it.more) });
    let copy = fixture.who_waits_for(pid(&holder).await).await;
    cancel(&fixture, &export).await;
    assert!(!within(written).await.unwrap().unwrap());
    fixture.wait_until_gone(copy).await;
    assert_eq!(now(&fixture, &export).await.state, State::Cancelled);
    assert_eq!(cloud::object_versions(&export.object_key), [""; 0]);
}

/// Two writers of one run: the other one has stored the last part and joined all of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_slower_than_another_does_no_harm() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = fixture.export(&upload).await;
    let writer = writer(&fixture).await;
    assert!(!writer.write(run(&export)).await.unwrap().more);
    assert_eq!(now(&fixture, &export).await.state, State::Completed);
    // As it was before the other writer stored its receipts and completed the export.
    let (back, lost) = (
        "UPDATE export SET state = 'exporting', parts_done = 0, rows_done = 0 WHERE id = $1",
        "DELETE FROM export_part WHERE export_id = $1",
    );
    fixture.execute(back, &[&export.id]).await;
    fixture.execute(lost, &[&export.id]).await;
    assert!(!writer.write(run(&export)).await.unwrap().more);
    let left = now(&fixture, &export).await;
    assert_eq!((left.state, left.error), (State::Exporting, None));
    assert_eq!(cloud::object_versions(&export.object_key).len(), 1);
}

/// An earlier writer stored something and died.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_comes_too_late_removes_what_is_left() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = fixture.export(&upload).await;
    cancel(&fixture, &export).await;
    let end =
        async |client: &mut Client| exports::end_removal(client, &export, Goal::Cancelled).await;
    assert!(fixture.ask(end).await.unwrap().is_some());
    cloud::put_object(&export.object_key, b"left over");
    assert!(
        !writer(&fixture)
            .await
            .write(run(&export))
            .await
            .unwrap()
            .more
    );
    assert_eq!(cloud::object_versions(&export.object_key), [""; 0]);
}
