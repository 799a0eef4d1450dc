//! `/auth/users/me/` and `/auth/users/set_password/`: what users see and change of their account.

use aws::accounts::{Account, Changed, NewPassword};
use contracts::http::accounts::Me;
use lambda::http::body::{self, Fields};
use lambda::http::{FieldErrors, Refusal, Request, Response, Unauthorized, fields, respond};
use lambda::user::{User, Users};

use crate::{hashing, password};

const INVALID: &str = "Invalid password.";

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
pub async fn set_password(
    users: &Users,
    user: &User,
    request: Request,
) -> Result<Response, Refusal> {
    let content = body::read(request).await?;
    let account = account(users, user).await?;
    let password = checked(content.fields()?, &account).await?;
    let hash = hashing::hash(password).await.map_err(Refusal::Internal)?;
    let new = NewPassword {
        account: &account,
        hash: &hash,
    };
    match users.accounts().change_password(&new).await? {
        Changed::Done => Ok(respond::no_content()),
        Changed::Outdated => Err(wrong(INVALID)),
        Changed::Gone => Err(Unauthorized::UserNotFound.into()),
    }
}

async fn account(users: &Users, user: &User) -> Result<Account, Refusal> {
    let account = users.accounts().by_username(&user.username).await?;
    Ok(account.ok_or(Unauthorized::UserNotFound)?)
}

/// The new password. Each field is checked by itself; only when both are right is the new password
/// judged, by the rules of a sign-up.
async fn checked(fields: Fields<'_>, account: &Account) -> Result<String, Refusal> {
    let new = fields::as_sent(fields, "new_password").and_then(fields::without_nul);
    let current = fields::as_sent(fields, "current_password").and_then(fields::without_nul);
    let current = match current {
        Ok(current) => fits(current, account).await?,
        Err(message) => Err(message),
    };
    let mut errors = FieldErrors::default();
    errors.add("new_password", message(&new));
    errors.add("current_password", message(&current));
    let new = errors.or(new.unwrap_or_default())?;
    let complaints = password::complaints(&new, &account.username, &account.email);
    let mut errors = FieldErrors::default();
    errors.add("new_password", complaints);
    errors.or(new)
}

async fn fits(current: String, account: &Account) -> Result<Result<(), &'static str>, Refusal> {
    let fits = hashing::fits(current, account.password_hash.clone()).await;
    let fits = fits.map_err(Refusal::Internal)?;
    Ok(fits.then_some(()).ok_or(INVALID))
}

fn message<T>(read: &Result<T, &'static str>) -> Vec<String> {
    let message = read.as_ref().err().map(|it| (*it).to_owned());
    message.into_iter().collect()
}

fn wrong(message: &str) -> Refusal {
    Refusal::Fields(FieldErrors::one("current_password", message))
}
