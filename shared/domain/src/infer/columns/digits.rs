//! Cells that are read as numbers, and may be names made of digits: of those, every digit counts.

/// Telephone numbers with the code of their country have no fewer.
const DIGITS_OF_TELEPHONES: usize = 8;

/// The first cell with a zero before its other digits, which no number keeps: `007`, `-0012,50`,
/// and `01.10`, which may be a chapter or a day.
pub(super) fn with_leading_zero<'c>(cells: &[&'c str]) -> Option<&'c str> {
    let begins = |cell: &&&str| {
        let unsigned = cell.trim_ascii().trim_start_matches(['-', '+']);
        matches!(unsigned.as_bytes(), [b'0', b'0'..=b'9', ..])
    };
    cells.iter().find(begins).copied()
}

/// The first cell that says that its column may be of names. Decimals say that it is not: no name is
/// written with the character before them.
pub(super) fn perhaps_names<'c>(cells: &[&'c str], decimal: u8) -> Option<&'c str> {
    let decimal = char::from(decimal);
    if cells.iter().any(|cell| cell.contains(decimal)) {
        return None;
    }
    let telephone = || cells.first().filter(|_| cells.iter().all(is_telephone));
    let part = cells.iter().find(|cell| has_power(cell));
    part.or_else(telephone).copied()
}

/// `+4915112345678`
fn is_telephone(cell: &&str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    cell.trim_ascii().starts_with('+') && digits >= DIGITS_OF_TELEPHONES
}

/// `12E3`: as a part number of a list of them it is not 12000.
fn has_power(cell: &str) -> bool {
    cell.contains(['e', 'E'])
}
