//! Accounts and their tokens.

use serde::Serialize;

/// 201 of `POST /auth/users/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Registered<'a> {
    /// Empty if none was given.
    pub email: &'a str,
    /// In the form in which it is kept (NFKC): a sign-in needs this one.
    pub username: &'a str,
    /// Counts from 1.
    pub id: i64,
}

/// 200 of `GET /auth/users/me/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me<'a> {
    /// Empty if none was given.
    pub email: &'a str,
    /// Counts from 1.
    pub id: i64,
    /// In the form in which it is kept (NFKC).
    pub username: &'a str,
}

/// 200 of `POST /token/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenPair {
    /// Valid for a day.
    pub refresh: String,
    /// Valid for 30 minutes.
    pub access: String,
}

/// 200 of `POST /token/refresh/` for a refresh token of a family.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RotatedPair {
    /// Valid for 30 minutes.
    pub access: String,
    /// Takes the place of the one that was sent. Valid for a day, and as long as its family at most.
    pub refresh: String,
}

/// 200 of `POST /token/refresh/`, and of a sign-in with a cookie.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Access {
    /// Valid for 30 minutes.
    pub access: String,
}
