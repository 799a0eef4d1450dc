//! An owner's account was deleted: everything goes, whatever is under way, whoever dies meanwhile, and
//! nothing of another owner.

mod at_once;
mod steps;

use std::collections::BTreeSet;

use domain::import::State;
use domain::leaving::Removed;
use jiff::Timestamp;
use postgres::Client;
use postgres::exports::{self, Asked};
use postgres::leaving::{self, Emptied, TakenBack};
use uuid::Uuid;

use crate::fixture::database::{Fixture, GOOD_PER_CHUNK, Upload, roll_back};

/// The id of the user.
const USER: i64 = 7;

/// An owner with something of each kind.
struct Owner {
    owner: Uuid,
    /// Completed, one of each dataset.
    completed: Vec<Upload>,
    /// Half of its chunks are stored.
    under_way: Upload,
}

impl Owner {
    async fn new(fixture: &Fixture) -> Self {
        let owner = Uuid::new_v4();
        let mut completed = Vec::new();
        for dataset in ["baseline", "journeys"] {
            let upload = fixture.awaiting_of(owner, dataset, 2, None).await;
            upload.finish_chunks(fixture).await;
            upload.complete(fixture).await;
            completed.push(upload);
        }
        let under_way = fixture.awaiting_of(owner, "team", 2, None).await;
        under_way.arrive(fixture).await;
        under_way.store(fixture, 0).await;
        let all = Self {
            owner,
            completed,
            under_way,
        };
        fixture.export(&all.completed[0]).await;
        all
    }

    fn uploads(&self) -> impl Iterator<Item = &Upload> {
        self.completed.iter().chain([&self.under_way])
    }

    /// What is removed with it.
    fn removed() -> Removed {
        Removed {
            imports: 3,
            rows: 5 * GOOD_PER_CHUNK,
            files: 3,
            datasets: 1,
            exports: 1,
        }
    }
}

async fn begin(fixture: &Fixture, owner: Uuid) {
    let asked_at = Timestamp::UNIX_EPOCH;
    fixture
        .ask(async |client| leaving::begin(client, owner, USER, asked_at).await)
        .await
        .unwrap();
}

async fn take_back(fixture: &Fixture, owner: Uuid) -> TakenBack {
    fixture
        .ask(async |client| leaving::take_back(client, owner).await)
        .await
        .unwrap()
}

async fn count(fixture: &Fixture, owner: Uuid) -> bool {
    fixture
        .ask(async |client| leaving::count(client, owner).await)
        .await
        .unwrap()
}

async fn forget(fixture: &Fixture, owner: Uuid) {
    fixture
        .ask(async |client| leaving::forget(client, owner).await)
        .await
        .unwrap();
}

async fn emptied(fixture: &Fixture) -> Vec<Emptied> {
    fixture
        .ask(async |client| leaving::emptied(client).await)
        .await
        .unwrap()
}

/// What the other functions and sweeps do with what is deleted, an hour later.
async fn go_their_way(fixture: &Fixture, all: &Owner) {
    for upload in all.uploads() {
        let gone = fixture.ask(async |client| roll_back(client, upload).await);
        assert_eq!(gone.await.unwrap().state, State::Deleted);
    }
    let owner = &all.owner;
    for swept in [
        "UPDATE import SET swept_at = now() WHERE owner = $1 AND state = 'deleted'",
        "UPDATE export SET state = 'deleted', swept_at = now() WHERE owner = $1 AND state = 'deleting'",
    ] {
        fixture.execute(swept, &[owner]).await;
    }
    let drop = async |client: &mut Client| {
        for id in postgres::datasets::dropping(client).await.unwrap() {
            postgres::datasets::end_drop(client, id).await.unwrap();
        }
    };
    fixture.ask(drop).await;
}

/// The tables that have a row with this value in one of their columns.
async fn found_in(fixture: &Fixture, column: &str, ids: &str) -> BTreeSet<String> {
    let sql = "SELECT table_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND column_name = $1";
    let tables = fixture.ask(async |client| client.query(sql, &[&column]).await);
    let mut found = BTreeSet::new();
    for row in tables.await.unwrap() {
        let table: String = row.get(0);
        let any = format!("SELECT count(*) FROM {table} WHERE {column}::text IN ({ids})");
        if fixture.number(&any, &[]).await > 0 {
            found.insert(table);
        }
    }
    found
}

