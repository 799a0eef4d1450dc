//! What a user says of a dataset: one JSON document, read, checked, compiled and compared.
//!
//! It is a subset of Table Schema v2, with a dialect and a few properties of ours. What the subset
//! does not know is refused by name, never ignored: `schema.json` beside this code says the same
//! to other programs, and a test holds that both refuse the same documents.

mod compile;
mod dialect;
mod evolve;
mod field;
mod headings;
mod json;
mod kinds;
mod known;
pub mod name;
mod numbers;
mod patterns;
mod problem;
mod references;
mod same;
mod schema;
mod template;
mod walk;
mod width;

use std::io::{self, Write};

use serde_json::Value;

pub use compile::Place;
pub use evolve::{CHANGES, Change, Evolution, evolve};
pub use field::{Field, Form, TextForm};
pub use known::{
    DIALECT_PROPERTIES, DOCUMENT_PROPERTIES, Type, properties_of_field, refused, refused_types,
};
pub use problem::{Problem, ProblemKind};

use crate::arithmetic::Total;
use crate::cell::parse_as;
use crate::dataset::{FieldsMatch, Sums};
use crate::dialect::Dialect;
use crate::forms::{DateForms, Forms, Group};
use crate::limits::{DATASET_FIELDS_AT_MOST, DECLARATION_BYTES_AT_MOST};
use crate::max_errors::MaxErrors;
use field::{Draft, MISSING_VALUES};
use kinds::Making;
use patterns::Patterns;
use references::Fields;
use walk::{Notes, Object};

/// The JSON Schema of declarations.
pub const SCHEMA: &str = include_str!("declaration/schema.json");

/// A declaration that was checked: everything in it can be meant, and all of it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The fields, in the order of files without a heading and of answers.
    pub fields: Vec<Field>,
    /// Which columns a file may have.
    pub fields_match: FieldsMatch,
    /// The cells that mean no value, in fields that do not say it themselves.
    pub missing_values: Vec<String>,
    /// The text of files.
    pub dialect: Dialect,
    /// The field that rows are sorted by.
    pub sorted_by: Option<usize>,
    /// What must add up in each row.
    pub totals: Vec<Total>,
    /// The sums that are kept.
    pub sums: Option<Sums>,
    /// Pairs of dates of which the first is never after the second.
    pub in_order: Vec<(usize, usize)>,
    /// How much of a file may be rejected.
    pub max_errors: MaxErrors,
    /// True if an owner may have one active import of it at a time.
    pub one_at_a_time: bool,
    /// True if a record may have any number of lines.
    pub multiline: bool,
}

/// What is rejected of a file at most, unless it is declared.
pub const MAX_ERRORS: MaxErrors = MaxErrors::Percent(10);

impl Declaration {
    /// Reads a document.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order in which it was looked at; of very many
    /// problems, the first.
    pub fn parse(document: &Value) -> Result<Self, Vec<Problem>> {
        if bytes(document) > DECLARATION_BYTES_AT_MOST {
            return Err(vec![Problem::at("", &ProblemKind::TooLarge)]);
        }
        Self::checked(document, Notes::default(), Patterns::default())
    }

    /// Reads a document that [`parse`](Self::parse) has taken before. It is held to no limit: one
    /// that was lowered since would make a dataset unreadable. Nor is it judged again: to compare
    /// date patterns over forty years takes some milliseconds, and a function begins with this.
    ///
    /// # Errors
    /// It was stored by another version, and has a property or a word that this one does not know.
    pub fn stored(document: &Value) -> Result<Self, Vec<Problem>> {
        Self::checked(document, Notes::of_stored(), Patterns::of_stored())
    }

    fn checked(document: &Value, notes: Notes, patterns: Patterns) -> Result<Self, Vec<Problem>> {
        let read = read(document, &notes, patterns);
        match read.filter(|_| notes.is_empty()) {
            Some(declaration) => Ok(declaration),
            None => Err(notes.into_problems()),
        }
    }

    /// The cells that mean no value in a field.
    pub fn missing_values<'d>(&'d self, field: &'d Field) -> &'d [String] {
        let own = field.missing_values.as_ref();
        own.unwrap_or(&self.missing_values)
    }

    /// The index of the field of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|it| it.name == name)
    }

    /// What numbers and dates look like in its files, unless something else is said.
    pub fn forms(&self) -> Forms {
        let decimal = self.fields.iter().find_map(|it| it.form.decimal);
        let group = self.fields.iter().find_map(|it| it.form.group);
        // Where there are whole numbers alone, nothing says what stands before decimals: no more
        // than one of the two may be a point.
        let usual = match group {
            Some(Group::Point) => b',',
            _ => b'.',
        };
        Forms {
            decimal: decimal.unwrap_or(usual),
            group,
            currency: None,
            dates: DateForms::USUAL,
            dates_said: false,
        }
    }
}

