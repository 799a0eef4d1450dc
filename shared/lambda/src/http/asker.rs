//! Who asks: for the line in the log that a request leaves.

use std::sync::{Arc, OnceLock};

use super::Request;

/// Whose a request is found to be while it is answered.
#[derive(Clone, Debug, Default)]
pub struct Asker(Arc<OnceLock<i64>>);

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

    /// Says that it is the user of this id.
    pub fn is(&self, user: i64) {
        // One request has one user.
        let _ = self.0.set(user);
    }

    /// The user's id, if they are known.
    pub fn user(&self) -> Option<i64> {
        self.0.get().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_finds_out_tells_the_others() {
        let mut request = Request::default();
        let asker = Asker::put_into(&mut request);
        assert_eq!(asker.user(), None);
        Asker::of(&request).is(7);
        assert_eq!(asker.user(), Some(7));
        Asker::of(&Request::default()).is(8);
        assert_eq!(asker.user(), Some(7));
    }
}
