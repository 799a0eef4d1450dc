//! Values of a field that stand in the document.

use serde_json::Value;

use crate::declaration::known::Type;
use crate::declaration::numbers;
use crate::declaration::problem::ProblemKind;
use crate::declaration::walk::Object;
use crate::limits::{
    BOUND_CHARS_AT_MOST, CHOICE_CHARS_AT_MOST, CHOICES_AT_MOST, EXAMPLE_CHARS_AT_MOST,
};

/// True for types whose values may be JSON numbers.
fn is_numeric(of: Type) -> bool {
    matches!(of, Type::Integer | Type::Number | Type::Year)
}

/// The text of a value in the document: a string, or a number where the type has them.
fn value(found: &Value, of: Type, most: usize) -> Result<String, ProblemKind> {
    match found {
        Value::String(_) if of == Type::Boolean => Err(wrong_type(of)),
        Value::String(text) if text.chars().count() > most => Err(ProblemKind::TooLong { most }),
        Value::String(text) if text.contains('\0') => Err(ProblemKind::NulCharacter),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) if is_numeric(of) => {
            numbers::exact(number).ok_or(ProblemKind::Inexact)
        }
        Value::Bool(flag) if of == Type::Boolean => Ok(flag.to_string()),
        _ => Err(wrong_type(of)),
    }
}

fn wrong_type(of: Type) -> ProblemKind {
    let allowed = match of {
        Type::Boolean => "true or false",
        _ if is_numeric(of) => "a number, or a string with one",
        _ => "a string",
    };
    ProblemKind::WrongType { allowed }
}

pub(super) fn bound(constraints: &Object<'_>, name: &str, of: Type) -> Option<String> {
    let found = constraints.get(name)?;
    let text = value(found, of, constraints.notes().at_most(BOUND_CHARS_AT_MOST));
    text.map_err(|it| constraints.note(name, &it)).ok()
}

pub(super) fn choices(constraints: &Object<'_>, of: Type) -> Vec<String> {
    let Some(list) = constraints.list("enum", CHOICES_AT_MOST) else {
        return Vec::new();
    };
    if list.is_empty() {
        constraints.note("enum", &ProblemKind::Blank);
    }
    let most = constraints.notes().at_most(CHOICE_CHARS_AT_MOST);
    let mut choices = Vec::with_capacity(list.len());
    for (at, entry) in list.iter().enumerate() {
        match value(entry, of, most) {
            Ok(text) => choices.push(text),
            Err(problem) => {
                let path = format!("{}[{at}]", constraints.at("enum"));
                constraints.notes().add(path, &problem);
            }
        }
    }
    choices
}

/// A cell as it may be, which JSON may have as a number or as true or false.
pub(super) fn example(object: &Object<'_>) -> Option<String> {
    let text = match object.get("example")? {
        Value::Number(number) => numbers::exact(number).ok_or(ProblemKind::Inexact),
        Value::Bool(flag) => Ok(flag.to_string()),
        found => {
            let most = object.notes().at_most(EXAMPLE_CHARS_AT_MOST);
            value(found, Type::String, most)
        }
    };
    text.map_err(|it| object.note("example", &it)).ok()
}
