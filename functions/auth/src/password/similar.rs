use std::collections::HashMap;

/// A password is similar to a value from this ratio of common characters on.
const SIMILAR_FROM: f64 = 0.7;

/// Whether a password is similar to a value or to a part of it between non-word characters.
pub(super) fn is_similar(password: &str, value: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    let (password, value) = (password.to_lowercase(), value.to_lowercase());
    let parts = value.split(|it: char| !it.is_alphanumeric() && it != '_');
    parts
        .chain([value.as_str()])
        .any(|part| may_be_similar(&password, part) && quick_ratio(&password, part) >= SIMILAR_FROM)
}

/// The ratio cannot reach the limit if the lengths are too far apart. Without this check, a long
/// password would be compared with every part of a name that consists mostly of dots.
fn may_be_similar(one: &str, other: &str) -> bool {
    let (one, other) = (one.chars().count(), other.chars().count());
    let both = one + other;
    both == 0 || 2.0 * one.min(other) as f64 / both as f64 >= SIMILAR_FROM
}

/// `quick_ratio` of Python's SequenceMatcher: twice the characters two texts have in common, in
/// any order, over the characters of both.
fn quick_ratio(one: &str, other: &str) -> f64 {
    let mut left: HashMap<char, usize> = HashMap::new();
    for char in other.chars() {
        *left.entry(char).or_default() += 1;
    }
    let mut common = 0;
    for char in one.chars() {
        if let Some(count) = left.get_mut(&char).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    let both = one.chars().count() + other.chars().count();
    if both == 0 {
        return 1.0;
    }
    f64::from(2 * common) / both as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from Python's difflib.
    #[test]
    fn ratios_as_python_has_them() {
        let table = [
            ("abcd", "bcde", 0.75),
            ("", "", 1.0),
            ("a", "", 0.0),
            ("aab", "abb", 2.0 * 2.0 / 6.0),
            ("A", "AAAAAAAAAA", 2.0 / 11.0),
            ("12ab34cd", "12ab34cd", 1.0),
        ];
        for (one, other, ratio) in table {
            let difference = quick_ratio(one, other) - ratio;
            assert!(difference.abs() < 1e-12, "{one} {other}");
        }
    }

    #[test]
    fn a_look_at_the_lengths_changes_no_answer() {
        for one in 0..30 {
            for other in 0..30 {
                let (one, other) = ("a".repeat(one), "a".repeat(other));
                let similar = quick_ratio(&one, &other) >= SIMILAR_FROM;
                assert_eq!(may_be_similar(&one, &other), similar);
            }
        }
    }

    #[test]
    fn the_line_is_at_seven_tenths() {
        assert!(is_similar("abcdefgxyz", "abcdefg123"));
        assert!(!is_similar("abcdefwxyz", "abcdef1234"));
        assert!(!is_similar("anything", ""));
        assert!(!is_similar("anything", "@"));
    }
}
