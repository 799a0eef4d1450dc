//! The counts by which pages are found agree with the rows, whatever imports do at the same time.

use domain::catalog::BASELINE;
use domain::import::State;
use postgres::finishing;
use uuid::Uuid;

use crate::fixture::database::{
    DATASETS, Fixture, GOOD_PER_CHUNK, Upload, judged, roll_back, within,
};

/// Compares the kept counts of an owner's months with the rows themselves.
pub async fn assert_counted(fixture: &Fixture, owner: Uuid) {
    let sql = "WITH kept AS (SELECT month, rows FROM owner_month WHERE owner = $1 AND rows <> 0), \
             found AS (SELECT date_trunc('month', r.order_date::timestamp)::date AS month, count(*) AS rows \
                 FROM sales_record r JOIN import i ON i.id = r.import_id \
                 WHERE i.owner = $1 AND i.state = 'completed' GROUP BY 1) \
         SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM found \
             UNION ALL SELECT * FROM found EXCEPT SELECT * FROM kept) AS off";
    assert_eq!(fixture.number(sql, &[&owner]).await, 0);
    let sql = "WITH kept AS (SELECT band, rows FROM owner_count \
                 WHERE owner = $1 AND dataset = 'baseline' AND rows <> 0), \
             found AS (SELECT extract(year FROM r.order_date)::integer * 12 \
                     + extract(month FROM r.order_date)::integer - 1 AS band, count(*) AS rows \
                 FROM sales_record r JOIN import i ON i.id = r.import_id \
                 WHERE i.owner = $1 AND i.state = 'completed' GROUP BY 1) \
         SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM found \
             UNION ALL SELECT * FROM found EXCEPT SELECT * FROM kept) AS off";
    assert_eq!(fixture.number(sql, &[&owner]).await, 0);
}

#[tokio::test]
async fn every_change_of_the_state_changes_the_counts() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("baseline", 3).await;
    assert_counted(&fixture, upload.owner).await;
    upload.complete(&fixture).await;
    for state in State::ALL
        .iter()
        .chain([&State::Completed, &State::Deleting])
    {
        let set = "UPDATE import SET state = $2 WHERE id = $1";
        fixture.execute(set, &[&upload.id, &state.as_str()]).await;
        assert_counted(&fixture, upload.owner).await;
    }
}

/// During a deploy, code that does not know the counts may try to complete an import.
#[tokio::test]
async fn rows_do_not_appear_without_their_counts() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        let complete = "UPDATE import SET state = 'completed', content_bytes = 0 WHERE id = $1";
        let tried = fixture.ask(async |client| client.execute(complete, &[&upload.id]).await);
        let refused = tried.await.unwrap_err();
        let message = refused.as_db_error().unwrap().message();
        assert!(message.ends_with("has rows and no counts"), "{message}");
        upload.complete(&fixture).await;
    }
}

#[tokio::test]
async fn a_finish_that_is_not_committed_counts_nothing() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("baseline", 2).await;
    let mut client = fixture.connection().await;
    let import = upload.import(&client).await;
    let transaction = client.transaction().await.unwrap();
    let proof = finishing::count_and_prove(&transaction, &import, &BASELINE).await;
    let judged = judged(transaction.client(), upload.id).await;
    assert!(proof.unwrap().holds(&import, &judged));
    let completed = finishing::complete(&transaction, upload.uid, &judged).await;
    assert!(completed.unwrap().is_some());
    transaction.rollback().await.unwrap();
    assert_eq!(kept(&fixture, &upload).await, 0);
    assert_counted(&fixture, upload.owner).await;
}

async fn kept(fixture: &Fixture, upload: &Upload) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM import_day WHERE import_id = $1) \
         + (SELECT count(*) FROM import_day_mark WHERE import_id = $1) \
         + (SELECT count(*) FROM import_bucket WHERE import_id = $1) \
         + (SELECT count(*) FROM import_bucket_mark WHERE import_id = $1) \
         + (SELECT count(*) FROM import_block WHERE import_id = $1)";
    fixture.number(sql, &[&upload.id]).await
}

#[tokio::test]
async fn an_import_finished_twice_at_once_counts_once() {
    let fixture = Fixture::new().await;
    for _ in 0..10 {
        let upload = fixture.finishing("baseline", 2).await;
        let (one, other) = tokio::join!(upload.finish(&fixture), upload.finish(&fixture));
        let ends = format!("{one:?} {other:?}");
        assert!(
            ends.contains("Completed") && ends.contains("NotFinishing"),
            "{ends}"
        );
        assert_eq!(upload.seen(&fixture).await, 2 * GOOD_PER_CHUNK);
        assert_counted(&fixture, upload.owner).await;
    }
}

