//! What a dataset is: a named table of typed columns that a CSV file is imported into.

use crate::arithmetic::{Formula, Total};
use crate::cell::{Kind, Value, parse_as};
use crate::dialect::Dialect;
use crate::forms::{DateForms, Forms, Group};
use crate::max_errors::MaxErrors;
use crate::rejection::Rejection;

/// A kind of file that can be imported, and the table its rows go to.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Number of the declared dataset; `None` for one that is built in.
    pub id: Option<i64>,
    /// Version of its declaration, counted from 1.
    pub version: i32,
    /// Path segment in URLs and value of `import.dataset`, e.g. `baseline`.
    pub name: String,
    /// SQL table of the rows, e.g. `sales_record` or `d_17`.
    pub table: String,
    /// The columns in the order of the declaration and of the data in answers.
    pub columns: Vec<Column>,
    /// What must add up in each row; empty if nothing must.
    pub totals: Vec<Total>,
    /// The sums that are kept of its rows, if any are.
    pub sums: Option<Sums>,
    /// Which columns a file may have.
    pub fields_match: FieldsMatch,
    /// Index of the date column that rows are read by. The table's key is then import, this column,
    /// record; with `None` it is import, record.
    pub sorted_by: Option<usize>,
    /// True if an owner may have one active import of it at a time.
    pub one_at_a_time: bool,
    /// How its files are read unless something else is said.
    pub reading: DatasetReading,
}

/// What a dataset declares about the reading of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetReading {
    /// The text of its files.
    pub dialect: Dialect,
    /// The character before the decimals.
    pub decimal: u8,
    /// The character between groups of three digits, if there may be one.
    pub group: Option<Group>,
    /// The forms of dates.
    pub dates: DateForms,
    /// True if a record may have any number of physical lines.
    pub multiline: bool,
    /// How much may be rejected unless something else is said.
    pub max_errors: MaxErrors,
    /// Pairs of date columns by their indexes, of which the first is never after the second.
    pub in_order: Vec<(usize, usize)>,
}

impl DatasetReading {
    /// Any of the usual delimiters, a decimal point, the usual dates, records of at most 1,000
    /// lines, and at most a tenth rejected.
    pub const USUAL: DatasetReading = DatasetReading {
        dialect: Dialect::USUAL,
        decimal: b'.',
        group: None,
        dates: DateForms::USUAL,
        multiline: false,
        max_errors: MaxErrors::Percent(10),
        in_order: Vec::new(),
    };
}

/// One version of a declared dataset: what an import is read by from its first step to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DatasetVersion {
    /// Number of the dataset. A later one of the same name has another.
    pub id: i64,
    /// Version of its declaration.
    pub version: i32,
}

/// Which columns a file may have beside those it must have: the fields that are required. Columns
/// are found by their headings, in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldsMatch {
    /// Fewer, and others, which are ignored with a warning.
    #[default]
    Partial,
    /// Fewer, and no others.
    Superset,
    /// All, and others.
    Subset,
    /// All, and no others.
    Equal,
}

impl FieldsMatch {
    /// The words for it, as Table Schema has them.
    pub const WORDS: [(&str, FieldsMatch); 4] = [
        ("partial", FieldsMatch::Partial),
        ("superset", FieldsMatch::Superset),
        ("subset", FieldsMatch::Subset),
        ("equal", FieldsMatch::Equal),
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        let known = Self::WORDS.iter().find(|(_, it)| *it == self);
        known.map_or("partial", |(name, _)| name)
    }

    /// True if a file may have columns of no field.
    pub fn may_have_others(self) -> bool {
        matches!(self, FieldsMatch::Partial | FieldsMatch::Subset)
    }

    /// True if a file may lack fields that are not required.
    pub fn may_have_fewer(self) -> bool {
        matches!(self, FieldsMatch::Partial | FieldsMatch::Superset)
    }
}

/// Which sums of a dataset are kept, by month of the column that rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// The columns whose values are told apart, each by itself.
    pub by: Vec<usize>,
    /// The columns that are added up.
    pub of: Vec<usize>,
}

impl Dataset {
    /// What an import of it names; `None` if it is built in.
    pub fn declared(&self) -> Option<DatasetVersion> {
        let version = self.version;
        self.id.map(|id| DatasetVersion { id, version })
    }

    /// The SQL columns of the table's key after `import_id`, by which the rows of an import are
    /// ordered: e.g. `order_date`, `record`.
    pub fn key(&self) -> Vec<&str> {
        let sorted_by = self
            .sorted_by
            .map(|index| self.columns[index].name.as_str());
        sorted_by.into_iter().chain(["record"]).collect()
    }

    /// The formula of a total with the headings of its columns, e.g. `Units Sold × Unit Price`.
    pub fn in_words(&self, total: &Total) -> String {
        let heading = |column: usize| &self.columns[column].heading;
        match total.is {
            Formula::Product(units, each) => format!("{} × {}", heading(units), heading(each)),
            Formula::Difference(from, less) => format!("{} − {}", heading(from), heading(less)),
        }
    }
}

/// One column of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What the column is called where people read it: a field's title, or else its name.
    pub heading: String,
    /// The field's name: the key in answers and filters.
    pub field: String,
    /// Other headings of it in files.
    pub titles: Vec<String>,
    /// SQL column, e.g. `order_date` or `c3`.
    pub name: String,
    /// What a cell of the column may hold.
    pub kind: Kind,
    /// True if every row has a value.
    pub required: bool,
    /// The cells, as they are in the file, that mean no value.
    pub missing: Vec<String>,
}

impl Column {
    /// The value of a cell that is written in these forms.
    ///
    /// # Errors
    /// `required`, if it must have a value and means none; else as [`parse_as`].
    #[inline]
    pub fn parse<'c>(&self, cell: &'c [u8], forms: &Forms) -> Result<Value<'c>, Rejection> {
        if !self.missing.is_empty() && self.is_missing(cell) {
            return match self.required {
                true => Err(Rejection::Required),
                false => Ok(Value::Null),
            };
        }
        parse_as(&self.kind, cell, forms)
    }

    /// True if the cell, as it is in the file, means no value.
    fn is_missing(&self, cell: &[u8]) -> bool {
        self.missing.iter().any(|it| it.as_bytes() == cell)
    }
}
