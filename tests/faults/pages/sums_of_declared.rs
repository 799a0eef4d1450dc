//! The summary of a declared dataset whose sums are kept is what its rows add up to, no matter which
//! of its imports the sums contain, and what is declared of them next.

mod at_once;
mod compare;
mod orders;
mod walk;

use postgres::datasets::{self, DropEnded, begin_drop, end_drop, row_table};
use postgres::{Client, imports, rows, sums, upkeep};

use crate::fixture::database::{Fixture, roll_back_import};
use orders::{Orders, Sums};

#[tokio::test]
async fn the_summary_is_what_the_rows_add_up_to() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    orders.compare().await;
    let mut all = Vec::new();
    for rows in [300, 40, 1, 0] {
        all.push(orders.import(rows).await);
    }
    let other = Orders::declared(&fixture, Sums::BOTH).await;
    let of_other = other.import(90).await;
    orders.compare().await;
    for import in [&all[0], &all[2], &all[3]] {
        orders.add(import).await;
        assert!(orders.is_summed(import).await);
    }
    other.add(&of_other).await;
    orders.compare().await;
    // One that is in the sums, and one that is not.
    orders.delete(&all[0]).await;
    orders.delete(&all[1]).await;
    orders.compare().await;
    orders.take_out(&all[0]).await;
    orders.compare().await;
    other.compare().await;
    orders.delete(&all[2]).await;
    orders.take_out(&all[2]).await;
    orders.compare().await;
    assert_eq!(orders.kept().await, 0);
    assert!(other.kept().await > 0, "those of another owner stay");
}

/// No import has ever been created: there is no table to read.
#[tokio::test]
async fn a_dataset_without_rows_has_an_empty_summary() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let dataset = orders.dataset().await;
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
    for (by, _) in compare::ways(&dataset) {
        for (filter, _) in compare::filters(&dataset) {
            let ask = async |client: &mut Client| {
                rows::summary(client, orders.owner, &dataset, by, &filter, 10, 0).await
            };
            assert_eq!(fixture.ask(ask).await.unwrap(), (0, vec![]), "{by:?}");
        }
    }
}

/// Sums that are declared while there are rows: these are read until each import is added.
#[tokio::test]
async fn sums_may_be_declared_later() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::NONE).await;
    let (one, other) = (orders.import(120).await, orders.import(70).await);
    orders.add(&one).await;
    assert!(!orders.is_summed(&one).await, "no sums are kept");
    for sums in [
        Sums::BOTH,
        Sums::ONE,
        Sums::OF_A_NOTE,
        Sums::NONE,
        Sums::BOTH,
    ] {
        orders.declare(sums).await;
        assert_eq!(orders.kept().await, 0, "{sums:?}");
        orders.compare().await;
        if sums == Sums::NONE {
            continue;
        }
        let new = orders.import(30).await;
        for import in [&one, &new] {
            orders.add(import).await;
            assert!(orders.is_summed(import).await, "{sums:?}");
            orders.compare().await;
        }
        // By reconcile.
        orders.minutes_pass(16).await;
        assert_eq!(orders.add_left_out().await, Some(other.uid), "{sums:?}");
        assert_eq!(orders.add_left_out().await, None, "{sums:?}");
        orders.compare().await;
        orders.delete(&new).await;
        orders.take_out(&new).await;
        orders.compare().await;
    }
}

/// Fields are added and moved: sums stay, and are found by the numbers of the columns.
#[tokio::test]
async fn sums_stay_when_something_else_is_declared() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let import = orders.import(120).await;
    orders.add(&import).await;
    let kept = orders.kept().await;
    let before = orders.dataset().await;
    orders.declare_moved(Sums::BOTH).await;
    assert!(orders.is_summed(&import).await);
    assert_eq!(orders.kept().await, kept);
    orders.compare().await;
    // A reader that found the dataset before.
    orders.compare_as(&before).await;
}

