//! What prepare-object does when it is not alone or not for long, in a database of the test.

use std::sync::Arc;
use std::time::Duration;

use aws::objects::Objects;
use conduct::Conductor;
use contracts::workflow::Run;
use domain::import::{Import, State};
use domain::limits::LONG_FUNCTION_BUDGET;
use postgres::imports::{self, Asked, Pinned};
use postgres::{Client, planning};
use prepare_object::PrepareObject;

use crate::fixture::database::{Fixture, Upload};
use crate::fixture::stack::variable;
use crate::fixture::{cloud, pack, sample};

/// An import in a database of its own, under a key whose event starts nothing. Its text has three
/// parts.
struct Arrived {
    fixture: Fixture,
    upload: Upload,
    text: &'static [u8],
}

/// Time enough for one part only.
const SHORT: Duration = Duration::ZERO;

impl Arrived {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let upload = fixture.awaiting("team", 1).await;
        let text = sample::many_teams();
        let (uid, key) = (upload.uid, format!("preparer/{}", upload.uid));
        let packed = pack::gzip(text);
        cloud::put_object(&key, &packed);
        let version = cloud::object_versions(&key).remove(0);
        fixture
            .ask(async |client| {
                let pinned = imports::pin(client, uid, &version, packed.len() as i64).await;
                assert!(matches!(pinned.unwrap(), Pinned::Now(_)));
                let sql = "UPDATE import SET object_key = $2 WHERE uid = $1";
                client.execute(sql, &[&uid, &key]).await
            })
            .await
            .unwrap();
        Self {
            fixture,
            upload,
            text,
        }
    }

    /// Built like the deployed function, except for its time and its database.
    async fn preparer(&self, budget: Duration) -> PrepareObject {
        let database = Arc::new(self.fixture.database("prepare-object"));
        let config = aws::config().await;
        let objects = Objects::new(&config, variable("UPLOAD_BUCKET"));
        let conductor = Conductor::from_environment(&config, database.clone()).unwrap();
        PrepareObject::new(database, conductor, objects, budget)
    }

    /// True if it asks to be entered again.
    async fn prepare(&self, run: i32, budget: Duration) -> bool {
        let import = self.upload.uid;
        let preparer = self.preparer(budget).await;
        preparer.prepare(Run { import, run }).await.unwrap().more
    }

    async fn import(&self) -> Import {
        let read = async |client: &mut Client| self.upload.import(client).await;
        self.fixture.ask(read).await
    }

    async fn execute(&self, sql: &str) {
        self.fixture.execute(sql, &[&self.upload.id]).await;
    }

    async fn count(&self, sql: &str) -> i64 {
        let row = self
            .fixture
            .ask(async |client| client.query_one(sql, &[&self.upload.id]).await);
        row.await.unwrap().get(0)
    }

    /// The import is prepared, and what is read is the text.
    async fn is_whole(&self, run: i32) {
        let import = self.import().await;
        let object = import.read_object().unwrap();
        assert_eq!(object.key, format!("prepared/{}/{run}", import.uid));
        assert_eq!(object.size, self.text.len() as i64);
        let found = cloud::object(object.key);
        assert!(found.as_bytes() == self.text, "another text was prepared");
        assert_eq!(cloud::object_versions(object.key), [object.version]);
        assert!(!cloud::uploads().contains(object.key));
        let chunk_bytes = domain::plan::chunk_bytes(object.size);
        assert_eq!(import.chunk_bytes.map(i64::from), Some(chunk_bytes));
    }

    fn nothing_is_stored(&self, run: i32) {
        let key = format!("prepared/{}/{run}", self.upload.uid);
        assert_eq!(cloud::object_versions(&key), [""; 0]);
        assert!(!cloud::uploads().contains(&key));
    }
}

const PARTS: &str = "SELECT count(*) FROM import_part WHERE import_id = $1";

