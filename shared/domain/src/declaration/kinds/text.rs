//! Texts, UUIDs, and the words for true and false.

use std::sync::Arc;

use uuid::Uuid;

use super::{Making, sorted};
use crate::cell::{Boolean, Kind, TextFormat, TextRules};
use crate::declaration::field::TextForm;
use crate::declaration::patterns::Patterns;
use crate::declaration::problem::ProblemKind;
use crate::forms::Forms;
use crate::limits::RECORD_BYTES_AT_MOST;

pub(super) fn kind(making: Making<'_>, patterns: &mut Patterns) -> Option<Kind> {
    let form = making.form;
    if form.text == TextForm::Uuid {
        let of = |text: &str| Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
        let rules = making.rules("a UUID with its hyphens", of)?;
        return Some(Kind::Uuid(rules.one_of));
    }
    let longest = usize::try_from(RECORD_BYTES_AT_MOST).unwrap_or(usize::MAX);
    let max_chars = form.max_length.unwrap_or(longest);
    if form.min_length > max_chars {
        making.bad_bounds("constraints.minLength", "`minLength` is above `maxLength`.");
        return None;
    }
    let pattern = match &form.pattern {
        Some(pattern) => Some(compiled(making, patterns, pattern)?),
        None => None,
    };
    let rules = TextRules {
        min_chars: form.min_length,
        format: match form.text {
            TextForm::Email => Some(TextFormat::Email),
            TextForm::Uri => Some(TextFormat::Uri),
            TextForm::Any | TextForm::Uuid => None,
        },
        pattern,
        one_of: None,
    };
    let text = |rules: TextRules| Kind::Text {
        max_chars,
        rules: (rules != TextRules::default()).then(|| Arc::new(rules)),
    };
    fit(making, &text(rules.clone())).then(|| {
        text(TextRules {
            one_of: sorted(form.choices.clone()),
            ..rules
        })
    })
}

fn compiled(
    making: Making<'_>,
    patterns: &mut Patterns,
    pattern: &str,
) -> Option<crate::cell::TextPattern> {
    let compiled = patterns.compile(pattern);
    compiled
        .map_err(|it| making.note("constraints.pattern", &it))
        .ok()
}

/// Whether every choice is a text that the other constraints take.
fn fit(making: Making<'_>, without: &Kind) -> bool {
    let choices = making.form.choices.iter().enumerate();
    let mut all = true;
    for (at, choice) in choices {
        if let Err(error) = crate::cell::parse_as(without, choice.as_bytes(), &Forms::PLAIN) {
            let why = format!("The other constraints reject this: {error}");
            let property = format!("constraints.enum[{at}]");
            making.note(&property, &ProblemKind::BadBounds { why });
            all = false;
        }
    }
    all
}

pub(super) fn boolean(making: Making<'_>) -> Option<Kind> {
    let form = making.form;
    let both = form
        .false_values
        .iter()
        .find(|it| form.true_values.contains(it));
    if both.is_some() {
        let why = "A word of these means true, too.".to_owned();
        making.note("falseValues", &ProblemKind::MeansTwoThings { why });
        return None;
    }
    let of = |text: &str| text.parse::<bool>().ok();
    let rules = making.rules("true or false", of)?;
    Some(Kind::Boolean(Arc::new(Boolean {
        true_values: form.true_values.clone(),
        false_values: form.false_values.clone(),
        one_of: rules.one_of,
    })))
}
