//! How a file is read: what separates its cells, what its quotes, numbers and dates mean.
//!
//! A reading is declared by the dataset, said with the upload, or found in the file where exactly
//! one fits. It is pinned with the plan: every later look at the file uses the same one.

mod document;
mod request;
mod shown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::dialect::{Encoding, Escape};
pub use request::{BadValue, ReadingRequest};
pub use shown::ReadAs;

use crate::dataset::Dataset;
use crate::forms::{Currency, DateForms, DateOrder, Forms, Group};

/// Stands in text that was decoded for what could not be: no UTF-8 has this byte.
pub const NOT_DECODED: u8 = 0xFF;

/// A part of a reading, by the name of its parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// See [`Reading::encoding`].
    Encoding,
    /// See [`Reading::delimiter`].
    Delimiter,
    /// See [`Reading::quote`].
    Quote,
    /// See [`Reading::escape`].
    Escape,
    /// See [`Reading::skip_initial_space`].
    SkipInitialSpace,
    /// See [`Reading::preamble`].
    SkipLines,
    /// See [`Reading::heading_lines`].
    HeadingLines,
    /// See [`Reading::decimal`].
    Decimal,
    /// See [`Reading::group`].
    Group,
    /// See [`Reading::currency`].
    Currency,
    /// See [`Reading::dates`].
    Dates,
}

/// Who decided a part of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The dataset.
    Declared,
    /// The user, with the upload (or the file itself, with `sep=`).
    Said,
    /// The first look at the file.
    Found,
}

/// How one file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "document::Document", into = "document::Document")]
pub struct Reading {
    /// How the original is encoded. What is planned and read is always UTF-8.
    pub encoding: Encoding,
    /// The byte between two cells: any ASCII character that does not break a line.
    pub delimiter: u8,
    /// The byte around a cell that holds syntax, or `None` if no byte means that.
    pub quote: Option<u8>,
    /// How syntax is written inside a cell.
    pub escape: Escape,
    /// True if blanks after a delimiter are no part of the next cell.
    pub skip_initial_space: bool,
    /// Physical lines before the heading.
    pub preamble: u32,
    /// Records that make the heading: with 0 the columns are in the declared order, with more than
    /// 1 their cells are joined by blanks.
    pub heading_lines: u32,
    /// The character before the decimals.
    pub decimal: u8,
    /// The character between groups of three digits, if there may be one.
    pub group: Option<Group>,
    /// The sign before or after an amount, if there may be one.
    pub currency: Option<Currency>,
    /// The order of day, month and year that was said; `None` is as the dataset declares.
    pub dates: Option<DateOrder>,
    /// False for imports that began before readings were pinned: they go on by the rules of then,
    /// by which text after a closing quote is data and an empty record is a record.
    pub strict: bool,
    /// True for a file of rejected rows that came back: texts may have our guard against formulas.
    pub guarded: bool,
    /// Who decided each part; a part that is not listed is declared.
    pub origins: BTreeMap<Part, Origin>,
}

impl Reading {
    /// The reading of imports that have none pinned: they began before there were others.
    pub fn before() -> Self {
        Self {
            encoding: Encoding::Utf8,
            delimiter: b',',
            quote: Some(b'"'),
            escape: Escape::Doubled,
            skip_initial_space: false,
            preamble: 0,
            heading_lines: 1,
            decimal: b'.',
            group: None,
            currency: None,
            dates: None,
            strict: false,
            guarded: false,
            origins: BTreeMap::new(),
        }
    }

    /// What a dataset declares, read by today's rules.
    pub fn declared(dataset: &Dataset) -> Self {
        let declared = &dataset.reading;
        let dialect = declared.dialect;
        Self {
            encoding: dialect.encoding.unwrap_or_default(),
            delimiter: dialect.delimiter.unwrap_or(b','),
            quote: dialect.quote,
            escape: dialect.escape,
            skip_initial_space: dialect.skip_initial_space,
            preamble: dialect.preamble.unwrap_or(0),
            heading_lines: dialect.heading_lines.unwrap_or(1),
            decimal: declared.decimal,
            group: declared.group,
            strict: true,
            ..Self::before()
        }
    }

    /// What the cells of the dataset's columns look like.
    pub fn forms(&self, dataset: &Dataset) -> Forms {
        let declared = match self.strict {
            true => dataset.reading.dates,
            false => DateForms::BEFORE,
        };
        Forms {
            decimal: self.decimal,
            group: self.group,
            currency: self.currency,
            dates: self.dates.map_or(declared, DateForms::said),
            dates_said: self.dates.is_some(),
        }
    }

    /// Who decided a part.
    pub fn origin(&self, part: Part) -> Origin {
        let known = self.origins.get(&part).copied();
        known.unwrap_or(Origin::Declared)
    }

    /// True if the user said this part with the upload.
    pub fn was_said(&self, part: Part) -> bool {
        self.origin(part) == Origin::Said
    }

    /// True if both read every file alike, whoever decided it.
    pub fn reads_like(&self, other: &Self) -> bool {
        let alone = |it: &Self| Self {
            origins: BTreeMap::new(),
            ..it.clone()
        };
        alone(self) == alone(other)
    }

    /// Notes that the first look at the file found this part.
    pub fn found(&mut self, part: Part) {
        self.origins.insert(part, Origin::Found);
    }
}

#[cfg(test)]
mod tests;
