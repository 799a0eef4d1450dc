//! Several of those who change the sums of a declared dataset at the same time.

use postgres::datasets::Put;

use super::orders::{Orders, Sums};
use crate::fixture::database::{Fixture, pid, within};

/// An import is added once and taken out once, however many callers do it at once.
#[tokio::test]
async fn added_and_taken_out_by_several_at_once() {
    let fixture = Fixture::with_sessions(12).await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let (one, other) = (orders.import(200).await, orders.import(100).await);
    within(async {
        tokio::join!(
            orders.add(&one),
            orders.add(&other),
            orders.add(&one),
            orders.add(&other)
        );
    })
    .await;
    assert!(orders.is_summed(&one).await && orders.is_summed(&other).await);
    orders.compare().await;
    orders.delete(&one).await;
    within(async {
        tokio::join!(
            orders.take_out(&one),
            orders.take_out(&one),
            orders.take_out(&other)
        );
    })
    .await;
    assert!(!orders.is_summed(&one).await && orders.is_summed(&other).await);
    orders.compare().await;
}

/// Other sums are declared while an import is added to those of before: it is in none.
#[tokio::test]
async fn added_while_other_sums_are_declared() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let import = orders.import(80).await;
    // Holds up the one who adds when the sums are made, and the import is to be marked.
    let holder = fixture.connection().await;
    let holder_pid = pid(&holder).await;
    holder.batch_execute("BEGIN").await.unwrap();
    let lock = "SELECT FROM import WHERE id = $1 FOR UPDATE";
    holder.execute(lock, &[&import.id]).await.unwrap();
    let declares = async {
        fixture.who_waits_for(holder_pid).await;
        // As the evolution does it, which holds the entry and the import until it commits.
        let other = "UPDATE dataset SET version = version + 1, sums_since = version + 1, \
             sums_by = '{2}', sums_of = '{5}' WHERE owner = $1";
        holder.execute(other, &[&orders.owner]).await.unwrap();
        let version = "INSERT INTO dataset_version (dataset_id, version, document, column_numbers) \
             SELECT v.dataset_id, v.version + 1, \
                 jsonb_set(document, '{sums}', '{\"by\": [\"paid\"], \"of\": [\"pieces\"]}'), \
                 v.column_numbers \
             FROM dataset_version v JOIN dataset d ON d.id = v.dataset_id WHERE d.owner = $1";
        holder.execute(version, &[&orders.owner]).await.unwrap();
        holder.batch_execute("COMMIT").await.unwrap();
    };
    within(async { tokio::join!(orders.add(&import), declares) }).await;
    assert!(!orders.is_summed(&import).await);
    assert_eq!(orders.kept().await, 0);
    orders.compare().await;
    orders.add(&import).await;
    assert!(orders.is_summed(&import).await);
    orders.compare().await;
}

/// Whoever declares other sums waits for one who adds an import, and finds it in the old ones.
#[tokio::test]
async fn other_sums_are_declared_while_one_is_added() {
    let fixture = Fixture::new().await;
    for seed in 0..10 {
        let orders = Orders::declared(&fixture, Sums::BOTH).await;
        let (one, other) = (orders.import(60).await, orders.import(40 + seed).await);
        orders.add(&one).await;
        within(async {
            tokio::join!(orders.add(&other), orders.declare(Sums::ONE));
        })
        .await;
        assert!(!orders.is_summed(&one).await);
        orders.compare().await;
        orders.delete(&other).await;
        orders.take_out(&other).await;
        orders.add(&one).await;
        orders.compare().await;
    }
}

/// It holds nothing that the cancel or the fence of an import waits for longer than its commit.
#[tokio::test]
async fn other_sums_wait_for_an_import_that_is_locked() {
    let fixture = Fixture::new().await;
    let orders = Orders::declared(&fixture, Sums::BOTH).await;
    let import = orders.import(10).await;
    orders.add(&import).await;
    let holder = fixture.connection().await;
    holder.batch_execute("BEGIN").await.unwrap();
    let lock = "SELECT FROM import WHERE id = $1 FOR UPDATE";
    holder.execute(lock, &[&import.id]).await.unwrap();
    let put = within(orders.try_to_declare(Sums::ONE)).await;
    assert_eq!(put, Put::Busy);
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert!(orders.is_summed(&import).await);
    let put = within(orders.try_to_declare(Sums::ONE)).await;
    assert!(matches!(put, Put::Evolved(_)), "{put:?}");
    assert!(!orders.is_summed(&import).await);
    orders.compare().await;
}
