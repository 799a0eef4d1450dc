//! What each event does in each state: PostgreSQL does what the domain says, and writes down each
//! change of state, once.

use domain::catalog;
use domain::import::{Event, Goal, Import, Situation, State, after};
use domain::reading::Reading;
use domain::reason::{BadHeading, Reason, Subject};
use postgres::chunks::{Claimed, Receipt};
use postgres::finishing::{self, Judged};
use postgres::imports::{self, Asked, Created, NewImport, Pinned};
use postgres::{Client, chunks, rollback};
use uuid::Uuid;

use crate::fixture::database::{Fixture, OUT_AT_MOST, Upload, VISIBILITY};

#[tokio::test]
async fn every_event_does_in_every_state_what_the_domain_says() {
    let fixture = Fixture::new().await;
    let mut compared = 0;
    // Each compares thousands of commits, and none of them is about a table.
    for dataset in catalog::NAMES {
        let upload = fixture.planned(dataset, 1).await;
        let mut client = fixture.connection().await;
        // Thousands of commits, which need not survive a crash of the server.
        let fast = "SET synchronous_commit = off";
        client.batch_execute(fast).await.unwrap();
        for now in situations(dataset == "baseline") {
            for &event in Event::ALL {
                put(&client, &upload, now).await;
                let before = last_event(&client, &upload).await;
                let happened = happen(&mut client, &upload, event).await;
                let state = upload.import(&client).await.state;
                let noted = last_event(&client, &upload).await;
                let expected = before.then(now.state, state, event);
                assert_eq!(noted, expected, "{event:?} {now:?}");
                let expected = after(now, event);
                assert_eq!(happened.then_some(state), expected, "{event:?} {now:?}");
                assert!(happened || state == now.state, "{event:?} {now:?}");
                compared += 1;
            }
        }
        let last = last_event(&client, &upload).await.number;
        let all = "SELECT count(*) FROM import_event WHERE uid = $1";
        let all = fixture.number(all, &[&upload.uid]).await;
        assert_eq!(all, i64::from(last), "without a gap");
    }
    assert!(compared > 1_000, "{compared}");
}

/// The last event of an import. They are numbered without a gap, so this says how many there are.
#[derive(Debug, PartialEq)]
struct Noted {
    number: i32,
    was: Option<String>,
    state: String,
    actor: String,
}

impl Noted {
    /// What is noted after an event that leads from one state to the other.
    fn then(self, was: State, state: State, event: Event) -> Self {
        if was == state {
            return self;
        }
        let actor = if event.is_command() { "user" } else { "tests" };
        Self {
            number: self.number + 1,
            was: Some(was.to_string()),
            state: state.to_string(),
            actor: actor.to_owned(),
        }
    }
}

async fn last_event(client: &Client, upload: &Upload) -> Noted {
    let sql = "SELECT number, was, state, actor FROM import_event WHERE uid = $1 AND is_last";
    let row = client.query_one(sql, &[&upload.uid]).await.unwrap();
    Noted {
        number: row.get("number"),
        was: row.get("was"),
        state: row.get("state"),
        actor: row.get("actor"),
    }
}

fn situations(baseline: bool) -> impl Iterator<Item = Situation> {
    let facts = [
        (false, false, false),
        (true, true, false),
        (true, true, true),
    ];
    facts
        .into_iter()
        .flat_map(move |(handed_out, holds, validates)| {
            let in_state = move |state: &State| {
                let state = *state;
                state.goals().into_iter().map(move |goal| Situation {
                    state,
                    goal,
                    baseline,
                    handed_out,
                    holds,
                    validates,
                })
            };
            // No statement can bring it there, nor can this test.
            let exists = move |state: &&State| !validates || **state != State::Completed;
            State::ALL.iter().filter(exists).flat_map(in_state)
        })
}

/// Puts the import into the situation and removes what earlier events left.
async fn put(client: &Client, upload: &Upload, now: Situation) {
    let others = "DELETE FROM import WHERE id <> $1 AND owner = $2";
    client
        .execute(others, &[&upload.id, &upload.owner])
        .await
        .unwrap();
    let set = "UPDATE import SET state = $2, goal = $3, on_failure = $4, run = 1, runs_before = 0, \
         chunks_done = 1, chunks_total = 1, content_bytes = 0, hold_expires_at = now(), replaced_by = NULL, \
         swaps = NULL, chain = NULL, validate_only = $5 WHERE id = $1";
    let goal = now.goal.map(Goal::as_str);
    let on_failure = if now.holds { "hold" } else { "roll_back" };
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] = [
        &upload.id,
        &now.state.as_str(),
        &goal,
        &on_failure,
        &now.validates,
    ];
    client.execute(set, &values).await.unwrap();
    let queued = "UPDATE import_chunk SET attempts = 0, \
         queued_at = CASE WHEN $2 THEN '-infinity'::timestamptz END WHERE import_id = $1";
    client
        .execute(queued, &[&upload.id, &now.handed_out])
        .await
        .unwrap();
}