/// What takes an import back asks nothing of what is declared.
#[tokio::test]
async fn an_import_is_taken_out_of_the_sums_and_back() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let import = orders.import(50).await;
    orders.add(&import).await;
    let forget = "UPDATE dataset_version SET document = '{}'";
    fixture.execute(forget, &[]).await;
    orders.delete(&import).await;
    orders.take_out(&import).await;
    assert_eq!(orders.kept().await, 0);
    let client = fixture.connection().await;
    let import = imports::by_uid(&client, import.uid).await.unwrap().unwrap();
    let table = row_table(&client, &import).await.unwrap();
    let ended = roll_back_import(&client, &import, &table).await;
    assert!(ended.is_some());
}

/// Also those that were kept before, which may be left if their removal was cut short.
#[tokio::test]
async fn a_dropped_dataset_leaves_no_sums() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let import = orders.import(50).await;
    orders.add(&import).await;
    let left = "INSERT INTO dataset_sum SELECT dataset_id, 0, by, month, value, rows, counts, sums \
         FROM dataset_sum";
    fixture.execute(left, &[]).await;
    let client = &mut *fixture.connection().await;
    let id = orders.dataset().await.id.unwrap();
    let begun = begin_drop(client, orders.owner, "orders", None, true).await;
    assert_eq!(begun.unwrap(), datasets::DropBegun::Marked(id));
    sums::take_out(client, import.uid).await.unwrap();
    let import = imports::by_uid(client, import.uid).await.unwrap().unwrap();
    let table = row_table(client, &import).await.unwrap();
    roll_back_import(client, &import, &table).await.unwrap();
    upkeep::mark_swept(client, &import).await.unwrap();
    assert_eq!(end_drop(client, id).await.unwrap(), DropEnded::Gone);
    let sums = "SELECT count(*) FROM dataset_sum";
    assert_eq!(fixture.number(sums, &[]).await, 0);
}

/// A value may be longer than an entry of an index, and a column as good as unique: such an import
/// stays out, and its rows are read.
#[tokio::test]
async fn an_import_that_cannot_be_added_up_stays_out() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let table = orders.dataset().await.table.clone();
    let long = "SELECT string_agg(md5(n::text), '') FROM generate_series(1, 300) AS n";
    for regions in [format!("({long}) WHERE record = 7"), "record".to_owned()] {
        let rows = if regions == "record" { 100_001 } else { 20 };
        let import = orders.import(rows).await;
        let regions = format!("UPDATE {table} SET c1 = {regions}");
        fixture.execute(&regions, &[]).await;
        orders.add(&import).await;
        assert!(!orders.is_summed(&import).await);
        assert_eq!(orders.kept().await, 0);
        orders.delete(&import).await;
        orders.take_out(&import).await;
    }
}

/// Code from before this declared sums and kept none. The migration makes up for what it finds.
#[tokio::test]
async fn what_was_declared_before_sums_were_kept() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    orders.declare_moved(Sums::BOTH).await;
    let without = Orders::declared(&fixture, Sums::NONE).await;
    let columns = "SELECT count(*) FROM dataset WHERE sums_by = '{1,2,3}' AND sums_of = '{6,5}' \
         AND sums_since IS NOT NULL";
    assert_eq!(fixture.number(columns, &[]).await, 1);
    let forget = "UPDATE dataset SET sums_by = NULL, sums_of = NULL, sums_since = NULL";
    fixture.execute(forget, &[]).await;
    let import = orders.import(60).await;
    without.import(10).await;
    orders.add(&import).await;
    assert!(!orders.is_summed(&import).await);
    orders.compare().await;
    let migration =
        include_str!("../../../shared/postgres/migrations/V20__sums_of_declared_datasets.sql");
    let begin = migration.find("-- What was declared before.").unwrap();
    let end = migration.find("-- What reconcile looks through").unwrap();
    let again = async |client: &mut Client| client.batch_execute(&migration[begin..end]).await;
    fixture.ask(again).await.unwrap();
    assert_eq!(fixture.number(columns, &[]).await, 1);
    let keeping = "SELECT count(*) FROM import WHERE keeps_sums";
    assert_eq!(fixture.number(keeping, &[]).await, 1);
    orders.add(&import).await;
    assert!(orders.is_summed(&import).await);
    orders.compare().await;
}
