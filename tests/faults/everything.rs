//! The list of all imports and exports of an owner: nothing is missing, nothing comes twice, nothing is
//! another owner's, and a page looks at a bounded number of entries. And what chunks are said to be.

use domain::chunk_state::ChunkState;
use domain::limits::EVERYTHING_LOOKED_AT;
use domain::paging::change::{ChangePosition, Kind};
use domain::waiting::{self, Wait};
use jiff::{SignedDuration, Timestamp};
use postgres::Client;
use postgres::chunks::{self, Run};
use postgres::everything::{self, Item, Page, Wanted};
use postgres::imports;
use uuid::Uuid;

use crate::fixture::database::{Fixture, Upload, VISIBILITY};

async fn page(
    fixture: &Fixture,
    owner: Uuid,
    wanted: &Wanted,
    after: Option<ChangePosition>,
    limit: i64,
) -> Page {
    let page = async |client: &mut Client| {
        everything::page(client, owner, wanted, after, limit, VISIBILITY).await
    };
    fixture.ask(page).await.unwrap()
}

/// `team/1`, `exports/2`, as the list has them, page by page.
async fn listed(fixture: &Fixture, owner: Uuid, wanted: &Wanted, limit: i64) -> Vec<String> {
    let mut names = Vec::new();
    let mut after = None;
    loop {
        let page = page(fixture, owner, wanted, after, limit).await;
        assert!(page.entries.len() <= usize::try_from(limit).unwrap());
        let times: Vec<Timestamp> = page.entries.iter().map(|it| it.changed_at).collect();
        assert!(times.is_sorted_by(|one, next| one >= next));
        names.extend(page.entries.into_iter().map(|it| match it.item {
            Item::Import(import, _) => format!("{}/{}", import.dataset, import.number),
            Item::Export(export) => format!("exports/{}", export.number),
        }));
        let Some(next) = page.next else {
            return names;
        };
        assert!(after.is_none_or(|it| next < it), "the walk goes on");
        after = Some(next);
    }
}

#[tokio::test]
async fn what_changed_last_comes_first_whatever_it_is() {
    let fixture = Fixture::new().await;
    let sales = fixture.completed("baseline", 1).await;
    let owner = sales.owner;
    let team = fixture.awaiting_of(owner, "team", 1, None).await;
    fixture.export(&sales).await;
    fixture.awaiting_of(owner, "team", 1, None).await;
    fixture.awaiting("team", 1).await;
    let all = Wanted::default();
    let expected = ["team/2", "exports/1", "team/1", "baseline/1"];
    for limit in [1, 2, 3, 4, 100] {
        assert_eq!(listed(&fixture, owner, &all, limit).await, expected);
    }
    cancel(&fixture, &team).await;
    let expected = ["team/1", "team/2", "exports/1", "baseline/1"];
    assert_eq!(listed(&fixture, owner, &all, 2).await, expected);
    let delete = async |client: &mut Client| imports::delete(client, owner, "team", 2).await;
    fixture.ask(delete).await.unwrap();
    let expected = ["team/1", "exports/1", "baseline/1"];
    assert_eq!(listed(&fixture, owner, &all, 1).await, expected);
    assert!(listed(&fixture, Uuid::new_v4(), &all, 9).await.is_empty());
}

async fn cancel(fixture: &Fixture, upload: &Upload) {
    let (owner, number) = (upload.owner, upload.number);
    let dataset = upload.dataset().name.clone();
    let cancel = async |client: &mut Client| imports::cancel(client, owner, &dataset, number).await;
    let asked = fixture.ask(cancel).await.unwrap();
    assert!(matches!(asked, imports::Asked::Done(_)));
}

#[tokio::test]
async fn every_filter_leaves_what_it_says() {
    let fixture = Fixture::new().await;
    let sales = fixture.completed("baseline", 1).await;
    let owner = sales.owner;
    let team = fixture.awaiting_of(owner, "team", 1, None).await;
    fixture.export(&sales).await;
    cancel(&fixture, &team).await;
    let named = "UPDATE import SET object_key = 'uploads/team/x/Große_Teams.CSV' WHERE id = $1";
    fixture.execute(named, &[&team.id]).await;
    let wanted = |change: fn(&mut Wanted)| {
        let mut wanted = Wanted::default();
        change(&mut wanted);
        wanted
    };
    let states = |words: &[&str]| Some(words.iter().map(|it| (*it).to_owned()).collect());
    let in_states = |words: &[&str]| Wanted {
        states: states(words),
        ..Wanted::default()
    };
    let table: [(Wanted, &[&str]); 10] = [
        (wanted(|it| it.kind = Some(Kind::Export)), &["exports/1"]),
        (
            wanted(|it| it.kind = Some(Kind::Import)),
            &["team/1", "baseline/1"],
        ),
        (wanted(|it| it.dataset = Some("team".into())), &["team/1"]),
        (
            wanted(|it| it.dataset = Some("baseline".into())),
            &["exports/1", "baseline/1"],
        ),
        (wanted(|it| it.file = Some("_TEAMS.c".into())), &["team/1"]),
        (
            wanted(|it| it.file = Some("sales.csv".into())),
            &["exports/1"],
        ),
        (wanted(|it| it.file = Some("team/x".into())), &[]),
        (
            in_states(&["cancelling", "exporting"]),
            &["team/1", "exports/1"],
        ),
        (in_states(&["completed"]), &["baseline/1"]),
        (in_states(&["expired"]), &[]),
    ];
    for (wanted, expected) in table {
        assert_eq!(
            listed(&fixture, owner, &wanted, 1).await,
            expected,
            "{wanted:?}"
        );
    }
    let all = Wanted::default();
    let whole = page(&fixture, owner, &all, None, 9).await;
    let since = Some(whole.entries[1].changed_at);
    let newer = Wanted { since, ..all };
    assert_eq!(
        listed(&fixture, owner, &newer, 1).await,
        ["team/1", "exports/1"]
    );
}

