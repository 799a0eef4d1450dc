//! The document of a declaration in its canonical form: what says nothing is left out, and equal
//! declarations have equal documents.

use serde_json::{Map, Value, json};

use super::field::{FALSE_VALUES, TRUE_VALUES, TextForm};
use super::known::Type;
use super::{Declaration, Field, Form, MAX_ERRORS, dialect, numbers};
use crate::arithmetic::{Formula, Total};
use crate::dataset::{FieldsMatch, Sums};
use crate::forms::Group;
use crate::max_errors::MaxErrors;

/// An object that is being written.
#[derive(Default)]
struct Writer(Map<String, Value>);

impl Writer {
    /// Writes a property that says something.
    fn put(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
    }

    /// Writes `true`, or nothing.
    fn flag(&mut self, name: &str, flag: bool) {
        self.put(name, flag.then_some(true));
    }

    fn list(&mut self, name: &str, list: &[String]) {
        self.put(name, (!list.is_empty()).then(|| json!(list)));
    }

    fn object(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Object(self.0))
    }
}

impl Declaration {
    /// The document, in its canonical form.
    pub fn to_json(&self) -> Value {
        let mut document = Writer::default();
        let fields: Vec<Value> = self.fields.iter().map(field).collect();
        document.put("fields", Some(fields));
        let usual = self.fields_match == FieldsMatch::default();
        document.put("fieldsMatch", (!usual).then(|| self.fields_match.name()));
        let usual = self.missing_values == [""];
        document.put(
            "missingValues",
            (!usual).then(|| json!(self.missing_values)),
        );
        document.put("dialect", dialect::to_json(&self.dialect));
        document.put("sortedBy", self.sorted_by.map(|it| self.name(it)));
        let totals: Vec<Value> = self.totals.iter().map(|it| self.total(it)).collect();
        document.put("totals", (!totals.is_empty()).then_some(totals));
        document.put("sums", self.sums.as_ref().map(|it| self.sums(it)));
        let pairs = self.in_order.iter();
        let pairs: Vec<Value> = pairs
            .map(|&(first, second)| json!([self.name(first), self.name(second)]))
            .collect();
        document.put("inOrder", (!pairs.is_empty()).then_some(pairs));
        let usual = self.max_errors == MAX_ERRORS;
        document.put("maxErrors", (!usual).then(|| max_errors(self.max_errors)));
        document.flag("oneAtATime", self.one_at_a_time);
        document.flag("multiline", self.multiline);
        Value::Object(document.0)
    }

    fn name(&self, index: usize) -> &str {
        &self.fields[index].name
    }

    fn total(&self, total: &Total) -> Value {
        let field = self.name(total.column);
        let [one, other] = total.is.columns().map(|it| self.name(it));
        match total.is {
            Formula::Product(..) => json!({ "field": field, "product": [one, other] }),
            Formula::Difference(..) => json!({ "field": field, "difference": [one, other] }),
        }
    }

    fn sums(&self, sums: &Sums) -> Value {
        let names = |of: &[usize]| of.iter().map(|&it| self.name(it)).collect::<Vec<_>>();
        json!({ "by": names(&sums.by), "of": names(&sums.of) })
    }
}

fn max_errors(most: MaxErrors) -> Value {
    match most {
        MaxErrors::Count(count) => json!(count),
        MaxErrors::Percent(percent) => json!(format!("{percent}%")),
    }
}

fn field(field: &Field) -> Value {
    let mut object = Writer::default();
    let form = &field.form;
    object.put("name", Some(field.name.as_str()));
    object.put("type", Some(form.of.name()));
    of_text(form, &mut object);
    of_numbers(form, &mut object);
    of_words(form, &mut object);
    object.put("title", field.title.as_deref());
    object.list("titles", &field.titles);
    object.put("description", field.description.as_deref());
    object.put("example", field.example.as_deref());
    let own = field.missing_values.as_ref();
    object.put("missingValues", own.map(|it| json!(it)));
    object.put("constraints", constraints(field).object());
    Value::Object(object.0)
}

fn of_text(form: &Form, object: &mut Writer) {
    let named = form.text != TextForm::Any;
    object.put("format", named.then(|| form.text.name()));
    match form.formats.as_slice() {
        [one] => object.put("format", Some(one.as_str())),
        several => object.list("formats", several),
    }
    object.put("timezone", form.timezone.as_deref());
}

fn of_numbers(form: &Form, object: &mut Writer) {
    let comma = form.decimal.filter(|&it| it != b'.');
    object.put("decimalChar", comma.map(|it| char::from(it).to_string()));
    let group = form.group.map(Group::char);
    object.put("groupChar", group.map(String::from));
    object.put("bareNumber", (!form.bare).then_some(false));
    object.put("decimals", form.decimals);
    object.put("digits", form.digits);
}

fn of_words(form: &Form, object: &mut Writer) {
    if form.of != Type::Boolean {
        return;
    }
    if form.true_values != TRUE_VALUES {
        object.list("trueValues", &form.true_values);
    }
    if form.false_values != FALSE_VALUES {
        object.list("falseValues", &form.false_values);
    }
}

fn constraints(field: &Field) -> Writer {
    let form = &field.form;
    let value = |text: &String| match form.of {
        Type::Integer | Type::Number | Type::Year => numbers::json(text),
        Type::Boolean => json!(text == "true"),
        _ => json!(text),
    };
    let mut object = Writer::default();
    object.flag("required", field.required);
    object.put(
        "minLength",
        (form.min_length > 0).then_some(form.min_length),
    );
    object.put("maxLength", form.max_length);
    object.put("pattern", form.pattern.as_deref());
    object.put("minimum", form.minimum.as_ref().map(value));
    object.put("maximum", form.maximum.as_ref().map(value));
    let choices: Vec<Value> = form.choices.iter().map(value).collect();
    object.put("enum", (!choices.is_empty()).then_some(choices));
    object
}
