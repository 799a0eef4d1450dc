//! A completed import and the one that takes its place: what else may happen to either meanwhile.

mod chain;
mod locks;

use domain::catalog::BASELINE;
use domain::filter::Filter;
use domain::import::{Goal, Import, State, Step};
use domain::reason::Reason;
use jiff::Timestamp;
use postgres::finishing::Finished;
use postgres::imports::{self, Asked, Created, NewImport};
use postgres::rows;
use postgres::{Client, exports, finishing, sums, upkeep};

use super::counts::assert_counted;
use crate::fixture::database::{
    DATASETS, Fixture, GOOD_PER_CHUNK, Upload, judged, pid, roll_back, within,
};

/// A completed import of two chunks, and one of three chunks that is about to take its place.
async fn about_to_swap(fixture: &Fixture, dataset: &str) -> (Upload, Upload) {
    let old = fixture.completed(dataset, 2).await;
    let new = replacement(fixture, &old).await;
    new.finish_chunks(fixture).await;
    (old, new)
}

/// An import of three chunks in the place of another. Its object has not arrived.
async fn replacement(fixture: &Fixture, of: &Upload) -> Upload {
    let (dataset, number) = (of.dataset().name.as_str(), Some(of.number));
    fixture.awaiting_of(of.owner, dataset, 3, number).await
}

const OLD: i64 = 2 * GOOD_PER_CHUNK;
const NEW: i64 = 3 * GOOD_PER_CHUNK;

async fn now(fixture: &Fixture, upload: &Upload) -> Import {
    fixture
        .ask(async |client| upload.import(client).await)
        .await
}

async fn state(fixture: &Fixture, upload: &Upload) -> State {
    now(fixture, upload).await.state
}

async fn cancel(fixture: &Fixture, upload: &Upload) {
    let (owner, dataset) = (upload.owner, upload.dataset().name.as_str());
    let cancel =
        async |client: &mut Client| imports::cancel(client, owner, dataset, upload.number).await;
    assert!(matches!(fixture.ask(cancel).await.unwrap(), Asked::Done(_)));
}

async fn delete(fixture: &Fixture, upload: &Upload) {
    let (owner, dataset) = (upload.owner, upload.dataset().name.as_str());
    let delete =
        async |client: &mut Client| imports::delete(client, owner, dataset, upload.number).await;
    assert!(matches!(fixture.ask(delete).await.unwrap(), Asked::Done(_)));
}

async fn replace(fixture: &Fixture, number: i32, of: &Upload) -> Created {
    let new = NewImport {
        replaces: Some(number),
        ..of.next()
    };
    fixture
        .ask(async |client: &mut Client| imports::create(client, &new).await)
        .await
        .unwrap()
}

/// Rows of all completed imports of the owner, as a reader who begins now sees them.
async fn seen(fixture: &Fixture, uploads: &[&Upload]) -> i64 {
    if *uploads[0].dataset() == **BASELINE {
        return uploads[0].seen(fixture).await;
    }
    let mut rows = 0;
    for upload in uploads {
        rows += upload.seen(fixture).await;
    }
    rows
}

/// Adds up and takes out as the functions do, and compares the sums and the counts by month with
/// the rows that are visible.
async fn assert_adds_up(fixture: &Fixture, uploads: &[&Upload], visible: i64) {
    assert_eq!(seen(fixture, uploads).await, visible);
    let owner = uploads[0].owner;
    assert_counted(fixture, owner).await;
    for upload in uploads {
        let add_up = async |client: &mut Client| {
            sums::take_out(client, upload.uid).await?;
            sums::add(client, upload.uid).await
        };
        fixture.ask(add_up).await.unwrap();
    }
    let summed = "SELECT coalesce(sum(rows), 0)::bigint FROM owner_sum \
         WHERE owner = $1 AND by = 'region'";
    let expected = if *uploads[0].dataset() == **BASELINE {
        visible
    } else {
        0
    };
    assert_eq!(fixture.number(summed, &[&owner]).await, expected);
}