/// The file of a completed export is gone for its user with the import it is made of.
#[tokio::test]
async fn an_export_is_listed_as_it_is_seen() {
    let fixture = Fixture::new().await;
    let sales = fixture.completed("baseline", 1).await;
    fixture.export(&sales).await;
    let done = "UPDATE export SET state = 'completed', expires_at = now() + interval '1 day'";
    fixture.execute(done, &[]).await;
    let in_state = |word: &str| Wanted {
        states: Some(vec![word.to_owned()]),
        kind: Some(Kind::Export),
        ..Wanted::default()
    };
    let listed = async |word: &str| listed(&fixture, sales.owner, &in_state(word), 5).await;
    assert_eq!(listed("completed").await, ["exports/1"]);
    cancel(&fixture, &sales).await;
    assert!(listed("completed").await.is_empty());
    assert_eq!(listed("expiring").await, ["exports/1"]);
}

const MANY: &str = "INSERT INTO import (uid, owner, dataset, number, state, object_key, object_size, \
         upload_expires_at) \
     SELECT gen_random_uuid(), $1, 'team', n, CASE n WHEN 1 THEN 'failed' ELSE 'cancelled' END, \
         'uploads/x/file.csv', 1, now() FROM generate_series(1, $2::integer) AS n";

/// A page may be short, or empty, and its link leads on: what is rare is found in a few of them.
#[tokio::test]
async fn a_page_looks_at_a_bounded_number_of_entries() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let all = i32::try_from(2 * EVERYTHING_LOOKED_AT + 5).unwrap();
    fixture.execute(MANY, &[&owner, &all]).await;
    let rare = Wanted {
        states: Some(vec!["failed".to_owned()]),
        ..Wanted::default()
    };
    let mut after = None;
    for _ in 0..2 {
        let page = page(&fixture, owner, &rare, after, 100).await;
        assert!(page.entries.is_empty());
        assert!(page.next.is_some());
        after = page.next;
    }
    let last = page(&fixture, owner, &rare, after, 100).await;
    assert_eq!((last.entries.len(), last.next), (1, None));
    let every = listed(&fixture, owner, &Wanted::default(), 100).await;
    let mut different = every.clone();
    different.sort();
    different.dedup();
    assert_eq!((every.len(), different.len()), (all as usize, all as usize));
}

/// What is read does not grow with what the owner has: the index leads to the page.
#[tokio::test]
async fn a_page_reads_as_many_rows_of_ten_thousand_as_of_a_few() {
    let fixture = Fixture::new().await;
    let mut read = Vec::new();
    for all in [300, 10_000] {
        let owner = Uuid::new_v4();
        fixture.execute(MANY, &[&owner, &all]).await;
        fixture.execute("ANALYZE import_event", &[]).await;
        fixture.execute("ANALYZE import", &[]).await;
        read.push(rows_read(&fixture, owner).await);
    }
    assert!(read[1] <= read[0] + 20, "{read:?}");
}

/// Rows and index entries of the two tables that a first page reads, as the server counts them.
async fn rows_read(fixture: &Fixture, owner: Uuid) -> i64 {
    let sql = "SELECT sum(pg_stat_get_tuples_returned(c.oid) + pg_stat_get_tuples_fetched(c.oid) \
             + (SELECT sum(pg_stat_get_tuples_returned(i.indexrelid) \
                 + pg_stat_get_tuples_fetched(i.indexrelid)) \
                FROM pg_index i WHERE i.indrelid = c.oid))::bigint \
         FROM pg_class c WHERE c.relname IN ('import', 'import_event')";
    let read = async |client: &mut Client| {
        let counted = async |client: &Client| {
            let flush = "SELECT pg_stat_force_next_flush()";
            client.execute(flush, &[]).await.unwrap();
            let row = client.query_one(sql, &[]).await.unwrap();
            row.get::<_, i64>(0)
        };
        let before = counted(client).await;
        let all = Wanted::default();
        let page = everything::page(client, owner, &all, None, 100, VISIBILITY).await;
        assert_eq!(page.unwrap().entries.len(), 100);
        counted(client).await - before
    };
    fixture.ask(read).await
}

