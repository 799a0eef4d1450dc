/// More rows than this are not begun: at 139 bytes a row they fill [`super::PARTS_AT_MOST`] parts
/// of [`super::PART_BYTES`].
pub const ROWS_AT_MOST: i64 = 450_000_000;

/// What is assumed of a row whose file is not known: bytes of the sample's rows.
const BYTES_A_ROW: i64 = 124;

/// The heading's own bytes.
const HEADING: i64 = 153;

/// Sales records shrink to about a third.
const GZIP_DIVISOR: i64 = 3;

/// What an export will come to, told before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Rows that match.
    pub rows: i64,
    /// Bytes of the file, from the bytes a row had in the files the rows came with.
    pub bytes: i64,
    /// The rows are counted; otherwise counting took too long and there are at most so many.
    pub exact: bool,
}

impl Estimate {
    /// For `rows` rows out of `stored` rows whose files had `stored_bytes` bytes in all.
    pub fn new(rows: i64, exact: bool, stored: i64, stored_bytes: i64, gzip: bool) -> Self {
        let wide = i128::from(rows) * i128::from(stored_bytes);
        let plain = match wide.checked_div(i128::from(stored)) {
            Some(bytes) => i64::try_from(bytes).unwrap_or(i64::MAX),
            None => rows.saturating_mul(BYTES_A_ROW),
        };
        let plain = plain.saturating_add(HEADING);
        let bytes = if gzip { plain / GZIP_DIVISOR } else { plain };
        Self { rows, bytes, exact }
    }

    /// Whether it may only begin once its user has said yes: more than `threshold` rows.
    pub fn needs_confirmation(&self, threshold: i64) -> bool {
        self.rows > threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_follow_the_files_the_rows_came_with() {
        #[rustfmt::skip]
        let table = [
            // rows, stored, their bytes, gzip, expected
            (0,          0,     0,              false, 153),
            (100,        0,     0,              false, 12_553),
            (100,        1_000, 200_000,        false, 20_153),
            (100,        1_000, 200_000,        true,  6_717),
            (5_000_000,  5_000_000, 620_000_000, false, 620_000_153),
            (i64::MAX,   1,     i64::MAX,       false, i64::MAX),
        ];
        for (rows, stored, stored_bytes, gzip, expected) in table {
            let estimate = Estimate::new(rows, true, stored, stored_bytes, gzip);
            assert_eq!(estimate.bytes, expected, "{rows} of {stored}");
        }
    }

    #[test]
    fn only_what_is_above_the_threshold_is_asked_about() {
        let of = |rows| Estimate::new(rows, true, 1, 100, false);
        assert!(!of(1_000).needs_confirmation(1_000));
        assert!(of(1_001).needs_confirmation(1_000));
        assert!(!of(0).needs_confirmation(0));
    }
}
