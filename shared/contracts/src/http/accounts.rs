//! Accounts and their tokens.

use serde::Serialize;

/// 201 of `POST /auth/users/`.
#[derive(Debug, Serialize)]
pub struct Registered<'a> {
    /// Empty if none was given.
    pub email: &'a str,
    /// In the form in which it is kept (NFKC): a sign-in needs this one.
    pub username: &'a str,
    /// Counts from 1.
    pub id: i64,
}

/// 200 of `POST /token/`.
#[derive(Debug, Serialize)]
pub struct TokenPair {
    /// Valid for a day.
    pub refresh: String,
    /// Valid for 30 minutes.
    pub access: String,
}

/// 200 of `POST /token/refresh/`.
#[derive(Debug, Serialize)]
pub struct Access {
    /// Valid for 30 minutes.
    pub access: String,
}
