//! Reads a field of the document.

use serde_json::Value;

use super::values::{bound, choices, example};
use super::{DEFAULT_FORMAT, FALSE_VALUES, Form, TRUE_VALUES, TextForm};
use crate::cell::DIGITS_AT_MOST;
use crate::declaration::known::{self, Type};
use crate::declaration::problem::ProblemKind;
use crate::declaration::walk::{Object, Texts, not_a_choice};
use crate::forms::Group;
use crate::limits::{
    DATE_FORMATS_AT_MOST, DESCRIPTION_CHARS_AT_MOST, FORMAT_CHARS_AT_MOST, HEADING_CHARS_AT_MOST,
    MISSING_VALUE_CHARS_AT_MOST, MISSING_VALUES_AT_MOST, PATTERN_CHARS_AT_MOST,
    RECORD_BYTES_AT_MOST, TITLES_AT_MOST,
};

/// The bounds of lists of missing values.
pub(in crate::declaration) const MISSING_VALUES: Texts = Texts {
    entries: MISSING_VALUES_AT_MOST,
    chars: MISSING_VALUE_CHARS_AT_MOST,
    blank: true,
};

/// What a document says of a field, before its kind is made.
#[derive(Clone, Debug, Default)]
pub(in crate::declaration) struct Draft {
    pub(in crate::declaration) name: Option<String>,
    pub(in crate::declaration) title: Option<String>,
    pub(in crate::declaration) titles: Vec<String>,
    pub(in crate::declaration) description: Option<String>,
    pub(in crate::declaration) example: Option<String>,
    pub(in crate::declaration) missing_values: Option<Vec<String>>,
    pub(in crate::declaration) required: bool,
    /// `None` if the type is not known.
    pub(in crate::declaration) form: Option<Form>,
}

/// Reads one field.
pub(in crate::declaration) fn read(object: &Object<'_>) -> Draft {
    let constraints = constraints(object);
    let form = of_type(object).map(|of| form(object, constraints.as_ref(), of));
    let required = constraints.and_then(|it| it.flag("required"));
    let titles = Texts {
        entries: TITLES_AT_MOST,
        chars: HEADING_CHARS_AT_MOST,
        blank: false,
    };
    let owned = |it: Option<&str>| it.map(str::to_owned);
    if object.get("name").is_none() {
        let allowed = "the field's heading in files, and its key in answers".to_owned();
        let what = "name";
        object.note(what, &ProblemKind::Required { what, allowed });
    }
    Draft {
        name: owned(object.text("name", HEADING_CHARS_AT_MOST)),
        title: owned(object.text("title", HEADING_CHARS_AT_MOST)),
        titles: object.texts("titles", titles).unwrap_or_default(),
        description: owned(object.text("description", DESCRIPTION_CHARS_AT_MOST)),
        example: example(object),
        missing_values: object.texts("missingValues", MISSING_VALUES),
        required: required.unwrap_or(false),
        form,
    }
}

/// The constraints, whatever their properties: the type decides which are known.
fn constraints<'j>(object: &Object<'j>) -> Option<Object<'j>> {
    let value = object.get("constraints")?;
    Object::open(value, object.at("constraints"), object.notes())
}

fn of_type(object: &Object<'_>) -> Option<Type> {
    let what = "type";
    let Some(value) = object.get(what) else {
        let allowed = known::TYPES.join(", ");
        object.note(what, &ProblemKind::Required { what, allowed });
        return None;
    };
    let Some(name) = value.as_str() else {
        let allowed = "a string";
        object.note(what, &ProblemKind::WrongType { allowed });
        return None;
    };
    let known = Type::of(name);
    if known.is_none() {
        object.note(what, &no_type(name));
    }
    known
}

fn no_type(name: &str) -> ProblemKind {
    match known::instead_of_type(name) {
        Some(advice) => ProblemKind::NotSupported {
            what: name.to_owned(),
            advice: advice.to_owned(),
        },
        None => not_a_choice(name, known::TYPES),
    }
}

