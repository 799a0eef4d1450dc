use domain::import::State;
use lambda::http::Refusal;
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
    /// The command in the last part of a path; a delete has its own method instead.
    pub fn of(segment: &str) -> Option<Self> {
        match segment {
            "cancel" => Some(Command::Cancel),
            "pause" => Some(Command::Pause),
            "resume" => Some(Command::Resume),
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

    /// 409: the import is in no state for it.
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
    fn commands_in_paths() {
        assert_eq!(Command::of("cancel"), Some(Command::Cancel));
        assert_eq!(Command::of("pause"), Some(Command::Pause));
        assert_eq!(Command::of("resume"), Some(Command::Resume));
        assert_eq!(Command::of("delete"), None);
        assert_eq!(Command::of(""), None);
    }

    #[test]
    fn a_command_in_the_wrong_state() {
        let response = Command::Cancel.refused_in(State::Completed).into_response();
        assert_eq!(response.status(), 409);
        let body = r#"{"detail":"An import in state completed cannot be cancelled.","code":"wrong_state"}"#;
        assert_eq!(String::from_utf8_lossy(response.body()), body);
    }
}
