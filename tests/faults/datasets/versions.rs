//! Versions of a declaration: a client that declares in a loop leaves a bounded number of them, and
//! whoever reads by one has it.

use domain::filter::{Filter, StoredFilter};
use domain::limits::VERSIONS_KEPT;
use domain::quota::Quotas;
use jiff::{SignedDuration, Timestamp};
use postgres::datasets::{self, Put};
use postgres::exports::{self, Created as CreatedExport, NewExport};
use postgres::{Client, imports};
use uuid::Uuid;

use super::{set_state, sweep};
use crate::fixture::database::{FIELDS, Fixture, new_import, new_import_of, new_version, put};

/// The same fields in another order: another version, whatever there is of imports.
async fn turn(fixture: &Fixture, owner: Uuid, times: i32) {
    let orders = [FIELDS, [FIELDS[2], FIELDS[1], FIELDS[0]]];
    for _ in 0..times {
        let version = fixture.visits(owner).await.unwrap().version;
        let new = new_version(owner, "visits", &orders[(version % 2) as usize]);
        let answer = fixture.ask(async |client| put(client, &new).await).await;
        assert!(matches!(answer, Put::Evolved(_)), "{answer:?}");
    }
}

async fn versions(fixture: &Fixture, id: i64) -> Vec<i32> {
    let sql =
        "SELECT array_agg(version ORDER BY version) FROM dataset_version WHERE dataset_id = $1";
    let ask = async |client: &mut Client| client.query_one(sql, &[&id]).await;
    fixture.ask(ask).await.unwrap().get(0)
}

async fn export(fixture: &Fixture, owner: Uuid) {
    let dataset = fixture.visits(owner).await.unwrap();
    let uid = Uuid::new_v4();
    let new = NewExport {
        uid,
        owner,
        filters: StoredFilter::new(&Filter::default(), &dataset),
        gzip: false,
        guard: false,
        object_key: format!("exports/{uid}/visits.csv"),
        confirmed: false,
        confirm_expires_at: Timestamp::now() + SignedDuration::from_hours(1),
        idempotency: None,
        quotas: Quotas::UNLIMITED,
        dataset,
    };
    let create = async |client: &mut Client| {
        let all = Filter::default();
        let pinned = exports::pin(client, owner, &new.dataset, &all, false)
            .await
            .unwrap();
        exports::create(client, &new, &pinned).await.unwrap()
    };
    let created = fixture.ask(create).await;
    assert!(matches!(created, CreatedExport::Export(_)), "{created:?}");
}

#[tokio::test]
async fn old_versions_go_unless_something_is_of_them() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let first = fixture.declared(owner, &FIELDS).await;
    let id = first.id.unwrap();
    let upload = fixture.awaiting_in(owner, first, 1, None).await;
    turn(&fixture, owner, 2).await;
    export(&fixture, owner).await;
    turn(&fixture, owner, 2 * VERSIONS_KEPT).await;
    let last = 3 + 2 * VERSIONS_KEPT;
    let newest: Vec<i32> = (last - VERSIONS_KEPT + 1..=last).collect();
    let expected = [vec![1, 3], newest].concat();
    assert_eq!(versions(&fixture, id).await, expected);

    // A deleted import is read by its version until it is swept.
    set_state(&fixture, &upload, "deleted").await;
    turn(&fixture, owner, 1).await;
    assert_eq!(versions(&fixture, id).await[..2], [1, 3]);
    sweep(&fixture, &upload).await;
    turn(&fixture, owner, 1).await;
    let left = versions(&fixture, id).await;
    assert_eq!((left[0], left.len() as i32), (3, 1 + VERSIONS_KEPT));
    let other = Uuid::new_v4();
    let others = fixture.declared(other, &FIELDS).await;
    assert_eq!(versions(&fixture, others.id.unwrap()).await, [1]);
}

/// A page of a list has imports of many versions: they are read at once, and each once.
#[tokio::test]
async fn the_versions_of_a_list_are_read_by_one_statement() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let mut asked = Vec::new();
    fixture.declared(owner, &FIELDS).await;
    for _ in 0..6 {
        turn(&fixture, owner, 1).await;
        let current = fixture.visits(owner).await.unwrap();
        for _ in 0..2 {
            let new = new_import_of(owner, current.clone());
            let create = async |client: &mut Client| imports::create(client, &new).await.unwrap();
            let imports::Created::Import(import) = fixture.ask(create).await else {
                panic!("the owner may import");
            };
            asked.push(*import);
        }
    }
    let team = new_import(owner, "team");
    let create = async |client: &mut Client| imports::create(client, &team).await.unwrap();
    if let imports::Created::Import(import) = fixture.ask(create).await {
        asked.push(*import);
    }
    let client = fixture.connection().await;
    let begin = transactions(&client).await;
    client
        .query("SELECT version FROM dataset_version", &[])
        .await
        .unwrap();
    let one = transactions(&client).await;
    let found = datasets::of_imports(&client, owner, &asked).await.unwrap();
    let all = transactions(&client).await;
    assert!(all - one <= one - begin, "{} > {}", all - one, one - begin);
    for (import, dataset) in asked.iter().zip(&found) {
        assert_eq!(dataset.declared(), import.declared, "{}", import.number);
        assert_eq!(dataset.name, import.dataset);
    }
    assert_eq!(found.len(), asked.len());
    let of_another = datasets::of_imports(&client, Uuid::new_v4(), &asked).await;
    assert!(of_another.is_err());
}

/// The number of the session's current transaction: each statement outside of one is one, or two.
async fn transactions(client: &Client) -> i64 {
    let sql = "SELECT split_part(virtualtransaction, '/', 2)::bigint FROM pg_locks \
         WHERE pid = pg_backend_pid() AND locktype = 'virtualxid'";
    client.query_one(sql, &[]).await.unwrap().get(0)
}
