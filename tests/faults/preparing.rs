//! Preparers that come too late, meet, or outlive their import, on a real PostgreSQL.

use domain::import::{Import, State};
use domain::preparing::{Packing, Preparation};
use domain::reading::Encoding;
use postgres::imports::{self, Asked};
use postgres::preparing::{self, Joined, Receipt};
use postgres::{Client, planning, upkeep};

use crate::fixture::database::{Fixture, Upload};

const JOINED: Preparation = Preparation {
    packing: Packing::Gzip,
    encoding: Encoding::Utf8,
};

async fn begun(fixture: &Fixture, upload: &Upload, run: i32) -> Option<Import> {
    let uid = upload.uid;
    let begin = async |client: &mut Client| preparing::begin(client, uid, run).await;
    fixture.ask(begin).await.unwrap()
}

/// An import whose preparer has an upload.
async fn preparing_one(fixture: &Fixture) -> (Upload, Import) {
    let upload = fixture.pinned("team", 3).await;
    let import = begun(fixture, &upload, 1).await.unwrap();
    let import = kept(fixture, &import, "upload-1").await.unwrap();
    (upload, import)
}

async fn kept(fixture: &Fixture, import: &Import, id: &str) -> Option<Import> {
    let keep = async |client: &mut Client| preparing::keep_upload(client, import, id).await;
    fixture.ask(keep).await.unwrap()
}

async fn added(fixture: &Fixture, import: &Import, number: i32) -> Option<Import> {
    let part = Receipt {
        number,
        text_end: i64::from(number) * 100,
        etag: format!("etag-{number}"),
    };
    let add = async |client: &mut Client| {
        preparing::add_part(client, import, &part, i64::from(number) * 10).await
    };
    fixture.ask(add).await.unwrap()
}

async fn ended(fixture: &Fixture, import: &Import) -> Option<Import> {
    let joined = Joined {
        version: "v-prepared".into(),
        size: 300,
        preparation: JOINED,
    };
    let end = async |client: &mut Client| preparing::end(client, import, &joined).await;
    fixture.ask(end).await.unwrap()
}

async fn parts(fixture: &Fixture, import: &Import) -> Vec<i32> {
    let parts = async |client: &mut Client| preparing::parts(client, import).await;
    let parts = fixture.ask(parts).await.unwrap();
    parts.iter().map(|it| it.number).collect()
}

async fn cancel(fixture: &Fixture, upload: &Upload) {
    let (owner, number) = (upload.owner, upload.number);
    let cancel = async |client: &mut Client| imports::cancel(client, owner, "team", number).await;
    assert!(matches!(fixture.ask(cancel).await.unwrap(), Asked::Done(_)));
}

#[tokio::test]
async fn what_is_read_changes_once_and_the_key_is_there_before_the_upload() {
    let fixture = Fixture::new().await;
    let upload = fixture.pinned("team", 3).await;
    let import = begun(&fixture, &upload, 1).await.unwrap();
    let prepared = import.prepared.clone().unwrap();
    assert_eq!(prepared.key, import.prepared_key());
    assert_eq!((prepared.upload_id, prepared.whole), (None, None));
    assert!(import.is_preparing());
    assert_eq!(import.read_object().unwrap().key, import.object_key);
    let import = kept(&fixture, &import, "upload-1").await.unwrap();
    let counted = added(&fixture, &import, 1).await.unwrap();
    assert_eq!(counted.prepared.unwrap().from_bytes, 10);
    let import = ended(&fixture, &import).await.unwrap();
    let object = import.read_object().unwrap();
    assert_eq!((object.version, object.size), ("v-prepared", 300));
    assert_eq!(import.preparation(), Some(JOINED));
    assert_eq!(import.object_size, upload.file.size());
    assert!(!import.is_preparing());
    assert!(ended(&fixture, &import).await.is_none(), "it is set once");
    let again = begun(&fixture, &upload, 1).await.unwrap();
    assert_eq!(again.read_object().unwrap(), object);
}

#[tokio::test]
async fn two_preparers_keep_one_upload_and_one_receipt_of_each_part() {
    let fixture = Fixture::new().await;
    let (_, import) = preparing_one(&fixture).await;
    let second = kept(&fixture, &import, "upload-2").await.unwrap();
    let kept = second.prepared.as_ref().unwrap().upload_id.as_deref();
    assert_eq!(kept, Some("upload-1"));
    assert!(added(&fixture, &import, 1).await.is_some());
    assert!(added(&fixture, &second, 1).await.is_none());
    assert!(added(&fixture, &second, 2).await.is_some());
    assert_eq!(parts(&fixture, &import).await, [1, 2]);
}