#[tokio::test]
async fn the_old_rows_are_seen_until_the_new_ones_are() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let (old, new) = about_to_swap(&fixture, dataset).await;
        assert_adds_up(&fixture, &[&old, &new], OLD).await;
        assert_eq!(now(&fixture, &old).await.replaced_by, None);
        let run = now(&fixture, &old).await.run;
        let completed = new.complete(&fixture).await;
        assert_eq!(completed.swaps, Some(old.number));
        assert_adds_up(&fixture, &[&old, &new], NEW).await;
        let gone = now(&fixture, &old).await;
        let goal = (gone.state, gone.goal, gone.replaced_by);
        let expected = (State::Cancelling, Some(Goal::Cancelled), Some(new.number));
        assert_eq!(goal, expected);
        assert_eq!(gone.run, run + 1, "its rollback has a name of its own");
        assert_eq!(old.next_step(&fixture).await, Step::RollBack);
        let swapped = async |client: &mut Client| finishing::swapped(client, new.uid).await;
        let swapped = fixture.ask(swapped).await.unwrap();
        assert_eq!(swapped.map(|it| it.uid), Some(old.uid));
        let client = fixture.connection().await;
        let cancelled = roll_back(&client, &old).await.unwrap();
        assert_eq!(cancelled.rollback.unwrap().rows_deleted, OLD);
        assert_adds_up(&fixture, &[&old, &new], NEW).await;
    }
}

/// finish-import may die right after the swap.
#[tokio::test]
async fn reconcile_finds_an_import_that_was_swapped() {
    let fixture = Fixture::new().await;
    let (old, new) = about_to_swap(&fixture, "team").await;
    new.complete(&fixture).await;
    let unfinished = async |client: &mut Client| upkeep::unfinished(client).await;
    assert_eq!(fixture.ask(unfinished).await.unwrap(), [old.uid]);
}

async fn in_one_request(fixture: &Fixture, upload: &Upload) -> i64 {
    let all = Filter::default();
    let page =
        async |client: &mut Client| rows::page(client, upload.owner, &BASELINE, &all, 100, 0).await;
    let (count, page) = fixture.ask(page).await.unwrap();
    assert_eq!(count, page.len() as i64);
    count
}

/// A reader sees the rows of one import, never of both or of neither, at any moment of the swap.
#[tokio::test]
async fn readers_during_a_swap_see_one_of_the_two() {
    let fixture = Fixture::new().await;
    let (old, new) = about_to_swap(&fixture, "baseline").await;
    let read = async {
        let mut reads = 0;
        loop {
            let rows = in_one_request(&fixture, &old).await;
            assert!([OLD, NEW].contains(&rows), "{rows} rows are seen");
            reads += 1;
            if rows == NEW {
                break reads;
            }
        }
    };
    let (reads, _) = within(async { tokio::join!(read, new.complete(&fixture)) }).await;
    assert!(reads > 0);
}

#[tokio::test]
async fn a_replacement_that_does_not_complete_changes_nothing() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let old = fixture.completed(dataset, 2).await;
        for end in [Goal::Cancelled, Goal::Failed, Goal::Deleted] {
            let new = replacement(&fixture, &old).await;
            let client = fixture.connection().await;
            match end {
                Goal::Cancelled => cancel(&fixture, &new).await,
                Goal::Failed => {
                    let reason = Reason::ChunkFailed;
                    imports::fail(&client, new.uid, &reason).await.unwrap();
                }
                Goal::Deleted => delete(&fixture, &new).await,
                Goal::Validated => unreachable!("a validation replaces nothing"),
            }
            // The place is free at once, not only when the rollback has ended.
            let next = replacement(&fixture, &old).await;
            assert_eq!(now(&fixture, &next).await.swaps, Some(old.number));
            cancel(&fixture, &next).await;
            roll_back(&client, &new).await.unwrap();
            roll_back(&client, &next).await.unwrap();
            assert_adds_up(&fixture, &[&old, &new, &next], OLD).await;
        }
        assert_eq!(now(&fixture, &old).await.replaced_by, None);
    }
}

/// The old one is cancelled or deleted by its user before the new one completes.
#[tokio::test]
async fn a_replacement_of_what_has_gone_simply_completes() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for deleted in [false, true] {
            let (old, new) = about_to_swap(&fixture, dataset).await;
            match deleted {
                true => delete(&fixture, &old).await,
                false => cancel(&fixture, &old).await,
            }
            assert_adds_up(&fixture, &[&old, &new], 0).await;
            let before = now(&fixture, &old).await;
            new.complete(&fixture).await;
            assert_eq!(
                now(&fixture, &old).await,
                before,
                "it is not cancelled twice"
            );
            assert_adds_up(&fixture, &[&old, &new], NEW).await;
        }
    }
}

