//! What a password may be: the four rules of the original's framework.

mod similar;

use std::collections::HashSet;
use std::sync::LazyLock;

use domain::limits::PASSWORD_CHARS_AT_LEAST;

/// See COMMON-PASSWORDS.md.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common-passwords.txt").lines().collect());

/// Everything that is wrong with a password of this user, in the order of the rules.
pub fn complaints(password: &str, username: &str, email: &str) -> Vec<String> {
    let too_short = format!(
        "This password is too short. It must contain at least {PASSWORD_CHARS_AT_LEAST} characters."
    );
    let mut found = Vec::new();
    if similar::is_similar(password, username) {
        found.push("The password is too similar to the username.");
    } else if similar::is_similar(password, email) {
        found.push("The password is too similar to the email address.");
    }
    if password.chars().count() < PASSWORD_CHARS_AT_LEAST {
        found.push(&too_short);
    }
    if COMMON.contains(password.to_lowercase().trim()) {
        found.push("This password is too common.");
    }
    if !password.is_empty() && password.chars().all(char::is_numeric) {
        found.push("This password is entirely numeric.");
    }
    found.into_iter().map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERNAME: &str = "The password is too similar to the username.";
    const EMAIL: &str = "The password is too similar to the email address.";
    const SHORT: &str = "This password is too short. It must contain at least 8 characters.";
    const COMMON: &str = "This password is too common.";
    const NUMERIC: &str = "This password is entirely numeric.";

    #[test]
    fn rules_as_a_table() {
        let user = ("ada.lovelace", "countess@example.com");
        #[rustfmt::skip]
        let table: [(&str, &[&str]); 12] = [
            ("12ab34cd", &[]),
            ("correct horse", &[]),
            ("123", &[SHORT, COMMON, NUMERIC]),
            ("password", &[COMMON]),
            ("PassWord", &[COMMON]),
            ("48151623", &[NUMERIC]),
            ("٤٨١٥١٦٢٣", &[NUMERIC]),
            ("ada.lovelace", &[USERNAME]),
            ("LOVELACE1", &[USERNAME]),
            ("ada", &[USERNAME, SHORT, COMMON]),
            ("countess1", &[EMAIL]),
            ("elpmaxe1", &[EMAIL]),
        ];
        for (password, expected) in table {
            assert_eq!(complaints(password, user.0, user.1), expected, "{password}");
        }
    }

    #[test]
    fn the_list_is_whole() {
        assert_eq!(super::COMMON.len(), 19_640);
        assert!(super::COMMON.contains("123") && super::COMMON.contains("password"));
    }
}
