//! What one owner may have at a time, so that nobody spoils it for the others: one table, which the
//! template and `docs/api.md` are held to, and the judgement of what is asked for against it.
//!
//! What an owner uses is counted in PostgreSQL, in the transaction of each change
//! (`V22__owner_usage.sql`). Only what takes more is ever refused: a cancel or a delete never is,
//! and a limit that an operator lowers below what is used takes nothing away.

use std::str::FromStr;

use strum::{Display, IntoStaticStr, VariantArray};

use crate::limits::{
    API_KEYS_OF_A_USER_AT_MOST, DATASETS_OF_AN_OWNER_AT_MOST, EXPORTS_AT_ONCE,
    TRY_AGAIN_AFTER_SECONDS,
};

const GIB: i64 = 1 << 30;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// A limit of what one owner may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Quota {
    /// Imports that may still complete.
    ImportsOpen,
    /// Bytes that were declared for their files.
    BytesUnderWay,
    /// Bytes of originals, with those that are declared.
    BytesStored,
    /// Rows of completed imports, and those that are being taken back.
    RowsStored,
    /// Exports whose file is still to come.
    ExportsUnfinished,
    /// Exports that were asked for on this day.
    ExportsADay,
    /// Exports that have a file, or whose file is still to come.
    ExportsKept,
    /// Declared datasets, with those of which something is left after a drop.
    Datasets,
    /// API keys.
    ApiKeys,
    /// Requests for rows and sums that are answered at the same moment, and for exports whose rows are
    /// being counted.
    ReadsAtOnce,
}

/// What is known of a quota.
struct Row {
    code: &'static str,
    status: u16,
    /// Of the template; `None`: no operator changes it.
    parameter: Option<&'static str>,
    /// In what the parameter counts in.
    usual: i64,
    unit: i64,
    what: &'static str,
    frees: &'static str,
}

impl Quota {
    /// Every quota, in the order in which people read them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    #[rustfmt::skip]
    const fn row(self) -> Row {
        match self {
            Self::ImportsOpen => row("quota_imports", 429, Some("ImportsOpenAtMost"), 20, 1,
                "open imports: those that may still complete, paused and held ones included",
                "the end of one, or its cancel"),
            Self::BytesUnderWay => row("quota_bytes", 429, Some("GibUnderWayAtMost"), 25, GIB,
                "bytes declared for the files of open imports",
                "the end of an open import, or its cancel"),
            Self::BytesStored => row("quota_stored", 409, Some("GibStoredAtMost"), 100, GIB,
                "bytes of uploaded files that are kept, with those declared for open imports",
                "the delete of an import, or the day on which its file is removed anyway"),
            Self::RowsStored => row("quota_rows", 409, Some("RowsStoredAtMost"), 500_000_000, 1,
                "rows of completed imports, with those that are being taken back",
                "the end of a take-back, after a cancel or a delete, or with the drop of a dataset"),
            Self::ExportsUnfinished => row("too_many_exports", 409, None, EXPORTS_AT_ONCE, 1,
                "unfinished exports",
                "the end of one, or its cancel"),
            Self::ExportsADay => row("quota_exports_a_day", 429, Some("ExportsADayAtMost"), 50, 1,
                "exports asked for on one day, by UTC",
                "midnight"),
            Self::ExportsKept => row("quota_exports_kept", 409, Some("ExportsKeptAtMost"), 20, 1,
                "exports that have a file, with unfinished ones",
                "the delete of one, or the end of its days"),
            Self::Datasets => row("quota_datasets", 409, Some("DatasetsOfOwnerAtMost"), DATASETS_OF_AN_OWNER_AT_MOST, 1,
                "declared datasets, with those of which something is left after a drop",
                "a drop, once nothing of the dataset is left"),
            Self::ApiKeys => row("too_many_keys", 409, None, API_KEYS_OF_A_USER_AT_MOST as i64, 1,
                "API keys, those that have expired included",
                "the revocation of one"),
            Self::ReadsAtOnce => row("quota_reads", 429, Some("ReadsAtOnceAtMost"), 8, 1,
                "requests for rows, sums or filtered exports that are answered at the same moment",
                "the answer to one"),
        }
    }

