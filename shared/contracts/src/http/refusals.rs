//! Bodies of refusals.

use domain::catalog;
use domain::declaration::Problem;
use domain::import::Import;
use jiff::Timestamp;
use serde::Serialize;

use super::imports::ask_again_after;

/// A sentence for people.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Detail {
    /// The sentence.
    pub detail: String,
}

/// A sentence for people and a word for programs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Coded {
    /// The sentence.
    pub detail: String,
    /// Stable, for programs.
    pub code: &'static str,
}

/// 409 or 429 for what would be more than an owner may have.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OverQuota {
    /// The sentence: what makes room.
    pub detail: String,
    /// Names the quota: stable, for programs.
    pub code: &'static str,
    /// How much of it is used.
    pub used: i64,
    /// How much of it there is.
    pub allowed: i64,
}

/// 403 for a second import of a dataset that takes one at a time, and which import stands in its way.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AnotherActive {
    /// The sentence: for a baseline, the original's.
    pub detail: &'static str,
    /// `baseline_active` for a baseline, else `import_active`.
    pub code: &'static str,
    /// Number of the active import; null if it has ended since.
    pub import: Option<i32>,
    /// When it ends by itself if nothing happens to it.
    pub until: Option<Timestamp>,
    #[serde(skip)]
    #[schema(ignore)]
    ask_again_after: Option<u32>,
}

impl AnotherActive {
    /// Names the import as it is at `now`.
    pub fn new(dataset: &str, import: Option<&Import>, now: Timestamp) -> Self {
        let of_original = Self {
            detail: NO_PERMISSION,
            code: "baseline_active",
            import: import.map(|it| it.number),
            until: import.and_then(Import::active_until),
            ask_again_after: import.and_then(|it| ask_again_after(it, now)),
        };
        match catalog::find(dataset) {
            Some(_) => of_original,
            None => Self {
                detail: "Another import of this dataset is active, and it takes one at a time. \
                    Wait until that one has ended, or cancel it.",
                code: "import_active",
                ..of_original
            },
        }
    }

    /// Seconds after which a client tries again; `None` if it can at once.
    pub fn ask_again_after(&self) -> Option<u32> {
        self.ask_again_after
    }
}

/// What the original says with every 403.
pub const NO_PERMISSION: &str = "You do not have permission to perform this action.";

/// 409 for a replacement while another one is on its way.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BeingReplaced {
    /// The sentence.
    pub detail: String,
    /// `being_replaced`.
    pub code: &'static str,
    /// The number of the import that is on its way.
    pub import: i32,
}

/// 400 for a declaration that cannot be taken, 409 for one that does not fit what is stored.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeclarationRefused {
    /// The sentence.
    pub detail: String,
    /// `bad_declaration` or `incompatible`.
    pub code: &'static str,
    /// Each thing that is wrong.
    pub problems: Vec<Problem>,
}

/// 409 for the drop of a dataset that has imports.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InUse {
    /// The sentence.
    pub detail: String,
    /// `in_use`.
    pub code: &'static str,
    /// How many imports of it there are.
    pub imports: i64,
}

/// 401 for a token that was read and refused.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenRefused {
    /// The sentence.
    pub detail: &'static str,
    /// `token_not_valid`.
    pub code: &'static str,
    /// Why, for the only class of token there is.
    #[schema(value_type = Vec<TokenMessage>)]
    pub messages: [TokenMessage; 1],
}

/// Why a class of tokens refused a token.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenMessage {
    /// `AccessToken`.
    pub token_class: &'static str,
    /// `access`.
    pub token_type: &'static str,
    /// The sentence.
    pub message: &'static str,
}
