#[cfg(feature = "database")]
mod database;

use std::borrow::Cow;
use std::error::Error;

use contracts::http::refusals::{
    AnotherActive, BeingReplaced, Coded, DeclarationRefused, Detail, InUse, NO_PERMISSION,
    OverQuota, TokenMessage, TokenRefused,
};
use domain::import::{Import, State};
use domain::limits::TRY_AGAIN_AFTER_SECONDS;
use domain::quota::Exceeded;
use jiff::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};
use strum::IntoStaticStr;

use super::{Response, respond};
use crate::Failure;

const TOKEN_NOT_VALID: &str = "token_not_valid";
const KEY_NOT_VALID: &str = "key_not_valid";

/// Why a request was not carried out.
#[derive(Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    /// 401: the request is not signed in, or signing in failed.
    Unauthorized(Unauthorized),
    /// 405: the method that was asked, and those that are allowed.
    MethodNotAllowed {
        /// As the client wrote it.
        method: String,
        /// For the Allow header.
        allow: &'static str,
    },
    /// 404: it does not exist, or it belongs to another user.
    NotFound,
    /// 403: the contract does not permit it now.
    Forbidden,
    /// 403: an import of the user is active, of a dataset that takes one at a time.
    AnotherActive(AnotherActive),
    /// 415: the content type, as the client wrote it.
    UnsupportedMediaType(String),
    /// 400: the body cannot be read; the words say why.
    Unreadable(String),
    /// 400: fields that are missing or invalid.
    Fields(FieldErrors),
    /// Any status, with a sentence and a code that the original does not have.
    Coded {
        /// HTTP status.
        status: u16,
        /// Stable, for programs.
        code: &'static str,
        /// For people.
        detail: String,
    },
    /// 409: another import takes the place of this one already.
    BeingReplaced {
        /// The number of the import that was to be replaced.
        import: i32,
        /// The number of the import that replaces it.
        by: i32,
    },
    /// A declaration that cannot be taken (400), or that does not fit what is stored (409).
    Declaration {
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        body: DeclarationRefused,
    },
    /// 409: a dataset that has imports is not dropped.
    InUse(InUse),
    /// 429: too many tries. The next one may come after so many seconds.
    Throttled {
        /// For the header, and for people.
        seconds: u32,
    },
    /// 409 or 429: it would be more than an owner may have.
    OverQuota(Exceeded),
    /// 503: others are at it. The same request may be granted after a few seconds.
    Busy {
        /// For people.
        detail: &'static str,
    },
    /// 503: the dataset was declared anew, or dropped, while the request was read. The same request
    /// meets what it is now.
    DatasetChanged,
    /// 503: what the answer needs is not to be had at this moment. The log has the failure.
    Unavailable {
        /// Stable, for programs.
        code: &'static str,
        /// For people.
        detail: &'static str,
        /// Why.
        failure: Failure,
    },
    /// 500: not the client's fault. The client learns nothing, the log everything.
    Internal(Failure),
}

/// Why a request is not signed in, or why signing in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Unauthorized {
    /// No header, or another scheme than Bearer.
    NoCredentials,
    /// A Bearer header without, or with more than, one token.
    BadHeader,
    /// The token is not ours, was changed, or has expired.
    TokenInvalid,
    /// A refresh token.
    TokenOfWrongType,
    /// A token that names no user.
    TokenWithoutUser,
    /// An access token of before all tokens of its user were ended.
    TokenBlacklisted,
    /// A token of a user who does not exist any more.
    UserNotFound,
    /// A wrong password or an unknown user: one answer for both.
    NoActiveAccount,
    /// A token in the body of `/token/refresh/` that is not ours or expired.
    RefreshInvalid,
    /// An access token in the body of `/token/refresh/`.
    RefreshOfWrongType,
    /// A refresh token that was ended, alone or with its family or with all tokens of its user.
    RefreshBlacklisted,
    /// An API key that was cut short or mistyped.
    KeyNotWhole,
    /// An API key that was revoked, or never made.
    KeyUnknown,
    /// An API key that was good until then.
    KeyExpired(Timestamp),
}

/// What is wrong with the fields of a body, in the order the client is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Cow<'static, str>, Vec<String>)>);

impl FieldErrors {
    /// One field, one message.
    pub fn one(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(vec![(field.into(), vec![message.into()])])
    }

