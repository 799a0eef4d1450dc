//! `DELETE /collect/datasets/{name}/`: dropping a dataset is a take-back too. It is marked and
//! its imports are deleted in the same commit: from then on nobody finds it or a row of it. Each
//! import is rolled back with its proof. What is left of that when the answer goes out, `reconcile`
//! carries on.

use contracts::http::datasets::Dropping;
use contracts::http::refusals::InUse;
use domain::limits::IMPORTS_TAKEN_BACK_AT_ONCE;
use jiff::Timestamp;
use lambda::chain;
use lambda::http::words::{NOT_A_BOOLEAN, NOT_A_DATETIME};
use lambda::http::{FieldErrors, Refusal, Request, Response, query, respond};
use postgres::Client;
use postgres::datasets::{self, DropBegun, DropEnded};
use uuid::Uuid;

use crate::App;
use crate::declare::{busy, check};

impl App {
    /// Drops a dataset, or goes on with a drop.
    pub(crate) async fn drop(
        &self,
        request: &Request,
        owner: Uuid,
        name: &str,
    ) -> Result<Response, Refusal> {
        check(name)?;
        let (take_back, declared_at) = (takes_back(request)?, declared_at(request)?);
        let begin = async |client: &mut Client| {
            datasets::begin_drop(client, owner, name, declared_at, take_back).await
        };
        let begun = self.database.run(begin).await?;
        let id = match begun {
            DropBegun::Marked(id) => {
                tracing::info!(dataset = id, "marked");
                id
            }
            DropBegun::InUse(imports) => return Err(in_use(imports)),
            DropBegun::Busy => return Err(busy()),
            DropBegun::NotFound => self.marked(owner, name, declared_at).await?,
        };
        self.go_on(id, name).await
    }

    /// The dataset of this name that is marked already: the same request may come twice.
    async fn marked(
        &self,
        owner: Uuid,
        name: &str,
        declared_at: Option<Timestamp>,
    ) -> Result<i64, Refusal> {
        let marked = self
            .database
            .run(async |client| datasets::marked(client, owner, name, declared_at).await)
            .await?;
        marked.ok_or(Refusal::NotFound)
    }

    /// Takes back some of the imports, and drops the dataset if none is left. It is marked: if this
    /// fails, `reconcile` does it.
    async fn go_on(&self, id: i64, name: &str) -> Result<Response, Refusal> {
        if let Err(error) = self.take_back(id).await {
            tracing::warn!(
                dataset = id,
                cause = chain(&error),
                "not all taken back yet"
            );
        }
        let (ended, left) = self
            .database
            .run(async |client| {
                let left = datasets::left(client, id).await?;
                Ok::<_, postgres::Error>((datasets::end_drop(client, id).await?, left))
            })
            .await?;
        tracing::info!(dataset = id, imports = left.imports, ?ended, "dropping");
        if ended == DropEnded::Gone {
            return Ok(respond::no_content());
        }
        let dropping = Dropping {
            name: name.to_owned(),
            imports_left: left.imports,
            rows_deleted: left.rows_deleted,
            rows_remaining: left.rows_remaining,
        };
        Ok(respond::json(202, &dropping))
    }
}

impl App {
    /// Starts the rollback of the next imports. Exported files go before the answer, so that no link
    /// to one outlives it.
    async fn take_back(&self, id: i64) -> Result<(), conduct::Error> {
        self.exports.remove_files_of(id).await?;
        let imports = self
            .database
            .run(async |client| {
                datasets::to_take_back(client, id, IMPORTS_TAKEN_BACK_AT_ONCE).await
            })
            .await?;
        for import in imports {
            self.conductor.advance(import.uid).await?;
        }
        Ok(())
    }
}

fn takes_back(request: &Request) -> Result<bool, Refusal> {
    match query::last(request, "take_back").as_deref() {
        None | Some("" | "false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Refusal::Fields(FieldErrors::one(
            "take_back",
            NOT_A_BOOLEAN,
        ))),
    }
}

/// When the dataset was declared that is meant; none: whichever has the name.
fn declared_at(request: &Request) -> Result<Option<Timestamp>, Refusal> {
    match query::last(request, "declared_at").as_deref() {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(time) => Ok(Some(time)),
            Err(_) => Err(Refusal::Fields(FieldErrors::one(
                "declared_at",
                NOT_A_DATETIME,
            ))),
        },
    }
}

fn in_use(imports: i64) -> Refusal {
    let are = if imports == 1 { "import" } else { "imports" };
    Refusal::InUse(InUse {
        detail: format!(
            "The dataset has {imports} {are}. Delete them first, or add ?take_back=true: then each \
             is taken back and deleted, with every row of it."
        ),
        code: "in_use",
        imports,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use lambda_http::RequestExt;

    use super::*;

    fn query(name: &str, value: Option<&str>) -> Request {
        let pair = |it: &str| (name.to_owned(), vec![it.to_owned()]);
        let query: HashMap<String, Vec<String>> = value.map(pair).into_iter().collect();
        Request::default().with_query_string_parameters(query)
    }

    fn asked(value: Option<&str>) -> Option<bool> {
        takes_back(&query("take_back", value)).ok()
    }

    #[test]
    fn a_dataset_is_named_by_the_time_at_which_it_was_declared() {
        let asked = |value| declared_at(&query("declared_at", value)).ok();
        assert_eq!((asked(None), asked(Some(""))), (Some(None), Some(None)));
        let time = "2026-11-30T10:00:00.123456Z";
        assert_eq!(asked(Some(time)), Some(Some(time.parse().unwrap())));
        for bad in ["1", "2026-11-30", "yesterday"] {
            assert_eq!(asked(Some(bad)), None, "{bad}");
        }
    }

    #[test]
    fn imports_are_taken_back_only_if_that_was_said() {
        for (value, expected) in [
            (None, Some(false)),
            (Some(""), Some(false)),
            (Some("false"), Some(false)),
            (Some("true"), Some(true)),
            (Some("yes"), None),
            (Some("1"), None),
        ] {
            assert_eq!(asked(value), expected, "{value:?}");
        }
    }

    #[test]
    fn what_is_in_use_is_counted() {
        for (imports, words) in [(1, "1 import. "), (12, "12 imports. ")] {
            let response = in_use(imports).into_response();
            assert_eq!(response.status(), 409);
            let body = String::from_utf8_lossy(response.body()).into_owned();
            assert!(
                body.starts_with(&format!(r#"{{"detail":"The dataset has {words}"#)),
                "{body}"
            );
            assert!(
                body.ends_with(&format!(r#""code":"in_use","imports":{imports}}}"#)),
                "{body}"
            );
        }
    }
}
