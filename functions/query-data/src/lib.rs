//! Rows of completed imports: all of a user's sales records, what they add up to, or the teams of
//! one import.

mod entry;
mod parameters;
mod summary;

use contracts::http::rows::{RowEntry, SalesEntry, midnight};
use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use domain::import::Import;
use domain::limits::{GROUPS_PAGE, ROWS_PAGE};
use domain::paging::Page;
use domain::paging::cursor::Cursor;
use lambda::Failure;
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, number, respond, route,
};
use lambda::user::{User, Users};
use parameters::PageBy;
use postgres::rows::{AtMost, Filter, SalesRow};
use postgres::{Database, imports, rows};

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
        let page = query::page(request, ROWS_PAGE);
        match page_by {
            PageBy::Offset => self.sales_page(request, user, &filter, page).await,
            PageBy::Cursor(cursor) => {
                let at_most = AtMost::rows(page.limit);
                self.sales_at(request, user, &filter, cursor, at_most).await
            }
        }
    }

    async fn sales_page(
        &self,
        request: &Request,
        user: &User,
        filter: &Filter,
        page: Page,
    ) -> Result<Response, Refusal> {
        let (count, found) = self
            .database
            .run(async |client| {
                let found = rows::sales_page(client, user.owner, filter, page.limit, page.offset);
                found.await.map_err(too_slow(BY_OFFSET))
            })
            .await?;
        let results = sales_entries(found);
        Ok(self
            .links
            .listing(request, &parameters::NAMES, page, count, results))
    }

    async fn sales_at(
        &self,
        request: &Request,
        user: &User,
        filter: &Filter,
        cursor: Option<Cursor>,
        at_most: AtMost,
    ) -> Result<Response, Refusal> {
        let found = self
            .database
            .run(async |client| {
                let found = rows::sales_at(client, user.owner, filter, cursor, at_most);
                found.await.map_err(too_slow(BY_CURSOR))
            })
            .await?;
        Ok(self.links.cursor_listing(
            request,
            &parameters::NAMES,
            at_most.rows,
            [found.older, found.newer],
            found.count,
            sales_entries(found.rows),
        ))
    }

    async fn summary(&self, request: &Request, user: &User) -> Result<Response, Refusal> {
        let query = summary::read(request)?;
        let page = query::page(request, GROUPS_PAGE);
        let (owner, by, filter) = (user.owner, query.by, &query.filter);
        let (count, groups) = self
            .database
            .run(async |client| {
                let found = rows::summary(client, owner, by, filter, page.limit, page.offset);
                found.await.map_err(too_slow(ADDED_UP))
            })
            .await?;
        let results = summary::entries(query.name, groups);
        Ok(self
            .links
            .listing(request, &summary::NAMES, page, count, results))
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
        if *dataset == **BASELINE {
            return Err(Refusal::NotFound);
        }
        let page = query::page(request, ROWS_PAGE);
        let found = self
            .database
            .run(async |client| {
                let found = imports::by_number(client, user.owner, &dataset.name, number);
                let Some(import) = found.await? else {
                    return Ok(None);
                };
                let rows = rows::import_page(client, &import, &dataset, page.limit, page.offset);
                let (count, rows) = rows.await?;
                Ok::<_, postgres::Error>(Some((count, row_entries(&import, &dataset, rows))))
            })
            .await?;
        let (count, results) = found.ok_or(Refusal::NotFound)?;
        Ok(self.links.listing(request, &[], page, count, results))
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
        data: entry::data(&BASELINE, Some(&row.column_order), row.cells),
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
