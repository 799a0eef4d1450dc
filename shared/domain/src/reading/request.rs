//! What is said about a reading with an upload.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Encoding, Escape, Origin, Part, Reading};
use crate::dataset::Dataset;
use crate::forms::{Currency, DateOrder, Group};
use crate::limits::{HEADING_LINES_AT_MOST, SKIPPED_LINES_AT_MOST};

/// The parts of a reading that were said with an upload; each was checked. As JSON, it is the
/// values as they were said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Part, String>", into = "BTreeMap<Part, String>")]
pub struct ReadingRequest {
    values: BTreeMap<Part, String>,
    changes: Changes,
}

/// A value that cannot be meant, and what is allowed instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadValue {
    /// The name of the parameter.
    pub name: &'static str,
    /// A sentence that names what is allowed.
    pub message: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Changes {
    encoding: Option<Encoding>,
    delimiter: Option<u8>,
    quote: Option<Option<u8>>,
    escape: Option<Escape>,
    skip_initial_space: Option<bool>,
    preamble: Option<u32>,
    heading_lines: Option<u32>,
    decimal: Option<u8>,
    group: Option<Option<Group>>,
    currency: Option<Option<Currency>>,
    dates: Option<DateOrder>,
}

impl ReadingRequest {
    /// Reads named values, such as the parameters of a URL. Names of no part are not looked at;
    /// of a name that comes twice, the last counts.
    ///
    /// # Errors
    /// One for each value that is not allowed, alone or beside another one.
    pub fn parse<'v>(
        said: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<Self, Vec<BadValue>> {
        let parts = said
            .into_iter()
            .filter_map(|(name, value)| Some((Part::of(name)?, value.to_owned())));
        let values: BTreeMap<Part, String> = parts.collect();
        let mut changes = Changes::default();
        let mut bad = Vec::new();
        for (&part, value) in &values {
            if changes.say(part, value).is_none() {
                bad.push(BadValue::of(part, allowed(part)));
            }
        }
        if bad.is_empty() {
            bad.extend(changes.clash());
        }
        match bad.is_empty() {
            true => Ok(Self { values, changes }),
            false => Err(bad),
        }
    }

    /// True if nothing was said.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// True if this part was said.
    pub fn says(&self, part: Part) -> bool {
        self.values.contains_key(&part)
    }

    /// The encoding, if it was said.
    pub fn encoding(&self) -> Option<Encoding> {
        self.changes.encoding
    }

    /// The values as they were said, in the same order for the same request.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = self.values.iter();
        values.map(|(part, value)| (part.name(), value.as_str()))
    }

    /// What the dataset declares, with what was said in its place.
    ///
    /// # Errors
    /// One for each character that would then mean two things.
    pub fn reading(&self, dataset: &Dataset) -> Result<Reading, Vec<BadValue>> {
        let mut reading = Reading::declared(dataset);
        self.changes.apply(&mut reading);
        let said = self.values.keys().map(|&part| (part, Origin::Said));
        reading.origins.extend(said);
        let clashes = clashes(&reading);
        match clashes.is_empty() {
            true => Ok(reading),
            false => Err(clashes),
        }
    }
}

impl BadValue {
    fn of(part: Part, message: impl Into<String>) -> Self {
        Self {
            name: part.name(),
            message: message.into(),
        }
    }
}

impl From<ReadingRequest> for BTreeMap<Part, String> {
    fn from(request: ReadingRequest) -> Self {
        request.values
    }
}

impl TryFrom<BTreeMap<Part, String>> for ReadingRequest {
    type Error = String;

    fn try_from(values: BTreeMap<Part, String>) -> Result<Self, String> {
        let named = values.iter().map(|(part, it)| (part.name(), it.as_str()));
        Self::parse(named).map_err(|bad| {
            let names: Vec<_> = bad.iter().map(|it| it.name).collect();
            format!("not allowed: {}", names.join(", "))
        })
    }
}

impl Changes {
    /// Takes one value; `None` if it is not allowed.
    fn say(&mut self, part: Part, value: &str) -> Option<()> {
        match part {
            Part::Encoding => self.encoding = Some(encoding(value)?),
            Part::Delimiter => self.delimiter = Some(delimiter(value)?),
            Part::Quote => self.quote = Some(none_or(value, syntax_byte)?),
            Part::Escape => self.escape = Some(escape(value)?),
            Part::SkipInitialSpace => self.skip_initial_space = Some(value.parse().ok()?),
            Part::SkipLines => self.preamble = Some(at_most(SKIPPED_LINES_AT_MOST, value)?),
            Part::HeadingLines => self.heading_lines = Some(at_most(HEADING_LINES_AT_MOST, value)?),
            Part::Decimal => self.decimal = Some(decimal(value)?),
            Part::Group => self.group = Some(none_or(value, group)?),
            Part::Currency => self.currency = Some(none_or(value, Currency::of)?),
            Part::Dates => self.dates = Some(date_order(value)?),
        }
        Some(())
    }

    /// An escape needs a quote only if it is a doubled one.
    fn clash(&self) -> Option<BadValue> {
        let no_quote = self.quote == Some(None);
        (no_quote && self.escape == Some(Escape::Doubled))
            .then(|| BadValue::of(Part::Escape, "Without a quote there is none to be doubled."))
    }

