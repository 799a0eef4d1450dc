//! Walks a JSON document and notes each problem with its path.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::known;
use super::problem::{Problem, ProblemKind};
use crate::limits::PROBLEMS_TOLD_AT_MOST;
use crate::near;
use crate::words::shown;

/// The problems found so far; the first ones are kept.
#[derive(Debug, Default)]
pub(super) struct Notes {
    problems: RefCell<Vec<Problem>>,
    is_stored: bool,
}

impl Notes {
    /// Of a document that was checked before it was stored.
    pub(super) fn of_stored() -> Self {
        Self {
            is_stored: true,
            ..Self::default()
        }
    }

    /// True if the document was checked before it was stored. What it was held to then may have been
    /// more than it would be held to now: no limit, and nothing else that is no part of its meaning,
    /// is looked at again.
    pub(super) fn is_of_stored(&self) -> bool {
        self.is_stored
    }

    /// A limit as this document is held to it.
    pub(super) fn at_most<T: Limit>(&self, most: T) -> T {
        match self.is_stored {
            true => T::NONE,
            false => most,
        }
    }

    pub(super) fn add(&self, path: impl Into<String>, kind: &ProblemKind) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < PROBLEMS_TOLD_AT_MOST {
            problems.push(Problem::at(path, kind));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// A number that nothing may be above.
pub(super) trait Limit {
    /// No limit.
    const NONE: Self;
}

impl Limit for usize {
    const NONE: Self = usize::MAX;
}

impl Limit for u64 {
    const NONE: Self = u64::MAX;
}

/// An object of the document, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Object<'j> {
    path: String,
    map: &'j Map<String, Value>,
    notes: &'j Notes,
}

/// How many entries a list may have, and how many characters each of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts {
    pub(super) entries: usize,
    pub(super) chars: usize,
    /// True if a text may be blank.
    pub(super) blank: bool,
}

impl<'j> Object<'j> {
    /// The object at this path, with none but these properties.
    pub(super) fn new(
        value: &'j Value,
        path: String,
        notes: &'j Notes,
        known: &[&'static str],
    ) -> Option<Self> {
        let object = Self::open(value, path, notes)?;
        object.only(known);
        Some(object)
    }

    /// The object at this path, whatever its properties.
    pub(super) fn open(value: &'j Value, path: String, notes: &'j Notes) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self { path, map, notes }),
            _ => {
                let allowed = "an object: {…}";
                notes.add(path, &ProblemKind::WrongType { allowed });
                None
            }
        }
    }

    /// Notes every property that is none of these.
    pub(super) fn only(&self, known: &[&'static str]) {
        for name in self.map.keys() {
            if !known.contains(&name.as_str()) {
                self.note(name, &not_known(name, known));
            }
        }
    }

    pub(super) fn notes(&self) -> &'j Notes {
        self.notes
    }

    /// The path of a property.
    pub(super) fn at(&self, name: &str) -> String {
        let plain = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '$';
        match name.len() <= 40 && !name.is_empty() && name.chars().all(plain) {
            true if self.path.is_empty() => name.to_owned(),
            true => format!("{}.{name}", self.path),
            false => format!("{}[\"{}\"]", self.path, shown(name.as_bytes())),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'j Value> {
        self.map.get(name)
    }

    pub(super) fn note(&self, name: &str, kind: &ProblemKind) {
        self.notes.add(self.at(name), kind);
    }

    /// The value that `of` makes of a property; what it makes nothing of is of the wrong type.
    fn typed<T>(
        &self,
        name: &str,
        allowed: &'static str,
        of: impl FnOnce(&'j Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name)?;
        let typed = of(value);
        if typed.is_none() {
            self.note(name, &ProblemKind::WrongType { allowed });
        }
        typed
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.typed(name, "true or false", Value::as_bool)
    }

    /// A text that is not blank and has at most so many characters.
    pub(super) fn text(&self, name: &str, most: usize) -> Option<&'j str> {
        let text = self.typed(name, "a string", Value::as_str)?;
        text_fits(text, self.at(name), most, false, self.notes).then_some(text)
    }

    /// A whole number within these bounds.
    pub(super) fn count(&self, name: &str, least: u64, most: u64) -> Option<u64> {
        let count = self.typed(name, "a whole number", whole)?;
        let most = self.notes.at_most(most);
        let within = count.filter(|it| (least..=most).contains(it));
        if within.is_none() {
            self.note(name, &ProblemKind::OutOfRange { least, most });
        }
        within
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.typed(name, "a string", Value::as_str)?;
        let known = words.iter().find(|(it, _)| *it == word);
        if known.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(it, _)| *it).collect();
            self.note(name, &not_a_choice(word, &allowed));
        }
        known.map(|(_, value)| *value)
    }

    /// A list of any values.
    pub(super) fn list(&self, name: &str, most: usize) -> Option<&'j [Value]> {
        let list = self.typed(name, "a list: […]", Value::as_array)?;
        if list.len() > self.notes.at_most(most) {
            self.note(name, &ProblemKind::TooMany { most });
            return None;
        }
        Some(list)
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str, bounds: Texts) -> Option<Vec<String>> {
        let list = self.list(name, bounds.entries)?;
        let entries = list.iter().enumerate();
        let texts = entries.filter_map(|(at, value)| {
            let path = format!("{}[{at}]", self.at(name));
            let Some(text) = value.as_str() else {
                let allowed = "a string";
                self.notes.add(path, &ProblemKind::WrongType { allowed });
                return None;
            };
            let fits = text_fits(text, path, bounds.chars, bounds.blank, self.notes);
            fits.then(|| text.to_owned())
        });
        Some(texts.collect())
    }

    /// An object within this one.
    pub(super) fn object(&self, name: &str, known: &[&'static str]) -> Option<Object<'j>> {
        Object::new(self.get(name)?, self.at(name), self.notes, known)
    }
}

/// Whether a text can be kept, noting why not.
fn text_fits(text: &str, path: String, most: usize, blank: bool, notes: &Notes) -> bool {
    let problem = if !blank && text.trim().is_empty() {
        ProblemKind::Blank
    } else if text.chars().count() > notes.at_most(most) {
        ProblemKind::TooLong { most }
    } else if text.contains('\0') {
        ProblemKind::NulCharacter
    } else {
        return true;
    };
    notes.add(path, &problem);
    false
}

/// A whole number, in JSON also written `5.0`; `Some(None)` for one that is negative or huge.
pub(super) fn whole(value: &Value) -> Option<Option<u64>> {
    let Value::Number(number) = value else {
        return None;
    };
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(whole), ..) => Some(Some(whole)),
        (None, Some(_), _) => Some(None),
        (None, None, Some(float)) if float.fract() == 0.0 => {
            let small = (0.0..=9_007_199_254_740_991.0).contains(&float);
            Some(small.then_some(float as u64))
        }
        _ => None,
    }
}

fn not_known(name: &str, known: &[&'static str]) -> ProblemKind {
    let advice = known::advice(name).map(str::to_owned);
    let meant = || {
        let meant = near::meant(name, known)?;
        Some(format!("Did you mean `{meant}`?"))
    };
    let listed = || format!("Known here: {}.", known.join(", "));
    ProblemKind::NotSupported {
        what: shown(name.as_bytes()),
        advice: advice.or_else(meant).unwrap_or_else(listed),
    }
}

pub(super) fn not_a_choice(found: &str, allowed: &[&str]) -> ProblemKind {
    ProblemKind::NotAChoice {
        found: shown(found.as_bytes()),
        allowed: allowed.join(", "),
    }
}
