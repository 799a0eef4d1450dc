//! What is shown of datasets.

use contracts::http::datasets::{DatasetEntry, DatasetObject};
use domain::catalog;
use domain::declaration::{Declaration, name};
use domain::limits::LIST_PAGE;
use lambda::http::words::NOT_AN_INTEGER;
use lambda::http::{FieldErrors, Refusal, Request, Response, query, respond};
use postgres::datasets::{self, Entry, Version};
use serde_json::Value;
use uuid::Uuid;

use crate::App;

/// What is built in has one version.
const BUILT_IN_VERSION: i32 = 1;

impl App {
    /// Those that are built in, then the owner's by name.
    pub(crate) async fn list(&self, request: &Request, owner: Uuid) -> Result<Response, Refusal> {
        let page = query::page(request, LIST_PAGE);
        let built_in = i64::try_from(catalog::NAMES.len())?;
        let mut results: Vec<DatasetEntry> = catalog::all()
            .into_iter()
            .map(|it| built_in_entry(&it.name))
            .skip(usize::try_from(page.offset)?)
            .take(usize::try_from(page.limit)?)
            .collect();
        let limit = page.limit - i64::try_from(results.len())?;
        let offset = (page.offset - built_in).max(0);
        let (count, declared) = self
            .database
            .run(async |client| datasets::list(client, owner, limit, offset).await)
            .await?;
        results.extend(declared.into_iter().map(entry));
        Ok(self
            .links
            .listing(request, &[], page, built_in + count, results))
    }

    /// One dataset with its declaration, in the version that is asked for.
    pub(crate) async fn show(
        &self,
        request: &Request,
        owner: Uuid,
        name: &str,
    ) -> Result<Response, Refusal> {
        let asked = version_asked(request)?;
        if let Some(declaration) = catalog::declaration(name) {
            let dataset = built_in_object(name, &declaration);
            let is_there = asked.is_none_or(|it| it == dataset.version);
            let shown = is_there.then(|| respond::json(200, &dataset));
            return shown.ok_or(Refusal::NotFound);
        }
        let found = self.version(owner, name, asked).await?;
        let object = DatasetObject {
            name: name.to_owned(),
            built_in: false,
            version: found.version,
            declared_at: Some(found.declared_at),
            changed_at: Some(found.created_at),
            declaration: canonical(found.document),
        };
        Ok(respond::json(200, &object))
    }

    /// What the columns of a dataset are, and how their values are answered.
    pub(crate) async fn schema(&self, owner: Uuid, name: &str) -> Result<Response, Refusal> {
        let (declaration, version) = self.declaration(owner, name).await?;
        Ok(respond::json(200, &declaration.shown(name, version)))
    }

    /// The heading of a file of the dataset, and a record if its fields have examples.
    pub(crate) async fn template(&self, owner: Uuid, name: &str) -> Result<Response, Refusal> {
        let (declaration, _) = self.declaration(owner, name).await?;
        let file = String::from_utf8(declaration.template())?;
        Ok(respond::csv(&format!("{name}.csv"), file)?)
    }

    /// What is declared of a dataset now, and in which version.
    async fn declaration(&self, owner: Uuid, name: &str) -> Result<(Declaration, i32), Refusal> {
        if let Some(declaration) = catalog::declaration(name) {
            return Ok((declaration, BUILT_IN_VERSION));
        }
        let found = self.version(owner, name, None).await?;
        let declaration = Declaration::stored(&found.document).map_err(|problems| {
            let words = format!("a stored declaration is not known any more: {problems:?}");
            Refusal::Internal(words.into())
        })?;
        Ok((declaration, found.version))
    }

    async fn version(
        &self,
        owner: Uuid,
        name: &str,
        asked: Option<i32>,
    ) -> Result<Version, Refusal> {
        name::check(name).map_err(|_| Refusal::NotFound)?;
        let found = self
            .database
            .run(async |client| datasets::version(client, owner, name, asked).await)
            .await?;
        found.ok_or(Refusal::NotFound)
    }
}

/// The document as it was declared: PostgreSQL keeps the properties of an object in an order of its own.
fn canonical(stored: Value) -> Value {
    match Declaration::stored(&stored) {
        Ok(declaration) => declaration.to_json(),
        Err(_) => stored,
    }
}

/// `?version=`; without it the current one.
fn version_asked(request: &Request) -> Result<Option<i32>, Refusal> {
    match query::last(request, "version").as_deref() {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(version) => Ok(Some(version)),
            Err(_) => Err(Refusal::Fields(FieldErrors::one("version", NOT_AN_INTEGER))),
        },
    }
}

/// The dataset of an entry, and what is declared of it now.
pub fn object(entry: Entry, declaration: &Declaration) -> DatasetObject {
    DatasetObject {
        name: entry.name,
        built_in: false,
        version: entry.version,
        declared_at: Some(entry.created_at),
        changed_at: Some(entry.changed_at),
        declaration: declaration.to_json(),
    }
}

fn entry(entry: Entry) -> DatasetEntry {
    DatasetEntry {
        name: entry.name,
        built_in: false,
        version: entry.version,
        declared_at: Some(entry.created_at),
        changed_at: Some(entry.changed_at),
    }
}

fn built_in_entry(name: &str) -> DatasetEntry {
    DatasetEntry {
        name: name.to_owned(),
        built_in: true,
        version: BUILT_IN_VERSION,
        declared_at: None,
        changed_at: None,
    }
}

fn built_in_object(name: &str, declaration: &Declaration) -> DatasetObject {
    DatasetObject {
        name: name.to_owned(),
        built_in: true,
        version: BUILT_IN_VERSION,
        declared_at: None,
        changed_at: None,
        declaration: declaration.to_json(),
    }
}
