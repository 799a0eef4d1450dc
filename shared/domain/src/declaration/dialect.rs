//! The dialect of a declaration: a subset of Table Dialect, and the encoding.

use serde_json::{Map, Value, json};

use super::known;
use super::problem::ProblemKind;
use super::walk::{Object, whole};
use crate::dialect::{Dialect, Encoding, Escape};
use crate::limits::{HEADING_LINES_AT_MOST, SKIPPED_LINES_AT_MOST};

const SYNTAX: &str = "one ASCII character that is no line break and no letter or digit";
const LINES: &str = "a list of line numbers, counted from 1";

/// Reads `dialect`, if it is there.
pub(super) fn read(document: &Object<'_>) -> Dialect {
    let Some(object) = document.object("dialect", &known::DIALECT_PROPERTIES) else {
        return Dialect::USUAL;
    };
    object.choice("$schema", &known::DIALECT_PROFILES);
    object.choice("headerJoin", &[(" ", ())]);
    let encodings = Encoding::ALL.map(|it| (it.name(), it));
    let (preamble, heading_lines) = lines(&object);
    let dialect = Dialect {
        encoding: object.choice("encoding", &encodings),
        delimiter: syntax(&object, "delimiter").flatten(),
        quote: syntax(&object, "quoteChar").unwrap_or(Dialect::USUAL.quote),
        escape: escape(&object),
        skip_initial_space: object.flag("skipInitialSpace").unwrap_or(false),
        preamble,
        heading_lines,
    };
    check(&object, &dialect);
    dialect
}

/// A character of syntax; `Some(None)` where JSON null says that there is none.
fn syntax(object: &Object<'_>, name: &str) -> Option<Option<u8>> {
    let value = object.get(name)?;
    let none = value.is_null() && name != "delimiter";
    match value.as_str().map(str::as_bytes) {
        _ if none => Some(None),
        Some([byte]) if is_syntax(*byte) => Some(Some(*byte)),
        Some(_) => {
            object.note(name, &ProblemKind::NotACharacter { allowed: SYNTAX });
            None
        }
        None => {
            let allowed = "a string";
            object.note(name, &ProblemKind::WrongType { allowed });
            None
        }
    }
}

fn is_syntax(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\r\n".contains(&byte)
}

fn escape(object: &Object<'_>) -> Escape {
    let doubled = object.flag("doubleQuote");
    match (syntax(object, "escapeChar").flatten(), doubled) {
        (Some(byte), None | Some(false)) => Escape::Byte(byte),
        (Some(_), Some(true)) => {
            let why = "A quote is doubled or escaped, not both: leave out one of the two.".into();
            object.note("escapeChar", &ProblemKind::MeansTwoThings { why });
            Escape::Doubled
        }
        (None, Some(false)) => Escape::None,
        (None, None | Some(true)) => Escape::Doubled,
    }
}

/// Lines before the heading, and those of it.
fn lines(object: &Object<'_>) -> (Option<u32>, Option<u32>) {
    let header = object.flag("header").unwrap_or(true);
    let skipped = numbers(object, "commentRows", SKIPPED_LINES_AT_MOST);
    let heading = numbers(object, "headerRows", HEADING_LINES_AT_MOST);
    let skipped = skipped.map(|it| run(object, "commentRows", &it, 1));
    let heading = heading.map(|it| {
        let least = skipped.map(|it| it + 1);
        let first = it.first().copied().unwrap_or(1);
        (
            first - 1,
            run(object, "headerRows", &it, least.unwrap_or(first)),
        )
    });
    let is_empty = heading.is_none_or(|(_, lines)| lines == 0);
    match (header, heading) {
        (false, _) if is_empty => (skipped, Some(0)),
        (false, _) => {
            let why = "A file without a heading has no lines of it: leave this out.".into();
            object.note("headerRows", &ProblemKind::MeansTwoThings { why });
            (skipped, Some(0))
        }
        (true, Some((before, lines))) if lines > 0 => (skipped.or(Some(before)), Some(lines)),
        (true, _) => (skipped, None),
    }
}

