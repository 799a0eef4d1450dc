use domain::import::State;
use lambda::http::{Refusal, Route};
use postgres::imports::{self, Asked};
use postgres::{Client, Error};
use uuid::Uuid;

/// What can be asked of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Cancel,
    Pause,
    Resume,
    Delete,
}

impl Command {
    /// What is asked at this route by the methods that this function answers.
    pub fn of(route: Route) -> Option<Self> {
        match route {
            Route::Import => Some(Command::Delete),
            Route::CancelImport => Some(Command::Cancel),
            Route::PauseImport => Some(Command::Pause),
            Route::ResumeImport => Some(Command::Resume),
            _ => None,
        }
    }

    pub async fn ask(
        self,
        client: &Client,
        owner: Uuid,
        dataset: &str,
        number: i32,
    ) -> Result<Asked, Error> {
        match self {
            Command::Cancel => imports::cancel(client, owner, dataset, number).await,
            Command::Pause => imports::pause(client, owner, dataset, number).await,
            Command::Resume => imports::resume(client, owner, dataset, number).await,
            Command::Delete => imports::delete(client, owner, dataset, number).await,
        }
    }

    /// 409: the import is in a state that does not allow the command.
    pub fn refused_in(self, state: State) -> Refusal {
        let participle = match self {
            Command::Cancel => "cancelled",
            Command::Pause => "paused",
            Command::Resume => "resumed",
            Command::Delete => "deleted",
        };
        Refusal::wrong_state(state, participle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_routes() {
        let at = |path| Route::find(path).and_then(|(route, _)| Command::of(route));
        assert_eq!(at("/collect/team/1/cancel/"), Some(Command::Cancel));
        assert_eq!(at("/collect/team/1/pause/"), Some(Command::Pause));
        assert_eq!(at("/collect/team/1/resume/"), Some(Command::Resume));
        assert_eq!(at("/collect/team/1/"), Some(Command::Delete));
        assert_eq!(at("/collect/team/1/delete/"), None);
        assert_eq!(at("/collect/exports/1/cancel/"), None);
    }

    #[test]
    fn a_command_in_the_wrong_state() {
        let response = Command::Cancel
            .refused_in(State::Cancelling)
            .into_response();
        assert_eq!(response.status(), 409);
        let body = r#"{"detail":"An import in state cancelling cannot be cancelled. It is being taken back: wait until it is cancelled, then replace or delete it.","code":"wrong_state"}"#;
        assert_eq!(String::from_utf8_lossy(response.body()), body);
    }
}
