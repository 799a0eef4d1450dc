//! Which API keys each request is carried out with.

use super::Route;

/// The API keys that a request is carried out with. An access token does for every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesKeys {
    /// Every key: the request only reads.
    All,
    /// Keys that may write.
    Writing,
    /// No key: the request is about the account itself.
    None,
}

impl Route {
    /// The keys that a request of this method, which the route allows, is carried out with. What is
    /// not named here needs a key that may write, so that a new route gives nothing away.
    #[must_use]
    pub fn takes_keys(self, method: &str) -> TakesKeys {
        let reads = matches!(method, "GET" | "HEAD" | "OPTIONS");
        match self {
            // Who has found a key must not learn of the others, or make another one of it.
            // So must who wants to know from where its user signs in.
            Route::ApiKeys | Route::ApiKey | Route::Audit => TakesKeys::None,
            // The answer has a URL that takes a file.
            Route::UploadUrl if method != "OPTIONS" => TakesKeys::Writing,
            // The sample is looked at, and nothing is stored.
            Route::Infer | Route::Validate => TakesKeys::All,
            _ if reads => TakesKeys::All,
            _ if self.is_about_accounts() => TakesKeys::None,
            _ => TakesKeys::Writing,
        }
    }

    fn is_about_accounts(self) -> bool {
        let first = self.path().split('/').nth(1);
        matches!(first, Some("auth" | "token"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The requests of a route that are carried out with these keys.
    fn taking(keys: TakesKeys) -> Vec<String> {
        let mut found = Vec::new();
        for route in Route::ALL {
            let methods = route.allow().split(", ").filter(|it| *it != "OPTIONS");
            let taken = methods.filter(|it| route.takes_keys(it) == keys);
            found.extend(taken.map(|it| format!("{it} {}", route.path())));
        }
        found
    }

    /// Each of them is safe to let a key do that may only read.
    #[test]
    fn requests_that_read_without_being_a_get() {
        let mut taking = taking(TakesKeys::All);
        taking.retain(|it| !it.starts_with("GET ") && !it.starts_with("HEAD "));
        let samples = ["infer", "validate"].map(|it| format!("POST /collect/datasets/{it}"));
        assert_eq!(taking, samples);
    }

    #[test]
    fn requests_that_write_although_they_are_a_get() {
        let mut taking = taking(TakesKeys::Writing);
        taking.retain(|it| it.starts_with("GET ") || it.starts_with("HEAD "));
        let signed_again =
            ["GET", "HEAD"].map(|it| format!("{it} /collect/{{dataset}}/{{id}}/upload"));
        assert_eq!(taking, signed_again);
    }

    #[test]
    fn no_key_changes_an_account_and_every_other_request_takes_one() {
        let (about_accounts, others): (Vec<Route>, Vec<Route>) = Route::ALL
            .iter()
            .copied()
            .partition(|it| it.path().starts_with("/auth/") || it.path().starts_with("/token"));
        let others = others.into_iter().filter(|it| *it != Route::Audit);
        for route in about_accounts {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                assert_eq!(route.takes_keys(method), TakesKeys::None, "{route:?}");
            }
        }
        for route in others {
            for method in route.allow().split(", ") {
                assert_ne!(route.takes_keys(method), TakesKeys::None, "{route:?}");
            }
        }
        for method in ["GET", "HEAD", "OPTIONS"] {
            assert_eq!(Route::Audit.takes_keys(method), TakesKeys::None);
            assert_eq!(Route::ApiKeys.takes_keys(method), TakesKeys::None);
            assert_eq!(Route::ApiKey.takes_keys(method), TakesKeys::None);
        }
    }
}
