//! What a cell may hold, and how it is stored.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::decimal::Decimal;
use super::pattern::Pattern;
use super::rules::{OneOf, Rules};
use super::text::TextRules;
use crate::forms::{DateForms, Forms};

/// What a cell may hold, and how it is stored. The four kinds of the built-in datasets have what
/// every cell needs in the variant itself; the others share theirs, so that a clone is cheap.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// UTF-8 text, kept exactly as it is (SQL text).
    Text {
        /// The most characters (not bytes) allowed.
        max_chars: usize,
        /// What else a text must be; most columns want nothing else.
        rules: Option<Arc<TextRules>>,
    },
    /// A UUID, hyphenated (SQL uuid).
    Uuid(OneOf<Uuid>),
    /// A whole number (SQL bigint).
    Integer {
        /// The smallest value allowed.
        min: i64,
        /// The largest value allowed.
        max: i64,
        /// False if other characters may stand before and after the number.
        bare: bool,
        /// The only values allowed, if they are listed.
        one_of: OneOf<i64>,
    },
    /// A whole number whose bounds are beyond a bigint (SQL numeric).
    BigInteger(Arc<BigInteger>),
    /// An amount with at most 2 decimals and 12 digits before the point, in cents (SQL
    /// numeric(14, 2)).
    Money {
        /// False if other characters may stand before and after the amount.
        bare: bool,
        /// What the amount must be; the built-in datasets want nothing else.
        rules: Option<Arc<Rules<i64>>>,
    },
    /// An exact decimal number (SQL numeric).
    Number(Arc<Number>),
    /// True or false, in the declared words (SQL boolean).
    Boolean(Arc<Boolean>),
    /// A calendar date, year 1 to 9999 (SQL date).
    Date {
        /// How it is written; `None` is as the reading of the file says.
        formats: Option<Arc<DateFormats>>,
        /// What the day must be.
        rules: Option<Arc<Rules<Date>>>,
    },
    /// A date and a time of day without a zone, stored as written (SQL timestamp).
    Datetime(Arc<Datetime>),
    /// A point in time: a date and a time of day in a zone (SQL timestamptz).
    Timestamp(Arc<Zoned>),
    /// A time of day (SQL time).
    Time(Arc<TimeOfDay>),
    /// A year, 1 to 9999, with four digits (SQL integer).
    Year(Option<Arc<Rules<i16>>>),
    /// A month of a year, `2024-02`, stored as its first day (SQL date).
    Yearmonth(Option<Arc<Rules<Date>>>),
}

/// A whole number whose bounds are beyond a bigint; they are within 38 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BigInteger {
    /// The smallest value allowed.
    pub min: i128,
    /// The largest value allowed.
    pub max: i128,
    /// False if other characters may stand before and after the number.
    pub bare: bool,
    /// The only values allowed, if they are listed.
    pub one_of: OneOf<i128>,
}

/// An exact decimal number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The most significant digits, at most 38.
    pub digits: u8,
    /// The most digits after the point, if they are limited.
    pub decimals: Option<u8>,
    /// False if other characters may stand before and after the number.
    pub bare: bool,
    /// What the number must be.
    pub rules: Rules<Decimal>,
}

/// True or false in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boolean {
    /// Texts that mean true; true is written as the first of them.
    pub true_values: Vec<String>,
    /// Texts that mean false; false is written as the first of them.
    pub false_values: Vec<String>,
    /// The only value allowed, if it is declared.
    pub one_of: OneOf<bool>,
}

/// How the dates of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormats {
    /// All forms in the order in which they are declared: a date is written as the first that
    /// holds it.
    pub declared: Vec<Pattern>,
    /// Those with three numbers, the year with four digits, and a separator between them.
    pub(super) numeric: DateForms,
    /// True if YYYY-MM-DD is one of the forms.
    pub(super) iso: bool,
    /// The numbers of the forms that are neither.
    pub(super) others: Vec<usize>,
}

/// A date and a time of day without a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datetime {
    /// How it is written; with none it is `2024-02-01T10:00:00`, with up to six decimals.
    pub patterns: Vec<Pattern>,
    /// What the value must be.
    pub rules: Rules<DateTime>,
}

/// A point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zoned {
    /// How it is written; with none it is `2024-02-01T10:00:00`, with up to six decimals and, if
    /// the cell has one, the offset from UTC.
    pub patterns: Vec<Pattern>,
    /// The zone of the cells that say no offset.
    pub zone: TimeZone,
    /// What the value must be.
    pub rules: Rules<Timestamp>,
}

