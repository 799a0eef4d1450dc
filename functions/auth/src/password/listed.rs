//! Passwords that many people have: see COMMON-PASSWORDS.md.

use std::cmp::Ordering;

use domain::limits::PASSWORD_CHARS_AT_LEAST;

/// The original's list.
const COMMON: List = List(include_str!("common-passwords.txt"));

/// The most used of those that were stolen somewhere, as far as the other rules let them through.
const BREACHED: List = List(include_str!("breached-passwords.txt"));

/// Whether a password, in lower case, is on a list. Signs around one that is do not make it another.
pub(super) fn is_listed(password: &str) -> bool {
    let bare = password.trim_matches(|it: char| !it.is_alphanumeric());
    let long = bare.chars().count() >= PASSWORD_CHARS_AT_LEAST;
    has(password) || (long && has(bare))
}

fn has(password: &str) -> bool {
    COMMON.has(password) || BREACHED.has(password)
}

/// Lines in the order of their bytes, looked up where they lie: nothing is built of them when a
/// function starts, and of the file only what is looked at comes into memory.
struct List(&'static str);

impl List {
    fn has(&self, wanted: &str) -> bool {
        let text = self.0.as_bytes();
        let (mut from, mut to) = (0, text.len());
        while from < to {
            let middle = from + (to - from) / 2;
            let (start, end) = line_around(text, middle);
            match text[start..end].cmp(wanted.as_bytes()) {
                Ordering::Equal => return true,
                Ordering::Less => from = end + 1,
                Ordering::Greater => to = start,
            }
        }
        false
    }
}

/// The line that a byte is in; a line break is its line's last byte.
fn line_around(text: &[u8], at: usize) -> (usize, usize) {
    let is_break = |it: &u8| *it == b'\n';
    let start = text[..at].iter().rposition(is_break).map_or(0, |it| it + 1);
    let end = text[at..].iter().position(is_break);
    (start, end.map_or(text.len(), |it| at + it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole_and_in_order() {
        for (list, lines) in [(COMMON, 19_640), (BREACHED, 29_838)] {
            assert_eq!(list.0.lines().count(), lines);
            assert!(list.0.ends_with('\n'));
            assert!(list.0.lines().is_sorted_by(|one, other| one < other));
            assert!(list.0.lines().all(|it| it == it.trim().to_lowercase()));
        }
    }

    #[test]
    fn every_line_is_found_and_nothing_between() {
        for list in [COMMON, BREACHED] {
            for line in list.0.lines() {
                assert!(list.has(line), "{line}");
                assert!(!list.has(&format!("{line}\n")), "{line}");
            }
            for other in [
                "",
                " ",
                "\n",
                "\u{10ffff}",
                "12ab34cd",
                "a line that is on no list",
            ] {
                assert!(!list.has(other), "{other}");
            }
        }
        assert!(!List("").has("") && !List("").has("a"));
    }

    /// What another rule refuses is not on the second list: its sentence stays the only one.
    #[test]
    fn the_second_list_has_what_no_other_rule_refuses() {
        for line in BREACHED.0.lines() {
            assert!(line.chars().count() >= PASSWORD_CHARS_AT_LEAST, "{line}");
            assert!(!line.chars().all(char::is_numeric), "{line}");
            assert!(!COMMON.has(line), "{line}");
        }
    }

    #[test]
    fn signs_around_a_listed_password_change_nothing() {
        for refused in ["password", "sunshine1!!", "!!sunshine1", "12345678!", "123"] {
            assert!(is_listed(refused), "{refused}");
        }
        // What is left of these is short, and common among very much else.
        for fine in ["abc!!!!!", "123-+-+-", "sun!shine1", "--------", "12ab34cd"] {
            assert!(!is_listed(fine), "{fine}");
        }
    }
}
