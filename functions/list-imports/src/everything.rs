//! `GET /collect/imports/`: imports and exports of all datasets, that which changed last first.

use std::sync::Arc;

use contracts::http::exports::ExportObject;
use contracts::http::imports::FileObject;
use domain::dataset::Dataset;
use domain::limits::EVERYTHING_PAGE;
use jiff::Timestamp;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, etag, query, respond, shown};
use postgres::everything::{self, Entry, Item};
use postgres::{Client, datasets};
use serde::Serialize;

use crate::{App, wanted};

/// An entry as it is shown: as in the list of its dataset, or of exports.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown {
    Import(Box<FileObject>),
    Export(Box<ExportObject>),
}

impl App {
    pub(crate) async fn everything(&self, request: &Request) -> Result<Response, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        if allow(request, Route::Everything)? == Verb::Options {
            return Ok(respond::options(Route::Everything));
        }
        let (wanted, after) = wanted::read(|name| query::last(request, name))?;
        let limit = query::page(request, EVERYTHING_PAGE).limit;
        let visibility = self.visibility_seconds;
        let (entries, next) = self
            .database
            .run(async |client| {
                let page =
                    everything::page(client, owner, &wanted, after, limit, visibility).await?;
                let entries = with_datasets(client, page.entries).await?;
                Ok::<_, postgres::Error>((entries, page.next))
            })
            .await?;
        let mut results = Vec::with_capacity(entries.len());
        for (entry, dataset) in entries {
            results.push(self.entry(entry, dataset.as_deref()).await?);
        }
        let again = results.iter().filter_map(Shown::ask_again_after).min();
        let next = next.map(|it| it.encode());
        let listing = self
            .links
            .forward_listing(request, &wanted::KNOWN, limit, next, results);
        let response = respond::again_after_seconds(listing, again);
        Ok(etag::tagged(request, response))
    }

    async fn entry(&self, entry: Entry, dataset: Option<&Dataset>) -> Result<Shown, Refusal> {
        let (now, changed_at) = (Timestamp::now(), entry.changed_at);
        match (entry.item, dataset) {
            (Item::Export(export), _) => {
                let object = shown::export(&self.objects, *export, now).await?;
                Ok(Shown::Export(Box::new(object.of_all(changed_at))))
            }
            (Item::Import(import, queue), Some(dataset)) => {
                let name = import.dataset.clone();
                let object = shown::import(&self.objects, *import, dataset, &queue, now).await?;
                Ok(Shown::Import(Box::new(object.of_all(&name, changed_at))))
            }
            (Item::Import(..), None) => Err(Refusal::NotFound),
        }
    }
}

impl Shown {
    fn ask_again_after(&self) -> Option<u32> {
        match self {
            Self::Import(object) => object.ask_again_after(),
            Self::Export(object) => object.ask_again_after(),
        }
    }
}

/// Each import with its dataset, in the version that it is read by.
async fn with_datasets(
    client: &Client,
    entries: Vec<Entry>,
) -> Result<Vec<(Entry, Option<Arc<Dataset>>)>, postgres::Error> {
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        let dataset = match &entry.item {
            Item::Import(import, _) => Some(datasets::of_import(client, import).await?),
            Item::Export(_) => None,
        };
        found.push((entry, dataset));
    }
    Ok(found)
}
