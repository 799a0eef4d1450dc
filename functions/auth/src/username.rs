//! What a username may be.

/// The most characters.
pub const CHARS_AT_MOST: usize = 150;

const INVALID: &str = "Enter a valid username. This value may contain only letters, numbers, \
     and @/./+/-/_ characters.";
const TOO_LONG: &str = "Ensure this field has no more than 150 characters.";

/// Everything that is wrong with a username.
pub fn complaints(username: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !username.chars().all(may_contain) {
        found.push(INVALID.to_owned());
    }
    if username.chars().count() > CHARS_AT_MOST {
        found.push(TOO_LONG.to_owned());
    }
    found
}

fn may_contain(char: char) -> bool {
    char.is_alphanumeric() || "_.@+-".contains(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames() {
        for good in ["a", "Ada.Lovelace+1@example-host_x", "é5"] {
            assert_eq!(complaints(good), Vec::<String>::new(), "{good}");
        }
        for bad in ["a b", "a/b", "a\0", "a#", "a\n"] {
            assert_eq!(complaints(bad), [INVALID], "{bad}");
        }
        assert_eq!(complaints(&"é".repeat(150)), Vec::<String>::new());
        assert_eq!(complaints(&"a".repeat(151)), [TOO_LONG]);
        assert_eq!(complaints(&" ".repeat(151)), [INVALID, TOO_LONG]);
    }
}
