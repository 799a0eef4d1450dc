use domain::export::{Export, State};
use lambda::http::{Refusal, Route, number};
use postgres::Client;
use postgres::exports::{self, Asked};
use uuid::Uuid;

use crate::App;

/// What can be asked of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Confirm,
    Cancel,
    Delete,
}

impl Command {
    /// The command in the last segment of a path; a delete has its own HTTP method instead.
    pub fn of(route: Route) -> Option<Self> {
        match route {
            Route::ConfirmExport => Some(Command::Confirm),
            Route::CancelExport => Some(Command::Cancel),
            _ => None,
        }
    }

    async fn ask(
        self,
        client: &Client,
        owner: Uuid,
        number: i32,
    ) -> Result<Asked, postgres::Error> {
        match self {
            Command::Confirm => exports::confirm(client, owner, number).await,
            Command::Cancel => exports::cancel(client, owner, number).await,
            Command::Delete => exports::delete(client, owner, number).await,
        }
    }

    /// 409: the export is in a state that does not allow the command.
    fn refused_in(self, state: State) -> Refusal {
        let participle = match self {
            Command::Confirm => "confirmed",
            Command::Cancel => "cancelled",
            Command::Delete => "deleted",
        };
        Refusal::Coded {
            status: 409,
            code: "wrong_state",
            detail: format!(
                "An export in state {state} cannot be {participle}. {}",
                instead(state)
            ),
        }
    }
}

/// What can be done with an export in this state, in one sentence.
fn instead(state: State) -> &'static str {
    match state {
        State::NeedsConfirmation => "POST to its confirm/ to begin it, or to its cancel/.",
        State::Exporting => "It is being written: wait for it, or POST to its cancel/.",
        State::Completed => "Its file is at `download`; DELETE it to remove the file.",
        State::Cancelling | State::Failing | State::Expiring | State::Deleting => {
            "Its file is being removed. POST to /collect/exports/ for another."
        }
        State::Cancelled | State::Failed | State::Expired | State::Deleted => {
            "POST to /collect/exports/ for another."
        }
    }
}

impl App {
    /// Carries out the command and starts what follows from it. Returns the export as it is right
    /// after the command.
    pub async fn ask(&self, owner: Uuid, id: &str, command: Command) -> Result<Export, Refusal> {
        let number = number(id)?;
        let asked = self
            .database
            .run(async |client| command.ask(client, owner, number).await);
        match asked.await? {
            Asked::Done(export) => {
                self.advance(&export).await;
                Ok(*export)
            }
            Asked::WrongState(state) => Err(command.refused_in(state)),
            Asked::NotFound => Err(Refusal::NotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_routes() {
        let at = |path| Route::find(path).and_then(|(route, _)| Command::of(route));
        assert_eq!(at("/collect/exports/1/confirm/"), Some(Command::Confirm));
        assert_eq!(at("/collect/exports/1/cancel/"), Some(Command::Cancel));
        for none in [
            "/collect/exports/1/delete/",
            "/collect/exports/1/pause/",
            "/collect/exports/1//",
        ] {
            assert_eq!(at(none), None);
        }
    }

    #[test]
    fn a_command_in_the_wrong_state() {
        let response = Command::Confirm.refused_in(State::Expired).into_response();
        assert_eq!(response.status(), 409);
        let body = r#"{"detail":"An export in state expired cannot be confirmed. POST to /collect/exports/ for another.","code":"wrong_state"}"#;
        assert_eq!(String::from_utf8_lossy(response.body()), body);
    }
}
