use std::time::Duration;

use domain::limits::{TABLE_LOCK_TRIES, TABLE_LOCK_WITHIN};
use tokio_postgres::{Client, Transaction};

use crate::Error;

/// The longest pause between two tries, in which those who waited behind the first one get their
/// turn.
const PAUSE: Duration = Duration::from_millis(200);

/// How often a change is tried whose locks others hold.
pub(super) struct Tries {
    left: u32,
}

impl Tries {
    pub(super) fn new() -> Self {
        Self {
            left: TABLE_LOCK_TRIES,
        }
    }

    /// Pauses before the next try; false if there is none.
    pub(super) async fn again(&mut self) -> bool {
        self.left -= 1;
        if self.left > 0 {
            tokio::time::sleep(PAUSE.mul_f64(rand::random_range(0.5..=1.0))).await;
        }
        self.left > 0
    }
}

/// A transaction that gives up a lock it cannot have soon: whoever comes after it waits behind it.
pub(super) async fn begin(client: &mut Client) -> Result<Transaction<'_>, Error> {
    let transaction = client.transaction().await?;
    let within = TABLE_LOCK_WITHIN.as_millis();
    let set = format!("SET LOCAL lock_timeout = {within}");
    transaction.batch_execute(&set).await?;
    Ok(transaction)
}
