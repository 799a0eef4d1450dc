//! What an import or export waits for, from the code's own table of it.

use domain::waiting::Wait;

use super::source::text;
use super::table::{code, examples_of, table};

const WAITS: &str = "## What is waited for

`waiting_for` of an import or an export: why it is not moving, and until when. It is null while it moves, and at its end. A sentence speaks of the state of things when it was asked for; `until` is the time after which something happens without its user.

";

/// The table.
pub fn page() -> String {
    let examples = Wait::examples();
    let rows = Wait::CODES.iter().map(|name| {
        let of_code = || examples.iter().filter(|it| it.code() == *name);
        let what = of_code().next().map(said).unwrap_or_default();
        [code(name), what, examples_of(of_code())]
    });
    let rows: Vec<[String; 3]> = rows.collect();
    WAITS.to_owned() + &table(["code", "what it means", "what is said"], rows)
}

/// What the source says of the variant.
fn said(wait: &Wait) -> String {
    let source = text("shared/domain/src/waiting.rs");
    let debug = format!("{wait:?}");
    let name = debug.split([' ', '{', '(']).next().unwrap_or_default();
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let declares = |line: &&str| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|it| it.starts_with([',', ' ']))
    };
    let at = lines.iter().position(declares);
    let at = at.unwrap_or_else(|| panic!("no variant {name}"));
    let before = lines[..at].iter().rev();
    let words: Vec<&str> = before
        .map_while(|it| it.strip_prefix("///"))
        .map(str::trim)
        .collect();
    words.into_iter().rev().collect::<Vec<_>>().join(" ")
}
