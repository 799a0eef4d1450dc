//! Who asks, and from where, while a request is answered: at the top of each line that is logged
//! meanwhile.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use uuid::Uuid;

tokio::task_local! {
    static ASKING: Asking;
}

/// A user who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// The id, as the log and the user know it.
    pub user: i64,
    /// What everything of theirs is kept under.
    pub owner: Uuid,
}

/// The request that is answered.
pub(crate) struct Asking {
    /// Whose it is, once that is known.
    pub known: Arc<OnceLock<Known>>,
    /// Where it came from.
    pub address: Option<String>,
}

impl Asking {
    /// Does this work for the request.
    pub(crate) async fn during<T>(self, work: impl Future<Output = T>) -> T {
        ASKING.scope(self, work).await
    }

    fn members(&self) -> String {
        let mut members = String::new();
        if let Some(Known { user, .. }) = self.known.get() {
            let _ = write!(members, "\"user\":{user},");
        }
        // It has digits, letters, colons and points.
        if let Some(address) = &self.address {
            let _ = write!(members, "\"address\":\"{address}\",");
        }
        members
    }
}

/// The members of a JSON object that say it, each with a comma after it; empty where no request is
/// answered.
pub(crate) fn members() -> String {
    ASKING.try_with(Asking::members).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_known_is_told_while_the_request_is_answered() {
        let known = Arc::new(OnceLock::new());
        let asking = Asking {
            known: known.clone(),
            address: Some("192.0.2.7".to_owned()),
        };
        assert_eq!(members(), "");
        let work = async {
            let before = members();
            let (user, owner) = (7, Uuid::nil());
            known.set(Known { user, owner }).unwrap();
            (before, members())
        };
        let (before, then) = asking.during(work).await;
        assert_eq!(before, r#""address":"192.0.2.7","#);
        assert_eq!(then, r#""user":7,"address":"192.0.2.7","#);
        assert_eq!(members(), "");
    }
}
