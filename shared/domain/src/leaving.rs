//! Leaving: a user has deleted the account. What is told of it at the end, and the secret by which
//! the user, who is signed in nowhere any more, asks for it.

use std::fmt::{self, Display, Formatter, Write as _};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes of the secret in the address of a report.
pub const REPORT_SECRET_BYTES: usize = 32;

/// What an account had, and what was removed with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Removed {
    /// Imports, in whatever state they were. Those that had been deleted before do not count.
    pub imports: i64,
    /// Rows that were deleted from the database.
    pub rows: i64,
    /// Originals and exported files that were there.
    pub files: i64,
    /// Datasets that the user had declared.
    pub datasets: i64,
    /// Exports, in whatever state they were.
    pub exports: i64,
}

impl Display for Removed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            imports,
            rows,
            files,
            datasets,
            exports,
        } = self;
        write!(
            f,
            "imports {imports}, rows {rows}, files {files}, datasets {datasets}, exports {exports}"
        )
    }
}

/// What the address of a report ends with: whoever has it may read the report. It is kept nowhere.
pub struct ReportId(String);

impl ReportId {
    /// With this secret.
    #[must_use]
    pub fn new(secret: &[u8; REPORT_SECRET_BYTES]) -> Self {
        Self(hexadecimal(secret))
    }

    /// Reads what stands in an address; `None` if it is the end of none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        let whole = text.len() == 2 * REPORT_SECRET_BYTES && text.bytes().all(digit);
        whole.then(|| Self(text.to_owned()))
    }

    /// As it stands in the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the report is kept under: who reads the table does not learn its address.
    #[must_use]
    pub fn digest(&self) -> String {
        hexadecimal(&Sha256::digest(&self.0))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::DATASET_NAME_CHARS_AT_MOST;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let id = ReportId::new(&[0xa7; REPORT_SECRET_BYTES]);
        let back = ReportId::read(id.as_str()).unwrap();
        assert_eq!((back.as_str(), back.digest()), (id.as_str(), id.digest()));
        assert!(!id.digest().contains(id.as_str()));
        let text = id.as_str();
        let upper = text.to_uppercase();
        let longer = format!("{text}a");
        for other in ["", "x", &text[1..], &upper, &longer] {
            assert!(ReportId::read(other).is_none(), "{other}");
        }
    }

    /// A part of a path that is longer than any name is not logged.
    #[test]
    fn an_address_is_not_logged() {
        let id = ReportId::new(&[0; REPORT_SECRET_BYTES]);
        assert!(id.as_str().len() > DATASET_NAME_CHARS_AT_MOST);
    }

    #[test]
    fn what_was_removed_in_words() {
        let removed = Removed {
            imports: 3,
            rows: 1_000,
            files: 2,
            datasets: 1,
            exports: 0,
        };
        let words = "imports 3, rows 1000, files 2, datasets 1, exports 0";
        assert_eq!(removed.to_string(), words);
    }
}
