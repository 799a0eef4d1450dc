//! The original of an import again: who may, what is taken over, and how long there is one.

use domain::import::{Source, State, Step};
use domain::limits::ORIGINAL_KEPT_FOR;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use postgres::imports::{self, Created, Idempotency, NewImport};
use postgres::{Client, upkeep};

use crate::fixture::database::{DATASETS, Fixture, GOOD_PER_CHUNK, TestFile, Upload, roll_back};

fn again(upload: &Upload) -> NewImport {
    NewImport {
        retry_of: Some(upload.number),
        ..upload.next()
    }
}

async fn create(fixture: &Fixture, new: &NewImport) -> Created {
    let create = async |client: &mut Client| imports::create(client, new).await;
    fixture.ask(create).await.unwrap()
}

async fn retried(fixture: &Fixture, upload: &Upload) -> Upload {
    let Created::Import(import) = create(fixture, &again(upload)).await else {
        panic!("it may be retried");
    };
    Upload {
        file: TestFile::of(upload.file.dataset.clone(), 1),
        owner: upload.owner,
        uid: import.uid,
        id: import.id,
        number: import.number,
    }
}

/// Puts the import into a state, as if it had ended so long ago.
async fn ended(fixture: &Fixture, upload: &Upload, state: State, ago: SignedDuration) {
    let set = "UPDATE import SET state = $2, goal = $3, content_bytes = 0, \
         finished_at = now() - make_interval(secs => $4) WHERE id = $1";
    let goal = state.goals()[0].map(|it| it.as_str());
    let ago = ago.as_secs_f64();
    fixture
        .execute(set, &[&upload.id, &state.as_str(), &goal, &ago])
        .await;
}

/// The days that the original of a completed import is kept.
const DAYS: i32 = 30;

const LATELY: SignedDuration = SignedDuration::from_secs(1);

#[tokio::test]
async fn what_ended_without_rows_is_retried_and_nothing_else() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.planned(dataset, 1).await;
        for &state in State::ALL {
            let others = "DELETE FROM import WHERE id <> $1 AND owner = $2";
            fixture.execute(others, &[&upload.id, &upload.owner]).await;
            ended(&fixture, &upload, state, LATELY).await;
            let created = create(&fixture, &again(&upload)).await;
            match created {
                Created::Import(new) => {
                    assert!(state.may_be_retried(), "{state}");
                    assert_eq!(new.retry_of, Some(upload.number));
                    let client = fixture.connection().await;
                    let old = upload.import(&client).await;
                    assert_eq!(old.retried_by, Some(new.number));
                    let source = Source {
                        key: old.object_key,
                        version: "v1".into(),
                        copy_begun: false,
                    };
                    assert_eq!(new.source, Some(source));
                }
                Created::WrongState(now) => assert!(now == state && !state.may_be_retried()),
                Created::NotFound => assert!(state == State::Deleting || state == State::Deleted),
                other => panic!("{state}: {other:?}"),
            }
        }
    }
}

/// Two retries of one import would store its rows twice.
#[tokio::test]
async fn a_second_retry_waits_for_the_first() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    ended(&fixture, &upload, State::Failed, LATELY).await;
    let validation = NewImport {
        validate_only: true,
        ..again(&upload)
    };
    let Created::Import(validated) = create(&fixture, &validation).await else {
        panic!("it may be retried");
    };
    assert!(validated.validate_only && validated.swaps.is_none());
    let Created::Import(first) = create(&fixture, &again(&upload)).await else {
        panic!("a validation takes no place");
    };
    let second = create(&fixture, &again(&upload)).await;
    assert!(
        matches!(second, Created::BeingReplaced(by) if by == first.number),
        "{second:?}"
    );
}

#[tokio::test]
async fn an_original_is_there_for_its_days() {
    let fixture = Fixture::new().await;
    let minute = SignedDuration::from_mins(1);
    for state in [State::Failed, State::Validated, State::Cancelled] {
        let upload = fixture.planned("team", 1).await;
        ended(&fixture, &upload, state, ORIGINAL_KEPT_FOR - minute).await;
        let expired = async |client: &mut Client| upkeep::expired(client, DAYS).await;
        let is_expired = async || {
            let found = fixture.ask(expired).await.unwrap();
            found.iter().any(|it| it.uid == upload.uid)
        };
        assert!(!is_expired().await, "{state}");
        let new = retried(&fixture, &upload).await;
        ended(&fixture, &upload, state, ORIGINAL_KEPT_FOR).await;
        let refused = create(&fixture, &again(&upload)).await;
        assert!(matches!(refused, Created::ObjectExpired), "{refused:?}");
        assert!(!is_expired().await, "{state}: it is about to be copied");
        ended(&fixture, &new, State::Completed, LATELY).await;
        assert!(is_expired().await, "{state}");
        let mark = async |client: &mut Client| {
            let import = upload.import(client).await;
            upkeep::mark_expired(client, &import).await
        };
        fixture.ask(mark).await.unwrap();
        assert!(!is_expired().await, "{state}: once");
    }
}