/// Each chunk is said to be what the domain says of it.
#[tokio::test]
async fn chunks_stand_where_the_domain_says() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    let set = "UPDATE import_chunk SET queued_at = $2, attempts = $3, witness = '{}', \
         done_at = CASE WHEN $4 THEN now() END WHERE import_id = $1";
    let now = Timestamp::now();
    let lost = now - SignedDuration::from_secs(i64::from(VISIBILITY) + 5);
    for (queued_at, out) in [(None, false), (Some(lost), false), (Some(now), true)] {
        for attempts in 0..=6 {
            for stored in [false, true] {
                fixture
                    .execute(set, &[&upload.id, &queued_at, &attempts, &stored])
                    .await;
                let expected = Run {
                    state: ChunkState::of(stored, out, attempts),
                    first: 0,
                    count: 1,
                };
                let runs = runs(&fixture, &upload, 10, 0).await;
                assert_eq!(runs, (1, vec![expected]), "{queued_at:?} {attempts}");
            }
        }
    }
}

async fn runs(fixture: &Fixture, upload: &Upload, limit: i64, offset: i64) -> (i64, Vec<Run>) {
    let runs = async |client: &mut Client| {
        chunks::runs(client, upload.id, VISIBILITY, limit, offset).await
    };
    fixture.ask(runs).await.unwrap()
}

#[tokio::test]
async fn chunks_are_told_as_runs_however_many_there_are() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 1).await;
    let many = "INSERT INTO import_chunk (import_id, number, byte_start, byte_end, first_record, \
             first_line, records, lines, attempts, queued_at, done_at, witness) \
         SELECT $1, n, n, n + 1, n, n, 1, 1, CASE WHEN n = 11000 THEN 2 ELSE 0 END, \
             CASE WHEN n < 10100 OR n = 11000 THEN now() END, CASE WHEN n < 10000 THEN now() END, '{}' \
         FROM generate_series(0, 39999) AS n";
    fixture.execute(many, &[&upload.id]).await;
    let run = |state, first, count| Run {
        state,
        first,
        count,
    };
    let all = [
        run(ChunkState::Stored, 0, 10_000),
        run(ChunkState::HandedOut, 10_000, 100),
        run(ChunkState::Planned, 10_100, 900),
        run(ChunkState::TriedAgain, 11_000, 1),
        run(ChunkState::Planned, 11_001, 28_999),
    ];
    assert_eq!(runs(&fixture, &upload, 1_000, 0).await, (5, all.to_vec()));
    assert_eq!(runs(&fixture, &upload, 2, 3).await, (5, all[3..].to_vec()));
    let other = fixture.planned("baseline", 3).await;
    let planned = vec![run(ChunkState::Planned, 0, 3)];
    assert_eq!(runs(&fixture, &other, 9, 0).await, (1, planned));
}

/// Of the chunks in the queue that no worker has had, the first says since when they wait.
#[tokio::test]
async fn chunks_that_no_worker_takes_are_what_an_import_waits_for() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 3).await;
    let queue = async |client: &mut Client| {
        let queues = imports::queues(client, &[upload.id, -1], VISIBILITY).await;
        queues.unwrap()[&upload.id]
    };
    let later = Timestamp::now() + SignedDuration::from_secs(31);
    let wait = async || {
        let queue = fixture.ask(queue).await;
        let import = fixture
            .ask(async |client| upload.import(client).await)
            .await;
        (queue, waiting::of_import(&import, &queue, later))
    };
    let (all, waits) = wait().await;
    assert_eq!((all.outstanding.waiting, all.outstanding.out), (0, 3));
    assert_eq!(all.untouched, 3);
    assert!(
        matches!(waits, Some(Wait::NoFreeWorker { chunks: 3, since }) if Some(since) == all.since)
    );
    let tried = "UPDATE import_chunk SET attempts = 1 WHERE import_id = $1 AND number = 0";
    fixture.execute(tried, &[&upload.id]).await;
    let (one_at_work, waits) = wait().await;
    assert_eq!(one_at_work.untouched, 2);
    assert!(
        matches!(waits, Some(Wait::NothingHeard { .. })),
        "{waits:?}"
    );
    let lost =
        "UPDATE import_chunk SET queued_at = '-infinity' WHERE import_id = $1 AND number = 1";
    fixture.execute(lost, &[&upload.id]).await;
    let (one_lost, _) = wait().await;
    assert_eq!(
        (one_lost.outstanding.waiting, one_lost.outstanding.out),
        (1, 2)
    );
}