/// Lets the event happen. Returns whether the import accepted it.
async fn happen(client: &mut Client, upload: &Upload, event: Event) -> bool {
    let (owner, dataset, number) = (upload.owner, upload.dataset().name.as_str(), upload.number);
    let uid = upload.uid;
    let import = upload.import(client).await;
    let goal = import.goal.unwrap_or(Goal::Failed);
    let for_file = Reason::BadHeading(BadHeading::NoEnd);
    let for_good = Reason::ObjectGone;
    let for_now = Reason::RunExpired(Subject::Import);
    match event {
        Event::Pause => done(imports::pause(client, owner, dataset, number).await),
        Event::Resume => done(imports::resume(client, owner, dataset, number).await),
        Event::Cancel => done(imports::cancel(client, owner, dataset, number).await),
        Event::Delete => done(imports::delete(client, owner, dataset, number).await),
        Event::Replace => replace(client, upload).await,
        Event::Arrive => {
            let pinned = imports::pin(client, uid, "v1", 1).await;
            matches!(pinned.unwrap(), Pinned::Now(_))
        }
        Event::HandOut => {
            let handed_out = chunks::hand_out(client, VISIBILITY, OUT_AT_MOST).await;
            !handed_out.unwrap().is_empty()
        }
        Event::StoreChunk => {
            let claimed = claimed(upload, &import);
            some(chunks::pass_fence(client, &claimed, &Receipt::default()).await)
        }
        Event::BeginFinishing => some(finishing::begin(client, uid).await),
        Event::Complete => {
            let completed = some(finishing::complete(client, uid, &Judged::default()).await);
            completed || some(finishing::end_validating(client, uid, None, &[]).await)
        }
        Event::FailForFile => some(imports::fail(client, uid, &for_file).await),
        Event::Swap => swap(client, upload).await,
        Event::FailForGood => some(imports::fail(client, uid, &for_good).await),
        Event::FailForNow => some(imports::fail_unchanged(client, &import, &for_now).await),
        Event::EndHold => some(imports::end_hold(client, &import).await),
        Event::RunAgain => some(imports::raise_run(client, uid, import.run).await),
        Event::EndRollback => some(rollback::end(client, &import, &upload.table(), goal).await),
        Event::FailRollback => some(rollback::mark_failed(client, &import).await),
    }
}

fn done(asked: Result<Asked, postgres::Error>) -> bool {
    matches!(asked.unwrap(), Asked::Done(_))
}

fn some(found: Result<Option<Import>, postgres::Error>) -> bool {
    found.unwrap().is_some()
}

async fn replace(client: &mut Client, upload: &Upload) -> bool {
    let new = NewImport {
        replaces: Some(upload.number),
        ..upload.next()
    };
    matches!(
        imports::create(client, &new).await.unwrap(),
        Created::Import(_)
    )
}

/// Another import completes that is to take the place of this one.
async fn swap(client: &Client, upload: &Upload) -> bool {
    let other = Uuid::new_v4();
    let about_to_finish = "INSERT INTO import \
         (uid, owner, dataset, number, state, swaps, object_key, object_size, upload_expires_at) \
         SELECT $2, owner, dataset, number + 1000, 'finishing', number, 'x', 1, now() \
         FROM import WHERE id = $1";
    let inserted = client.execute(about_to_finish, &[&upload.id, &other]).await;
    if let Err(refused) = inserted {
        // Two active baselines: this one cannot be swapped, because it is not completed.
        let refused = postgres::Error::from(refused);
        let constraint = refused.violated_constraint();
        assert_eq!(constraint, Some("import_one_active_baseline"));
        return false;
    }
    assert!(some(
        finishing::complete(client, other, &Judged::default()).await
    ));
    upload.import(client).await.replaced_by.is_some()
}

fn claimed(upload: &Upload, import: &Import) -> Claimed {
    Claimed {
        reading: Reading::before(),
        import_id: upload.id,
        owner: import.owner,
        dataset: import.dataset.clone(),
        declared: import.declared,
        object_key: import.object_key.clone(),
        object_version: "v1".into(),
        column_order: vec![],
        chunk: upload.file.chunks[0].clone(),
        errors_kept: 0,
        attempts: 1,
    }
}
