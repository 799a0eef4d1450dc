//! What a declaration may become while there are rows of it.

use super::problem::{Problem, ProblemKind};
use super::{Declaration, Field, known};
use crate::arithmetic::{Formula, Total};

/// What a newer declaration is to an older one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evolution {
    /// Nothing has changed.
    Same,
    /// What is stored stays as it is.
    Compatible {
        /// Indexes, in the newer one, of the fields that were added.
        added: Vec<usize>,
    },
    /// What is stored could not be read by it: only without imports.
    Incompatible(Vec<Problem>),
}

/// One line of the rules: what changes, and whether it may while there are rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changes.
    pub what: &'static str,
    /// True if it may.
    pub may: bool,
}

const fn may(what: &'static str) -> Change {
    Change { what, may: true }
}

const fn may_not(what: &'static str) -> Change {
    Change { what, may: false }
}

/// The rules, for documents; the tests have a change for each line.
pub const CHANGES: [Change; 24] = [
    may("another field, if it is optional"),
    may("the order of the fields"),
    may("`title`, `titles`, `description`, `example` of a field"),
    may("`required` of a field, unless rows are sorted by it"),
    may("`missingValues` of a field that is no string"),
    may("`minLength`, `maxLength`, `pattern`, `enum`, `format` `email` and `uri` of a string"),
    may(
        "`minimum`, `maximum`, `enum` of other types within the same SQL type, unless rows are sorted by an integer",
    ),
    may("`decimals` and `digits` of a number within the same SQL type"),
    may("`format` and `formats` of dates and times; one `timezone` for another"),
    may("`decimalChar`, `groupChar`, `bareNumber`, `trueValues`, `falseValues`"),
    may("`dialect`, `fieldsMatch`, `multiline`"),
    may("`maxErrors`, `oneAtATime`, `inOrder`"),
    may("`sums`, which are made anew of the rows, an import a minute"),
    may_not("a field is gone, or has another name"),
    may_not("another field that is required"),
    may_not("`type` of a field"),
    may_not("`format` of a string from or to `uuid`"),
    may_not("bounds of an integer from or to more than 64 bits"),
    may_not(
        "`decimals` and `digits` of a number from or to 2 and 14, which are stored as an amount",
    ),
    may_not("`timezone` of a datetime where there was none, or none where there was one"),
    may_not("`missingValues` of a string"),
    may_not("`minimum` or `maximum` of an integer that rows are sorted by"),
    may_not("`sortedBy`"),
    may_not("`totals`"),
];

/// What the newer declaration is to the older one. Fields are the same if their names are.
pub fn evolve(old: &Declaration, new: &Declaration) -> Evolution {
    if old == new {
        return Evolution::Same;
    }
    let mut problems = Vec::new();
    let mut added = Vec::new();
    for field in &old.fields {
        if new.position(&field.name).is_none() {
            let name = crate::words::shown(field.name.as_bytes());
            problems.push(Problem::at("fields", &ProblemKind::FieldRemoved { name }));
        }
    }
    for (at, field) in new.fields.iter().enumerate() {
        let path = format!("fields[{at}]");
        match old.position(&field.name) {
            Some(before) => problems.extend(of_field((old, before), (new, at), &path)),
            None if field.required => {
                let path = format!("{path}.constraints.required");
                problems.push(Problem::at(path, &ProblemKind::MustBeOptional));
            }
            None => added.push(at),
        }
    }
    problems.extend(of_whole(old, new));
    match problems.is_empty() {
        true => Evolution::Compatible { added },
        false => Evolution::Incompatible(problems),
    }
}

/// What may not change in one field, by its index before and now.
fn of_field(
    (old, before): (&Declaration, usize),
    (new, now): (&Declaration, usize),
    path: &str,
) -> Option<Problem> {
    let (one, other) = (&old.fields[before], &new.fields[now]);
    let problem =
        |property: &str, kind: ProblemKind| Some(Problem::at(format!("{path}.{property}"), &kind));
    if one.form.of != other.form.of {
        let old = one.form.of.name();
        return problem("type", ProblemKind::TypeChanged { old });
    }
    let (was, is) = (known::stored(&one.kind), known::stored(&other.kind));
    if was != is {
        let kind = ProblemKind::StorageChanged { old: was, new: is };
        return Some(Problem::at(path, &kind));
    }
    if one.kind.is_text() && old.missing_values(one) != new.missing_values(other) {
        return problem("missingValues", ProblemKind::MissingValuesChanged);
    }
    let sorts = old.sorted_by == Some(before);
    let bounds = |it: &Field| (it.form.minimum.clone(), it.form.maximum.clone());
    if sorts && one.form.of == known::Type::Integer && bounds(one) != bounds(other) {
        let what = "minimum, maximum";
        return problem("constraints", ProblemKind::CannotChange { what });
    }
    None
}

/// What rows and counts are kept by. Sums are made of the rows, so others can be.
fn of_whole(old: &Declaration, new: &Declaration) -> Vec<Problem> {
    let parts = [
        ("sortedBy", sorted_by(old) == sorted_by(new)),
        ("totals", totals(old) == totals(new)),
    ];
    let changed = parts.into_iter().filter(|(_, same)| !same);
    let problems = changed.map(|(what, _)| Problem::at(what, &ProblemKind::CannotChange { what }));
    problems.collect()
}

// By the names of the fields, which may stand elsewhere now.

fn sorted_by(it: &Declaration) -> Option<&str> {
    it.sorted_by.map(|at| it.fields[at].name.as_str())
}

fn totals(it: &Declaration) -> Vec<(&str, bool, [&str; 2])> {
    let name = |at: usize| it.fields[at].name.as_str();
    let named = |total: &Total| {
        let is_product = matches!(total.is, Formula::Product(..));
        (name(total.column), is_product, total.is.columns().map(name))
    };
    it.totals.iter().map(named).collect()
}