    /// The word in JSON, in settings and in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The code of the refusal: stable, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().code
    }

    /// The status of the refusal: 429 where waiting is enough, 409 where the owner has to do
    /// something.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().status
    }

    /// The parameter of the template that sets it, if an operator may.
    #[must_use]
    pub const fn parameter(self) -> Option<&'static str> {
        self.row().parameter
    }

    /// What the parameter is if nothing else is said, in what it counts in.
    #[must_use]
    pub const fn usual(self) -> i64 {
        self.row().usual
    }

    /// What one of its parameter is: a GiB in bytes, or 1.
    #[must_use]
    pub const fn unit(self) -> i64 {
        self.row().unit
    }

    /// What is counted.
    #[must_use]
    pub const fn what(self) -> &'static str {
        self.row().what
    }

    /// What makes room.
    #[must_use]
    pub const fn frees(self) -> &'static str {
        self.row().frees
    }

    /// Seconds after which the same request may be granted without its user having done anything;
    /// `now` is in seconds since 1970. `None`: waiting is not enough.
    #[must_use]
    pub fn ask_again_after(self, now: i64) -> Option<u32> {
        match self {
            Self::ImportsOpen | Self::BytesUnderWay => Some(TRY_AGAIN_AFTER_SECONDS),
            Self::ReadsAtOnce => Some(1),
            Self::ExportsADay => {
                let left = SECONDS_OF_A_DAY - now.rem_euclid(SECONDS_OF_A_DAY);
                u32::try_from(left).ok()
            }
            _ => None,
        }
    }
}

const fn row(
    code: &'static str,
    status: u16,
    parameter: Option<&'static str>,
    usual: i64,
    unit: i64,
    what: &'static str,
    frees: &'static str,
) -> Row {
    Row {
        code,
        status,
        parameter,
        usual,
        unit,
        what,
        frees,
    }
}

/// What each owner of a stack may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas([i64; Quota::VARIANTS.len()]);

impl Default for Quotas {
    fn default() -> Self {
        let mut allowed = [0; Quota::VARIANTS.len()];
        for (allowed, quota) in allowed.iter_mut().zip(Quota::ALL) {
            *allowed = quota.usual().saturating_mul(quota.unit());
        }
        Self(allowed)
    }
}

impl Quotas {
    /// No limit, for tools that fill a database.
    pub const UNLIMITED: Self = Self([i64::MAX; Quota::VARIANTS.len()]);

    /// How much of it an owner may have.
    #[must_use]
    pub fn allowed(&self, quota: Quota) -> i64 {
        self.0[quota as usize]
    }

    /// The same with another limit.
    #[must_use]
    pub fn with(mut self, quota: Quota, allowed: i64) -> Self {
        self.0[quota as usize] = allowed;
        self
    }

    /// Which quota does not admit what is asked for, if any: of several, the first. What takes no
    /// more than goes in the same moment is admitted, however much there is.
    #[must_use]
    pub fn exceeded(&self, usage: &Usage, wish: Wish) -> Option<Exceeded> {
        let all = Quota::ALL.iter();
        all.copied().find_map(|quota| {
            let (used, wanted) = wish.counts(quota, usage)?;
            let (goes, allowed) = (wish.frees(quota), self.allowed(quota));
            let used = used - goes;
            let is_over = wanted > goes && used.saturating_add(wanted) > allowed;
            is_over.then_some(Exceeded {
                quota,
                used,
                wanted,
                allowed,
                leaving: wish.judges_leaving(quota),
            })
        })
    }
}

