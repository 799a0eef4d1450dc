//! The password once more, beside an access token: whoever has stolen the token does not have it.

use aws::accounts::Account;
use domain::audit::Act;
use lambda::http::{FieldErrors, Refusal, Unauthorized};
use lambda::user::{User, Users};

use crate::acts::Source;
use crate::{App, hashing};

/// The field that it is sent in.
pub const FIELD: &str = "current_password";

/// What is said of another one.
pub const INVALID: &str = "Invalid password.";

/// The account of a user who is signed in.
pub async fn account(users: &Users, user: &User) -> Result<Account, Refusal> {
    let account = users.accounts().by_username(&user.username).await?;
    Ok(account.ok_or(Unauthorized::UserNotFound)?)
}

/// Whether it is the account's. It is counted as in a sign-in: who has a token alone must not find
/// the password by it.
pub async fn is_of(
    app: &App,
    password: String,
    account: &Account,
    source: &Source,
) -> Result<bool, Refusal> {
    let guard = &app.guard;
    let mut tried = guard.password(&account.username, source.address).await?;
    guard.of_user(&mut tried, Some(account)).await?;
    let fits = hashing::fits(password, account.password_hash.clone()).await;
    let fits = fits.map_err(Refusal::Internal)?;
    if fits {
        guard.was_right(tried, account).await;
    } else {
        let consequence = tried.consequence();
        app.acts
            .note(Act::PasswordRefused, account, source, consequence)
            .await;
    }
    Ok(fits)
}

/// 400: it is not.
pub fn invalid() -> Refusal {
    Refusal::Fields(FieldErrors::one(FIELD, INVALID))
}
