//! The rollback: twice, at once, in slices.

use domain::import::{Goal, State, Step};
use postgres::imports::{self, Asked};
use postgres::rollback;

use crate::fixture::database::{
    BAD_PER_CHUNK, DATASETS, Fixture, GOOD_PER_CHUNK, Upload, delete_rows, pid, roll_back,
};

async fn cancelling(fixture: &Fixture, dataset: &str, chunks: i64) -> Upload {
    let upload = fixture.import(dataset, chunks).await;
    for number in 0..upload.file.total() {
        upload.store(fixture, number).await;
    }
    let client = fixture.connection().await;
    let asked = imports::cancel(&client, upload.owner, dataset, upload.number).await;
    assert!(matches!(asked.unwrap(), Asked::Done(_)));
    upload
}

/// Copies the rows to further records, so that several slices are needed. Returns the number of
/// rows.
async fn multiply(fixture: &Fixture, upload: &Upload, copies: i64) -> i64 {
    let dataset = upload.dataset();
    let columns: Vec<&str> = dataset.columns.iter().map(|it| it.name.as_str()).collect();
    let (table, columns) = (&dataset.table, columns.join(", "));
    let sql = format!(
        "INSERT INTO {table} (import_id, record, {columns}) \
         SELECT import_id, record + 100 * copy, {columns} \
         FROM {table}, generate_series(1, $2::bigint) AS copy WHERE import_id = $1"
    );
    fixture.execute(&sql, &[&upload.id, &copies]).await;
    upload.rows(fixture).await
}

#[tokio::test]
async fn a_rollback_ends_with_its_proof() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = cancelling(&fixture, dataset, 3).await;
        let bystander = fixture.completed(dataset, 2).await;
        assert_eq!(upload.next_step(&fixture).await, Step::RollBack);
        let client = fixture.connection().await;
        let early = upload.import(&client).await;
        let early = rollback::end(&client, &early, &upload.table(), Goal::Cancelled).await;
        assert!(early.unwrap().is_none(), "rows are left");

        let ended = roll_back(&client, &upload).await.unwrap();
        assert_eq!(ended.state, State::Cancelled);
        let proof = ended.rollback.unwrap();
        assert_eq!(proof.rows_deleted, 3 * GOOD_PER_CHUNK);
        assert_eq!(proof.rows_remaining, 0);
        assert_eq!(
            upload.errors(&fixture).await,
            3 * BAD_PER_CHUNK,
            "row errors are kept"
        );
        assert_eq!(upload.next_step(&fixture).await, Step::Nothing);
        assert_eq!(bystander.seen(&fixture).await, 2 * GOOD_PER_CHUNK);
    }
}

#[tokio::test]
async fn a_rollback_twice_in_sequence() {
    let fixture = Fixture::new().await;
    let upload = cancelling(&fixture, "team", 2).await;
    let client = fixture.connection().await;
    let first = roll_back(&client, &upload).await.unwrap();
    assert!(roll_back(&client, &upload).await.is_none());
    assert_eq!(upload.import(&client).await, first, "nothing has changed");
}

#[tokio::test]
async fn a_rollback_twice_at_once_ends_once_and_counts_each_row_once() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = cancelling(&fixture, dataset, 3).await;
        let rows = multiply(&fixture, &upload, 4_000).await;
        let (one, other) = (fixture.connection().await, fixture.connection().await);
        let (one, other) = tokio::join!(roll_back(&one, &upload), roll_back(&other, &upload));
        let ended = match (one, other) {
            (Some(ended), None) | (None, Some(ended)) => ended,
            other => panic!("it ends once: {other:?}"),
        };
        let proof = ended.rollback.unwrap();
        assert_eq!((proof.rows_deleted, proof.rows_remaining), (rows, 0));
        assert_eq!(upload.rows(&fixture).await, 0);
    }
}

/// Two slices wait for the lock on the same import row: no count of theirs may get lost.
#[tokio::test]
async fn slices_that_wait_for_one_lock_count_each_row_once() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        wait_for_one_lock(&fixture, dataset).await;
    }
}

async fn wait_for_one_lock(fixture: &Fixture, dataset: &str) {
    let upload = cancelling(fixture, dataset, 3).await;
    let rows = multiply(fixture, &upload, 4_000).await;
    assert!(rows > 2 * rollback::SLICE, "two slices and more");
    let [holder, one, other] = [
        fixture.connection().await,
        fixture.connection().await,
        fixture.connection().await,
    ];
    holder.batch_execute("BEGIN").await.unwrap();
    let hold = "UPDATE import SET progressed_at = now(), rows_deleted = 1000 WHERE id = $1";
    holder.execute(hold, &[&upload.id]).await.unwrap();
    let import = upload.import(&one).await;
    let (one_pid, other_pid) = (pid(&one).await, pid(&other).await);
    let table = &upload.table();
    let middle = rollback::slice_end(&one, &import, table, None).await;
    let middle = middle.unwrap().unwrap();
    let end = rollback::slice_end(&one, &import, table, Some(&middle)).await;
    let end = end.unwrap().unwrap();
    let first = rollback::delete_slice(&one, &import, table, None, &middle);
    let second = rollback::delete_slice(&other, &import, table, Some(&middle), &end);
    let (first, second, ()) = tokio::join!(first, second, async {
        let both = [one_pid, other_pid];
        fixture.wait_until_all_blocked(&both).await;
        holder.batch_execute("COMMIT").await.unwrap();
    });
    first.unwrap();
    second.unwrap();
    delete_rows(&one, &upload).await;
    let ended = roll_back(&one, &upload).await.unwrap();
    assert_eq!(ended.rollback.unwrap().rows_deleted, 1000 + rows);
}

#[tokio::test]
async fn a_failed_rollback_can_run_again() {
    let fixture = Fixture::new().await;
    let upload = cancelling(&fixture, "team", 1).await;
    let client = fixture.connection().await;
    let import = upload.import(&client).await;
    let marked = rollback::mark_failed(&client, &import).await.unwrap();
    let marked = marked.expect("its rollback was under way");
    assert_eq!(marked.state, State::RollbackFailed);
    assert_ne!(marked.rollback_name(), import.rollback_name());
    let again = rollback::mark_failed(&client, &import).await.unwrap();
    assert!(again.is_none(), "once per run");
    let ended = roll_back(&client, &upload).await.unwrap();
    assert_eq!(ended.state, State::Cancelled);
}
