//! Pages by limit and offset, exactly as Django REST framework 3.10 makes them: clients written
//! for it must not see a difference.

pub mod change;
pub mod cursor;

use std::collections::BTreeMap;

use cursor::Cursor;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is not as it is in a link's query. The space is replaced by a `+` afterwards.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b' ');

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many entries at most, 1 or more.
    pub limit: i64,
    /// How many entries come before it, 0 or more.
    pub offset: i64,
}

/// How many entries the pages of a list have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLength {
    /// Where the query does not say it.
    pub usual: i64,
    /// Whatever the query says.
    pub at_most: i64,
}

/// The page a query asks for. A `limit` that is no positive whole number is ignored, one above
/// the most is the most; an `offset` that is no whole number or negative is 0.
pub fn read(limit: Option<&str>, offset: Option<&str>, length: PageLength) -> Page {
    let limit = limit.and_then(whole_number).filter(|&limit| limit > 0);
    let offset = offset.and_then(whole_number).filter(|&offset| offset >= 0);
    Page {
        limit: limit.map_or(length.usual, |limit| limit.min(length.at_most)),
        offset: offset.unwrap_or(0),
    }
}

/// What Python's `int()` takes: white space around, a sign, underscores between digits. Beyond
/// 64 bits it stays at the nearest value that fits: no list is that long.
fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    for group in digits.split('_') {
        if group.is_empty() {
            return None;
        }
        for char in group.chars() {
            let digit = i64::from(char.to_digit(10)?);
            value = value.saturating_mul(10).saturating_add(digit);
        }
    }
    Some(if negative { -value } else { value })
}

/// The links to the next and the previous page of a list with `count` entries: `base_url` (no
/// query) with the request's `query` (decoded pairs in their order), limit and offset replaced,
/// keys sorted. `None` if there is no such page.
pub fn links(
    page: Page,
    count: i64,
    base_url: &str,
    query: &[(String, String)],
) -> (Option<String>, Option<String>) {
    let link = |offset: Option<i64>| {
        let offset = offset.map(|it| it.to_string());
        page_url(base_url, query, page.limit, ("offset", offset))
    };
    let next_offset = page.offset.saturating_add(page.limit);
    let previous_offset = page.offset - page.limit;
    let next = (next_offset < count).then(|| link(Some(next_offset)));
    let previous =
        (page.offset > 0).then(|| link((previous_offset > 0).then_some(previous_offset)));
    (next, previous)
}

/// The link to the page at a cursor, in a list that is read by cursors: like [`links`], with the
/// request's `cursor` replaced and its `offset`, which has no meaning there, dropped.
pub fn cursor_link(
    limit: i64,
    cursor: &Cursor,
    base_url: &str,
    query: &[(String, String)],
) -> String {
    link_at(limit, cursor.encode(), base_url, query)
}

/// The same to a cursor of any list, as it is written.
pub fn link_at(limit: i64, cursor: String, base_url: &str, query: &[(String, String)]) -> String {
    let kept = query.iter().filter(|(key, _)| key != "offset").cloned();
    let kept: Vec<_> = kept.collect();
    page_url(base_url, &kept, limit, ("cursor", Some(cursor)))
}

/// Finds the part of a list that holds the entry at this offset, given the parts in order with
/// their sizes. Returns the part, its size and the entry's offset within the part.
pub fn part_at<T>(parts: impl IntoIterator<Item = (T, i64)>, offset: i64) -> Option<(T, i64, i64)> {
    let mut before = offset;
    for (part, size) in parts {
        if before < size {
            return Some((part, size, before));
        }
        before -= size;
    }
    None
}

fn page_url(
    base: &str,
    query: &[(String, String)],
    limit: i64,
    (key, value): (&str, Option<String>),
) -> String {
    let mut sorted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (key, value) in query {
        sorted.entry(key).or_default().push(value.clone());
    }
    sorted.insert("limit", vec![limit.to_string()]);
    match value {
        Some(value) => sorted.insert(key, vec![value]),
        None => sorted.remove(key),
    };
    let pairs = sorted
        .iter()
        .flat_map(|(key, values)| values.iter().map(|value| encode_pair(key, value)));
    format!("{base}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn encode_pair(key: &str, value: &str) -> String {
    format!("{}={}", quote_plus(key), quote_plus(value))
}

/// As Python's `quote_plus`: letters, digits and `_.-~` stay, a space becomes `+`.
fn quote_plus(text: &str) -> String {
    utf8_percent_encode(text, QUOTED)
        .to_string()
        .replace(' ', "+")
}

#[cfg(test)]
mod tests;
