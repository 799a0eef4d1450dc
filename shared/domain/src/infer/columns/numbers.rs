//! How numbers are written in a sample, and what a column of them is.

use serde_json::{Map, Value, json};

use super::candidates::Candidate;
use super::digits::{perhaps_names, with_leading_zero};
use crate::cell::{Kind, parse_as};
use crate::forms::{Forms, Group};

/// How the numbers of a document are written: one way for all.
#[derive(Default)]
pub(super) struct Numbers {
    /// The place of it in [`FORMS`].
    form: usize,
    /// True if a column can only be numbers with this decimal character.
    proven: bool,
}

/// What a column of numbers is.
pub(super) enum NumberForm<'c> {
    /// It is none.
    None,
    /// One whose decimals may be groups.
    Open,
    /// One in another form than the others.
    Other,
    /// Digits that would lose a zero.
    LeadingZeros(&'c str),
    /// What may be names; if it is none, what is to be said of how they are written.
    PerhapsNames { cell: &'c str, form: String },
    /// One, with its properties.
    Known(Map<String, Value>),
}

/// Every way to write numbers, the plain one first.
const FORMS: [(u8, Option<Group>); 8] = [
    (b'.', None),
    (b',', None),
    (b'.', Some(Group::Comma)),
    (b',', Some(Group::Point)),
    (b'.', Some(Group::Blank)),
    (b',', Some(Group::Blank)),
    (b'.', Some(Group::Apostrophe)),
    (b',', Some(Group::Apostrophe)),
];

/// For each of [`FORMS`], whether all cells of a column are numbers in it.
pub(super) type Fits = [bool; FORMS.len()];

/// Looks at each cell of a column once, but for those that a form may read otherwise.
pub(super) fn fits(cells: &[&str]) -> Fits {
    let is_plain = |cell: &&&str| cell.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    if cells.is_empty()
        || !cells
            .iter()
            .filter(is_plain)
            .all(|it| is_number(it, FORMS[0]))
    {
        return Fits::default();
    }
    let signed: Vec<&str> = cells.iter().filter(|it| !is_plain(it)).copied().collect();
    FORMS.map(|form| signed.iter().all(|cell| is_number(cell, form)))
}

/// What a column says of how numbers are written. What may be no numbers in any form says nothing:
/// `01.10` proves no decimal point.
pub(super) fn evidence(cells: &[&str], fits: &Fits) -> Fits {
    let are_numbers = |form: usize| fits[form] && perhaps_names(cells, FORMS[form].0).is_none();
    let any = with_leading_zero(cells).is_none() && (0..FORMS.len()).any(are_numbers);
    if any { *fits } else { Fits::default() }
}

impl Numbers {
    /// The way in which most columns are numbers, by their [`evidence`]; of equal ones the first.
    pub(super) fn of(columns: &[Fits]) -> Self {
        let count = |form: &usize| columns.iter().filter(|fits| fits[*form]).count();
        let best = (0..FORMS.len()).rev().max_by_key(count).unwrap_or(0);
        let decimal = |form: usize| FORMS[form].0;
        let proves = |fits: &Fits| {
            let mut fitting = (0..FORMS.len()).filter(|it| fits[*it]).peekable();
            fitting.peek().is_some() && fitting.all(|it| decimal(it) == decimal(best))
        };
        Self {
            form: best,
            proven: columns.iter().any(proves),
        }
    }

    fn form(&self) -> (u8, Option<Group>) {
        FORMS[self.form]
    }

    /// Of the forms in which a column is numbers the document's own, or else the first.
    fn fitting(&self, fits: &Fits) -> Option<usize> {
        let first = || fits.iter().position(|it| *it);
        Some(self.form).filter(|it| fits[*it]).or_else(first)
    }

    pub(super) fn takes(&self, cell: &str) -> bool {
        is_number(cell, self.form())
    }

    /// For numbers that all have the same around them, what is to be said of how they are written.
    pub(super) fn with_signs(&self, cells: &[&str]) -> Option<String> {
        let signs = signs(cells.first()?)?;
        if !cells.iter().all(|it| self::signs(it) == Some(signs)) {
            return None;
        }
        let bare = |cell: &str| {
            let begin = cell.find(|it: char| it.is_ascii_digit() || it == '-')?;
            let end = cell.rfind(|it: char| it.is_ascii_digit())?;
            cell.get(begin..=end).map(str::to_owned)
        };
        let bare: Option<Vec<String>> = cells.iter().map(|it| bare(it)).collect();
        let bare = bare?;
        let bare: Vec<&str> = bare.iter().map(String::as_str).collect();
        self.fitting(&fits(&bare)).map(in_words)
    }

    pub(super) fn form_of<'c>(&self, cells: &[&'c str], fits: &Fits) -> NumberForm<'c> {
        let Some(form) = self.fitting(fits) else {
            return NumberForm::None;
        };
        if let Some(cell) = with_leading_zero(cells) {
            return NumberForm::LeadingZeros(cell);
        }
        if let Some(cell) = perhaps_names(cells, FORMS[form].0) {
            let form = in_words(form);
            return NumberForm::PerhapsNames { cell, form };
        }
        if form != self.form {
            return NumberForm::Other;
        }
        // What is a number in the other way as well is another number, unless it has no sign.
        let other_way = |form: usize| FORMS[form].0 != self.form().0 && fits[form];
        let has_sign = cells.iter().any(|it| it.contains([',', '.']));
        if has_sign && !self.proven && (0..FORMS.len()).any(other_way) {
            return NumberForm::Open;
        }
        NumberForm::Known(self.properties(cells))
    }

    fn properties(&self, cells: &[&str]) -> Map<String, Value> {
        let (decimal, group) = self.form();
        let decimal = char::from(decimal);
        let mut properties = Map::new();
        let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
        let has_cents = |cell: &&str| {
            let decimals = cell.trim().rsplit_once(decimal).map(|(_, it)| it.len());
            decimals == Some(2) && is_amount(cell, self.form())
        };
        let is_integer = cells.iter().all(|it| is_integer(it, self.form()));
        put("type", json!(if is_integer { "integer" } else { "number" }));
        if let Some(group) = group {
            put("groupChar", json!(group.char().to_string()));
        }
        if !is_integer {
            if decimal != '.' {
                put("decimalChar", json!(decimal.to_string()));
            }
            if cells.iter().all(has_cents) {
                put("decimals", json!(2));
                put("digits", json!(14));
            }
        }
        properties
    }
}