/// Nothing but the row of `owner_end` names the owner, or an import, export or dataset of theirs.
async fn assert_nothing_left(fixture: &Fixture, owner: Uuid, ids: &[i64], when: &str) {
    let of_owner = found_in(fixture, "owner", &format!("'{owner}'")).await;
    assert_eq!(
        of_owner.into_iter().collect::<Vec<_>>(),
        ["owner_end"],
        "{when}"
    );
    let mut ids: Vec<String> = ids.iter().map(|it| format!("'{it}'")).collect();
    // None has this one.
    ids.push("'0'".to_owned());
    let of_imports = found_in(fixture, "import_id", &ids.join(", ")).await;
    assert!(of_imports.is_empty(), "{when}: {of_imports:?}");
    assert_eq!(fixture.dataset_tables().await, [""; 0], "{when}");
}

/// Every table that has something of an owner or of an import is emptied, also one that is made after
/// this was written.
#[tokio::test]
async fn every_table_is_among_those_that_are_emptied() {
    let fixture = Fixture::new().await;
    let with = async |column: &str| -> BTreeSet<String> {
        let sql = "SELECT table_name::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND column_name = $1";
        let rows = fixture.ask(async |client| client.query(sql, &[&column]).await);
        rows.await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    let all = |tables: &[&str], others: &[&str]| -> BTreeSet<String> {
        tables
            .iter()
            .chain(others)
            .map(|it| (*it).to_owned())
            .collect()
    };
    // Imports and exports with their events, and datasets with what hangs on them, go first.
    let first = ["import", "export", "import_event", "dataset", "owner_end"];
    assert_eq!(with("owner").await, all(&leaving::OF_AN_OWNER, &first));
    // That no row of a dataset is left is proved. A receipt of an export names an import in passing.
    let rows = ["sales_record", "team", "export_part"];
    assert_eq!(with("import_id").await, all(&leaving::OF_AN_IMPORT, &rows));
    assert_eq!(with("export_id").await, all(&leaving::OF_AN_EXPORT, &[]));
    let dropped = ["dataset_sum", "dataset_version", "import", "export"];
    assert_eq!(with("dataset_id").await, all(&[], &dropped));
}

#[tokio::test]
async fn everything_of_an_owner_goes_and_is_counted() {
    let fixture = Fixture::new().await;
    let (one, other) = (Owner::new(&fixture).await, Owner::new(&fixture).await);
    begin(&fixture, one.owner).await;
    let expected = TakenBack {
        imports: 3,
        exports: 1,
        datasets: 1,
    };
    assert_eq!(take_back(&fixture, one.owner).await, expected);
    for upload in one.uploads() {
        assert_eq!(upload.seen(&fixture).await, 0, "no row is seen any more");
    }
    assert!(!count(&fixture, one.owner).await, "it is there still");
    assert!(emptied(&fixture).await.is_empty());
    go_their_way(&fixture, &one).await;
    assert!(count(&fixture, one.owner).await);
    forget(&fixture, one.owner).await;
    let ids: Vec<i64> = one.uploads().map(|it| it.id).collect();
    let own_tables = fixture.dataset_tables().await;
    assert_eq!(own_tables, [other.completed[1].dataset().table.as_str()]);
    let emptied = emptied(&fixture).await;
    assert_eq!(emptied.len(), 1);
    assert_eq!((emptied[0].owner, emptied[0].user), (one.owner, USER));
    assert_eq!(emptied[0].removed, Owner::removed());
    // Of another owner nothing has changed.
    for upload in &other.completed {
        assert_eq!(upload.seen(&fixture).await, 2 * GOOD_PER_CHUNK);
    }
    let import = fixture
        .ask(async |client| other.under_way.import(client).await)
        .await;
    assert_eq!(import.state, State::Importing);
    begin(&fixture, other.owner).await;
    take_back(&fixture, other.owner).await;
    go_their_way(&fixture, &other).await;
    count(&fixture, other.owner).await;
    forget(&fixture, other.owner).await;
    assert_nothing_left(&fixture, one.owner, &ids, "at the end").await;
}

/// What had been deleted or taken back before is not counted once more.
#[tokio::test]
async fn what_had_gone_before_is_not_counted() {
    let fixture = Fixture::new().await;
    let all = Owner::new(&fixture).await;
    let sales = &all.completed[0];
    let delete = async |client: &mut Client| {
        let name = &sales.dataset().name;
        postgres::imports::delete(client, all.owner, name, sales.number)
            .await
            .unwrap();
        roll_back(client, sales).await.unwrap();
        exports::delete(client, all.owner, 1).await.unwrap()
    };
    assert!(matches!(fixture.ask(delete).await, Asked::Done(_)));
    begin(&fixture, all.owner).await;
    let expected = TakenBack {
        imports: 2,
        exports: 0,
        datasets: 1,
    };
    assert_eq!(take_back(&fixture, all.owner).await, expected);
    assert_eq!(
        take_back(&fixture, all.owner).await,
        TakenBack::default(),
        "once more"
    );
    for upload in [&all.completed[1], &all.under_way] {
        let gone = fixture.ask(async |client| roll_back(client, upload).await);
        gone.await.unwrap();
    }
    let swept = "UPDATE import SET swept_at = now() WHERE owner = $1";
    fixture.execute(swept, &[&all.owner]).await;
    let swept = "UPDATE export SET state = 'deleted', swept_at = now() WHERE owner = $1";
    fixture.execute(swept, &[&all.owner]).await;
    let drop = async |client: &mut Client| {
        let id = postgres::datasets::dropping(client).await.unwrap()[0];
        postgres::datasets::end_drop(client, id).await.unwrap()
    };
    fixture.ask(drop).await;
    assert!(count(&fixture, all.owner).await);
    forget(&fixture, all.owner).await;
    let expected = Removed {
        imports: 2,
        rows: 3 * GOOD_PER_CHUNK,
        files: 2,
        datasets: 1,
        exports: 0,
    };
    assert_eq!(emptied(&fixture).await[0].removed, expected);
}

/// An account that never had anything ends as well.
#[tokio::test]
async fn an_owner_of_nothing_ends() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    begin(&fixture, owner).await;
    assert_eq!(take_back(&fixture, owner).await, TakenBack::default());
    assert!(count(&fixture, owner).await);
    forget(&fixture, owner).await;
    assert_eq!(emptied(&fixture).await[0].removed, Removed::default());
    let end = async |client: &mut Client| leaving::end(client, owner).await;
    fixture.ask(end).await.unwrap();
    assert!(emptied(&fixture).await.is_empty());
    let left = async |client: &mut Client| leaving::under_way(client).await;
    assert_eq!(fixture.ask(left).await.unwrap(), 0);
    assert_nothing_left(&fixture, owner, &[], "at the end").await;
}

