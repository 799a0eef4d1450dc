//! A file that is only validated: what an import would say is known, and nothing of it is seen.

use domain::import::{Goal, Import, State};
use domain::reason::{BadHeading, NotProven, Reason, Warning};
use postgres::finishing::{self, Finished, Judged};
use postgres::imports::{self, Asked};

use crate::fixture::database::{DATASETS, Fixture, GOOD_PER_CHUNK, Upload, judged, roll_back};

const VERDICT: Reason = Reason::BadHeading(BadHeading::NoEnd);
const WARNING: Warning = Warning::RowErrorsNotKept {
    missing: 1,
    rejected: 2,
};

/// From now on the import is one that is only validated.
async fn only_validated(fixture: &Fixture, upload: &Upload) {
    let set = "UPDATE import SET validate_only = true WHERE id = $1";
    fixture.execute(set, &[&upload.id]).await;
}

async fn validate(fixture: &Fixture, upload: &Upload, verdict: Option<&Reason>) -> Finished {
    let validate = async |client: &mut _| {
        let import = upload.import(client).await;
        let judged = Judged {
            warnings: vec![WARNING],
            ..judged(client, upload.id).await
        };
        finishing::validate(client, &import, upload.dataset(), verdict, &judged).await
    };
    fixture.ask(validate).await.unwrap().1
}

async fn now(fixture: &Fixture, upload: &Upload) -> Import {
    let client = fixture.connection().await;
    upload.import(&client).await
}

#[tokio::test]
async fn it_is_proved_and_taken_back_and_its_report_stays() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for verdict in [None, Some(&VERDICT)] {
            let upload = fixture.finishing(dataset, 2).await;
            only_validated(&fixture, &upload).await;
            let finished = validate(&fixture, &upload, verdict).await;
            assert!(matches!(finished, Finished::Validated(_)), "{finished:?}");
            assert_eq!(upload.seen(&fixture).await, 0);
            let client = fixture.connection().await;
            let ended = roll_back(&client, &upload).await.unwrap();
            assert_eq!(ended.state, State::Validated);
            assert_eq!(ended.error, verdict.map(Into::into));
            assert_eq!(ended.warnings, [(&WARNING).into()]);
            assert_eq!(ended.rows_imported, 2 * GOOD_PER_CHUNK);
            let proof = ended.rollback.unwrap();
            assert_eq!(proof.rows_deleted, 2 * GOOD_PER_CHUNK);
            assert_eq!(proof.rows_remaining, 0);
            assert_eq!(upload.seen(&fixture).await, 0);
        }
    }
}

/// They are made on the way to the proof, and would be left for good.
#[tokio::test]
async fn no_counts_are_kept() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        only_validated(&fixture, &upload).await;
        validate(&fixture, &upload, None).await;
        for table in ["import_day", "import_day_mark", "import_block"] {
            let count = format!("SELECT count(*) FROM {table} WHERE import_id = $1");
            assert_eq!(fixture.number(&count, &[&upload.id]).await, 0, "{table}");
        }
        let months = "SELECT count(*) FROM owner_month WHERE owner = $1";
        assert_eq!(fixture.number(months, &[&upload.owner]).await, 0);
    }
}

#[tokio::test]
async fn a_proof_that_does_not_hold_is_no_validation() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        only_validated(&fixture, &upload).await;
        let forge = format!(
            "DELETE FROM {} WHERE import_id = $1 AND record = 1",
            upload.dataset().table
        );
        fixture.execute(&forge, &[&upload.id]).await;
        let refused = validate(&fixture, &upload, None).await;
        assert!(matches!(refused, Finished::Refused));
        let reason = Reason::NotProven(NotProven::Import);
        let fail = async |client: &mut _| imports::fail(client, upload.uid, &reason).await;
        let failed = fixture.ask(fail).await.unwrap().unwrap();
        assert_eq!(failed.state, State::RollingBack, "it is our fault");
    }
}

/// Code of an earlier version, which knows nothing of `validate_only`, completes every import.
#[tokio::test]
async fn no_statement_can_complete_it() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("team", 1).await;
    only_validated(&fixture, &upload).await;
    let client = fixture.connection().await;
    let complete = "UPDATE import SET state = 'completed', content_bytes = 0 WHERE id = $1";
    let refused = client.execute(complete, &[&upload.id]).await.unwrap_err();
    let constraint = refused.as_db_error().and_then(|it| it.constraint());
    assert_eq!(constraint, Some("import_only_validated"));
    let finish = upload.finish(&fixture).await;
    assert!(matches!(finish, Finished::NotFinishing), "{finish:?}");
}

/// What is said of the file is what was asked for. What is not the file's fault is a failure.
#[tokio::test]
async fn a_bad_file_is_validated_and_a_lost_one_failed() {
    let fixture = Fixture::new().await;
    for reason in Reason::examples() {
        let upload = fixture.planned("team", 1).await;
        only_validated(&fixture, &upload).await;
        let fail = async |client: &mut _| imports::fail(client, upload.uid, &reason).await;
        let ending = fixture.ask(fail).await.unwrap().unwrap();
        let goal = match reason.is_about_the_file() {
            true => Goal::Validated,
            false => Goal::Failed,
        };
        let expected = (goal.on_the_way(), Some(goal));
        assert_eq!((ending.state, ending.goal), expected, "{reason}");
        assert_eq!(ending.error, Some((&reason).into()));
        let client = fixture.connection().await;
        let ended = roll_back(&client, &upload).await.unwrap();
        assert_eq!(ended.state, goal.end(), "{reason}");
    }
}

#[tokio::test]
async fn while_it_is_taken_back_it_can_be_deleted_and_not_cancelled() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 1).await;
        only_validated(&fixture, &upload).await;
        validate(&fixture, &upload, None).await;
        let (owner, number) = (upload.owner, upload.number);
        let cancel = async |client: &mut _| imports::cancel(client, owner, dataset, number).await;
        let refused = fixture.ask(cancel).await.unwrap();
        assert!(matches!(refused, Asked::WrongState(State::Validating)));
        let delete = async |client: &mut _| imports::delete(client, owner, dataset, number).await;
        assert!(matches!(fixture.ask(delete).await.unwrap(), Asked::Done(_)));
        let client = fixture.connection().await;
        let gone = roll_back(&client, &upload).await.unwrap();
        assert_eq!(gone.state, State::Deleted);
    }
}

#[tokio::test]
async fn a_held_validation_is_resumed_and_ends_as_one() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let set = "UPDATE import SET validate_only = true, on_failure = 'hold' WHERE id = $1";
    fixture.execute(set, &[&upload.id]).await;
    let fail = async |client: &mut _| imports::fail(client, upload.uid, &Reason::ChunkFailed).await;
    let held = fixture.ask(fail).await.unwrap().unwrap();
    assert_eq!(held.state, State::Held);
    let resume =
        async |client: &mut _| imports::resume(client, upload.owner, "team", upload.number).await;
    assert!(matches!(fixture.ask(resume).await.unwrap(), Asked::Done(_)));
    assert!(now(&fixture, &upload).await.validate_only);
}
