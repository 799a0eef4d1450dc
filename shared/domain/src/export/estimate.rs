/// The bytes assumed for a row if no stored row tells: as many as a row of the sample has.
const BYTES_A_ROW: i64 = 124;

/// The bytes of the heading.
const HEADING: i64 = 153;

/// Compressed, sales records shrink to about a third.
const GZIP_DIVISOR: i64 = 3;

/// The expected size of an export, which its user is told before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Rows that match.
    pub rows: i64,
    /// Bytes of the file, estimated from the bytes per row of the imported files.
    pub bytes: i64,
    /// True if the rows were counted. If counting took too long, `rows` is an upper limit.
    pub exact: bool,
}

impl Estimate {
    /// The estimate for `rows` rows, of `stored` rows whose files had `stored_bytes` bytes in all.
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

    /// True if its user must confirm it before it begins: more than `threshold` rows.
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
