//! `PUT /collect/datasets/{name}/`.

use contracts::http::refusals::DeclarationRefused;
use domain::declaration::{Problem, ProblemKind, name};
use lambda::http::{Refusal, Request, Response, respond};
use postgres::datasets::{self, Put};
use uuid::Uuid;

use crate::App;
use crate::document;
use crate::shown::object;

impl App {
    /// Declares a dataset, or makes what is declared of it another version.
    pub(crate) async fn declare(
        &self,
        request: Request,
        owner: Uuid,
        name: &str,
    ) -> Result<Response, Refusal> {
        check(name)?;
        let declaration = document::read(request)?;
        let (at_most, quotas) = (self.datasets_at_most, self.quotas);
        let put = self
            .database
            .run(async |client| {
                datasets::declare(client, owner, name, &declaration, at_most, quotas).await
            })
            .await?;
        let (status, entry) = match put {
            Put::Declared(entry) => (201, entry),
            Put::Unchanged(entry) | Put::Evolved(entry) => (200, entry),
            Put::NoRoom => return Err(no_room()),
            Put::OverQuota(exceeded) => return Err(Refusal::OverQuota(exceeded)),
            Put::ImportsUnderWay => return Err(imports_under_way()),
            Put::Incompatible(problems) => return Err(incompatible(problems)),
            Put::Busy => return Err(busy()),
        };
        tracing::info!(
            dataset = entry.id,
            version = entry.version,
            status,
            "declared"
        );
        Ok(respond::json(status, &object(entry, &declaration)))
    }
}

/// Whether a user may declare a dataset of this name, or drop one.
///
/// # Errors
/// 409 for a name that means something else here, 400 for one that cannot stand in a path.
pub fn check(name: &str) -> Result<(), Refusal> {
    name::check(name).map_err(|kind| {
        let (status, code) = match kind {
            ProblemKind::TakenName { .. } => (409, "name_taken"),
            _ => (400, "bad_name"),
        };
        Refusal::Coded {
            status,
            code,
            detail: kind.to_string(),
        }
    })
}

fn no_room() -> Refusal {
    Refusal::Coded {
        status: 409,
        code: "no_room",
        detail: "There is no room for another dataset here: ask the operator, who may raise \
            `DatasetsAtMost`."
            .to_owned(),
    }
}

fn imports_under_way() -> Refusal {
    Refusal::Coded {
        status: 409,
        code: "imports_under_way",
        detail: "A field cannot be added while an import of the dataset is under way: wait until \
            it has ended, or cancel it."
            .to_owned(),
    }
}

fn incompatible(problems: Vec<Problem>) -> Refusal {
    Refusal::Declaration {
        status: 409,
        body: DeclarationRefused {
            detail: "The dataset has imports that this declaration does not fit. Declare it under \
                another name, or delete the imports first."
                .to_owned(),
            code: "incompatible",
            problems,
        },
    }
}

/// 503: others hold the locks that the change of a dataset needs.
pub fn busy() -> Refusal {
    Refusal::Busy {
        detail: "The dataset is in use at this moment. Send the request again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(refusal: Refusal) -> (u16, String) {
        let response = refusal.into_response();
        let body = String::from_utf8_lossy(response.body()).into_owned();
        (response.status().as_u16(), body)
    }

    #[test]
    fn names_that_are_taken_and_names_that_are_none() {
        assert!(check("orders").is_ok());
        let (status, body) = told(check("team").unwrap_err());
        assert!(
            status == 409 && body.ends_with(r#""code":"name_taken"}"#),
            "{body}"
        );
        let (status, body) = told(check("Orders").unwrap_err());
        assert!(
            status == 400 && body.ends_with(r#""code":"bad_name"}"#),
            "{body}"
        );
    }

    #[test]
    fn who_is_busy_says_when_to_come_again() {
        let response = busy().into_response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "5");
    }
}
