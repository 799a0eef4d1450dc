//! `/auth/users/me/` and `/auth/users/set_password/`: what users see and change of their account.

use aws::accounts::{Account, Changed, NewPassword};
use contracts::http::accounts::Me;
use domain::audit::Act;
use lambda::http::body::{self, Fields};
use lambda::http::{FieldErrors, Refusal, Request, Response, Unauthorized, fields, respond};
use lambda::user::{User, Users};

use crate::acts::Source;
use crate::current_password::{FIELD, INVALID, account, invalid, is_of};
use crate::{App, hashing, password};

/// The account of the user.
pub async fn show(users: &Users, user: &User) -> Result<Response, Refusal> {
    let account = account(users, user).await?;
    let me = Me {
        email: &account.email,
        id: account.id,
        username: &account.username,
    };
    Ok(respond::json(200, &me))
}

/// Gives the account another password, and ends all tokens of the user.
pub async fn set_password(app: &App, user: &User, request: Request) -> Result<Response, Refusal> {
    let users = &app.users;
    let source = app.source(&request);
    let content = body::read(request).await?;
    let account = account(users, user).await?;
    let password = checked(app, content.fields()?, &account, &source).await?;
    let hash = hashing::hash(password).await.map_err(Refusal::Internal)?;
    let new = NewPassword {
        account: &account,
        hash: &hash,
    };
    match users.accounts().change_password(&new).await? {
        Changed::Done => {
            app.acts
                .note(Act::PasswordChanged, &account, &source, None)
                .await;
            Ok(respond::no_content())
        }
        Changed::Outdated => Err(invalid()),
        Changed::Gone => Err(Unauthorized::UserNotFound.into()),
    }
}

/// The new password. Each field is checked by itself; only when both are right is the new password
/// judged, by the rules of a sign-up.
async fn checked(
    app: &App,
    fields: Fields<'_>,
    account: &Account,
    source: &Source,
) -> Result<String, Refusal> {
    let new = fields::as_sent(fields, "new_password").and_then(fields::without_nul);
    let current = fields::as_sent(fields, FIELD).and_then(fields::without_nul);
    let current = match current {
        Ok(current) => {
            let fits = is_of(app, current, account, source).await?;
            fits.then_some(()).ok_or(INVALID)
        }
        Err(message) => Err(message),
    };
    let mut errors = FieldErrors::default();
    let new = errors.noted("new_password", new).unwrap_or_default();
    errors.noted(FIELD, current);
    let new = errors.or(new)?;
    let complaints = password::complaints(&new, &account.username, &account.email);
    let mut errors = FieldErrors::default();
    errors.add("new_password", complaints);
    errors.or(new)
}
