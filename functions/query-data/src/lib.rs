//! Rows of completed imports: all of a user's sales records, what they add up to, or the teams of
//! one import.

mod entry;
mod parameters;
mod summary;

use contracts::http::rows::{RowEntry, SalesEntry, midnight};
use domain::dataset::{BASELINE, Dataset};
use domain::import::Import;
use lambda::Failure;
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, number, respond, route,
};
use lambda::user::{User, Users};
use parameters::PageBy;
use postgres::rows::{AtMost, SalesRow};
use postgres::{Database, imports, rows};

const LIMIT: i64 = 30;
const LIMIT_AT_MOST: i64 = 100;
/// The most groups on a page of a summary: a summary should fit on one page.
const GROUPS_AT_MOST: i64 = 1000;

/// What to ask for instead of a page by offset, a page by cursor or a summary that took too long.
const BY_OFFSET: &str = "fewer days with from and to, for one import, or by cursor";
const BY_CURSOR: &str = "fewer days with from and to, or for one import";
const ADDED_UP: &str = "fewer days with from and to";

/// Answers queries over the rows of completed imports.
pub struct App {
    users: Users,
    database: Database,
    links: Links,
}

impl App {
    /// Reads the settings and secrets that the environment names.
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
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        if !matches!(route, Route::Sales | Route::Summary | Route::Rows) {
            return Err(Refusal::NotFound);
        }
        let user = self.users.signed_in(&request).await?;
        if allow(&request, route)? == Verb::Options {
            return Ok(respond::options(route));
        }
        match (route, variables.as_slice()) {
            (Route::Summary, _) => self.summary(&request, &user).await,
            (Route::Rows, [name, id]) => self.rows(&request, &user, name, id).await,
            _ => self.sales(&request, &user).await,
        }
    }

    async fn sales(&self, request: &Request, user: &User) -> Result<Response, Refusal> {
        let (filter, page_by) = parameters::read(|name| query::last(request, name))?;
        let page = query::page(request, LIMIT, LIMIT_AT_MOST);
        let mut connection = self.database.connection().await?;
        let response = match page_by {
            PageBy::Offset => {
                let found = rows::sales_page(
                    &mut connection,
                    user.owner,
                    &filter,
                    page.limit,
                    page.offset,
                );
                let (count, found) = found.await.map_err(too_slow(BY_OFFSET))?;
                self.links
                    .listing(request, page, count, sales_entries(found))
            }
            PageBy::Cursor(cursor) => {
                let at_most = AtMost::rows(page.limit);
                let found = rows::sales_at(&mut connection, user.owner, &filter, cursor, at_most);
                let found = found.await.map_err(too_slow(BY_CURSOR))?;
                let neighbours = [found.older, found.newer];
                self.links.cursor_listing(
                    request,
                    page.limit,
                    neighbours,
                    found.count,
                    sales_entries(found.rows),
                )
            }
        };
        connection.keep().await;
        Ok(response)
    }

    async fn summary(&self, request: &Request, user: &User) -> Result<Response, Refusal> {
        let query = summary::read(|name| query::last(request, name))?;
        let page = query::page(request, GROUPS_AT_MOST, GROUPS_AT_MOST);
        let mut connection = self.database.connection().await?;
        let (owner, days) = (user.owner, query.days);
        let found = rows::summary(
            &mut connection,
            owner,
            query.by,
            days,
            page.limit,
            page.offset,
        );
        let (count, groups) = found.await.map_err(too_slow(ADDED_UP))?;
        connection.keep().await;
        let results = summary::entries(query.name, groups);
        Ok(self.links.listing(request, page, count, results))
    }

    /// The rows of one import, for every dataset but the baseline: sales records are read at
    /// `/collect/data/`.
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

/// The refusal of a query that was ended because it looked at too many rows; `instead` is what to
/// ask for.
fn too_slow(instead: &'static str) -> impl Fn(postgres::Error) -> Refusal {
    move |error| match error.is_out_of_time() {
        false => error.into(),
        true => Refusal::Coded {
            status: 503,
            code: "query_too_slow",
            detail: format!("The query took too long. Ask for {instead}."),
        },
    }
}

fn sales_entries(rows: Vec<SalesRow>) -> Vec<SalesEntry> {
    let entry = |row: SalesRow| SalesEntry {
        order_placed: midnight(row.position.day),
        data: entry::data(BASELINE, Some(&row.column_order), row.cells),
    };
    rows.into_iter().map(entry).collect()
}

fn row_entries(import: &Import, dataset: &Dataset, found: Vec<Vec<rows::Cell>>) -> Vec<RowEntry> {
    let order = import.column_order.as_deref();
    let entry = |cells| RowEntry {
        data: entry::data(dataset, order, cells),
    };
    found.into_iter().map(entry).collect()
}