    fn apply(&self, reading: &mut Reading) {
        fn set<T: Copy>(part: &mut T, said: Option<T>) {
            *part = said.unwrap_or(*part);
        }
        set(&mut reading.encoding, self.encoding);
        set(&mut reading.delimiter, self.delimiter);
        set(&mut reading.quote, self.quote);
        set(&mut reading.escape, self.escape);
        set(&mut reading.skip_initial_space, self.skip_initial_space);
        set(&mut reading.preamble, self.preamble);
        set(&mut reading.heading_lines, self.heading_lines);
        set(&mut reading.decimal, self.decimal);
        set(&mut reading.group, self.group);
        set(&mut reading.currency, self.currency);
        set(&mut reading.dates, self.dates.map(Some));
        if reading.quote.is_none() && reading.escape == Escape::Doubled {
            reading.escape = Escape::None;
        }
    }
}

/// A sentence for each character that means two things.
fn clashes(reading: &Reading) -> Vec<BadValue> {
    let mut bad = Vec::new();
    if reading.quote == Some(reading.delimiter) {
        bad.push(BadValue::of(
            Part::Quote,
            "The delimiter cannot be the quote, too.",
        ));
    }
    if let Escape::Byte(byte) = reading.escape
        && (byte == reading.delimiter || Some(byte) == reading.quote)
    {
        let message = "Delimiter, quote and escape are three different characters. \
                       For quotes that are doubled, say doubled.";
        bad.push(BadValue::of(Part::Escape, message));
    }
    let group = reading.group.map(Group::char);
    if group == Some(char::from(reading.decimal)) {
        let message = "The character before the decimals cannot group digits, too.";
        bad.push(BadValue::of(Part::Group, message));
    }
    if reading.skip_initial_space && reading.delimiter == b' ' {
        let message = "Blanks that separate cells cannot be skipped.";
        bad.push(BadValue::of(Part::SkipInitialSpace, message));
    }
    bad
}

/// What a part may be, in words.
fn allowed(part: Part) -> String {
    match part {
        Part::Encoding => "Use utf-8, utf-16, utf-16le, utf-16be, windows-1252 or latin-1 \
            (which is taken as windows-1252)."
            .into(),
        Part::Delimiter => "Use one ASCII character that is no line break and no letter or digit, \
            or the word tab: , or ; or tab or |."
            .into(),
        Part::Quote => "Use one ASCII character that is no line break and no letter or digit, or \
            nothing for a file without quotes."
            .into(),
        Part::Escape => "Use doubled, one ASCII character that is no line break and no letter or \
            digit, or nothing."
            .into(),
        Part::SkipInitialSpace => "Use true or false.".into(),
        Part::SkipLines => format!("Use a whole number from 0 to {SKIPPED_LINES_AT_MOST}."),
        Part::HeadingLines => format!("Use a whole number from 0 to {HEADING_LINES_AT_MOST}."),
        Part::Decimal => "Use a point (.) or a comma (,).".into(),
        Part::Group => {
            "Use a comma, a point, an apostrophe, an underscore, the word blank, or nothing.".into()
        }
        Part::Currency => {
            "Use the sign as it stands in the file, at most 8 bytes: $ or € or EUR.".into()
        }
        Part::Dates => "Use mdy (1/27/2016), dmy (27/1/2016) or ymd (2016/1/27).".into(),
    }
}

/// Nothing is no value; anything else must be one.
fn none_or<T>(value: &str, of: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match value {
        "" => Some(None),
        _ => of(value).map(Some),
    }
}

/// UTF-16 without its order is that of Windows, as in the web's standard of encodings; the mark
/// of a file decides before that.
fn encoding(value: &str) -> Option<Encoding> {
    match value.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Some(Encoding::Utf8),
        "utf-16" | "utf-16le" => Some(Encoding::Utf16Le),
        "utf-16be" => Some(Encoding::Utf16Be),
        "windows-1252" | "cp1252" | "latin-1" | "latin1" | "iso-8859-1" => {
            Some(Encoding::Windows1252)
        }
        _ => None,
    }
}

fn delimiter(value: &str) -> Option<u8> {
    match value {
        "tab" | "\\t" => Some(b'\t'),
        _ => syntax_byte(value),
    }
}

fn escape(value: &str) -> Option<Escape> {
    match value {
        "" => Some(Escape::None),
        "doubled" => Some(Escape::Doubled),
        _ => syntax_byte(value).map(Escape::Byte),
    }
}

/// A blank is lost where parameters are copied, so it has a word, too.
fn group(value: &str) -> Option<Group> {
    match value {
        Group::BLANK => Some(Group::Blank),
        _ => Group::of(value),
    }
}

fn decimal(value: &str) -> Option<u8> {
    match value {
        "." => Some(b'.'),
        "," => Some(b','),
        _ => None,
    }
}

fn date_order(value: &str) -> Option<DateOrder> {
    let mut orders = DateOrder::ALL.into_iter();
    orders.find(|it| it.name() == value)
}

fn syntax_byte(value: &str) -> Option<u8> {
    match *value.as_bytes() {
        [byte] if byte.is_ascii() && !b"\r\n".contains(&byte) => {
            (!byte.is_ascii_alphanumeric()).then_some(byte)
        }
        _ => None,
    }
}

fn at_most(most: u32, value: &str) -> Option<u32> {
    let plain = value.len() <= 4 && value.bytes().all(|it| it.is_ascii_digit());
    value.parse().ok().filter(|&it| plain && it <= most)
}
