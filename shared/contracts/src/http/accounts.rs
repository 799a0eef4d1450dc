//! Accounts and their tokens.

use domain::leaving::Removed;
use jiff::Timestamp;
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

/// 202 of `DELETE /auth/users/me/`, and 200 of `GET /auth/deletions/{id}/`: what becomes of an account
/// that was deleted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccountDeletion {
    /// `deleting` until everything is removed, then `deleted`.
    pub status: DeletionStatus,
    /// The address of this report. Whoever has it may read it, without a token.
    pub report: String,
    /// When the account was deleted: nobody has been signed in to it since.
    pub deleted_at: Timestamp,
    /// When everything was removed, and the name was free again.
    pub finished_at: Option<Timestamp>,
    /// What was removed, once it is.
    pub removed: Option<Removed>,
    /// Rows that are left of it: 0, once it is removed.
    pub rows_remaining: Option<i64>,
    /// The report can be read until then.
    pub report_expires_at: Timestamp,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeletionStatus {
    /// Something may be there still.
    Deleting,
    /// Nothing is there any more.
    Deleted,
}
