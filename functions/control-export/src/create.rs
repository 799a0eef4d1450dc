//! `POST /collect/exports/`.

use domain::export::Estimate;
use domain::limits::{CONFIRM_WITHIN, EXPORT_ROWS_AT_MOST};
use domain::quota::{Quota, Quotas};
use domain::reason::Reason;
use jiff::Timestamp;
use lambda::http::body::Fields;
use lambda::http::{Refusal, Request, Response, Route, idempotency, respond};
use postgres::Client;
use postgres::datasets;
use postgres::exports::{self, Created, NewExport};
use postgres::imports::Idempotency;
use postgres::rows::Reader;
use uuid::Uuid;

use crate::App;
use crate::request::{self, ExportRequest};

impl App {
    pub async fn create(&self, request: Request, owner: Uuid) -> Result<Response, Refusal> {
        let key = idempotency::key(&request)?;
        let list = self.links.to(&request, &Route::Exports.written());
        let content = request::read(request).await?;
        let wanted = self.wanted(content.fields()?, owner).await?;
        let new = new_export(&wanted, owner, key, self.quotas);
        let created = self
            .database
            .run(async |client| Refusal::expected(self.created(client, new, &wanted).await))
            .await?;
        match created? {
            Created::Export(export) | Created::Again(export) => {
                tracing::info!(export = %export.uid, rows = export.estimate.rows, "accepted");
                self.advance(&export).await;
                let shown = self.shown(*export).await?;
                let location = format!("{list}{}/", shown.id);
                let again = shown.ask_again_after();
                Ok(respond::created(&shown, &location, again))
            }
            Created::KeyReused => Err(idempotency::reused()),
            Created::OverQuota(exceeded) => Err(Refusal::OverQuota(exceeded)),
        }
    }

    /// What the request asks for. Another user's dataset is not found.
    async fn wanted(&self, fields: Fields<'_>, owner: Uuid) -> Result<ExportRequest, Refusal> {
        let Some(name) = request::dataset_name(fields)? else {
            return request::of_sales(fields);
        };
        let dataset = self
            .database
            .run(async |client| datasets::find(client, owner, &name).await)
            .await?;
        request::of_dataset(fields, &dataset.ok_or(Refusal::NotFound)?)
    }

    async fn created(
        &self,
        client: &mut Client,
        new: NewExport,
        wanted: &ExportRequest,
    ) -> Result<Created, Refusal> {
        if let Some(before) = exports::seen_before(client, &new).await? {
            return Ok(before);
        }
        if let Some(exceeded) = exports::without_room(client, &new).await? {
            return Ok(exports::over_quota(client, &new, exceeded).await?);
        }
        let reader = Reader {
            owner: new.owner,
            at_once: Some(self.quotas.allowed(Quota::ReadsAtOnce)),
        };
        let dataset = &wanted.dataset;
        let pinned = exports::pin(client, reader, dataset, &wanted.filter, new.gzip).await?;
        refuse_too_large(&pinned.estimate)?;
        let needed = pinned.estimate.needs_confirmation(self.confirm_above);
        let confirmed = wanted.confirm || !needed;
        let new = NewExport { confirmed, ..new };
        Ok(exports::create(client, &new, &pinned).await?)
    }
}

fn new_export(
    wanted: &ExportRequest,
    owner: Uuid,
    key: Option<String>,
    quotas: Quotas,
) -> NewExport {
    let uid = Uuid::now_v7();
    let end = if wanted.gzip { "csv.gz" } else { "csv" };
    NewExport {
        uid,
        owner,
        dataset: wanted.dataset.clone(),
        filters: wanted.filters.clone(),
        gzip: wanted.gzip,
        guard: wanted.guard,
        object_key: format!("exports/{uid}/{}.{end}", wanted.stem),
        confirmed: false,
        confirm_expires_at: Timestamp::now() + CONFIRM_WITHIN,
        idempotency: key.map(|key| Idempotency {
            key,
            fingerprint: wanted.fingerprint(),
        }),
        quotas,
    }
}

/// An export whose rows could not be counted in time is accepted: it may turn out to be small. If
/// it is not, its writer fails it.
fn refuse_too_large(Estimate { rows, exact, .. }: &Estimate) -> Result<(), Refusal> {
    if *rows <= EXPORT_ROWS_AT_MOST || !exact {
        return Ok(());
    }
    Err(Refusal::Coded {
        status: 400,
        code: Reason::ExportTooLarge.code(),
        detail: format!("An export takes at most {EXPORT_ROWS_AT_MOST} rows."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_be_too_large_is_refused() {
        #[rustfmt::skip]
        let table = [
            (EXPORT_ROWS_AT_MOST,     true,  true),
            (EXPORT_ROWS_AT_MOST + 1, true,  false),
            (EXPORT_ROWS_AT_MOST + 1, false, true),
        ];
        for (rows, exact, taken) in table {
            let estimate = Estimate {
                rows,
                bytes: 0,
                exact,
            };
            assert_eq!(refuse_too_large(&estimate).is_ok(), taken, "{estimate:?}");
        }
    }
}
