//! `DELETE /auth/users/me/` and `/auth/deletions/{id}/`: a user leaves, and asks what became of it.
//!
//! The account is deleted by one commit. What it had is removed by `reconcile`, which reads from the
//! table who leaves: this function has no way to the database.

use aws::accounts::{Left, Report};
use contracts::http::accounts::{AccountDeletion, DeletionStatus};
use domain::audit::Act;
use domain::leaving::{REPORT_SECRET_BYTES, ReportId};
use jiff::Timestamp;
use lambda::http::{FieldErrors, Refusal, Request, Response, Unauthorized, body, fields, respond};
use lambda::user::User;

use crate::App;
use crate::current_password::{FIELD, account, invalid, is_of};

/// Deletes the account: from the answer on, nobody is signed in to it.
pub async fn leave(app: &App, user: &User, request: Request) -> Result<Response, Refusal> {
    let (source, home) = (app.source(&request), app.links.home(&request));
    let content = body::read(request).await?;
    let password = fields::as_sent(content.fields()?, FIELD).and_then(fields::without_nul);
    let password = password.map_err(|message| Refusal::Fields(FieldErrors::one(FIELD, message)))?;
    let account = account(&app.users, user).await?;
    if !is_of(app, password, &account, &source).await? {
        return Err(invalid());
    }
    let id = ReportId::new(&rand::random::<[u8; REPORT_SECRET_BYTES]>());
    let report = Report::begun(in_microseconds(Timestamp::now()));
    match app.users.accounts().leave(&account, &id, &report).await? {
        Left::Done => {
            let acts = &app.acts;
            acts.note(Act::AccountDeleted, &account, &source, None)
                .await;
            Ok(respond::json(202, &shown(&report, &home, &id)))
        }
        Left::Outdated => Err(invalid()),
        Left::Gone => Err(Unauthorized::UserNotFound.into()),
    }
}

/// What became of an account, for whoever has the address of its report.
pub async fn show(app: &App, request: &Request, id: &str) -> Result<Response, Refusal> {
    let id = ReportId::read(id).ok_or(Refusal::NotFound)?;
    let found = app.users.accounts().report(&id, Timestamp::now()).await?;
    let report = found.ok_or(Refusal::NotFound)?;
    let home = app.links.home(request);
    Ok(respond::json(200, &shown(&report, &home, &id)))
}

fn shown(report: &Report, home: &str, id: &ReportId) -> AccountDeletion {
    let status = match report.ended_at {
        None => DeletionStatus::Deleting,
        Some(_) => DeletionStatus::Deleted,
    };
    AccountDeletion {
        status,
        report: format!("{home}auth/deletions/{}/", id.as_str()),
        deleted_at: report.asked_at,
        finished_at: report.ended_at,
        removed: report.removed,
        // It ends only when each of them is proved to be gone.
        rows_remaining: report.removed.map(|_| 0),
        report_expires_at: report.told_until(),
    }
}

/// As precise as the times of the database.
fn in_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use domain::leaving::Removed;
    use serde_json::json;

    use super::*;

    fn noon() -> Timestamp {
        "2026-01-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_report_as_it_is_shown() {
        let id = ReportId::new(&[0xa7; REPORT_SECRET_BYTES]);
        let address = format!(
            "https://collect.example.org/auth/deletions/{}/",
            id.as_str()
        );
        let report = Report::begun(noon());
        let begun = shown(&report, "https://collect.example.org/", &id);
        let expected = json!({
            "status": "deleting",
            "report": address,
            "deleted_at": "2026-01-01T12:00:00Z",
            "finished_at": null,
            "removed": null,
            "rows_remaining": null,
            "report_expires_at": "2026-01-31T12:00:00Z",
        });
        assert_eq!(json!(begun), expected);
        let removed = Removed {
            imports: 2,
            rows: 10,
            ..Removed::default()
        };
        let ended = Report {
            ended_at: Some(noon()),
            removed: Some(removed),
            ..report
        };
        let ended = json!(shown(&ended, "https://collect.example.org/", &id));
        assert_eq!(ended["status"], "deleted");
        assert_eq!(ended["rows_remaining"], 0);
        assert_eq!(ended["removed"]["rows"], 10);
    }
}
