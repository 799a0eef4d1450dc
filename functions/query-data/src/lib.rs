//! Rows of completed imports, and what they add up to: of all of a user's imports of a dataset, or
//! of one import.

mod entry;
mod parameters;
mod refused;
mod sales;
mod summary;

use std::sync::Arc;

use contracts::http::rows::{FieldsEntry, RowEntry};
use domain::dataset::Dataset;
use domain::filter::Filter;
use domain::import::Import;
use domain::limits::{GROUPS_PAGE, ROWS_PAGE};
use domain::paging::cursor::Cursor;
use domain::quota::{Quota, Quotas};
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, number, respond, route,
};
use lambda::user::{User, Users};
use lambda::{Failure, Role, settings};
use parameters::{CURSOR, PageBy};
use postgres::rows::{AtMost, By, Cell, Group, Reader, StoredRow};
use postgres::{Database, imports, rows};
use refused::{ADDED_UP, BY_CURSOR, BY_OFFSET, refused, settled};
use serde::Serialize;

/// Answers queries over the rows of completed imports.
pub struct App {
    users: Users,
    database: Database,
    links: Links,
    /// How many requests of a user are answered at the same moment.
    at_once: i64,
}

impl App {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let quotas = settings::parsed::<Quotas>("QUOTAS")?;
        Ok(Self {
            users: Users::from_environment(&config).await?,
            database: lambda::database("query-data", Role::Reader, &config).await?,
            links: Links::from_environment(),
            at_once: quotas.allowed(Quota::ReadsAtOnce),
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        if route.function("GET") != "query-data" {
            return Err(Refusal::NotFound);
        }
        let user = self.users.signed_in(&request).await?;
        if allow(&request, route)? == Verb::Options {
            return Ok(respond::options(route));
        }
        match self.read(&request, &user, route, &variables).await {
            // Another look meets the dataset as it is now, or finds none.
            Err(Refusal::DatasetChanged) => self.read(&request, &user, route, &variables).await,
            answer => answer,
        }
    }

    async fn read(
        &self,
        request: &Request,
        user: &User,
        route: Route,
        variables: &[&str],
    ) -> Result<Response, Refusal> {
        match (route, variables) {
            (Route::Sales, _) => self.sales(request, user).await,
            (Route::Summary, _) => self.sales_summary(request, user).await,
            (Route::DatasetRows, [name]) => self.dataset_rows(request, user, name).await,
            (Route::DatasetSummary, [name]) => self.dataset_summary(request, user, name).await,
            (Route::Rows, [name, id]) => self.import_rows(request, user, name, id).await,
            _ => Err(Refusal::NotFound),
        }
    }

    fn reader(&self, user: &User) -> Reader {
        Reader {
            owner: user.owner,
            at_once: Some(self.at_once),
        }
    }

    /// The dataset that the user knows by this name.
    async fn dataset(&self, user: &User, name: &str) -> Result<Arc<Dataset>, Refusal> {
        self.database
            .run(async |client| Refusal::expected(dataset(client, user.owner, name).await))
            .await?
    }

    async fn sales(&self, request: &Request, user: &User) -> Result<Response, Refusal> {
        let dataset = sales::dataset();
        let (filter, page_by) = parameters::read(&dataset, |name| query::last(request, name))?;
        let known = parameters::plain_names(&dataset);
        let asked = Asked {
            dataset: &dataset,
            filter,
            known: known.into_iter().chain([CURSOR]).collect(),
        };
        self.page(request, user, &asked, page_by, sales::entries)
            .await
    }

    async fn sales_summary(&self, request: &Request, user: &User) -> Result<Response, Refusal> {
        let dataset = sales::dataset();
        let query = sales::read_summary(request, &dataset)?;
        let asked = Asked {
            dataset: &dataset,
            filter: query.filter,
            known: sales::summary_names(&dataset),
        };
        let entries = |groups| sales::groups(&query.name, groups);
        self.groups(request, user, &asked, query.by, entries).await
    }

    /// All rows of a dataset.
    async fn dataset_rows(
        &self,
        request: &Request,
        user: &User,
        name: &str,
    ) -> Result<Response, Refusal> {
        let dataset = self.dataset(user, name).await?;
        self.rows_of(request, user, &dataset, None).await
    }

    async fn dataset_summary(
        &self,
        request: &Request,
        user: &User,
        name: &str,
    ) -> Result<Response, Refusal> {
        let dataset = self.dataset(user, name).await?;
        let (by, filter) = summary::read(request, &dataset)?;
        let asked = Asked {
            dataset: &dataset,
            filter,
            known: Vec::new(),
        };
        let entries = |groups| summary::entries(&dataset, groups);
        self.groups(request, user, &asked, by, entries).await
    }

    /// Rows by the names of their fields, of all imports or of this one.
    async fn rows_of(
        &self,
        request: &Request,
        user: &User,
        dataset: &Arc<Dataset>,
        import: Option<i32>,
    ) -> Result<Response, Refusal> {
        let (mut filter, page_by) = parameters::read_all(request, dataset)?;
        filter.import = import.or(filter.import);
        let asked = Asked {
            dataset,
            filter,
            known: Vec::new(),
        };
        let entries = |rows: Vec<StoredRow>| -> Vec<FieldsEntry> {
            let entry = |row| entry::fields(dataset, row);
            rows.into_iter().map(entry).collect()
        };
        self.page(request, user, &asked, page_by, entries).await
    }

    /// A page of rows, as `entries` makes them.
    async fn page<T: Serialize>(
        &self,
        request: &Request,
        user: &User,
        asked: &Asked<'_>,
        page_by: PageBy,
        entries: impl FnOnce(Vec<StoredRow>) -> Vec<T>,
    ) -> Result<Response, Refusal> {
        let page = query::page(request, ROWS_PAGE);
        let (reader, dataset, filter) = (self.reader(user), asked.dataset, &asked.filter);
        if let PageBy::Cursor(cursor) = page_by {
            let at_most = AtMost::rows(page.limit);
            return self
                .page_at(request, user, asked, (cursor, at_most), entries)
                .await;
        }
        let (count, found) = self
            .database
            .run(async |client| {
                let found = rows::page(client, reader, dataset, filter, page.limit, page.offset);
                settled(found.await.map_err(refused(BY_OFFSET)))
            })
            .await??;
        let results = entries(found);
        Ok(self
            .links
            .listing(request, &asked.known, page, count, results))
    }

    async fn page_at<T: Serialize>(
        &self,
        request: &Request,
        user: &User,
        asked: &Asked<'_>,
        (cursor, at_most): (Option<Cursor>, AtMost),
        entries: impl FnOnce(Vec<StoredRow>) -> Vec<T>,
    ) -> Result<Response, Refusal> {
        let (reader, dataset, filter) = (self.reader(user), asked.dataset, &asked.filter);
        let found = self
            .database
            .run(async |client| {
                let found = rows::page_at(client, reader, dataset, filter, cursor, at_most);
                settled(found.await.map_err(refused(BY_CURSOR)))
            })
            .await??;
        Ok(self.links.cursor_listing(
            request,
            &asked.known,
            at_most.rows,
            [found.older, found.newer],
            found.count,
            entries(found.rows),
        ))
    }

    /// A page of groups, as `entries` makes them.
    async fn groups<T: Serialize>(
        &self,
        request: &Request,
        user: &User,
        asked: &Asked<'_>,
        by: By,
        entries: impl FnOnce(Vec<Group>) -> Vec<T>,
    ) -> Result<Response, Refusal> {
        let page = query::page(request, GROUPS_PAGE);
        let (reader, dataset, filter) = (self.reader(user), asked.dataset, &asked.filter);
        let (count, groups) = self
            .database
            .run(async |client| {
                let (limit, offset) = (page.limit, page.offset);
                let found = rows::summary(client, reader, dataset, by, filter, limit, offset);
                settled(found.await.map_err(refused(ADDED_UP)))
            })
            .await??;
        let results = entries(groups);
        Ok(self
            .links
            .listing(request, &asked.known, page, count, results))
    }

    /// The rows of one import. Those of a built-in dataset are as the original shows them: by the
    /// headings of the file, without filters.
    async fn import_rows(
        &self,
        request: &Request,
        user: &User,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let (dataset, number) = (self.dataset(user, name).await?, number(id)?);
        if !sales::are_read_by_import(&dataset) {
            return Err(Refusal::NotFound);
        }
        let import = self
            .database
            .run(async |client| imports::by_number(client, user.owner, &dataset.name, number).await)
            .await?;
        let import = import.ok_or(Refusal::NotFound)?;
        if dataset.id.is_some() {
            return self.rows_of(request, user, &dataset, Some(number)).await;
        }
        let page = query::page(request, ROWS_PAGE);
        let (count, found) = self
            .database
            .run(async |client| {
                let (limit, offset, at_once) = (page.limit, page.offset, Some(self.at_once));
                let found = rows::import_page(client, &import, &dataset, limit, offset, at_once);
                settled(found.await.map_err(refused(BY_OFFSET)))
            })
            .await??;
        let results = row_entries(&import, &dataset, found);
        Ok(self.links.listing(request, &[], page, count, results))
    }
}

/// Which rows a request is about.
struct Asked<'a> {
    dataset: &'a Dataset,
    filter: Filter,
    /// The parameters that not every list has, if one that is nearly known is to be named.
    known: Vec<&'a str>,
}

fn row_entries(import: &Import, dataset: &Dataset, found: Vec<Vec<Cell>>) -> Vec<RowEntry> {
    let order = import.column_order.as_deref();
    let entry = |cells| RowEntry {
        data: entry::data(dataset, order, cells),
    };
    found.into_iter().map(entry).collect()
}