    /// Adds messages for a field, if there are any.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, messages: Vec<String>) {
        if !messages.is_empty() {
            self.0.push((field.into(), messages));
        }
    }

    /// What was read of a field. What is wrong with it is added instead.
    pub fn noted<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        read: Result<T, impl Into<String>>,
    ) -> Option<T> {
        read.map_err(|message| self.add(field, vec![message.into()]))
            .ok()
    }

    /// `value` if no message was added.
    ///
    /// # Errors
    /// 400 with the messages.
    pub fn or<T>(self, value: T) -> Result<T, Refusal> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(Refusal::Fields(self))
        }
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, messages) in &self.0 {
            map.serialize_entry(field, messages)?;
        }
        map.end()
    }
}

impl Refusal {
    /// 409: an import in this state cannot be what the participle says; with what can be done
    /// instead.
    pub fn wrong_state(state: State, participle: &str) -> Self {
        Refusal::Coded {
            status: 409,
            code: "wrong_state",
            detail: format!(
                "An import in state {state} cannot be {participle}. {}",
                state.instead()
            ),
        }
    }

    /// 403: this import of the user is active, of a dataset of this name that takes one at a time.
    /// `None`: it was, and has ended since.
    pub fn another_active(dataset: &str, import: Option<&Import>) -> Self {
        Refusal::AnotherActive(AnotherActive::new(dataset, import, Timestamp::now()))
    }

    /// Tells the refusals apart that a client has coming from what is not its fault, for
    /// `postgres::Database::run`, which keeps its connection after the former alone.
    ///
    /// # Errors
    /// [`Refusal::Internal`] and [`Refusal::Unavailable`].
    pub fn expected<T>(answer: Result<T, Refusal>) -> Result<Result<T, Refusal>, Refusal> {
        match answer {
            Err(fault @ (Refusal::Internal(_) | Refusal::Unavailable { .. })) => Err(fault),
            answer => Ok(answer),
        }
    }

    /// A query that PostgreSQL has ended at its limit; `instead` is what to ask for.
    pub fn too_slow(instead: &str) -> Self {
        Refusal::Coded {
            status: 503,
            code: "query_too_slow",
            detail: format!("The query took too long. Ask for {instead}."),
        }
    }

    /// Why, in one word for the log: the code that the client gets, or what it is here.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Refusal::Unauthorized(why) => why.into(),
            Refusal::Coded { code, .. } => code,
            Refusal::OverQuota(exceeded) => exceeded.quota.code(),
            other => other.into(),
        }
    }

    /// The response, to the letter of the contract. An internal error is logged here.
    pub fn into_response(self) -> Response {
        match self {
            Refusal::Unauthorized(why) => why.into_response(),
            Refusal::MethodNotAllowed { method, allow } => {
                let words = format!("Method \"{method}\" not allowed.");
                respond::with_header(detail(405, words), "allow", allow)
            }
            Refusal::NotFound => detail(404, "Not found."),
            Refusal::Forbidden => detail(403, NO_PERMISSION),
            Refusal::AnotherActive(body) => {
                let again = body.ask_again_after();
                respond::again_after_seconds(respond::json(403, &body), again)
            }
            Refusal::UnsupportedMediaType(media_type) => {
                let words = format!("Unsupported media type \"{media_type}\" in request.");
                detail(415, words)
            }
            Refusal::Unreadable(words) => detail(400, words),
            Refusal::Fields(errors) => respond::json(400, &errors),
            Refusal::Coded {
                status,
                code,
                detail,
            } => {
                let again = (status == 503).then_some(TRY_AGAIN_AFTER_SECONDS);
                respond::again_after_seconds(respond::json(status, &Coded { detail, code }), again)
            }
            Refusal::BeingReplaced { import, by } => being_replaced(import, by),
            Refusal::Declaration { status, body } => respond::json(status, &body),
            Refusal::InUse(body) => respond::json(409, &body),
            Refusal::Throttled { seconds } => throttled(seconds),
            Refusal::OverQuota(exceeded) => over_quota(&exceeded),
            Refusal::Busy { detail } => come_again("busy", detail, TRY_AGAIN_AFTER_SECONDS),
            Refusal::DatasetChanged => dataset_changed(),
            Refusal::Unavailable {
                code,
                detail,
                failure,
            } => unavailable(code, detail, failure.as_ref()),
            Refusal::Internal(failure) => respond::failed(failure.as_ref()),
        }
    }
}

