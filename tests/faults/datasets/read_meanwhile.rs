//! A dataset is dropped, or declared anew, between two looks of one request at it.

use domain::filter::{Filter, Names};
use postgres::rows::{self, AtMost, By};
use postgres::{Client, Connection, Error, datasets, imports};
use uuid::Uuid;

use crate::fixture::database::{FIELDS, Fixture, Upload, pid, within};

async fn with_import(fixture: &Fixture) -> Upload {
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits, 1, None).await;
    upload.finish_chunks(fixture).await;
    upload.complete(fixture).await;
    upload
}

/// Ways to read rows: the table is asked in each.
const WAYS: [&str; 3] = ["page", "page_at", "summary"];

async fn read(client: &mut Client, upload: &Upload, way: &str) -> Error {
    let (owner, dataset) = (upload.owner, upload.dataset());
    let mut filter = Filter::default();
    let names = Names(dataset);
    let parameter = names.find("visits__gte").unwrap();
    names.add(&mut filter, parameter, "0").unwrap();
    match way {
        "page" => rows::page(client, owner, dataset, &filter, 10, 0)
            .await
            .err(),
        "page_at" => {
            let at_most = AtMost::rows(10);
            let page = rows::page_at(client, owner, dataset, &filter, None, at_most).await;
            page.err()
        }
        _ => {
            let by = By::Column(0);
            rows::summary(client, owner, dataset, by, &filter, 10, 0)
                .await
                .err()
        }
    }
    .expect("the table is another")
}

/// Someone who has the table to itself, and does this to it once a reader waits.
async fn changes(fixture: &Fixture, holder: &Connection<'_>, change: &str) {
    let holder_pid = pid(holder).await;
    fixture.who_waits_for(holder_pid).await;
    holder.batch_execute(change).await.unwrap();
    holder.batch_execute("COMMIT").await.unwrap();
}

/// The reader has counted the rows when the table goes: what it asks then is not there.
#[tokio::test]
async fn a_table_that_is_gone_or_another_is_told_apart_from_a_fault() {
    let fixture = Fixture::new().await;
    for way in WAYS {
        for again in [false, true] {
            let upload = with_import(&fixture).await;
            let table = upload.dataset().table.clone();
            let mut change = format!("DROP TABLE {table}");
            if again {
                change +=
                    &format!("; CREATE TABLE {table} (import_id bigint, record bigint, c4 text)");
            }
            let holder = fixture.connection().await;
            let hold = format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
            holder.batch_execute(&hold).await.unwrap();
            let mut client = fixture.connection().await;
            let (error, ()) = within(async {
                tokio::join!(
                    read(&mut client, &upload, way),
                    changes(&fixture, &holder, &change)
                )
            })
            .await;
            assert!(error.is_other_table(), "{way} {again}: {error}");
            assert!(!error.is_transient(), "{way} {again}: {error}");
        }
    }
    let other = fixture.ask(async |client| client.query("SELECT 1/0", &[]).await);
    assert!(!Error::from(other.await.unwrap_err()).is_other_table());
}

/// The version that was found is gone when its declaration is asked for.
#[tokio::test]
async fn a_dataset_that_is_dropped_while_it_is_looked_for_is_not_found() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let insert = "INSERT INTO dataset (owner, name, column_numbers, column_types, columns_used) \
         VALUES ($1, 'visits', '{1}', '{text}', 1)";
    fixture.execute(insert, &[&owner]).await;
    let holder = fixture.connection().await;
    let hold = "BEGIN; LOCK TABLE dataset_version IN ACCESS EXCLUSIVE MODE";
    holder.batch_execute(hold).await.unwrap();
    let mut client = fixture.connection().await;
    let find = async { datasets::find(&client, owner, "visits").await };
    let drop = changes(&fixture, &holder, "DELETE FROM dataset");
    let (found, ()) = within(async { tokio::join!(find, drop) }).await;
    assert!(found.unwrap().is_none());
    let none = imports::list(&mut client, owner, "visits", &[], 10, 0).await;
    assert_eq!(none.unwrap().0, 0);
}
