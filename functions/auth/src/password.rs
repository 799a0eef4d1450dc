//! What a password may be: the four rules of the original's framework, of which the third knows
//! more passwords here.

mod listed;
mod predictable;
mod similar;

use domain::limits::PASSWORD_CHARS_AT_LEAST;

/// Everything that is wrong with a password of this user, in the order of the rules. It is judged
/// without white space around it, which makes no password better.
pub fn complaints(password: &str, username: &str, email: &str) -> Vec<String> {
    let password = password.trim();
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
    if is_common(password) {
        found.push("This password is too common.");
    }
    if !password.is_empty() && password.chars().all(char::is_numeric) {
        found.push("This password is entirely numeric.");
    }
    found.into_iter().map(ToOwned::to_owned).collect()
}

fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    listed::is_listed(&password) || predictable::is_predictable(&password)
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
        let table: [(&str, &[&str]); 23] = [
            ("12ab34cd", &[]),
            ("correct horse", &[]),
            ("  padded zebra lamp  ", &[]),
            ("zeb7q", &[SHORT]),
            ("    zeb7q    ", &[SHORT]),
            (" 48151623\t", &[NUMERIC]),
            (" PassWord ", &[COMMON]),
            ("collect1", &[COMMON]),
            ("Winter2026", &[COMMON]),
            ("Summer2024!", &[COMMON]),
            ("Passw0rd!", &[COMMON]),
            ("Barcelona10", &[COMMON]),
            ("test", &[SHORT, COMMON]),
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
        let long = "correct horse battery staple ".repeat(40);
        assert_eq!(complaints(&long, user.0, user.1), [""; 0]);
        for (password, expected) in table {
            assert_eq!(complaints(password, user.0, user.1), expected, "{password}");
        }
    }
}