/// It is kept by the days since it came, and what is removed is not copied for a retry.
#[tokio::test]
async fn the_original_of_a_completed_import_is_there_for_its_days() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    let came = async |days: i32| {
        let set = "UPDATE import SET started_at = now() - make_interval(days => $2) WHERE id = $1";
        fixture.execute(set, &[&upload.id, &days]).await;
    };
    let expired = async |client: &mut Client| upkeep::expired(client, DAYS).await;
    came(DAYS - 1).await;
    assert_eq!(fixture.ask(expired).await.unwrap(), []);
    came(DAYS).await;
    let found = fixture.ask(expired).await.unwrap();
    assert_eq!(
        found.iter().map(|it| it.uid).collect::<Vec<_>>(),
        [upload.uid]
    );
    assert!(found[0].has_rejected_file(Timestamp::now()));
    let mark = async |client: &mut Client| upkeep::mark_expired(client, &found[0]).await;
    fixture.ask(mark).await.unwrap();
    assert_eq!(fixture.ask(expired).await.unwrap(), []);
    let client = fixture.connection().await;
    let import = upload.import(&client).await;
    assert!(
        !import.has_rejected_file(Timestamp::now()),
        "no link to nothing"
    );
    assert_eq!(upload.seen(&fixture).await, GOOD_PER_CHUNK, "its rows stay");
    imports::cancel(&client, upload.owner, "team", upload.number)
        .await
        .unwrap();
    assert!(roll_back(&client, &upload).await.is_some());
    let refused = create(&fixture, &again(&upload)).await;
    assert!(matches!(refused, Created::ObjectExpired), "{refused:?}");
}

#[tokio::test]
async fn what_never_arrived_has_no_original() {
    let fixture = Fixture::new().await;
    let upload = fixture.awaiting("team", 1).await;
    ended(&fixture, &upload, State::Cancelled, LATELY).await;
    let refused = create(&fixture, &again(&upload)).await;
    assert!(matches!(refused, Created::ObjectExpired), "{refused:?}");
}

#[tokio::test]
async fn only_its_owner_retries_it_and_the_same_key_does_so_once() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    ended(&fixture, &upload, State::Failed, LATELY).await;
    let foreign = NewImport {
        owner: uuid::Uuid::new_v4(),
        ..again(&upload)
    };
    let refused = create(&fixture, &foreign).await;
    assert!(matches!(refused, Created::NotFound), "{refused:?}");
    let keyed = |fingerprint: u8| NewImport {
        idempotency: Some(Idempotency {
            key: "k".into(),
            fingerprint: vec![fingerprint],
        }),
        ..again(&upload)
    };
    let first = create(&fixture, &keyed(1)).await;
    let Created::Import(first) = first else {
        panic!("{first:?}");
    };
    let second = create(&fixture, &keyed(1)).await;
    assert!(matches!(second, Created::Again(it) if it.uid == first.uid));
    let other = create(&fixture, &keyed(2)).await;
    assert!(matches!(other, Created::KeyReused));
}

/// Several functions may advance it at once: each of them would have S3 copy up to 5 GiB.
#[tokio::test]
async fn of_many_copies_at_once_one_is_begun() {
    let fixture = Fixture::with_sessions(24).await;
    let upload = fixture.planned("team", 1).await;
    ended(&fixture, &upload, State::Failed, LATELY).await;
    let new = retried(&fixture, &upload).await;
    let import = new.import(&*fixture.connection().await).await;
    let begin = async || {
        let client = fixture.connection().await;
        imports::begin_copy(&client, &import).await.unwrap()
    };
    let begun = join_all((0..12).map(|_| begin())).await;
    assert_eq!(begun.iter().filter(|it| it.is_some()).count(), 1);
}

#[tokio::test]
async fn a_copy_that_is_asked_for_or_lost_is_found_and_made() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    ended(&fixture, &upload, State::Failed, LATELY).await;
    let new = retried(&fixture, &upload).await;
    let is_found = async || {
        let found = async |client: &mut Client| upkeep::unfinished(client).await;
        fixture.ask(found).await.unwrap().contains(&new.uid)
    };
    assert!(is_found().await);
    assert_eq!(new.next_step(&fixture).await, Step::CopyObject);
    let begin = async |client: &mut Client| {
        let import = new.import(client).await;
        imports::begin_copy(client, &import).await
    };
    assert!(fixture.ask(begin).await.unwrap().is_some());
    assert!(!is_found().await);
    assert_eq!(new.next_step(&fixture).await, Step::Nothing);
    let silent = "UPDATE import SET progressed_at = now() - interval '2 minutes' WHERE id = $1";
    fixture.execute(silent, &[&new.id]).await;
    assert!(is_found().await);
    assert_eq!(new.next_step(&fixture).await, Step::CopyObject);
    let late = Timestamp::now() + SignedDuration::from_hours(3);
    let last = new.next_step_at(&fixture, late).await;
    assert_eq!(last, Step::LastLookForObject);
}
