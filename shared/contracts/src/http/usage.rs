//! What an owner uses, and may.

use domain::quota::{Quota, Quotas};
use serde::Serialize;

/// 200 of `GET /collect/usage/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UsageObject {
    /// Each quota.
    pub quotas: Vec<QuotaEntry>,
}

/// A quota, and how much of it is used.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuotaEntry {
    /// Which: `imports_open`, for example.
    pub name: &'static str,
    /// How much of it is used at this moment.
    pub used: i64,
    /// How much of it there is. What is used may be more, if that was lowered since.
    pub allowed: i64,
    /// The code of the refusal of what would be more.
    pub code: &'static str,
    /// What is counted, in words.
    pub what: &'static str,
    /// What makes room, in words.
    pub freed_by: &'static str,
}

impl UsageObject {
    /// Each quota, with as much as is used of it.
    pub fn new(quotas: &Quotas, used: impl Fn(Quota) -> i64) -> Self {
        let entry = |quota: &Quota| QuotaEntry {
            name: quota.as_str(),
            used: used(*quota),
            allowed: quotas.allowed(*quota),
            code: quota.code(),
            what: quota.what(),
            freed_by: quota.frees(),
        };
        Self {
            quotas: Quota::ALL.iter().map(entry).collect(),
        }
    }
}
