//! What the API does not show, read from the stack's own database.

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::types::{FromSqlOwned, ToSql};
use tokio_postgres::{Client, Error, NoTls, Row};

use super::variable;

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// The first column of the only row.
pub fn one<T: FromSqlOwned>(sql: &str, values: Values<'_>) -> T {
    row(sql, values).get(0)
}

/// The only row.
pub fn row(sql: &str, values: Values<'_>) -> Row {
    with_client(async |client| client.query_one(sql, values).await.unwrap())
}

/// Every row.
pub fn rows(sql: &str, values: Values<'_>) -> Vec<Row> {
    with_client(async |client| client.query(sql, values).await.unwrap())
}

/// Changes exactly one row.
pub fn change(sql: &str, values: Values<'_>) {
    let changed = with_client(async |client| client.execute(sql, values).await.unwrap());
    assert_eq!(changed, 1, "{sql}");
}

/// A session for one statement: the server has few sessions, and the functions need them.
fn with_client<T>(work: impl AsyncFnOnce(&Client) -> T) -> T {
    runtime().block_on(async {
        let (client, driver) = connect().await;
        let result = work(&client).await;
        drop(client);
        driver.await.unwrap().unwrap();
        result
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn connect() -> (Client, JoinHandle<Result<(), Error>>) {
    let url = variable("DATABASE_URL");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    (client, tokio::spawn(connection))
}

/// A statement whose transaction stays open. Another session that changes the same rows waits for
/// it.
pub struct Open {
    runtime: Runtime,
    client: Client,
}

impl Open {
    pub fn begin(sql: &str, values: Values<'_>) -> Self {
        let runtime = runtime();
        let client = runtime.block_on(async {
            let (client, _) = connect().await;
            client.batch_execute("BEGIN").await.unwrap();
            client.execute(sql, values).await.unwrap();
            client
        });
        Self { runtime, client }
    }

    /// The pid of its session.
    pub fn pid(&self) -> i32 {
        let pid = self.client.query_one("SELECT pg_backend_pid()", &[]);
        self.runtime.block_on(pid).unwrap().get(0)
    }

    /// Ends the transaction as if the statement had never been.
    pub fn undo(self) {
        let undone = self.client.batch_execute("ROLLBACK");
        self.runtime.block_on(undone).unwrap();
    }
}