/// The new one is cancelled in the last moment: the old one stays.
#[tokio::test]
async fn a_cancel_before_the_swap_keeps_the_old_rows() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let (old, new) = about_to_swap(&fixture, dataset).await;
        cancel(&fixture, &new).await;
        let finished = new.finish(&fixture).await;
        assert!(!matches!(finished, Finished::Completed(_)), "{finished:?}");
        assert_eq!(state(&fixture, &old).await, State::Completed);
        assert_adds_up(&fixture, &[&old, &new], OLD).await;
    }
}

#[tokio::test]
async fn a_completed_import_is_cancelled_with_its_proof() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.completed(dataset, 2).await;
        assert_adds_up(&fixture, &[&upload], OLD).await;
        let completed = now(&fixture, &upload).await;
        cancel(&fixture, &upload).await;
        assert_adds_up(&fixture, &[&upload], 0).await;
        let cancelling = now(&fixture, &upload).await;
        assert_ne!(cancelling.rollback_name(), completed.rollback_name());
        assert_eq!(cancelling.finished_at, None, "it is not at its end");
        assert_eq!(upload.next_step(&fixture).await, Step::RollBack);
        let client = fixture.connection().await;
        let cancelled = roll_back(&client, &upload).await.unwrap();
        let proof = cancelled.rollback.unwrap();
        assert_eq!((proof.rows_deleted, proof.rows_remaining), (OLD, 0));
        assert_eq!(cancelled.completed_at, completed.completed_at);
        assert!(
            cancelled.has_rejected_file(Timestamp::now()),
            "it is readable as before"
        );
        assert_eq!(upload.errors(&fixture).await, 2);
        for counts in ["import_day", "import_day_mark", "import_block"] {
            let sql = format!("SELECT count(*) FROM {counts} WHERE import_id = $1");
            assert_eq!(fixture.number(&sql, &[&upload.id]).await, 0, "{counts}");
        }
        assert_adds_up(&fixture, &[&upload], 0).await;
    }
}

/// The answer to a replacement names the exports that go with the old rows.
#[tokio::test]
async fn a_swap_removes_the_exports_that_hold_the_old_rows() {
    let fixture = Fixture::new().await;
    let old = fixture.completed("baseline", 2).await;
    let export = fixture.export(&old).await;
    let hold = async |client: &mut Client| {
        exports::that_hold(client, old.owner, "baseline", old.number).await
    };
    assert_eq!(fixture.ask(hold).await.unwrap(), [export.number]);
    let new = replacement(&fixture, &old).await;
    new.finish_chunks(&fixture).await;
    let unchanged = async |client: &mut Client| exports::by_uid(client, export.uid).await;
    let before = fixture.ask(unchanged).await.unwrap().unwrap();
    assert!(before.unchanged, "until the swap it is as good as ever");
    new.complete(&fixture).await;
    let after = fixture.ask(unchanged).await.unwrap().unwrap();
    assert!(!after.unchanged);
}

/// One baseline at a time: a completed one does not count, its replacement does.
#[tokio::test]
async fn a_completed_baseline_is_not_replaced_while_another_is_active() {
    let fixture = Fixture::new().await;
    let old = fixture.completed("baseline", 2).await;
    fixture.awaiting_of(old.owner, "baseline", 1, None).await;
    let refused = replace(&fixture, old.number, &old).await;
    assert!(matches!(refused, Created::AnotherActive));
    assert_adds_up(&fixture, &[&old], OLD).await;
}

/// During a deploy, code that does not know the swap may try to complete an import.
#[tokio::test]
async fn nothing_completes_beside_what_it_swaps() {
    let fixture = Fixture::new().await;
    let (old, new) = about_to_swap(&fixture, "team").await;
    let complete = "UPDATE import SET state = 'completed', rows_imported = 0, content_bytes = 0 \
         WHERE id = $1";
    let tried = fixture
        .ask(async |client| client.execute(complete, &[&new.id]).await)
        .await;
    let refused = tried.unwrap_err();
    let message = refused.as_db_error().unwrap().message();
    assert!(
        message.ends_with("beside the import that it swaps"),
        "{message}"
    );
    assert_eq!(seen(&fixture, &[&old, &new]).await, OLD);
}
