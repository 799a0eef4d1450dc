//! What each role may do, as it signs in, and that it is enough for its work.

use domain::filter::Filter;
use domain::import::State;
use postgres::imports::{self, Pinned};
use postgres::rows::{self, By};
use postgres::{Client, datasets, sums, upkeep};
use uuid::Uuid;

use crate::fixture::database::{
    FIELDS, Fixture, GOOD_PER_CHUNK, MORE_FIELDS, Role, new_version, pid, put, roll_back, with_sums,
};

use Role::{Maker, Reader, Worker};

/// A statement, and who may do it. `{table}` is that of a declared dataset, `{owner}` the role that
/// owns everything.
const STATEMENTS: &[(&str, &[Role])] = &[
    ("SELECT count(*) FROM import", &[Reader, Worker, Maker]),
    (
        "SELECT count(*) FROM sales_record",
        &[Reader, Worker, Maker],
    ),
    (
        "SELECT count(*) FROM dataset JOIN dataset_version ON true",
        &[Reader, Worker, Maker],
    ),
    ("SELECT count(*) FROM {table}", &[Reader, Worker, Maker]),
    (
        "INSERT INTO {table} (import_id, record, c2) VALUES (-1, 1, now())",
        &[Worker, Maker],
    ),
    ("DELETE FROM {table} WHERE import_id = -1", &[Worker, Maker]),
    (
        "INSERT INTO team VALUES (-1, 1, '', '', '')",
        &[Worker, Maker],
    ),
    ("UPDATE import SET state = state", &[Worker, Maker]),
    ("DELETE FROM row_error", &[Worker, Maker]),
    (
        "SELECT count(*) FROM import_event",
        &[Reader, Worker, Maker],
    ),
    ("SELECT count(*) FROM dataset_sum", &[Reader, Worker, Maker]),
    ("DELETE FROM dataset_sum", &[Worker, Maker]),
    ("SELECT count(*) FROM owner_end", &[Reader, Worker, Maker]),
    // A place to read or to count rows in.
    (
        "SELECT pg_try_advisory_xact_lock(hashtext('owner'), 1)",
        &[Reader, Worker, Maker],
    ),
    (
        "INSERT INTO owner_end (owner, user_id, asked_at, rows_before) \
         VALUES (gen_random_uuid(), 1, now(), 0)",
        &[Maker],
    ),
    ("UPDATE owner_end SET ended_at = NULL", &[Maker]),
    ("DELETE FROM owner_end", &[]),
    ("DELETE FROM import_event", &[]),
    ("UPDATE import_event SET actor = actor", &[]),
    (
        "INSERT INTO import_event (uid, number, kind, owner, at, state, actor) \
         VALUES (gen_random_uuid(), 1, 'import', gen_random_uuid(), now(), 'failed', 'user')",
        &[],
    ),
    ("ALTER TABLE import DISABLE TRIGGER import_changed", &[]),
    (
        "INSERT INTO import_number VALUES (gen_random_uuid(), 'x', 1)",
        &[Worker, Maker],
    ),
    ("UPDATE dataset SET version = version", &[Maker]),
    ("DELETE FROM dataset_version", &[Maker]),
    ("SELECT FROM dataset_room FOR UPDATE", &[Maker]),
    ("SELECT hold_dataset(-1)", &[Worker, Maker]),
    ("SELECT make_dataset_table(-1)", &[Maker]),
    ("SELECT extend_dataset_table(-1)", &[Maker]),
    ("SELECT drop_dataset_table(-1)", &[Maker]),
    ("SELECT dataset_column(1, 'text')", &[]),
    ("SELECT grant_rights()", &[]),
    ("CREATE TABLE public.other ()", &[]),
    ("CREATE SCHEMA other", &[]),
    (
        "CREATE FUNCTION public.other() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        &[],
    ),
    ("ALTER TABLE {table} ADD COLUMN other integer", &[]),
    ("CREATE INDEX ON {table} (record)", &[]),
    ("DROP TABLE {table}", &[]),
    ("TRUNCATE {table}", &[]),
    ("TRUNCATE import", &[]),
    ("ALTER TABLE import DISABLE TRIGGER ALL", &[]),
    ("ALTER TABLE import DROP CONSTRAINT import_is_judged", &[]),
    ("DELETE FROM refinery_schema_history", &[]),
    ("SET ROLE {owner}", &[]),
    ("COPY import TO PROGRAM 'true'", &[]),
];

#[tokio::test]
async fn each_role_may_do_its_work_and_no_more() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    upload.finish_chunks(&fixture).await;
    let reader = fixture.role_name(Reader);
    let owner_role = reader.trim_end_matches("_reader");
    for role in Role::ALL {
        let database = fixture.database_of(role, "tests").await;
        let client = database.connection().await.unwrap();
        for (statement, may) in STATEMENTS {
            let statement = statement
                .replace("{table}", &visits.table)
                .replace("{owner}", &format!("\"{owner_role}\""));
            let done = client.batch_execute(&format!("BEGIN; {statement}")).await;
            client.batch_execute("ROLLBACK").await.unwrap();
            let code = done.err().map(|it| it.code().unwrap().code().to_owned());
            let expected = (!may.contains(&role)).then(|| "42501".to_owned());
            assert_eq!(code, expected, "{role:?}: {statement}");
        }
    }
}

