//! Texts, and what they must be beside text.

use memchr::memchr;
use regex_automata::meta::{BuildError, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use uuid::Uuid;

use super::rules::{OneOf, not_in};
use crate::rejection::Rejection;

/// What a text must be beside text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRules {
    /// The fewest characters.
    pub min_chars: usize,
    /// What the text is of, if it is declared.
    pub format: Option<TextFormat>,
    /// What the whole text must match.
    pub pattern: Option<TextPattern>,
    /// The only texts allowed, if they are listed.
    pub one_of: OneOf<String>,
}

/// What a text is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// An address of electronic mail.
    Email,
    /// A URI with its scheme.
    Uri,
}

/// A regular expression that a whole cell must match, in the syntax of the `regex` crate. Its engine
/// takes time linear in the cell, whatever the pattern is.
#[derive(Clone, Debug)]
pub struct TextPattern {
    source: String,
    whole: Regex,
}

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextPatternError {
    /// It is too large once it is compiled.
    #[error("The pattern needs too much memory: repeat less, or fewer characters.")]
    TooLarge,
    /// It is none.
    #[error("{0}")]
    Syntax(String),
}

/// Memory that one thread may use for a pattern to be fast, as a multiple of the pattern's own: more
/// than it needs at least, with less it would be slow.
const CACHE_TIMES: usize = 4;

impl TextPattern {
    /// The pattern of this text, if it takes no more than these bytes of memory.
    ///
    /// # Errors
    /// It is none in the syntax of the `regex` crate, or too large.
    pub fn new(source: &str, bytes_at_most: usize) -> Result<Self, TextPatternError> {
        let compiled = |pattern: &str| compile(pattern, bytes_at_most);
        // By itself first: `a)|(b` is no pattern, although it is one between brackets.
        compiled(source)?;
        Ok(Self {
            source: source.to_owned(),
            whole: compiled(&format!(r"\A(?:{source})\z"))?,
        })
    }

    /// As it was declared.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// True if the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

/// Only whether a text matches is asked, so nothing is made for the parts that it captures.
fn compile(pattern: &str, bytes_at_most: usize) -> Result<Regex, TextPatternError> {
    let limits = Regex::config()
        .nfa_size_limit(Some(bytes_at_most))
        .hybrid_cache_capacity(CACHE_TIMES * bytes_at_most)
        .which_captures(WhichCaptures::None)
        .onepass(false);
    let built = Regex::builder().configure(limits).build(pattern);
    built.map_err(
        |error: BuildError| match (error.size_limit(), error.syntax_error()) {
            (Some(_), _) => TextPatternError::TooLarge,
            (None, Some(syntax)) => TextPatternError::Syntax(syntax.to_string()),
            (None, None) => TextPatternError::Syntax(error.to_string()),
        },
    )
}

impl PartialEq for TextPattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for TextPattern {}

/// The text of a cell.
#[inline]
pub(super) fn text(cell: &[u8], max_chars: usize) -> Result<&str, Rejection> {
    if memchr(0, cell).is_some() {
        return Err(Rejection::NulCharacter);
    }
    let text = std::str::from_utf8(cell).map_err(|_| Rejection::NotUtf8)?;
    // A character has one byte or more, so a short cell needs no counting.
    if text.len() > max_chars && text.chars().count() > max_chars {
        return Err(Rejection::TooLong {
            chars_at_most: max_chars,
        });
    }
    Ok(text)
}

/// The text of a cell that keeps the rules.
pub(super) fn by_rules<'c>(
    cell: &'c [u8],
    max_chars: usize,
    rules: &TextRules,
) -> Result<&'c str, Rejection> {
    let text = text(cell, max_chars)?;
    // A character has four bytes at most.
    if text.len() < 4 * rules.min_chars && text.chars().count() < rules.min_chars {
        return Err(Rejection::TooShort {
            chars_at_least: rules.min_chars,
        });
    }
    match rules.format {
        Some(TextFormat::Email) if !is_email(text) => return Err(Rejection::BadEmail),
        Some(TextFormat::Uri) if !is_uri(text) => return Err(Rejection::BadUri),
        _ => {}
    }
    if let Some(pattern) = rules.pattern.as_ref().filter(|it| !it.matches(text)) {
        return Err(Rejection::PatternDoesNotMatch(pattern.as_str().into()));
    }
    match &rules.one_of {
        Some(listed) if listed.binary_search_by(|it| it.as_str().cmp(text)).is_err() => {
            Err(not_in(listed.iter().cloned()))
        }
        _ => Ok(text),
    }
}

