//! What an email address may be, by the rules of the original's framework.

use std::net::{Ipv4Addr, Ipv6Addr};

use domain::limits::EMAIL_CHARS_AT_MOST;
use lambda::http::words::{NO_NUL, NOT_A_STRING, too_long};

const INVALID: &str = "Enter a valid email address.";

/// The message for a field that cannot be read. The original has one message for a value that is
/// not text and for a text that is not an address.
pub fn in_its_own_words(message: &'static str) -> &'static str {
    if message == NOT_A_STRING {
        INVALID
    } else {
        message
    }
}

/// Everything that is wrong with an address. An empty one is allowed.
pub fn complaints(email: &str) -> Vec<String> {
    let mut found = Vec::new();
    if email.chars().count() > EMAIL_CHARS_AT_MOST {
        found.push(too_long(EMAIL_CHARS_AT_MOST));
    }
    if email.contains('\0') {
        found.push(NO_NUL.to_owned());
    }
    if !email.is_empty() && !is_address(email) {
        found.push(INVALID.to_owned());
    }
    found
}

fn is_address(email: &str) -> bool {
    let Some((user, domain)) = email.rsplit_once('@') else {
        return false;
    };
    (is_dot_atom(user) || is_quoted(user))
        && (domain == "localhost" || is_domain(domain) || is_address_literal(domain))
}

fn is_dot_atom(user: &str) -> bool {
    let of_atom = |it: u8| it.is_ascii_alphanumeric() || b"-!#$%&'*+/=?^_`{}|~".contains(&it);
    user.split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(of_atom))
}

fn is_quoted(user: &str) -> bool {
    let inside = user.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let Some(inside) = inside else {
        return false;
    };
    let mut bytes = inside.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'\\' => bytes.next().is_some_and(|it| it == b'\t' || of_quoted(it)),
            b'"' => false,
            other => of_quoted(other),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// Any ASCII character except NUL, tab, line feed, carriage return and space.
fn of_quoted(byte: u8) -> bool {
    byte.is_ascii() && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | b' ')
}

/// Labels between dots, at least two of them.
fn is_domain(domain: &str) -> bool {
    let Some((labels, top)) = domain.rsplit_once('.') else {
        return false;
    };
    let top_length = top.chars().count();
    (2..=63).contains(&top_length)
        && top.chars().all(of_label)
        && !top.ends_with('-')
        && labels.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.chars().count())
        && label.chars().all(of_label)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Letters of other scripts are allowed: they stand for their punycode.
fn of_label(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '-' || ('\u{a1}'..='\u{ffff}').contains(&char)
}

fn is_address_literal(domain: &str) -> bool {
    let inside = domain.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inside.is_some_and(|it| it.parse::<Ipv4Addr>().is_ok() || it.parse::<Ipv6Addr>().is_ok())
}

/// The address with its domain in lower case, as the original's framework stores it. The part
/// before the `@` stays as it was sent.
pub(crate) fn normalized(address: String) -> String {
    match address.rsplit_once('@') {
        Some((name, domain)) => format!("{name}@{}", domain.to_lowercase()),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let long_label = format!("a@{}.com", "l".repeat(63));
        let good = [
            "",
            "a@b.co",
            "first.last+tag@sub.example.com",
            "a@localhost",
            "a@[127.0.0.1]",
            "a@[::1]",
            "\"quoted\\ \"@example.com",
            "a@bücher.example",
            &long_label,
        ];
        for email in good {
            let invalid = complaints(email).contains(&INVALID.to_owned());
            assert_eq!(invalid, email.contains("\\ "), "{email}");
        }
    }

    #[test]
    fn no_addresses() {
        let long_label = format!("a@{}.com", "l".repeat(64));
        let bad = [
            "a",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@b.c",
            "a b@c.de",
            "a..b@c.de",
            ".a@c.de",
            "a@-b.co",
            "a@b-.co",
            "a@b..co",
            "a@b.co-",
            "a@[1.2.3]",
            "a@b.co\n",
            "\"a@c.de",
            "\"a\"b\"@c.de",
            "a@b_c.de",
            &long_label,
        ];
        for email in bad {
            assert_eq!(complaints(email), [INVALID], "{email}");
        }
    }

    #[test]
    fn the_longest_address() {
        let of_length = |length: usize| format!("{}@example.com", "a".repeat(length - 12));
        assert_eq!(complaints(&of_length(254)), Vec::<String>::new());
        assert_eq!(
            complaints(&of_length(255)),
            ["Ensure this field has no more than 254 characters."]
        );
    }

    #[test]
    fn only_the_domain_is_lowered() {
        assert_eq!(normalized("Foo@EXAMPLE.Com".into()), "Foo@example.com");
        assert_eq!(normalized("a@B@C".into()), "a@B@c");
        assert_eq!(normalized(String::new()), "");
    }
}
