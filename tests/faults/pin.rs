//! Events of the bucket come twice, late, or for other versions.

use domain::import::State;
use postgres::imports::{self, Pinned};
use uuid::Uuid;

use crate::fixture::database::{DATASETS, Fixture, roll_back};

#[tokio::test]
async fn duplicate_event_of_the_pinned_version() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.awaiting(dataset, 1).await;
        let client = fixture.connection().await;
        let first = imports::pin(&client, upload.uid, "v1", 500).await.unwrap();
        let Pinned::Now(first) = first else {
            panic!("{first:?}");
        };
        assert_eq!(first.state, State::Planning);
        assert_eq!(first.object_version.as_deref(), Some("v1"));
        assert_eq!(first.object_size, 500);

        let second = imports::pin(&client, upload.uid, "v1", 500).await.unwrap();
        let Pinned::Before(second) = second else {
            panic!("{second:?}");
        };
        assert_eq!(second, first, "nothing has changed");
    }
}

#[tokio::test]
async fn two_versions_at_once_pin_one() {
    let fixture = Fixture::new().await;
    for _ in 0..10 {
        let upload = fixture.awaiting("team", 1).await;
        let (one, other) = (fixture.connection().await, fixture.connection().await);
        let (one, other) = tokio::join!(
            imports::pin(&one, upload.uid, "v1", 1),
            imports::pin(&other, upload.uid, "v2", 2)
        );
        assert!(
            matches!(
                (one.unwrap(), other.unwrap()),
                (Pinned::Now(_), Pinned::Unwanted(_)) | (Pinned::Unwanted(_), Pinned::Now(_))
            ),
            "one version is pinned, the other is unwanted"
        );
    }
}

#[tokio::test]
async fn another_version_of_the_key() {
    let fixture = Fixture::new().await;
    let upload = fixture.pinned("team", 1).await;
    let client = fixture.connection().await;
    let other = imports::pin(&client, upload.uid, "v2", 9).await.unwrap();
    assert!(matches!(other, Pinned::Unwanted(_)), "{other:?}");
    let import = upload.import(&client).await;
    assert_eq!(import.object_version.as_deref(), Some("v1"));
    assert_eq!(import.object_size, upload.file.size());
}

#[tokio::test]
async fn late_event_after_cancel() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.awaiting(dataset, 1).await;
        let client = fixture.connection().await;
        imports::cancel(&client, upload.owner, dataset, upload.number)
            .await
            .unwrap();
        for state in [State::Cancelling, State::Cancelled] {
            let late = imports::pin(&client, upload.uid, "v1", 9).await.unwrap();
            let Pinned::Unwanted(import) = late else {
                panic!("{late:?}");
            };
            assert_eq!(import.state, state);
            assert_eq!(import.object_version, None);
            roll_back(&client, &upload).await;
        }
    }
}

#[tokio::test]
async fn event_of_an_unknown_import() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let unknown = imports::pin(&client, Uuid::new_v4(), "v1", 9).await;
    assert!(matches!(unknown.unwrap(), Pinned::Unknown));
}
