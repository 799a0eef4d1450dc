use std::thread::sleep;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, NoTls, Row};

use crate::fixture::stack::variable;

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A database that is crashed on purpose is back after a few seconds.
const TRIES: u32 = 300;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// A session that does not go through the proxy. It is opened again after each crash of the server.
pub struct Look {
    runtime: Runtime,
    client: Option<Client>,
}

impl Look {
    pub fn new() -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        Self {
            runtime: runtime.unwrap(),
            client: None,
        }
    }

    /// Every row, as soon as the server answers. Only for statements that may run twice.
    pub fn rows(&mut self, sql: &str, values: Values<'_>) -> Vec<Row> {
        let mut last = None;
        for _ in 0..TRIES {
            match self.try_rows(sql, values) {
                Ok(rows) => return rows,
                Err(error) if error.as_db_error().is_some_and(is_ours) => panic!("{sql}: {error}"),
                Err(error) => last = Some(error),
            }
            self.client = None;
            sleep(TRY_AGAIN_AFTER);
        }
        panic!("the database does not come back: {last:?}")
    }

    /// The only row.
    pub fn row(&mut self, sql: &str, values: Values<'_>) -> Row {
        let mut rows = self.rows(sql, values);
        assert_eq!(rows.len(), 1, "{sql}");
        rows.remove(0)
    }

    /// Several statements, before anything is broken.
    pub fn run(&mut self, statements: &str) {
        self.row("SELECT 1", &[]);
        let client = self.client.as_ref().expect("it has just answered");
        let ran = self.runtime.block_on(client.batch_execute(statements));
        ran.unwrap();
    }

    fn try_rows(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Error> {
        if self.client.is_none() {
            let url = variable("DATABASE_URL");
            let (client, driver) = self
                .runtime
                .block_on(tokio_postgres::connect(&url, NoTls))?;
            self.runtime.spawn(driver);
            self.client = Some(client);
        }
        let client = self.client.as_ref().expect("it was opened just now");
        self.runtime.block_on(client.query(sql, values))
    }
}

/// Whether the statement itself is wrong. Then another try does not help; all other errors pass.
fn is_ours(error: &tokio_postgres::error::DbError) -> bool {
    ["42", "22", "23"].contains(&&error.code().code()[..2])
}