/// What stands before and after a number: signs, or up to three letters apart from it. `N14228` is no
/// number.
fn signs(cell: &str) -> Option<(&str, &str)> {
    let begin = cell.find(|it: char| it.is_ascii_digit() || it == '-')?;
    let end = cell.rfind(|it: char| it.is_ascii_digit())? + 1;
    let (before, after) = (cell.get(..begin)?, cell.get(end..)?);
    let is_sign = |part: &str, is_apart: bool| {
        let letters = part.chars().filter(|it| it.is_alphanumeric()).count();
        letters == 0 && part.trim().chars().count() <= 1 || is_apart && letters <= 3
    };
    let fits = is_sign(before, before.ends_with(' ')) && is_sign(after, after.starts_with(' '));
    (fits && !(before.trim().is_empty() && after.trim().is_empty())).then_some((before, after))
}

/// What a declaration says of numbers in one of [`FORMS`], beside their type.
fn in_words(form: usize) -> String {
    let (decimal, group) = FORMS[form];
    let decimal =
        (decimal != b'.').then(|| format!(", \"decimalChar\": \"{}\"", char::from(decimal)));
    let group = group.map(|it| format!(", \"groupChar\": \"{}\"", it.char()));
    decimal.unwrap_or_default() + &group.unwrap_or_default()
}

fn forms((decimal, group): (u8, Option<Group>)) -> Forms {
    Forms {
        decimal,
        group,
        ..Forms::PLAIN
    }
}

/// Numbers are written in more ways than amounts: `.50`, `+1.50`, `1.e2`.
fn is_amount(cell: &str, form: (u8, Option<Group>)) -> bool {
    parse_as(&Kind::MONEY, cell.as_bytes(), &forms(form)).is_ok()
}

fn is_number(cell: &str, form: (u8, Option<Group>)) -> bool {
    thread_local! {
        static KIND: Option<Kind> = Candidate::new(json!({ "type": "number" })).map(|it| it.kind);
    }
    let takes = |kind: &Option<Kind>| {
        let kind = kind.as_ref();
        kind.is_some_and(|it| parse_as(it, cell.as_bytes(), &forms(form)).is_ok())
    };
    KIND.with(takes)
}

fn is_integer(cell: &str, form: (u8, Option<Group>)) -> bool {
    let kind = Kind::integer(i64::MIN, i64::MAX);
    parse_as(&kind, cell.as_bytes(), &forms(form)).is_ok()
}