#[tokio::test(flavor = "multi_thread")]
async fn a_preparer_out_of_time_is_followed_by_one_that_goes_on() {
    let arrived = Arrived::new().await;
    for part in 1..=3 {
        assert!(
            arrived.prepare(1, SHORT).await,
            "part {part} takes the time"
        );
        assert_eq!(arrived.count(PARTS).await, part);
        let import = arrived.import().await;
        assert!(import.is_preparing() && import.read_bytes() == import.object_size);
    }
    assert!(!arrived.prepare(1, SHORT).await, "every part is there");
    arrived.is_whole(1).await;
    assert!(
        !arrived.prepare(1, SHORT).await,
        "once more changes nothing"
    );
    arrived.is_whole(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_preparers_of_a_run_make_one_object() {
    let arrived = Arrived::new().await;
    let (first, second) = tokio::join!(
        arrived.prepare(1, LONG_FUNCTION_BUDGET),
        arrived.prepare(1, LONG_FUNCTION_BUDGET),
    );
    // The slower one may find the upload joined, and look again.
    if first || second {
        assert!(!arrived.prepare(1, LONG_FUNCTION_BUDGET).await);
    }
    arrived.is_whole(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preparer_that_died_before_it_said_so_has_joined_the_parts() {
    let arrived = Arrived::new().await;
    assert!(arrived.prepare(1, SHORT).await);
    let upload_id = arrived.import().await.prepared.unwrap().upload_id.unwrap();
    assert!(!arrived.prepare(1, LONG_FUNCTION_BUDGET).await);
    let sql = format!(
        "UPDATE import SET prepared_version = NULL, prepared_size = NULL, prepared_packing = NULL, \
         prepared_encoding = NULL, prepared_upload_id = '{upload_id}' WHERE id = $1"
    );
    arrived.execute(&sql).await;
    assert!(!arrived.prepare(1, LONG_FUNCTION_BUDGET).await);
    arrived.is_whole(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_someone_ended_is_begun_again() {
    let arrived = Arrived::new().await;
    assert!(arrived.prepare(1, SHORT).await);
    let import = arrived.import().await;
    let objects = Objects::new(&aws::config().await, variable("UPLOAD_BUCKET"));
    let keys = import.prepared_keys();
    objects.abort_uploads_below(&keys).await.unwrap();
    assert!(arrived.prepare(1, LONG_FUNCTION_BUDGET).await, "it is gone");
    assert_eq!(arrived.count(PARTS).await, 0);
    assert!(!arrived.prepare(1, LONG_FUNCTION_BUDGET).await);
    arrived.is_whole(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preparer_of_an_earlier_run_stops_and_leaves_nothing() {
    let arrived = Arrived::new().await;
    assert!(arrived.prepare(1, SHORT).await);
    let uid = arrived.upload.uid;
    let raise = async |client: &mut Client| imports::raise_run(client, uid, 1).await;
    assert!(arrived.fixture.ask(raise).await.unwrap().is_some());
    assert!(arrived.prepare(2, SHORT).await);
    assert!(!arrived.prepare(1, SHORT).await);
    arrived.nothing_is_stored(1);
    assert!(!arrived.prepare(2, LONG_FUNCTION_BUDGET).await);
    arrived.is_whole(2).await;
    assert!(!arrived.prepare(1, SHORT).await);
    arrived.is_whole(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preparer_whose_import_was_cancelled_leaves_nothing() {
    let arrived = Arrived::new().await;
    assert!(arrived.prepare(1, SHORT).await);
    let (owner, number) = (arrived.upload.owner, arrived.upload.number);
    let cancel = async |client: &mut Client| imports::cancel(client, owner, "team", number).await;
    let asked = arrived.fixture.ask(cancel).await.unwrap();
    assert!(matches!(asked, Asked::Done(_)));
    assert!(!arrived.prepare(1, LONG_FUNCTION_BUDGET).await);
    arrived.nothing_is_stored(1);
    assert_eq!(arrived.import().await.state, State::Cancelling);
}

/// A planner that looks at what is packed would plan bytes that are no text.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_planned_already_is_not_prepared() {
    let arrived = Arrived::new().await;
    let upload = &arrived.upload;
    let look = &upload.file.look;
    let store = async |client: &mut Client| {
        planning::store_heading(client, upload.uid, 1, &look.reading, &look.heading).await
    };
    assert!(arrived.fixture.ask(store).await.unwrap().is_some());
    assert!(!arrived.prepare(1, LONG_FUNCTION_BUDGET).await);
    let import = arrived.import().await;
    assert_eq!(import.preparation(), None);
    assert_eq!(import.read_object().unwrap().key, import.object_key);
}