#[tokio::test]
async fn a_preparer_whose_import_is_cancelled_or_in_another_run_changes_nothing() {
    let fixture = Fixture::new().await;
    for lost in ["cancelled", "another run"] {
        let (upload, import) = preparing_one(&fixture).await;
        assert!(added(&fixture, &import, 1).await.is_some());
        if lost == "cancelled" {
            cancel(&fixture, &upload).await;
        } else {
            let uid = upload.uid;
            let raise = async |client: &mut Client| imports::raise_run(client, uid, 1).await;
            assert!(fixture.ask(raise).await.unwrap().is_some());
        }
        assert!(begun(&fixture, &upload, 1).await.is_none(), "{lost}");
        assert!(kept(&fixture, &import, "x").await.is_none(), "{lost}");
        assert!(added(&fixture, &import, 2).await.is_none(), "{lost}");
        assert!(ended(&fixture, &import).await.is_none(), "{lost}");
        let at_work = async |client: &mut Client| preparing::mark_at_work(client, &import).await;
        assert!(!fixture.ask(at_work).await.unwrap(), "{lost}");
        assert_eq!(parts(&fixture, &import).await, [1], "{lost}");
    }
}

/// Its receipts are its own: another run begins with the first byte, under another key.
#[tokio::test]
async fn another_run_begins_from_the_start() {
    let fixture = Fixture::new().await;
    let (upload, import) = preparing_one(&fixture).await;
    assert!(added(&fixture, &import, 1).await.is_some());
    let uid = upload.uid;
    let raise = async |client: &mut Client| imports::raise_run(client, uid, 1).await;
    assert!(fixture.ask(raise).await.unwrap().is_some());
    let second = begun(&fixture, &upload, 2).await.unwrap();
    let prepared = second.prepared.clone().unwrap();
    assert_eq!(prepared.key, second.prepared_key());
    assert_ne!(prepared.key, import.prepared_key());
    assert_eq!((prepared.upload_id, prepared.from_bytes), (None, 0));
    assert_eq!(parts(&fixture, &second).await, [0; 0]);
    assert!(!second.reads_or_prepares(&import.prepared_key()));
}

#[tokio::test]
async fn an_upload_that_is_gone_is_forgotten_with_its_receipts_by_its_own_preparer() {
    let fixture = Fixture::new().await;
    let (_, import) = preparing_one(&fixture).await;
    assert!(added(&fixture, &import, 1).await.is_some());
    let forget = async |client: &mut Client| preparing::forget_upload(client, &import).await;
    fixture.ask(forget).await.unwrap();
    assert_eq!(parts(&fixture, &import).await, [0; 0]);
    let import = kept(&fixture, &import, "upload-2").await.unwrap();
    assert!(added(&fixture, &import, 1).await.is_some());
    // One that knows the first upload only.
    let forget = async |client: &mut Client| {
        let old = Import {
            prepared: import.prepared.clone().map(|it| domain::import::Prepared {
                upload_id: Some("upload-1".into()),
                ..it
            }),
            ..import.clone()
        };
        preparing::forget_upload(client, &old).await
    };
    fixture.ask(forget).await.unwrap();
    assert_eq!(parts(&fixture, &import).await, [1]);
}

#[tokio::test]
async fn what_is_planned_is_not_replaced_by_what_is_prepared() {
    let fixture = Fixture::new().await;
    let (upload, import) = preparing_one(&fixture).await;
    let look = &upload.file.look;
    let uid = upload.uid;
    let store = async |client: &mut Client| {
        planning::store_heading(client, uid, 1, &look.reading, &look.heading).await
    };
    assert!(fixture.ask(store).await.unwrap().is_some());
    assert!(ended(&fixture, &import).await.is_none());
}

#[tokio::test]
async fn what_was_prepared_is_swept_an_hour_after_every_end() {
    let fixture = Fixture::new().await;
    let ends = State::ALL.iter().filter(|it| it.is_end());
    let unswept = async |client: &mut Client| upkeep::unswept_prepared(client).await;
    for end in ends {
        let (upload, import) = preparing_one(&fixture).await;
        let now = "UPDATE import SET state = $2, finished_at = now() WHERE id = $1";
        fixture.execute(now, &[&upload.id, &end.as_str()]).await;
        assert!(fixture.ask(unswept).await.unwrap().is_empty(), "{end}");
        let later = "UPDATE import SET finished_at = now() - interval '61 minutes' WHERE id = $1";
        fixture.execute(later, &[&upload.id]).await;
        let found = fixture.ask(unswept).await.unwrap();
        assert_eq!(found.len(), 1, "{end}");
        assert_eq!(found[0].prepared_keys(), import.prepared_keys());
        let mark = async |client: &mut Client| upkeep::mark_prepared_swept(client, &import).await;
        fixture.ask(mark).await.unwrap();
        assert!(fixture.ask(unswept).await.unwrap().is_empty(), "{end}");
    }
}
