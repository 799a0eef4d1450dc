//! `POST /token/` and `POST /token/refresh/`.

use contracts::http::accounts::{Access, TokenPair};
use domain::limits::USERNAME_CHARS_AT_MOST;
use jiff::Timestamp;
use lambda::http::body::{self, Content};
use lambda::http::{FieldErrors, Refusal, Request, Response, Unauthorized, fields, respond};
use lambda::tokens::{TokenError, TokenType};

use crate::{App, hashing};

/// A pair of tokens for a username and its password.
pub async fn obtain(app: &App, request: Request) -> Result<Response, Refusal> {
    let content = body::read(request).await?;
    let (username, password) = credentials(&content)?;
    let user_id = signed_in(app, username, password).await?;
    let now = Timestamp::now();
    let keys = app.users.keys();
    let pair = TokenPair {
        refresh: keys.issue(TokenType::Refresh, user_id, now)?,
        access: keys.issue(TokenType::Access, user_id, now)?,
    };
    Ok(respond::json(200, &pair))
}

/// A new access token for a refresh token.
pub async fn refresh(app: &App, request: Request) -> Result<Response, Refusal> {
    let content = body::read(request).await?;
    let token = fields::required(content.fields()?, "refresh")
        .and_then(fields::without_nul)
        .map_err(|message| Refusal::Fields(FieldErrors::one("refresh", message)))?;
    let now = Timestamp::now();
    let keys = app.users.keys();
    let user_id = keys
        .check(token.as_bytes(), TokenType::Refresh, now)
        .map_err(refused)?;
    let access = keys.issue(TokenType::Access, user_id, now)?;
    Ok(respond::json(200, &Access { access }))
}

fn refused(error: TokenError) -> Unauthorized {
    match error {
        TokenError::WrongType => Unauthorized::RefreshOfWrongType,
        TokenError::Invalid | TokenError::NoUser => Unauthorized::RefreshInvalid,
    }
}

fn credentials(content: &Content) -> Result<(String, String), Refusal> {
    let fields = content.fields()?;
    let username = fields::required(fields, "username").and_then(fields::without_nul);
    let password = fields::as_sent(fields, "password").and_then(fields::without_nul);
    let mut errors = FieldErrors::default();
    let message = |read: &Result<String, &str>| read.clone().err().map(ToOwned::to_owned);
    errors.add("username", message(&username).into_iter().collect());
    errors.add("password", message(&password).into_iter().collect());
    errors.or((username.unwrap_or_default(), password.unwrap_or_default()))
}

/// The id of the user. An unknown username costs the same time as a wrong password: the password
/// is checked against a hash in either case.
async fn signed_in(app: &App, username: String, password: String) -> Result<i64, Refusal> {
    let account = if username.chars().count() <= USERNAME_CHARS_AT_MOST {
        app.users.accounts().by_username(&username).await?
    } else {
        None
    };
    let hash = account
        .as_ref()
        .map_or(&app.placeholder_hash, |it| &it.password_hash);
    let fits = hashing::fits(password, hash.clone())
        .await
        .map_err(Refusal::Internal)?;
    match account.filter(|_| fits) {
        Some(account) => Ok(account.id),
        None => Err(Unauthorized::NoActiveAccount.into()),
    }
}
