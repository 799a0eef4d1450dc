//! What all numbers of a document have in common: they are read by one reading.

use super::field::{Draft, Form};
use super::known::Type;
use super::problem::ProblemKind;
use super::walk::Notes;
use crate::forms::Group;

/// Notes numbers that are written in other characters than the first, and characters that would
/// mean two things.
pub(super) fn check(drafts: &[Draft], notes: &Notes) {
    let forms = drafts.iter().enumerate();
    let forms = forms.filter_map(|(at, it)| Some((at, it.form.as_ref()?)));
    let forms: Vec<(usize, &Form)> = forms.collect();
    let numbers = |it: &&(usize, &Form)| it.1.of == Type::Number;
    let grouped = |it: &&(usize, &Form)| matches!(it.1.of, Type::Number | Type::Integer);
    let decimals: Vec<_> = forms.iter().filter(numbers).collect();
    let groups: Vec<_> = forms.iter().filter(grouped).collect();
    differing(&decimals, "decimalChar", decimal, notes);
    differing(&groups, "groupChar", |it| it.group, notes);
    for (at, form) in &decimals {
        if form.group.map(Group::char) == Some(char::from(decimal(form))) {
            let why = "The character before the decimals cannot group digits, too.".to_owned();
            let path = format!("fields[{at}].groupChar");
            notes.add(path, &ProblemKind::MeansTwoThings { why });
        }
    }
}

fn decimal(form: &Form) -> u8 {
    form.decimal.unwrap_or(b'.')
}

fn differing<T: PartialEq>(
    forms: &[&(usize, &Form)],
    property: &str,
    of: impl Fn(&Form) -> T,
    notes: &Notes,
) {
    let Some((first, rest)) = forms.split_first() else {
        return;
    };
    for (at, form) in rest {
        if of(form) != of(first.1) {
            let first = format!("fields[{}].{property}", first.0);
            let path = format!("fields[{at}].{property}");
            notes.add(path, &ProblemKind::NotTheSame { first });
        }
    }
}
