//! How numbers are written in a sample, and what a column of them is.

use serde_json::{Map, Value, json};

use super::candidates::Candidate;
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

impl Numbers {
    /// The way in which most columns are numbers; of equal ones the first.
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
        let fits = fits(&bare);
        // Of the document's own form, or else the first that fits.
        let first = || (0..FORMS.len()).find(|it| fits[*it]);
        let form = Some(self.form).filter(|it| fits[*it]).or_else(first)?;
        let (decimal, group) = FORMS[form];
        let decimal =
            (decimal != b'.').then(|| format!(", \"decimalChar\": \"{}\"", char::from(decimal)));
        let group = group.map(|it| format!(", \"groupChar\": \"{}\"", it.char()));
        Some(decimal.unwrap_or_default() + &group.unwrap_or_default())
    }

    pub(super) fn form_of<'c>(&self, cells: &[&'c str], fits: &Fits) -> NumberForm<'c> {
        if !fits[self.form] {
            return match fits.contains(&true) {
                true => NumberForm::Other,
                false => NumberForm::None,
            };
        }
        let zeros = |cell: &&&str| cell.len() > 1 && cell.starts_with('0') && all_digits(cell);
        if let Some(zeros) = cells.iter().find(zeros) {
            return NumberForm::LeadingZeros(zeros);
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

fn all_digits(cell: &str) -> bool {
    cell.bytes().all(|it| it.is_ascii_digit())
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
    let kind = Kind::Money {
        bare: true,
        rules: None,
    };
    parse_as(&kind, cell.as_bytes(), &forms(form)).is_ok()
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
