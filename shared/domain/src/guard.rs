//! A spreadsheet may run a cell as a formula. Such cells get an apostrophe in front in files that
//! we write, and lose it when such a file comes back.

/// The first bytes of the signs, of their guard, and of the fullwidth ones: any other cell is none.
const FIRST: [u8; 9] = [b'=', b'+', b'-', b'@', b'\t', b'\r', b'\n', b'\'', 0xef];

/// Signs by which a formula begins, with the fullwidth ones that some programs take for them.
const SIGNS: [&[u8]; 11] = [
    b"=",
    b"+",
    b"-",
    b"@",
    b"\t",
    b"\r",
    b"\n",
    "\u{ff1d}".as_bytes(),
    "\u{ff0b}".as_bytes(),
    "\u{ff0d}".as_bytes(),
    "\u{ff20}".as_bytes(),
];

/// What is put in front: an apostrophe, or nothing. A negative number is no formula.
#[inline]
pub fn guard(cell: &[u8]) -> &'static [u8] {
    match cell.first() {
        Some(first) if FIRST.contains(first) => guard_of_sign(cell),
        _ => b"",
    }
}

fn guard_of_sign(cell: &[u8]) -> &'static [u8] {
    match needs_guard(cell) && !is_negative_number(cell) {
        true => b"'",
        false => b"",
    }
}

/// The cell without its guard.
pub fn unguarded(cell: &[u8]) -> &[u8] {
    match cell {
        [b'\'', rest @ ..] if !guard(rest).is_empty() => rest,
        _ => cell,
    }
}

/// A cell that begins as a guarded one does is guarded, too: so that taking a guard off gives what
/// was there.
fn needs_guard(cell: &[u8]) -> bool {
    let apostrophes = cell.iter().take_while(|&&it| it == b'\'').count();
    let rest = &cell[apostrophes..];
    SIGNS.iter().any(|sign| rest.starts_with(sign))
}

fn is_negative_number(cell: &[u8]) -> bool {
    let number = |it: &u8| it.is_ascii_digit() || b".,".contains(it);
    match cell {
        [b'-', digits @ ..] => !digits.is_empty() && digits.iter().all(number),
        _ => false,
    }
}

/// Whether a byte of a guarded text makes a spreadsheet cut the cell there, if it is not in quotes: a
/// program that is told no delimiter takes what it finds. What follows would begin a cell, and might
/// be run.
#[inline]
pub fn may_cut(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'\t')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for cell in [
            "=1+1", "+1", "-1+1", "-", "@x", "\tx", "\r", "\nx", "＝1", "＋1", "－1", "＠x", "'=1",
            "''-a", "'＝1",
        ] {
            assert_eq!(guard(cell.as_bytes()), b"'", "{cell:?}");
        }
        for cell in [
            "",
            "a=1",
            "-1",
            "-1.234,56",
            "'",
            "'a",
            "1-1",
            " =1",
            "\u{feff}=1",
            "ＡＢＣ",
        ] {
            assert_eq!(guard(cell.as_bytes()), b"", "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn a_guard_comes_off_again(cell in "['=+a1.＝＠\t\r-]{0,6}") {
            let written = [guard(cell.as_bytes()), cell.as_bytes()].concat();
            prop_assert_eq!(unguarded(&written), cell.as_bytes());
        }
    }
}