/// Letters, digits and signs before one `@`, and after it names with a point between them: what
/// browsers take, with letters of every language, and with a point.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let letter = |it: char| it.is_alphanumeric();
    let in_name = |it: char| letter(it) || "!#$%&'*+/=?^_`{|}~-".contains(it);
    let is_name = |it: &str| !it.is_empty() && it.chars().all(in_name);
    let is_label = |it: &str| {
        let ends = it.starts_with('-') || it.ends_with('-');
        !it.is_empty() && it.len() <= 63 && !ends && it.chars().all(|it| letter(it) || it == '-')
    };
    let is_short = name.len() <= 64 && host.len() <= 253;
    is_short && name.split('.').all(is_name) && host.contains('.') && host.split('.').all(is_label)
}

/// A scheme, a colon, and the characters of RFC 3986.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let in_scheme = |it: u8| it.is_ascii_alphanumeric() || b"+-.".contains(&it);
    let is_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic());
    let in_uri = |it: u8| it.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&it);
    let mut escapes = rest.split('%').skip(1);
    let is_escape = |it: &str| {
        let code = it.as_bytes().get(..2);
        code.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
    };
    let has_host = rest.strip_prefix("//").is_none_or(|it| {
        let host = it.split(['/', '?', '#']).next();
        host.is_some_and(|host| !host.is_empty()) || scheme.eq_ignore_ascii_case("file")
    });
    is_scheme
        && scheme.bytes().all(in_scheme)
        && !rest.is_empty()
        && rest.bytes().all(in_uri)
        && escapes.all(is_escape)
        && has_host
        && rest.matches('#').count() <= 1
}

/// `123e4567-e89b-12d3-a456-426614174000`: hyphens where they belong, letters of either case.
pub(super) fn uuid(cell: &[u8]) -> Result<Uuid, Rejection> {
    let hyphens = [8, 13, 18, 23].map(|at| cell.get(at) == Some(&b'-'));
    let is_hyphenated = cell.len() == 36 && hyphens == [true; 4];
    let parsed = is_hyphenated.then(|| Uuid::try_parse_ascii(cell).ok());
    parsed.flatten().ok_or(Rejection::NotAUuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in [
            "a@b.co",
            "o'neil+x@mail.example.org",
            "jürgen@müller.de",
            "a.b@x-y.io",
        ] {
            assert!(is_email(good), "{good}");
        }
        let long = format!("{}@b.co", "a".repeat(65));
        for bad in [
            "", "a", "a@b", "@b.co", "a@", "a@.co", "a@b..co", "a b@c.co", "a@b@c.co", ".a@b.co",
            "a.@b.co", "a@-b.co", "a@b.co\n", "<a@b.co>", "a@b.co.", &long,
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn uris() {
        for good in [
            "https://example.org",
            "http://a.b/c?d=e#f",
            "mailto:a@b.co",
            "urn:isbn:0451450523",
            "file:///tmp/x",
            "http://[::1]:80/",
            "https://a.b/%20",
        ] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "//example.org/a",
            "http:",
            "http://",
            "1http://a",
            "http://a b",
            "http://a/%2",
            "http://a/%zz",
            "http://ü.de",
            "http://a#b#c",
            "a\u{0}:b",
            "http://?a",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }

    #[test]
    fn a_pattern_is_of_the_whole_text_and_of_one_pattern() {
        let matches =
            |pattern: &str, text: &str| TextPattern::new(pattern, 1 << 20).unwrap().matches(text);
        assert!(matches("a|ab", "ab"));
        assert!(!matches("a", "a\n"));
        assert!(!matches("(?m)^a$", "a\nb"));
        assert!(matches(r"\d{3}-\p{Lu}+", "123-ÄÖ"));
        assert!(matches("", ""));
        assert!(!matches("", "a"));
        let error = |pattern: &str| TextPattern::new(pattern, 1 << 20).unwrap_err();
        assert!(matches!(error("a)|(b"), TextPatternError::Syntax(_)));
        assert!(matches!(error("(?x)a #"), TextPatternError::Syntax(_)));
        assert!(matches!(error(r"(a)\1"), TextPatternError::Syntax(_)));
        assert_eq!(error(r"(\w{500}){500}"), TextPatternError::TooLarge);
    }
}