/// A time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeOfDay {
    /// How it is written; with none it is `10:00:00`, with up to six decimals.
    pub patterns: Vec<Pattern>,
    /// What the value must be.
    pub rules: Rules<Time>,
}

/// The SQL type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum SqlType {
    /// `text COLLATE "C"`.
    Text,
    /// `uuid`.
    Uuid,
    /// `bigint`.
    Bigint,
    /// `numeric`, of any digits.
    Numeric,
    /// `numeric(14, 2)`.
    Money,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `timestamp`, without a zone.
    Timestamp,
    /// `timestamptz`.
    Timestamptz,
    /// `time`, without a zone.
    Time,
    /// `integer`.
    Integer,
}

impl SqlType {
    /// The short code by which the maker of tables knows it.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// A JSON number is exact up to here in every program that reads it: 2⁵³ − 1.
const EXACT_IN_JSON: i64 = (1 << 53) - 1;

impl Kind {
    /// An amount, with no rules of its own.
    pub const MONEY: Kind = Kind::Money {
        bare: true,
        rules: None,
    };

    /// A date as the reading says, with no rules of its own.
    pub const DATE: Kind = Kind::Date {
        formats: None,
        rules: None,
    };

    /// Text of at most so many characters.
    pub const fn text(max_chars: usize) -> Self {
        Kind::Text {
            max_chars,
            rules: None,
        }
    }

    /// A whole number within these bounds, both included.
    pub const fn integer(min: i64, max: i64) -> Self {
        Kind::Integer {
            min,
            max,
            bare: true,
            one_of: None,
        }
    }

    /// The SQL type of a column of this kind.
    pub fn sql(&self) -> SqlType {
        match self {
            Kind::Text { .. } => SqlType::Text,
            Kind::Uuid(_) => SqlType::Uuid,
            Kind::Integer { .. } => SqlType::Bigint,
            Kind::BigInteger(_) | Kind::Number(_) => SqlType::Numeric,
            Kind::Money { .. } => SqlType::Money,
            Kind::Boolean(_) => SqlType::Boolean,
            Kind::Date { .. } | Kind::Yearmonth(_) => SqlType::Date,
            Kind::Datetime(_) => SqlType::Timestamp,
            Kind::Timestamp(_) => SqlType::Timestamptz,
            Kind::Time(_) => SqlType::Time,
            Kind::Year(_) => SqlType::Integer,
        }
    }

    /// True if its values are texts: blanks are kept, and an empty cell is a value.
    pub fn is_text(&self) -> bool {
        matches!(self, Kind::Text { .. })
    }

    /// True if its values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Kind::Integer { .. }
                | Kind::BigInteger(_)
                | Kind::Money { .. }
                | Kind::Number(_)
                | Kind::Year(_)
        )
    }

    /// True if its values are days.
    pub fn is_date(&self) -> bool {
        matches!(self, Kind::Date { .. })
    }

    /// The numeric forms of its dates, in files of these forms.
    pub(crate) fn dates(&self, forms: &Forms) -> DateForms {
        match self {
            Kind::Date {
                formats: Some(formats),
                ..
            } => formats.numeric(forms),
            _ => forms.dates,
        }
    }

    /// True if its values are JSON numbers: those whose bounds (and decimals) keep them exact in
    /// every program. Other numbers are JSON strings, so that none rounds them.
    pub fn is_json_number(&self) -> bool {
        match self {
            Kind::Integer { min, max, .. } => *min >= -EXACT_IN_JSON && *max <= EXACT_IN_JSON,
            Kind::Money { .. } | Kind::Year(_) => true,
            Kind::Number(number) => number.fits_in_json(),
            _ => false,
        }
    }
}

impl Number {
    /// A 64-bit float gives back every decimal number of so many digits, in a range that bounds
    /// and decimals keep.
    const EXACT_DIGITS: i32 = 15;

    fn fits_in_json(&self) -> bool {
        let (Some(min), Some(max), Some(decimals)) =
            (self.rules.min, self.rules.max, self.decimals)
        else {
            return false;
        };
        let most = min.abs().max(max.abs());
        let digits = most.whole_digits().max(0) + i32::from(decimals);
        let whole = decimals == 0 && most <= Decimal::new(EXACT_IN_JSON.into(), 0);
        whole || digits <= Self::EXACT_DIGITS
    }
}