/// Rows that nothing accounts for are never reported as gone.
#[tokio::test]
async fn rows_that_are_left_are_no_end() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    begin(&fixture, upload.owner).await;
    take_back(&fixture, upload.owner).await;
    // As if a proof had been wrong.
    let wrong = "UPDATE import SET state = 'deleted', swept_at = now() WHERE id = $1";
    fixture.execute(wrong, &[&upload.id]).await;
    let count = async |client: &mut Client| leaving::count(client, upload.owner).await;
    let refused = fixture.ask(count).await.unwrap_err().to_string();
    assert!(
        refused.contains(&format!("{GOOD_PER_CHUNK} rows")),
        "{refused}"
    );
    forget(&fixture, upload.owner).await;
    let import = "SELECT count(*) FROM import WHERE id = $1";
    assert_eq!(fixture.number(import, &[&upload.id]).await, 1);
}

/// A request that was let in before the account was deleted may still be read of.
#[tokio::test]
async fn the_account_stays_until_no_request_is_under_way() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let begin =
        async |client: &mut Client| leaving::begin(client, owner, USER, Timestamp::now()).await;
    fixture.ask(begin).await.unwrap();
    assert!(count(&fixture, owner).await);
    forget(&fixture, owner).await;
    assert!(emptied(&fixture).await.is_empty());
    let later = "UPDATE owner_end SET asked_at = asked_at - interval '1 minute'";
    fixture.execute(later, &[]).await;
    assert_eq!(emptied(&fixture).await.len(), 1);
}