/// The number of lines that are these, from the first on.
fn run(object: &Object<'_>, name: &str, lines: &[u32], first: u32) -> u32 {
    let run = (first..)
        .zip(lines)
        .all(|(expected, &line)| expected == line);
    let most = object.notes().at_most(SKIPPED_LINES_AT_MOST as usize);
    if !run || first as usize > most.saturating_add(1) {
        let why = format!(
            "Number these lines one after the other, from {first}; at most {SKIPPED_LINES_AT_MOST} \
             stand before the heading, and all of them are skipped."
        );
        object.note(name, &ProblemKind::BadBounds { why });
    }
    u32::try_from(lines.len()).unwrap_or(u32::MAX)
}

fn numbers(object: &Object<'_>, name: &str, most: u32) -> Option<Vec<u32>> {
    let list = object.list(name, most as usize)?;
    let most = object.notes().at_most(10_000);
    let number = |it: &Value| whole(it)?.filter(|it| (1..=most).contains(it));
    let numbers: Option<Vec<u64>> = list.iter().map(number).collect();
    if numbers.is_none() {
        object.note(name, &ProblemKind::WrongType { allowed: LINES });
    }
    let numbers = numbers?.into_iter();
    Some(numbers.filter_map(|it| u32::try_from(it).ok()).collect())
}

/// Notes characters that would mean two things.
fn check(object: &Object<'_>, dialect: &Dialect) {
    let note = |name: &str, why: &str| {
        let why = why.to_owned();
        object.note(name, &ProblemKind::MeansTwoThings { why });
    };
    let delimiter = dialect.delimiter;
    if delimiter.is_some() && delimiter == dialect.quote {
        note("quoteChar", "The delimiter cannot be the quote, too.");
    }
    if let Escape::Byte(byte) = dialect.escape
        && (Some(byte) == delimiter || Some(byte) == dialect.quote)
    {
        note(
            "escapeChar",
            "Delimiter, quote and escape are three different characters.",
        );
    }
    if dialect.skip_initial_space && delimiter == Some(b' ') {
        note(
            "skipInitialSpace",
            "Blanks that separate cells cannot be skipped.",
        );
    }
}

/// The document of a dialect; `None` if it says nothing.
pub(super) fn to_json(dialect: &Dialect) -> Option<Value> {
    let mut map = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            map.insert(name.to_owned(), value);
        }
    };
    let char = |it: u8| json!(char::from(it).to_string());
    let usual = Dialect::USUAL;
    put("encoding", dialect.encoding.map(|it| json!(it.name())));
    put("delimiter", dialect.delimiter.map(char));
    let quote = dialect.quote.map_or(Value::Null, char);
    put("quoteChar", (dialect.quote != usual.quote).then_some(quote));
    match dialect.escape {
        Escape::Doubled => {}
        Escape::None => put("doubleQuote", Some(json!(false))),
        Escape::Byte(byte) => put("escapeChar", Some(char(byte))),
    }
    let skips = dialect.skip_initial_space;
    put("skipInitialSpace", skips.then(|| json!(true)));
    if dialect.heading_lines == Some(0) {
        put("header", Some(json!(false)));
    }
    let first = dialect.preamble.map_or(1, |it| it + 1);
    let skipped = dialect.preamble.map(|_| (1..first).collect::<Vec<u32>>());
    let heading = dialect.heading_lines.filter(|&it| it > 0);
    let heading = heading.map(|it| (first..first + it).collect::<Vec<u32>>());
    let skipped = skipped.filter(|it| heading.is_none() || !it.is_empty());
    put("headerRows", heading.map(|it| json!(it)));
    put("commentRows", skipped.map(|it| json!(it)));
    (!map.is_empty()).then_some(Value::Object(map))
}