/// From the declaration to the drop, each step by the role that has it in a deployed stack.
#[tokio::test]
async fn an_import_of_a_declared_dataset_by_its_roles() {
    let mut fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let maker = fixture.database_of(Maker, "declare-dataset").await;
    let mut maker = maker.connection().await.unwrap();
    let reader = fixture.database_of(Reader, "query-data").await;
    let mut reader = reader.connection().await.unwrap();
    fixture.become_role(Worker).await;

    put(&mut maker, &new_version(owner, "visits", &FIELDS)).await;
    let visits = fixture.visits(owner).await.expect("it is declared");
    let upload = fixture.awaiting_in(owner, visits, 2, None).await;
    let pinned = imports::pin(&maker, upload.uid, "v1", upload.file.size()).await;
    assert!(matches!(pinned.unwrap(), Pinned::Now(_)));
    upload.finish_pinned(&fixture).await;
    upload.complete(&fixture).await;
    let more = with_sums(new_version(owner, "visits", &MORE_FIELDS));
    put(&mut maker, &more).await;
    let add_up = async |client: &mut Client| sums::add(client, upload.uid).await;
    fixture.ask(add_up).await.unwrap();
    assert!(
        fixture
            .number("SELECT count(*) FROM dataset_sum", &[])
            .await
            > 0
    );

    let sql = format!("SELECT count(*) FROM {}", upload.dataset().table);
    let rows: i64 = reader.query_one(&sql, &[]).await.unwrap().get(0);
    assert_eq!(rows, 2 * GOOD_PER_CHUNK);
    let listed = datasets::list(&reader, owner, 10, 0).await.unwrap();
    assert_eq!(listed.0, 1);
    let visits = datasets::find(&reader, owner, "visits").await.unwrap();
    let (visits, all) = (visits.expect("it is declared"), Filter::default());
    let summary = rows::summary(&mut reader, owner, &visits, By::Month, &all, 10, 0).await;
    let summed: i64 = summary.unwrap().1.iter().map(|it| it.rows).sum();
    assert_eq!(summed, 2 * GOOD_PER_CHUNK);

    let delete = async |client: &mut Client| {
        imports::delete(client, owner, "visits", upload.number)
            .await
            .unwrap();
        sums::take_out(client, upload.uid).await.unwrap();
        roll_back(client, &upload).await.expect("nothing is left")
    };
    assert_eq!(fixture.ask(delete).await.state, State::Deleted);
    assert_eq!(
        fixture
            .number("SELECT count(*) FROM dataset_sum", &[])
            .await,
        0
    );
    let import = upload.import(&maker).await;
    upkeep::mark_swept(&maker, &import).await.unwrap();
    let begun = datasets::begin_drop(&mut maker, owner, "visits", None, false)
        .await
        .unwrap();
    let datasets::DropBegun::Marked(id) = begun else {
        panic!("{begun:?}");
    };
    let ended = datasets::end_drop(&mut maker, id).await.unwrap();
    assert_eq!(ended, datasets::DropEnded::Gone);
}

#[tokio::test]
async fn imports_of_the_built_in_datasets_by_their_roles() {
    let mut fixture = Fixture::new().await;
    let maker = fixture.database_of(Maker, "start-import").await;
    let maker = maker.connection().await.unwrap();
    let reader = fixture.database_of(Reader, "query-data").await;
    let mut reader = reader.connection().await.unwrap();
    fixture.become_role(Worker).await;
    for dataset in domain::catalog::NAMES {
        let upload = fixture.awaiting(dataset, 2).await;
        imports::pin(&maker, upload.uid, "v1", upload.file.size())
            .await
            .unwrap();
        upload.finish_pinned(&fixture).await;
        upload.complete(&fixture).await;
        assert_eq!(upload.seen_by(&mut reader).await, 2 * GOOD_PER_CHUNK);
        let cancel = async |client: &mut Client| {
            imports::cancel(client, upload.owner, dataset, upload.number)
                .await
                .unwrap();
            roll_back(client, &upload).await.expect("nothing is left")
        };
        assert_eq!(fixture.ask(cancel).await.state, State::Cancelled);
        assert_eq!(upload.seen_by(&mut reader).await, 0);
    }
}

/// Across roles the server shows no transaction and lets none be ended, without an error: only a
/// member sees the sessions of a role.
#[tokio::test]
async fn reconcile_ends_silent_workers_of_another_role() {
    let fixture = Fixture::new().await;
    let workers = fixture.database_of(Worker, "import-chunk").await;
    let silent = workers.connection().await.unwrap();
    silent.batch_execute("BEGIN; SELECT now()").await.unwrap();
    let silent_pid = pid(&silent).await;
    let of_no_member = fixture.database_of(Reader, "reconcile").await;
    let of_no_member = of_no_member.connection().await.unwrap();
    let ended = upkeep::end_silent_workers(&of_no_member, "import-chunk", 0).await;
    assert_eq!(ended.unwrap(), 0);
    let reconcile = fixture.database_of(Maker, "reconcile").await;
    let reconcile = reconcile.connection().await.unwrap();
    let ended = upkeep::end_silent_workers(&reconcile, "import-chunk", 0).await;
    assert_eq!(ended.unwrap(), 1);
    fixture.wait_until_gone(silent_pid).await;
}
