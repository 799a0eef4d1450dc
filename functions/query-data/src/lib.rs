//! Rows of completed imports: all of a user's sales records, or the teams of one import.

mod entry;
mod from;

use contracts::http::rows::{RowEntry, SalesEntry, midnight};
use domain::dataset::{BASELINE, Dataset};
use domain::import::Import;
use lambda::Failure;
use lambda::http::query::{self, Links};
use lambda::http::{Refusal, Request, Response, Verb, allow, dataset, number, respond, segments};
use lambda::user::{User, Users};
use postgres::rows::SalesRow;
use postgres::{Database, imports, rows};

const ALLOWED: &str = "GET, HEAD, OPTIONS";
const LIMIT: i64 = 30;
const LIMIT_AT_MOST: i64 = 100;

/// What the function works with.
pub struct App {
    users: Users,
    database: Database,
    links: Links,
}

impl App {
    /// Everything the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        Ok(Self {
            users: Users::from_environment(&config).await?,
            database: lambda::database("query-data", &config).await?,
            links: Links::from_environment(),
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// Whatever the client is to be told instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let segments = segments(&request);
        if !matches!(
            segments.as_slice(),
            ["collect", "data"] | ["collect", _, _, "rows"]
        ) {
            return Err(Refusal::NotFound);
        }
        let user = self.users.signed_in(&request).await?;
        if allow(&request, ALLOWED)? == Verb::Options {
            return Ok(respond::options(ALLOWED));
        }
        match segments.as_slice() {
            ["collect", name, id, _] => self.rows(&request, &user, name, id).await,
            _ => self.sales(&request, &user).await,
        }
    }

    async fn sales(&self, request: &Request, user: &User) -> Result<Response, Refusal> {
        let from = from::read(query::last(request, "from").as_deref())?;
        let page = query::page(request, LIMIT, LIMIT_AT_MOST);
        let mut connection = self.database.connection().await?;
        let (count, found) =
            rows::sales_page(&mut connection, user.owner, from, page.limit, page.offset).await?;
        connection.keep().await;
        let results = found.into_iter().map(sales_entry).collect();
        Ok(self.links.listing(request, page, count, results))
    }

    /// Sales records have `/collect/data/`; the rows of one import are for the other datasets.
    async fn rows(
        &self,
        request: &Request,
        user: &User,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let (dataset, number) = (dataset(name)?, number(id)?);
        if dataset == BASELINE {
            return Err(Refusal::NotFound);
        }
        let page = query::page(request, LIMIT, LIMIT_AT_MOST);
        let mut connection = self.database.connection().await?;
        let import = imports::by_number(&connection, user.owner, dataset.name, number).await?;
        let Some(import) = import else {
            connection.keep().await;
            return Err(Refusal::NotFound);
        };
        let (count, found) =
            rows::import_page(&mut connection, &import, dataset, page.limit, page.offset).await?;
        connection.keep().await;
        let results = row_entries(&import, dataset, found);
        Ok(self.links.listing(request, page, count, results))
    }
}

fn sales_entry(row: SalesRow) -> SalesEntry {
    SalesEntry {
        order_placed: midnight(row.order_date),
        data: entry::data(BASELINE, Some(&row.column_order), row.cells),
    }
}

fn row_entries(import: &Import, dataset: &Dataset, found: Vec<Vec<rows::Cell>>) -> Vec<RowEntry> {
    let order = import.column_order.as_deref();
    let entry = |cells| RowEntry {
        data: entry::data(dataset, order, cells),
    };
    found.into_iter().map(entry).collect()
}
