//! Accounts, tokens and API keys: `/auth/` and `/token/`, with what is below them.

mod acts;
mod cookie;
mod current_password;
mod email;
mod guard;
mod hashing;
mod keys;
mod leaving;
mod me;
mod password;
mod refresh;
mod register;
mod sign_in;
mod username;

use acts::Source;
use domain::limits::BODY_BYTES_AT_MOST;
use lambda::Failure;
use lambda::http::query::Links;
use lambda::http::{Base, Refusal, Request, Response, Route, Verb, allow, body, respond, route};
use lambda::user::Users;

pub use acts::Acts;
pub use guard::{Guard, Limits};

/// Answers sign-ups and sign-ins, and whatever a user does with tokens, API keys and account.
pub struct App {
    users: Users,
    base: Base,
    links: Links,
    guard: Guard,
    acts: Acts,
    /// The hash that a sign-in with an unknown username is checked against.
    placeholder_hash: String,
}

impl App {
    /// Reads the settings and the signing key that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let users = Users::issuing_from_environment(&config).await?;
        let guard = Guard::from_environment(&config, users.accounts().clone()).await?;
        let acts = Acts::from_environment(&config)?;
        Self::new(users, Base::from_environment(), guard, acts).await
    }

    /// Answers for these users.
    ///
    /// # Errors
    /// No hash could be made.
    pub async fn new(users: Users, base: Base, guard: Guard, acts: Acts) -> Result<Self, Failure> {
        let placeholder_hash = hashing::hash("no account has this password".to_owned()).await?;
        Ok(Self {
            users,
            base,
            links: Links::from_environment(),
            guard,
            acts,
            placeholder_hash,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        // Before it is read, because its sender need not be signed in.
        let has_body = ["POST", "DELETE"].contains(&request.method().as_str());
        if has_body && body::len(&request) > BODY_BYTES_AT_MOST {
            return Err(too_large());
        }
        let (route, variables) = route(&request)?;
        match route {
            Route::Users => self.users(request).await,
            Route::ApiKeys => self.keys(request).await,
            Route::ApiKey => match variables.as_slice() {
                [id] => self.key(&request, id).await,
                _ => Err(Refusal::NotFound),
            },
            Route::Token => match allow(&request, route)? {
                Verb::Post => sign_in::obtain(self, request).await,
                _ => Ok(respond::options(route)),
            },
            Route::TokenRefresh => match allow(&request, route)? {
                Verb::Post => refresh::refresh(self, request).await,
                _ => Ok(respond::options(route)),
            },
            Route::TokenBlacklist => match allow(&request, route)? {
                Verb::Post => refresh::blacklist(self, request).await,
                _ => Ok(respond::options(route)),
            },
            Route::Me | Route::SetPassword => self.account(request, route).await,
            Route::Deletion => match (allow(&request, route)?, variables.as_slice()) {
                (Verb::Options, _) => Ok(respond::options(route)),
                (_, [id]) => leaving::show(self, &request, id).await,
                _ => Err(Refusal::NotFound),
            },
            _ => Err(Refusal::NotFound),
        }
    }

    /// Where a request comes from.
    pub(crate) fn source(&self, request: &Request) -> Source {
        Source::of(request, self.guard.sender(request))
    }

    /// Everyone may sign up; the other methods are for users who are signed in.
    async fn users(&self, request: Request) -> Result<Response, Refusal> {
        if request.method().as_str() != "POST" {
            self.users.signed_in(&request).await?;
        }
        match allow(&request, Route::Users)? {
            Verb::Post => register::register(self, request).await,
            _ => Ok(respond::options(Route::Users)),
        }
    }

    /// Users who are signed in see, change and delete their account.
    async fn account(&self, request: Request, route: Route) -> Result<Response, Refusal> {
        let user = self.users.signed_in(&request).await?;
        match allow(&request, route)? {
            Verb::Get => me::show(&self.users, &user).await,
            Verb::Post => me::set_password(self, &user, request).await,
            Verb::Delete => leaving::leave(self, &user, request).await,
            _ => Ok(respond::options(route)),
        }
    }
}

fn too_large() -> Refusal {
    Refusal::Coded {
        status: 413,
        code: "body_too_large",
        detail: format!("The request's body is limited to {BODY_BYTES_AT_MOST} bytes."),
    }
}