impl Unauthorized {
    fn into_response(self) -> Response {
        let response = match self {
            Unauthorized::NoCredentials => {
                detail(401, "Authentication credentials were not provided.")
            }
            Unauthorized::BadHeader => coded(
                "Authorization header must contain two space-delimited values",
                "bad_authorization_header",
            ),
            Unauthorized::TokenInvalid => token_refused("Token is invalid or expired"),
            Unauthorized::TokenOfWrongType => token_refused("Token has wrong type"),
            Unauthorized::TokenBlacklisted => token_refused("Token is blacklisted"),
            Unauthorized::TokenWithoutUser => coded(
                "Token contained no recognizable user identification",
                TOKEN_NOT_VALID,
            ),
            Unauthorized::UserNotFound => coded("User not found", "user_not_found"),
            Unauthorized::NoActiveAccount => {
                detail(401, "No active account found with the given credentials")
            }
            Unauthorized::RefreshInvalid => coded("Token is invalid or expired", TOKEN_NOT_VALID),
            Unauthorized::RefreshOfWrongType => coded("Token has wrong type", TOKEN_NOT_VALID),
            Unauthorized::RefreshBlacklisted => coded("Token is blacklisted", TOKEN_NOT_VALID),
            Unauthorized::KeyNotWhole => coded(
                "API key was cut short or mistyped: send it as it was shown when it was made",
                KEY_NOT_VALID,
            ),
            Unauthorized::KeyUnknown => coded(
                "API key is unknown or was revoked: sign in and make another at /auth/keys/",
                KEY_NOT_VALID,
            ),
            Unauthorized::KeyExpired(at) => coded(
                &format!("API key expired at {at}: sign in and make another at /auth/keys/"),
                "key_expired",
            ),
        };
        respond::with_header(response, "www-authenticate", "Bearer realm=\"api\"")
    }
}

fn detail(status: u16, words: impl Into<String>) -> Response {
    let detail = words.into();
    respond::json(status, &Detail { detail })
}

fn coded(words: &str, code: &'static str) -> Response {
    let detail = words.to_owned();
    respond::json(401, &Coded { detail, code })
}

fn being_replaced(import: i32, by: i32) -> Response {
    let body = BeingReplaced {
        detail: format!(
            "Import {by} is on its way to take the place of import {import}: replace or cancel \
             import {by}, or wait until it has ended."
        ),
        code: "being_replaced",
        import: by,
    };
    respond::json(409, &body)
}

/// In the words of the framework of the original.
fn throttled(seconds: u32) -> Response {
    let plural = if seconds == 1 { "" } else { "s" };
    let words = format!("Request was throttled. Expected available in {seconds} second{plural}.");
    respond::again_after_seconds(detail(429, words), Some(seconds))
}

fn over_quota(exceeded: &Exceeded) -> Response {
    let quota = exceeded.quota;
    let body = OverQuota {
        detail: exceeded.to_string(),
        code: quota.code(),
        used: exceeded.used,
        allowed: exceeded.allowed,
    };
    let again = quota.ask_again_after(Timestamp::now().as_second());
    respond::again_after_seconds(respond::json(quota.status(), &body), again)
}

fn unavailable(code: &'static str, detail: &str, failure: &(dyn Error + 'static)) -> Response {
    tracing::error!(cause = crate::chain(failure), code, "unavailable");
    come_again(code, detail, TRY_AGAIN_AFTER_SECONDS)
}

fn dataset_changed() -> Response {
    let detail = "The dataset was declared anew meanwhile. Send the request again.";
    come_again("dataset_changed", detail, 1)
}

fn come_again(code: &'static str, detail: &str, seconds: u32) -> Response {
    let detail = detail.to_owned();
    let response = respond::json(503, &Coded { detail, code });
    respond::again_after_seconds(response, Some(seconds))
}

fn token_refused(message: &'static str) -> Response {
    let body = TokenRefused {
        detail: "Given token not valid for any token type",
        code: TOKEN_NOT_VALID,
        messages: [TokenMessage {
            token_class: "AccessToken",
            token_type: "access",
            message,
        }],
    };
    respond::json(401, &body)
}

impl From<Unauthorized> for Refusal {
    fn from(why: Unauthorized) -> Self {
        Refusal::Unauthorized(why)
    }
}

/// Any other error is not the client's fault. What the database says may be no fault either, unless
/// it goes on.
impl<E: Error + Send + Sync + 'static> From<E> for Refusal {
    fn from(error: E) -> Self {
        let failure: Failure = Box::new(error);
        #[cfg(feature = "database")]
        let failure = match failure.downcast::<postgres::Error>() {
            Ok(error) => return database::refusal(*error),
            Err(failure) => failure,
        };
        Refusal::Internal(failure)
    }
}

#[cfg(test)]
mod tests;
