use serde::{Deserialize, Serialize};

use super::{Example, keep_first};
use crate::record::Record;

/// Different texts that are remembered, with blanks around them and without.
const KEPT: usize = 32;

/// Rows of a chunk whose texts without blanks are looked at. A column of few different texts has
/// shown them by then; one of many has no groups.
const ROWS: u32 = 1_000;

/// Texts of a column that differ in nothing but blanks around them make two groups of one. Of both
/// kinds, the digests of some are remembered: enough for a warning, not for a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blanks {
    /// Index of the column in the dataset.
    pub column: usize,
    /// Digests, without the blanks, of texts with blanks around them, smallest first.
    pub around: Vec<u64>,
    /// The first text with blanks around it.
    pub first: Option<Example>,
    /// Digests of texts without blanks, smallest first.
    pub plain: Vec<u64>,
    #[serde(skip)]
    rows: u32,
}

impl Blanks {
    pub(super) fn of(column: usize) -> Self {
        Self {
            column,
            ..Self::default()
        }
    }

    #[inline]
    pub(super) fn see(&mut self, record: &Record, text: &str) {
        let ends = [text.as_bytes().first(), text.as_bytes().last()];
        // Every blank above ASCII ends or begins with a byte above it.
        let may_be_blank = |it: &u8| *it <= b' ' || *it >= 0x80;
        if ends.into_iter().flatten().any(may_be_blank) && text.trim() != text {
            self.see_blanks(record, text);
        } else if self.rows < ROWS {
            self.rows += 1;
            remember(&mut self.plain, digest(text));
        }
    }

    #[cold]
    fn see_blanks(&mut self, record: &Record, text: &str) {
        if !text.trim().is_empty() {
            remember(&mut self.around, digest(text.trim()));
            let example = || Example::new(record, text.as_bytes());
            self.first.get_or_insert_with(example);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        other
            .around
            .iter()
            .for_each(|&it| remember(&mut self.around, it));
        other
            .plain
            .iter()
            .for_each(|&it| remember(&mut self.plain, it));
        keep_first(&mut self.first, other.first.as_ref());
    }

    /// True if a text stands in the column with blanks around it and without.
    pub fn make_two_groups(&self) -> bool {
        self.around
            .iter()
            .any(|it| self.plain.binary_search(it).is_ok())
    }
}

fn remember(digests: &mut Vec<u64>, digest: u64) {
    if digests.len() == KEPT && digests.last().is_some_and(|&it| it <= digest) {
        return;
    }
    if let Err(at) = digests.binary_search(&digest) {
        digests.insert(at, digest);
        digests.truncate(KEPT);
    }
}

/// FNV-1a: the same in every worker.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