/// Each quota that has a parameter by its name, in what that counts in:
/// `imports_open=20,bytes_under_way=25`. One that is not named is as usual: a function of this
/// version may meet the setting of another.
impl FromStr for Quotas {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut quotas = Self::default();
        for part in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            let (name, number) = part.split_once('=').ok_or("a quota without a number")?;
            let number: i64 = number.parse().map_err(|_| format!("{name} is no number"))?;
            let known = Quota::ALL.iter().find(|it| it.as_str() == name);
            if let Some(quota) = known.filter(|it| it.parameter().is_some()) {
                quotas = quotas.with(*quota, number.saturating_mul(quota.unit()));
            }
        }
        Ok(quotas)
    }
}

/// What an owner has: a row of table `owner_usage`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// [`Quota::ImportsOpen`]
    pub imports_open: i64,
    /// [`Quota::BytesUnderWay`]
    pub bytes_under_way: i64,
    /// Bytes of originals of imports that are not open any more.
    pub bytes_stored: i64,
    /// Rows of completed imports.
    pub rows_stored: i64,
    /// Rows that are being taken back.
    pub rows_leaving: i64,
    /// [`Quota::ExportsUnfinished`]
    pub exports_unfinished: i64,
    /// [`Quota::ExportsADay`], of this day.
    pub exports_today: i64,
    /// [`Quota::ExportsKept`]
    pub exports_kept: i64,
    /// [`Quota::Datasets`]
    pub datasets: i64,
}

impl Usage {
    /// How much of a quota is used; `None` of what is counted elsewhere.
    #[must_use]
    pub fn of(&self, quota: Quota) -> Option<i64> {
        Some(match quota {
            Quota::ImportsOpen => self.imports_open,
            Quota::BytesUnderWay => self.bytes_under_way,
            Quota::BytesStored => self.bytes_stored + self.bytes_under_way,
            Quota::RowsStored => self.rows_stored + self.rows_leaving,
            Quota::ExportsUnfinished => self.exports_unfinished,
            Quota::ExportsADay => self.exports_today,
            Quota::ExportsKept => self.exports_kept,
            Quota::Datasets => self.datasets,
            Quota::ApiKeys | Quota::ReadsAtOnce => return None,
        })
    }
}

/// An open import that is cancelled in the moment in which another takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Bytes of its file, as declared or as it came.
    pub bytes: i64,
    /// Whether its file has come: it is kept for a while.
    pub keeps_file: bool,
}