/// The bytes of a document without its blanks.
fn bytes(document: &Value) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, document) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

/// What can be made of a document; everything that is wrong with it is noted.
fn read(document: &Value, notes: &Notes, mut patterns: Patterns) -> Option<Declaration> {
    let document = Object::new(document, String::new(), notes, &known::DOCUMENT_PROPERTIES)?;
    document.choice("$schema", &known::SCHEMA_PROFILES);
    let drafts = drafts(&document);
    if !notes.is_of_stored() {
        headings::check(&drafts, notes);
        same::check(&drafts, notes);
    }
    let missing_values = document.texts("missingValues", MISSING_VALUES);
    let made = drafts.iter().enumerate();
    let fields: Vec<Option<Field>> = made
        .map(|(at, draft)| field(draft, &format!("fields[{at}]"), notes, &mut patterns))
        .collect();
    let references = references::read(
        &document,
        &Fields {
            drafts: &drafts,
            fields: &fields,
        },
    );
    let declaration = Declaration {
        fields_match: document
            .choice("fieldsMatch", &FieldsMatch::WORDS)
            .unwrap_or_default(),
        missing_values: missing_values.unwrap_or_else(|| vec![String::new()]),
        dialect: dialect::read(&document),
        sorted_by: references.sorted_by,
        totals: references.totals,
        sums: references.sums,
        in_order: references.in_order,
        max_errors: max_errors(&document),
        one_at_a_time: document.flag("oneAtATime").unwrap_or(false),
        multiline: document.flag("multiline").unwrap_or(false),
        fields: fields.into_iter().collect::<Option<_>>()?,
    };
    if !notes.is_of_stored() {
        check_whole(&declaration, notes);
    }
    Some(declaration)
}

fn drafts(document: &Object<'_>) -> Vec<Draft> {
    let what = "fields";
    if document.get(what).is_none() {
        let allowed = "the list of the fields".to_owned();
        document.note(what, &ProblemKind::Required { what, allowed });
    }
    let list = document.list(what, DATASET_FIELDS_AT_MOST);
    if list.is_some_and(<[Value]>::is_empty) {
        document.note(what, &ProblemKind::Blank);
    }
    let entries = list.unwrap_or_default().iter().enumerate();
    let drafts = entries.map(|(at, value)| {
        let object = Object::open(value, format!("{what}[{at}]"), document.notes());
        object.map(|it| field::read(&it)).unwrap_or_default()
    });
    drafts.collect()
}

fn field(draft: &Draft, path: &str, notes: &Notes, patterns: &mut Patterns) -> Option<Field> {
    let form = draft.form.as_ref()?;
    let making = Making { form, path, notes };
    let kind = kinds::kind(making, patterns)?;
    Some(Field {
        name: draft.name.clone()?,
        title: draft.title.clone(),
        titles: draft.titles.clone(),
        description: draft.description.clone(),
        example: draft.example.clone(),
        missing_values: draft.missing_values.clone(),
        required: draft.required,
        form: form.clone(),
        kind,
    })
}

fn max_errors(document: &Object<'_>) -> MaxErrors {
    let name = "maxErrors";
    let Some(value) = document.get(name) else {
        return MAX_ERRORS;
    };
    let count = || document.count(name, 0, 999_999_999_999);
    let known = match value {
        Value::String(words) => words.parse().ok(),
        _ => count()
            .and_then(|it| i64::try_from(it).ok())
            .map(MaxErrors::Count),
    };
    if value.is_string() && known.is_none() {
        let found = value.as_str().unwrap_or_default();
        document.note(
            name,
            &walk::not_a_choice(found, &["a count", "a percentage, such as 10%"]),
        );
    }
    known.unwrap_or(MAX_ERRORS)
}

/// What can only be seen once every field is known.
fn check_whole(declaration: &Declaration, notes: &Notes) {
    let forms = declaration.forms();
    for (at, field) in declaration.fields.iter().enumerate() {
        if let Some(why) = rejected_example(declaration, field, &forms) {
            notes.add(
                format!("fields[{at}].example"),
                &ProblemKind::BadExample { why },
            );
        }
    }
    if let Some(problem) = width::never_fits(declaration) {
        notes.add("fields", &problem);
    }
}

fn rejected_example(declaration: &Declaration, field: &Field, forms: &Forms) -> Option<String> {
    let example = field.example.as_ref()?;
    if declaration.missing_values(field).contains(example) {
        let required = field.required.then_some(crate::words::NOT_BLANK);
        return required.map(str::to_owned);
    }
    let parsed = parse_as(&field.kind, example.as_bytes(), forms);
    parsed.err().map(|it| it.to_string())
}

#[cfg(test)]
mod tests;
