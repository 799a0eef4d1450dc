//! How many records of a file may be rejected.

use std::str::FromStr;

use crate::limits::{LINES_OF_A_SMALL_FILE, LINES_PER_REJECTED_RECORD};

/// How many records may be rejected before the import fails: `?max_errors=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxErrors {
    /// This many records.
    Count(i64),
    /// This many of a hundred records of the file, rounded down once the records are counted.
    Percent(i16),
}

impl MaxErrors {
    /// True if more was rejected than may be: `records` on `lines` of the file's `all` lines,
    /// which are those of rows and rejected records. For as long as more lines may come, `all` is
    /// the most that there can be.
    ///
    /// Percentages are of lines and counts are of records, so that one record that swallowed
    /// thousands of lines is not one.
    pub fn are_exceeded(self, records: u64, lines: u64, all: u64) -> bool {
        match self {
            MaxErrors::Count(count) => {
                let count = count.unsigned_abs();
                records > count || lines > count.saturating_mul(LINES_PER_REJECTED_RECORD)
            }
            MaxErrors::Percent(percent) => {
                let percent = u64::from(percent.unsigned_abs());
                let one = all < LINES_OF_A_SMALL_FILE && records <= 1 && percent > 0;
                !one && lines.saturating_mul(100) > all.saturating_mul(percent)
            }
        }
    }
}

/// A word that is neither a count nor a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLimit;

impl FromStr for MaxErrors {
    type Err = NoLimit;

    /// `100` or `5%`; whole numbers, a percentage of at most 100.
    fn from_str(words: &str) -> Result<Self, NoLimit> {
        let (digits, percent) = match words.strip_suffix('%') {
            Some(digits) => (digits, true),
            None => (words, false),
        };
        let plain =
            (1..=12).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
        let number: i64 = digits.parse().map_err(|_| NoLimit)?;
        match i16::try_from(number) {
            _ if !plain => Err(NoLimit),
            _ if !percent => Ok(MaxErrors::Count(number)),
            Ok(percent) if percent <= 100 => Ok(MaxErrors::Percent(percent)),
            _ => Err(NoLimit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_or_a_percentage() {
        for (words, limit) in [
            ("0", MaxErrors::Count(0)),
            ("999999999999", MaxErrors::Count(999_999_999_999)),
            ("0%", MaxErrors::Percent(0)),
            ("100%", MaxErrors::Percent(100)),
        ] {
            assert_eq!(words.parse(), Ok(limit), "{words}");
        }
        for words in [
            "",
            "%",
            "-1",
            "+1",
            "1.5",
            "101%",
            "5 %",
            "1e3",
            "ten",
            "1000000000000",
        ] {
            assert_eq!(words.parse::<MaxErrors>(), Err(NoLimit), "{words}");
        }
    }

    #[test]
    fn percentages_are_of_lines_and_counts_of_records() {
        let percent = MaxErrors::Percent(10);
        for (records, lines, all, exceeded) in [
            (1, 1, 10, false),
            (1, 1, 1, false),
            (1, 9, 19, false),
            (2, 2, 19, true),
            (2, 2, 20, false),
            (3, 3, 20, true),
            (1, 11_991, 12_000, true),
            (0, 0, 0, false),
        ] {
            assert_eq!(
                percent.are_exceeded(records, lines, all),
                exceeded,
                "{records} {lines}"
            );
        }
        assert!(MaxErrors::Percent(0).are_exceeded(1, 1, 5));
        assert!(!MaxErrors::Percent(100).are_exceeded(50, 50, 50));
        let count = MaxErrors::Count(10);
        assert!(!count.are_exceeded(10, 100, 100) && count.are_exceeded(11, 11, 10_000));
        assert!(
            count.are_exceeded(1, 101, 10_000),
            "a record of too many lines"
        );
        assert!(MaxErrors::Count(0).are_exceeded(1, 1, 10_000));
    }
}
