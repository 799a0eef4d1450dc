//! Datasets: those that are built in, and those that users have declared.

use domain::infer::Doubt;
use domain::reason::StoredReason;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::imports::ReadAs;
use super::rows::ErrorEntry;

/// What is declared of a dataset: a Table Schema with a few properties of ours.
pub type Document = Value;

/// A dataset in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DatasetEntry {
    /// What it is called in paths.
    pub name: String,
    /// Whether everyone has it, and nobody can change it.
    pub built_in: bool,
    /// Version of its declaration, counted from 1.
    pub version: i32,
    /// When it was declared first; null if it is built in.
    pub declared_at: Option<Timestamp>,
    /// When this version was declared; null if it is built in.
    pub changed_at: Option<Timestamp>,
}

/// A dataset with its declaration.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DatasetObject {
    /// What it is called in paths.
    pub name: String,
    /// Whether everyone has it, and nobody can change it.
    pub built_in: bool,
    /// Version of the declaration, counted from 1.
    pub version: i32,
    /// When the dataset was declared first; null if it is built in.
    pub declared_at: Option<Timestamp>,
    /// When this version was declared; null if it is built in.
    pub changed_at: Option<Timestamp>,
    /// The declaration in its shortest form: what is as it is without being said is left out.
    #[schema(value_type = Object)]
    pub declaration: Document,
}

/// A dataset that goes when each of its imports is taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Dropping {
    /// What it was called; the name is free.
    pub name: String,
    /// Imports of it that are not deleted yet.
    pub imports_left: i64,
    /// Rows that were deleted with its imports so far: the sum of their proofs.
    pub rows_deleted: i64,
    /// Rows that the imports which are deleted have left: 0, or an import would not be deleted.
    pub rows_remaining: i64,
}

/// A declaration that was made from a sample.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InferredDeclaration {
    /// A declaration that takes the sample. Correct it, then declare it.
    #[schema(value_type = Object)]
    pub declaration: Document,
    /// What the sample does not decide, and what was taken.
    pub doubts: Vec<Doubt>,
    /// Bytes of the sample that were looked at.
    pub bytes_looked_at: i64,
}

/// What an import of a sample would say.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Validation {
    /// Why it would fail; null if it would be completed.
    pub error: Option<StoredReason>,
    /// What its user should know.
    pub warnings: Vec<StoredReason>,
    /// How the sample is read; null if that is why it would fail.
    #[schema(value_type = Option<BTreeMap<String, crate::http::imports::ReadPart<'static>>>)]
    pub read_as: Option<ReadAs>,
    /// Records that would be imported.
    pub rows_imported: i64,
    /// Records that would be rejected.
    pub rows_rejected: i64,
    /// Records with nothing but blanks, which are skipped.
    pub records_empty: i64,
    /// The first row errors, in the order of the sample.
    pub row_errors: Vec<ErrorEntry>,
    /// Bytes of the sample that were looked at, up to the end of a record.
    pub bytes_looked_at: i64,
}
