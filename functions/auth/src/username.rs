//! What a username may be.

use domain::limits::USERNAME_CHARS_AT_MOST;
use lambda::http::words::{NO_NUL, too_long};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const INVALID: &str = "Enter a valid username. This value may contain only letters, numbers, \
     and @/./+/-/_ characters.";

/// The form in which a name is stored: names that look alike become one (NFKC). As in the original,
/// a sign-up normalises the name and a sign-in does not: it needs the name that the sign-up
/// answered.
pub fn normalized(username: &str) -> String {
    username.nfkc().collect()
}

/// Everything that is wrong with a username as it was sent.
pub fn complaints(username: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !username.chars().all(may_contain) {
        found.push(INVALID.to_owned());
    }
    // Normalisation can turn one character into eighteen.
    if username.chars().count().max(username.nfkc().count()) > USERNAME_CHARS_AT_MOST {
        found.push(too_long(USERNAME_CHARS_AT_MOST));
    }
    if username.contains('\0') {
        found.push(NO_NUL.to_owned());
    }
    found
}

/// Python's `\w` and a few signs: letters and digits of all scripts, but no marks above or below
/// them, and no letters in circles and squares.
fn may_contain(char: char) -> bool {
    let enclosed = matches!(char, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}');
    (char.is_alphanumeric() && !is_combining_mark(char) && !enclosed) || "_.@+-".contains(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames() {
        for good in [
            "a",
            "Ada.Lovelace+1@example-host_x",
            "é5",
            "ﬁve",
            "a²",
            "表",
        ] {
            assert_eq!(complaints(good), Vec::<String>::new(), "{good}");
        }
        for bad in ["a b", "a/b", "a#", "a\n", "e\u{301}", "Ⓐ", "ที่"] {
            assert_eq!(complaints(bad), [INVALID], "{bad}");
        }
        assert_eq!(complaints("a\0"), [INVALID, NO_NUL]);
        assert_eq!(complaints(&"é".repeat(150)), Vec::<String>::new());
        let too_long = "Ensure this field has no more than 150 characters.";
        assert_eq!(complaints(&"a".repeat(151)), [too_long]);
        assert_eq!(complaints(&"ﷺ".repeat(9)), [too_long]);
        assert_eq!(complaints(&" ".repeat(151)), [INVALID, too_long]);
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (sent, kept) in [("ﬁve", "five"), ("ｘ²", "x2"), ("é", "é"), ("Ada", "Ada")] {
            assert_eq!(normalized(sent), kept);
        }
    }
}