fn form(object: &Object<'_>, constraints: Option<&Object<'_>>, of: Type) -> Form {
    let is_uuid = object.get("format").and_then(Value::as_str) == Some(TextForm::Uuid.name());
    let (properties, of_constraints) = known::properties_of_field(of, is_uuid);
    object.only(&properties);
    if let Some(constraints) = constraints {
        constraints.only(&of_constraints);
    }
    let has = |name: &str| properties.contains(&name);
    let mut form = Form::new(of);
    if of == Type::String {
        form.text = object
            .choice("format", &TextForm::WORDS)
            .unwrap_or_default();
    }
    if has("formats") {
        form.formats = formats(object);
    }
    if has("timezone") {
        form.timezone = object
            .text("timezone", FORMAT_CHARS_AT_MOST)
            .map(str::to_owned);
    }
    if has("bareNumber") {
        of_numbers(object, &mut form, of);
    }
    if of == Type::Boolean {
        form.true_values = words(object, "trueValues", &TRUE_VALUES);
        form.false_values = words(object, "falseValues", &FALSE_VALUES);
    }
    if let Some(constraints) = constraints {
        let may = |name: &str| of_constraints.contains(&name);
        of_text(constraints, &mut form, may("pattern"));
        if may("minimum") {
            form.minimum = bound(constraints, "minimum", of);
            form.maximum = bound(constraints, "maximum", of);
        }
        form.choices = choices(constraints, of);
    }
    form
}

fn of_numbers(object: &Object<'_>, form: &mut Form, of: Type) {
    form.bare = object.flag("bareNumber").unwrap_or(true);
    form.group = group(object);
    if of == Type::Number {
        let decimals = [(".", b'.'), (",", b',')];
        form.decimal = object.choice("decimalChar", &decimals);
        let most = u64::from(DIGITS_AT_MOST);
        let small = |it: u64| u8::try_from(it).unwrap_or(DIGITS_AT_MOST);
        form.decimals = object.count("decimals", 0, most).map(small);
        form.digits = object.count("digits", 1, most).map(small);
    }
}

fn group(object: &Object<'_>) -> Option<Group> {
    let groups = Group::ALL.into_iter();
    let words = groups.flat_map(|group| group.spellings().iter().map(move |it| (*it, group)));
    object.choice("groupChar", &words.collect::<Vec<_>>())
}

fn words(object: &Object<'_>, name: &str, usual: &[&str]) -> Vec<String> {
    let bounds = Texts {
        blank: false,
        ..MISSING_VALUES
    };
    let declared = object.texts(name, bounds);
    if declared.as_ref().is_some_and(Vec::is_empty) {
        object.note(name, &ProblemKind::Blank);
    }
    declared.unwrap_or_else(|| usual.iter().map(|it| (*it).to_owned()).collect())
}

/// `format` is one of `formats`.
fn formats(object: &Object<'_>) -> Vec<String> {
    let bounds = Texts {
        entries: DATE_FORMATS_AT_MOST,
        chars: FORMAT_CHARS_AT_MOST,
        blank: false,
    };
    let one = object.text("format", FORMAT_CHARS_AT_MOST);
    let list = object.texts("formats", bounds);
    if list.as_ref().is_some_and(Vec::is_empty) {
        object.note("formats", &ProblemKind::Blank);
    }
    if object.get("format").is_some() && object.get("formats").is_some() {
        let why = "Say `format` or `formats`, not both.".to_owned();
        object.note("format", &ProblemKind::MeansTwoThings { why });
    }
    let one = one.map(|it| vec![it.to_owned()]);
    let formats = list.or(one).unwrap_or_default();
    match formats.as_slice() {
        [only] if only == DEFAULT_FORMAT => Vec::new(),
        _ => formats,
    }
}

fn of_text(constraints: &Object<'_>, form: &mut Form, may: bool) {
    if !may {
        return;
    }
    let most = RECORD_BYTES_AT_MOST.unsigned_abs();
    let length = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
    let least = constraints.count("minLength", 0, most);
    form.min_length = least.map_or(0, length);
    form.max_length = constraints.count("maxLength", 0, most).map(length);
    let pattern = constraints.text("pattern", PATTERN_CHARS_AT_MOST);
    form.pattern = pattern.map(str::to_owned);
}