impl Replaced {
    /// What its cancel frees of a quota. Its rows are to be taken back: they free nothing yet.
    fn frees(self, quota: Quota) -> i64 {
        match quota {
            Quota::ImportsOpen => 1,
            Quota::BytesUnderWay => self.bytes,
            Quota::BytesStored if !self.keeps_file => self.bytes,
            _ => 0,
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// An import of a file of this size.
    Import {
        /// As declared.
        bytes: i64,
        /// Whether rows are to be stored beside those that there are: not if it is only validated,
        /// nor if it takes the place of a completed import.
        adds_rows: bool,
        /// The open import that it replaces, if it replaces one.
        instead_of: Option<Replaced>,
    },
    /// That the rows of an import appear.
    Rows {
        /// As many.
        rows: i64,
        /// Rows that go in the same moment.
        instead_of: i64,
    },
    /// An export.
    Export,
    /// Another dataset.
    Dataset,
}

impl Wish {
    /// What there is of a quota, and what the wish would add; `None`: it asks for nothing of it.
    fn counts(self, quota: Quota, usage: &Usage) -> Option<(i64, i64)> {
        let used = usage.of(quota)?;
        let one = Some((used, 1));
        match (self, quota) {
            (Self::Import { .. }, Quota::ImportsOpen)
            | (Self::Export, Quota::ExportsUnfinished | Quota::ExportsADay | Quota::ExportsKept)
            | (Self::Dataset, Quota::Datasets) => one,
            (Self::Import { bytes, .. }, Quota::BytesUnderWay | Quota::BytesStored) => {
                Some((used, bytes))
            }
            // How many rows it has is known at its end. Where there is no room for one, it is not
            // begun; rows that are being taken back need their room until they are gone.
            (Self::Import { adds_rows, .. }, Quota::RowsStored) => match adds_rows {
                true => one,
                // It needs no room among the completed ones, and stores its rows before others, or
                // these, are taken back: many in turn would fill the disk. So rows that are being
                // taken back may be as many as there may be completed ones, and together they are
                // less than twice the limit when anything is begun.
                false => Some((usage.rows_leaving, 1)),
            },
            // Rows that the owner takes back make room at once: of a file that is corrected, the new
            // rows may be proved before the old ones are gone.
            (Self::Rows { rows, .. }, Quota::RowsStored) => Some((usage.rows_stored, rows)),
            _ => None,
        }
    }

    /// What goes of a quota in the moment in which the wish is granted.
    fn frees(self, quota: Quota) -> i64 {
        match (self, quota) {
            (Self::Import { instead_of, .. }, _) => instead_of.map_or(0, |it| it.frees(quota)),
            (Self::Rows { instead_of, .. }, Quota::RowsStored) => instead_of,
            _ => 0,
        }
    }

    /// Whether, of the owner's rows, it is judged by those alone that are being taken back.
    fn judges_leaving(self, quota: Quota) -> bool {
        let adds_none = matches!(
            self,
            Self::Import {
                adds_rows: false,
                ..
            }
        );
        adds_none && quota == Quota::RowsStored
    }
}

/// A quota that does not admit what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Which.
    pub quota: Quota,
    /// How much of it the owner has, without what would go in the same moment.
    pub used: i64,
    /// How much more was asked for.
    pub wanted: i64,
    /// How much an owner may have.
    pub allowed: i64,
    /// Only rows that are being taken back are counted.
    pub leaving: bool,
}

impl std::fmt::Display for Exceeded {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { quota, used, wanted, allowed, leaving } = self;
        match quota {
            Quota::ImportsOpen => write!(f,
                "You have {used} open imports, and may have {allowed}: wait until one has ended, or cancel one."),
            Quota::BytesUnderWay => write!(f,
                "The files of your open imports have {used} bytes, this one has {wanted}, and they may have {allowed} together: wait until an import has ended, or cancel one."),
            Quota::BytesStored => write!(f,
                "Your files have {used} bytes, this one has {wanted}, and they may have {allowed} together: delete imports that are not needed any more."),
            Quota::RowsStored if *leaving => write!(f,
                "You have {used} rows that are being taken back, and may have {allowed}: send this request again when they are gone."),
            Quota::RowsStored => write!(f,
                "You have {used} rows stored, and may have {allowed}: cancel or delete imports that are not needed any more. Rows that are taken back count until they are gone."),
            Quota::ExportsUnfinished => write!(f,
                "At most {allowed} exports at a time may be unfinished. Wait for one to end, or POST to the cancel/ of one."),
            Quota::ExportsADay => write!(f,
                "You have asked for {used} exports today, and may ask for {allowed} a day: ask again after midnight, UTC."),
            Quota::ExportsKept => write!(f,
                "You have {used} exports, and may have {allowed}: delete one that is not needed any more."),
            Quota::Datasets => write!(f,
                "You have {used} datasets, and may have {allowed}: drop one that is not needed any more. One that is dropped counts until nothing of it is left, an hour or two."),
            Quota::ApiKeys => write!(f,
                "A user may have {allowed} API keys at most, those that have expired included. Revoke one: DELETE /auth/keys/{{id}}/."),
            Quota::ReadsAtOnce => write!(f,
                "You may have {allowed} requests for rows, sums or filtered exports answered at a time: send this one again when another has its answer."),
        }
    }
}

#[cfg(test)]
mod tests;
