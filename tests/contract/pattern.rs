//! Answers with placeholders.

type Class = fn(char) -> bool;

/// The placeholders, and the characters of which each stands for one or more.
const PLACEHOLDERS: [(&str, Class); 6] = [
    ("<function>", |it| it.is_ascii_lowercase() || it == '-'),
    ("<number>", |it| it.is_ascii_digit() || it == '.'),
    ("<time>", |it| it.is_ascii_digit() || "-:.TZ".contains(it)),
    ("<token>", |it| {
        it.is_ascii_alphanumeric() || "-_.".contains(it)
    }),
    ("<uuid>", |it| it.is_ascii_hexdigit() || it == '-'),
    ("<words>", |it| it != '"'),
];

/// Whether the text equals the pattern, character by character outside the placeholders.
pub fn fits(pattern: &str, text: &str) -> bool {
    let first = PLACEHOLDERS
        .iter()
        .filter_map(|(name, class)| Some((pattern.find(name)?, name.len(), class)))
        .min_by_key(|(at, ..)| *at);
    let Some((at, length, class)) = first else {
        return pattern == text;
    };
    text.strip_prefix(&pattern[..at]).is_some_and(|text| {
        let end = text.find(|it| !class(it)).unwrap_or(text.len());
        end > 0 && fits(&pattern[at + length..], &text[end..])
    })
}

#[test]
fn a_placeholder_stands_for_its_own_characters_only() {
    assert!(fits(r#"{"a":<number>}"#, r#"{"a":12.5}"#));
    assert!(fits(
        r#"["<uuid>","<time>"]"#,
        r#"["0a-f","2026-01-01T00:00:00.1Z"]"#
    ));
    assert!(fits(r#""<words>""#, r#""any (words)""#));
    assert!(fits("", ""));
    assert!(!fits(r#"{"a":<number>}"#, r#"{"a":null}"#));
    assert!(!fits(r#"{"a":<number>}"#, r#"{"a":}"#));
    assert!(!fits("a<number>", "a1 "));
    assert!(!fits("", " "));
}
