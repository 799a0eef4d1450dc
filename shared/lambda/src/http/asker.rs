//! Who asks: for the log, and for what its user is told of it later.

use std::sync::{Arc, OnceLock};

use uuid::Uuid;

use super::Request;
use crate::asking::{Asking, Known};

/// Whose a request is found to be while it is answered.
#[derive(Clone, Debug, Default)]
pub struct Asker(Arc<OnceLock<Known>>);

impl Asker {
    /// Of this request.
    pub fn of(request: &Request) -> Self {
        let known = request.extensions().get::<Self>();
        known.cloned().unwrap_or_default()
    }

    /// The same for a request that has none yet.
    pub(super) fn put_into(request: &mut Request) -> Self {
        let asker = Self::default();
        request.extensions_mut().insert(asker.clone());
        asker
    }

    /// Says that it is the user of this id, with this owner.
    pub fn is(&self, user: i64, owner: Uuid) {
        // One request has one user.
        let _ = self.0.set(Known { user, owner });
    }

    /// Who it is, as far as it is known.
    pub(super) fn known(&self) -> Option<Known> {
        self.0.get().copied()
    }

    /// The same for the log, with where the request came from.
    pub(super) fn asking(&self, address: Option<String>) -> Asking {
        let known = self.0.clone();
        Asking { known, address }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_finds_out_tells_the_others() {
        let owner = Uuid::from_u128(42);
        let mut request = Request::default();
        let asker = Asker::put_into(&mut request);
        assert_eq!(asker.known(), None);
        Asker::of(&request).is(7, owner);
        let known = Some(Known { user: 7, owner });
        assert_eq!(asker.known(), known);
        Asker::of(&Request::default()).is(8, owner);
        assert_eq!(asker.known(), known);
    }
}
