//! `POST /token/`.

use aws::accounts::{Account, User};
use contracts::http::accounts::{Access, TokenPair};
use domain::audit::Act;
use domain::limits::USERNAME_CHARS_AT_MOST;
use jiff::Timestamp;
use lambda::http::body::{self, Fields};
use lambda::http::{FieldErrors, Refusal, Request, Response, Unauthorized, fields, respond};
use lambda::tokens::TokenType;

use crate::acts::Source;
use crate::cookie::{self, Console};
use crate::guard::uncounted;
use crate::{App, hashing};

/// What a sign-in is sent.
struct Form {
    username: String,
    password: String,
    /// The refresh token begins a family.
    rotate: bool,
    /// The refresh token comes in a cookie. It begins a family, too: a copy of it would be found.
    cookie: bool,
}

/// A pair of tokens for a username and its password.
pub async fn obtain(app: &App, request: Request) -> Result<Response, Refusal> {
    let now = Timestamp::now();
    let console = Console::of(&request, &app.base);
    let source = app.source(&request);
    let content = body::read(request).await?;
    let form = form(content.fields()?, &console)?;
    let (rotate, cookie) = (form.rotate, form.cookie);
    let user = signed_in(app, form, &source, now).await?;
    app.acts.note(Act::SignedIn, &user, &source, None).await;
    let issued_at = user.issued_at(now);
    let keys = app.users.keys();
    let refresh = if rotate || cookie {
        keys.begin_family(user.id, issued_at).await?
    } else {
        keys.issue(TokenType::Refresh, user.id, issued_at).await?
    };
    let access = keys.issue(TokenType::Access, user.id, issued_at).await?;
    if cookie {
        return console.set(respond::json(200, &Access { access }), &refresh);
    }
    Ok(respond::json(200, &TokenPair { refresh, access }))
}

fn form(fields: Fields<'_>, console: &Console) -> Result<Form, Refusal> {
    let mut errors = FieldErrors::default();
    let username = fields::required(fields, "username").and_then(fields::without_nul);
    let username = errors.noted("username", username).unwrap_or_default();
    let password = fields::as_sent(fields, "password").and_then(fields::without_nul);
    let password = errors.noted("password", password).unwrap_or_default();
    let mut flag = |name: &'static str| {
        let read = fields::boolean(fields.get(name));
        errors.noted(name, read).flatten().unwrap_or(false)
    };
    let (rotate, cookie) = (flag("rotate"), flag("cookie"));
    if cookie && !console.asks {
        errors.add("cookie", vec![cookie::NO_HEADER.to_owned()]);
    }
    errors.or(Form {
        username,
        password,
        rotate,
        cookie,
    })
}

/// The user whose name and password these are. An unknown username costs the same time as a wrong
/// password: the password is checked against a hash in either case. It is counted before that, so
/// that a guess that is refused costs next to nothing.
async fn signed_in(
    app: &App,
    form: Form,
    source: &Source,
    now: Timestamp,
) -> Result<User, Refusal> {
    let guard = &app.guard;
    let mut tried = guard.password(&form.username, source.address).await?;
    let account = account(app, &form.username).await?;
    guard.of_user(&mut tried, account.as_ref()).await?;
    let hash = account
        .as_ref()
        .map_or(&app.placeholder_hash, |it| &it.password_hash);
    let fits = hashing::fits(form.password, hash.clone())
        .await
        .map_err(Refusal::Internal)?;
    let user = match account {
        Some(account) if fits => {
            guard.was_right(tried, &account).await;
            user_of(app, account, now).await?
        }
        Some(account) => {
            let consequence = tried.consequence();
            let acts = &app.acts;
            acts.note(Act::SignInFailed, &account, source, consequence)
                .await;
            None
        }
        None => {
            app.acts.note_unknown().await;
            None
        }
    };
    user.ok_or(Unauthorized::NoActiveAccount.into())
}

async fn account(app: &App, username: &str) -> Result<Option<Account>, Refusal> {
    if username.chars().count() > USERNAME_CHARS_AT_MOST {
        return Ok(None);
    }
    let found = app.users.accounts().by_username(username).await;
    found.map_err(uncounted)
}

/// The user of an account whose password was right when the account was read, which was after
/// `now`. `None` if it has got another password since, or is not there any more.
async fn user_of(app: &App, account: Account, now: Timestamp) -> Result<Option<User>, Refusal> {
    let accounts = app.users.accounts();
    let Some(user) = accounts.by_id(account.id).await? else {
        return Ok(None);
    };
    // All tokens were ended a moment ago, at the earliest in this second. Was it by a change of
    // password, and after the account was read?
    if user.has_ended(now.as_second()) {
        let again = accounts.by_username(&account.username).await?;
        let is_same =
            |it: Account| it.id == account.id && it.password_hash == account.password_hash;
        return Ok(Some(user).filter(|_| again.is_some_and(is_same)));
    }
    Ok(Some(user))
}
