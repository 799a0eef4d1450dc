//! Makes of what a declaration says of a field the kind of its cells.

mod dates;
mod numbers;
mod text;

use super::field::Form;
use super::known::Type;
use super::patterns::Patterns;
use super::problem::ProblemKind;
use super::walk::Notes;
use crate::cell::{Kind, OneOf, Rules};

/// A field that is being made, and where its problems are noted.
#[derive(Clone, Copy)]
pub(super) struct Making<'a> {
    pub(super) form: &'a Form,
    pub(super) path: &'a str,
    pub(super) notes: &'a Notes,
}

/// The kind of the cells of a field; `None` if there is something wrong, which is noted.
pub(super) fn kind(making: Making<'_>, patterns: &mut Patterns) -> Option<Kind> {
    match making.form.of {
        Type::String => text::kind(making, patterns),
        Type::Integer => numbers::integer(making),
        Type::Number => numbers::number(making),
        Type::Boolean => text::boolean(making),
        Type::Date => dates::date(making, patterns),
        Type::Datetime => dates::datetime(making, patterns),
        Type::Time => dates::time(making, patterns),
        Type::Year => numbers::year(making),
        Type::Yearmonth => dates::yearmonth(making),
    }
}

impl Making<'_> {
    fn note(&self, property: &str, kind: &ProblemKind) {
        self.notes.add(format!("{}.{property}", self.path), kind);
    }

    fn bad_bounds(&self, property: &str, why: impl Into<String>) {
        let why = why.into();
        self.note(property, &ProblemKind::BadBounds { why });
    }

    /// Bounds and choices as values, if all of them are; `allowed` says what a value looks like.
    fn rules<T: Ord + Copy>(
        &self,
        allowed: &str,
        of: impl Fn(&str) -> Option<T>,
    ) -> Option<Rules<T>> {
        let form = self.form;
        let value = |property: String, text: &String| {
            let value = of(text);
            if value.is_none() {
                self.bad_bounds(
                    &property,
                    format!("This is no value of the field: use {allowed}."),
                );
            }
            value
        };
        let bound = |name: &str, text: &Option<String>| {
            text.as_ref()
                .map(|it| value(format!("constraints.{name}"), it))
        };
        let (min, max) = (
            bound("minimum", &form.minimum),
            bound("maximum", &form.maximum),
        );
        let choices = form.choices.iter().enumerate();
        let choices: Vec<Option<T>> = choices
            .map(|(at, text)| value(format!("constraints.enum[{at}]"), text))
            .collect();
        let choices: Option<Vec<T>> = choices.into_iter().collect();
        let (min, max, choices) = (whole(min)?, whole(max)?, choices?);
        self.within(&choices, min.as_ref(), max.as_ref())
            .then_some(())?;
        let one_of = sorted(choices);
        Some(Rules { min, max, one_of })
    }

    /// Whether the bounds leave something, and each choice is within them.
    fn within<T: Ord>(&self, choices: &[T], min: Option<&T>, max: Option<&T>) -> bool {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.bad_bounds("constraints.minimum", "`minimum` is above `maximum`.");
            return false;
        }
        let out = |it: &T| min.is_some_and(|min| it < min) || max.is_some_and(|max| it > max);
        let outside = choices.iter().position(out);
        if let Some(at) = outside {
            let property = format!("constraints.enum[{at}]");
            self.bad_bounds(&property, "This is not between `minimum` and `maximum`.");
        }
        outside.is_none()
    }
}

/// A value that is not there is none; one that is there must be one.
fn whole<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(value) => value.map(Some),
    }
}

/// The only values allowed; no choices are no limit.
fn sorted<T: Ord>(mut choices: Vec<T>) -> OneOf<T> {
    choices.sort_unstable();
    choices.dedup();
    (!choices.is_empty()).then(|| choices.into())
}
