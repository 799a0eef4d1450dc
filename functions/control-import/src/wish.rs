use domain::import::State;
use lambda::http::Refusal;
use postgres::imports::{self, Asked};
use postgres::{Client, Error};
use uuid::Uuid;

/// What can be asked of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Cancel,
    Pause,
    Resume,
    Delete,
}

impl Wish {
    /// The wish in the last part of a path; a delete has its own method instead.
    pub fn of(segment: &str) -> Option<Self> {
        match segment {
            "cancel" => Some(Wish::Cancel),
            "pause" => Some(Wish::Pause),
            "resume" => Some(Wish::Resume),
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
            Wish::Cancel => imports::cancel(client, owner, dataset, number).await,
            Wish::Pause => imports::pause(client, owner, dataset, number).await,
            Wish::Resume => imports::resume(client, owner, dataset, number).await,
            Wish::Delete => imports::delete(client, owner, dataset, number).await,
        }
    }

    /// 409: the import is in no state for it.
    pub fn refused_in(self, state: State) -> Refusal {
        let participle = match self {
            Wish::Cancel => "cancelled",
            Wish::Pause => "paused",
            Wish::Resume => "resumed",
            Wish::Delete => "deleted",
        };
        Refusal::wrong_state(state, participle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_in_paths() {
        assert_eq!(Wish::of("cancel"), Some(Wish::Cancel));
        assert_eq!(Wish::of("pause"), Some(Wish::Pause));
        assert_eq!(Wish::of("resume"), Some(Wish::Resume));
        assert_eq!(Wish::of("delete"), None);
        assert_eq!(Wish::of(""), None);
    }

    #[test]
    fn a_wish_out_of_season() {
        let response = Wish::Cancel.refused_in(State::Completed).into_response();
        assert_eq!(response.status(), 409);
        let body = r#"{"detail":"An import in state completed cannot be cancelled.","code":"wrong_state"}"#;
        assert_eq!(String::from_utf8_lossy(response.body()), body);
    }
}