/// Imports of one owner that appear and vanish at once lock the same months.
#[tokio::test]
async fn imports_of_one_owner_that_appear_and_vanish_at_once() {
    let fixture = Fixture::with_sessions(20).await;
    let mut uploads = Vec::new();
    let owner = Uuid::new_v4();
    for _ in 0..8 {
        let upload = fixture.completed("baseline", 3).await;
        let moved = "UPDATE import SET owner = $2, number = id WHERE id = $1";
        let hidden = "UPDATE import SET state = 'finishing' WHERE id = $1";
        fixture.execute(hidden, &[&upload.id]).await;
        fixture
            .execute("DROP INDEX IF EXISTS import_one_active_baseline", &[])
            .await;
        fixture
            .execute("DROP INDEX IF EXISTS import_one_at_a_time", &[])
            .await;
        fixture.execute(moved, &[&upload.id, &owner]).await;
        uploads.push(upload);
    }
    let flip = async |upload: &Upload| {
        let client = fixture.connection().await;
        for state in ["completed", "deleting"].into_iter().cycle().take(50) {
            let set = "UPDATE import SET state = $2 WHERE id = $1";
            client.execute(set, &[&upload.id, &state]).await.unwrap();
        }
    };
    let [a, b, c, d, e, f, g, h] = uploads.try_into().ok().unwrap();
    within(async {
        tokio::join!(
            flip(&a),
            flip(&b),
            flip(&c),
            flip(&d),
            flip(&e),
            flip(&f),
            flip(&g),
            flip(&h)
        );
    })
    .await;
    assert_counted(&fixture, owner).await;
}

#[tokio::test]
async fn a_deleted_import_leaves_no_counts() {
    let fixture = Fixture::new().await;
    for dataset in crate::fixture::database::DATASETS {
        let upload = fixture.completed(dataset, 2).await;
        assert!(kept(&fixture, &upload).await > 0);
        let client = fixture.connection().await;
        let asked = postgres::imports::delete(&client, upload.owner, dataset, upload.number).await;
        assert!(matches!(asked.unwrap(), postgres::imports::Asked::Done(_)));
        assert!(roll_back(&client, &upload).await.is_some());
        assert_eq!(kept(&fixture, &upload).await, 0);
    }
}

/// Rows of a team import, with every kind of gap between them.
#[tokio::test]
async fn teams_are_found_at_any_offset() {
    let fixture = Fixture::new().await;
    let gaps = [
        "false",
        "n % 5 = 0",
        "n BETWEEN 1 AND 1024",
        "n BETWEEN 1500 AND 3999",
        "n BETWEEN 1025 AND 3072 OR n = 4096 OR n > 6000",
        "n < 4999",
    ];
    for gap in gaps {
        let upload = fixture.finishing("team", 1).await;
        let rows = refill(&fixture, &upload, gap).await;
        let mut client = fixture.connection().await;
        let import = upload.complete(&fixture).await;
        for offset in (0..rows + 20)
            .step_by(83)
            .chain([1, rows - 1, rows, i64::MAX])
        {
            let page = postgres::rows::import_page(
                &mut client,
                &import,
                upload.dataset(),
                2,
                offset,
                None,
            );
            let (count, page) = page.await.unwrap();
            assert_eq!(count, rows);
            let names = page.into_iter().map(|mut row| row.remove(0));
            let expected = plain(&client, &upload, offset).await;
            assert_eq!(names.collect::<Vec<_>>(), expected, "{gap}: {offset}");
        }
        client.keep().await;
    }
}

/// Gives the import 7,000 records, of which those in the gap were rejected. Returns the number of
/// rows.
async fn refill(fixture: &Fixture, upload: &Upload, gap: &str) -> i64 {
    fixture
        .execute("DELETE FROM team WHERE import_id = $1", &[&upload.id])
        .await;
    let fill = format!(
        "INSERT INTO team SELECT $1, n, 'Team ' || n, 'Manager', '' \
         FROM generate_series(1, 7000) AS n WHERE NOT ({gap})"
    );
    fixture.execute(&fill, &[&upload.id]).await;
    let rows = upload.rows(fixture).await;
    let receipt = "UPDATE import_chunk SET records = 7000, rows_imported = $2::bigint, \
         rows_rejected = 7000 - $2::bigint WHERE import_id = $1";
    fixture.execute(receipt, &[&upload.id, &rows]).await;
    let counters = "UPDATE import SET rows_imported = $2::bigint, rows_rejected = 7000 - $2::bigint WHERE id = $1";
    fixture.execute(counters, &[&upload.id, &rows]).await;
    rows
}

async fn plain(
    client: &postgres::Client,
    upload: &Upload,
    offset: i64,
) -> Vec<postgres::rows::Cell> {
    let sql = "SELECT team_name FROM team WHERE import_id = $1 ORDER BY record LIMIT 2 OFFSET $2";
    let rows = client.query(sql, &[&upload.id, &offset]).await.unwrap();
    let name = |row: &tokio_postgres::Row| postgres::rows::Cell::Text(row.get(0));
    rows.iter().map(name).collect()
}
