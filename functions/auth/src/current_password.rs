//! The password once more, beside an access token: whoever has stolen the token does not have it.

use aws::accounts::Account;
use lambda::http::{FieldErrors, Refusal, Unauthorized};
use lambda::user::{User, Users};

use crate::hashing;

/// The field that it is sent in.
pub const FIELD: &str = "current_password";

/// What is said of another one.
pub const INVALID: &str = "Invalid password.";

/// The account of a user who is signed in.
pub async fn account(users: &Users, user: &User) -> Result<Account, Refusal> {
    let account = users.accounts().by_username(&user.username).await?;
    Ok(account.ok_or(Unauthorized::UserNotFound)?)
}

/// Whether it is the account's.
pub async fn is_of(password: String, account: &Account) -> Result<bool, Refusal> {
    let fits = hashing::fits(password, account.password_hash.clone()).await;
    fits.map_err(Refusal::Internal)
}

/// 400: it is not.
pub fn invalid() -> Refusal {
    Refusal::Fields(FieldErrors::one(FIELD, INVALID))
}
