//! What a declaration says of several fields by their names.

use serde_json::Value;

use super::field::{Draft, Field};
use super::known::{NOT_SORTED_BY, Type};
use super::problem::ProblemKind;
use super::walk::Object;
use crate::arithmetic::{Formula, Total};
use crate::cell::{Kind, SqlType};
use crate::dataset::Sums;
use crate::limits::{SUMMED_COLUMNS_AT_MOST, TOTALS_AT_MOST};
use crate::near;
use crate::words::shown;

const NOT_A_DATE: &str = "Only two dates are compared.";
const NOT_AN_AMOUNT: &str = "A total, and what is subtracted, is a number with `decimals` of 2 and \
    at most 14 `digits`.";
const NOT_A_PRODUCT: &str = "A product is an integer times a number with `decimals` of 2 and at \
    most 14 `digits`.";
const NOT_SUMMED: &str = "Sums are kept of integers and numbers.";
const NOT_GROUPED: &str = "Sums are kept by strings, booleans and years.";
const NOT_BY_MONTH: &str = "Sums are kept by month: `sortedBy` must name a date.";

/// What is said of fields by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct References {
    pub(super) sorted_by: Option<usize>,
    pub(super) totals: Vec<Total>,
    pub(super) sums: Option<Sums>,
    pub(super) in_order: Vec<(usize, usize)>,
}

/// The fields that names are looked up in. Of a field with problems of its own the name is known.
pub(super) struct Fields<'d> {
    pub(super) drafts: &'d [Draft],
    pub(super) fields: &'d [Option<Field>],
}

/// Reads all of them.
pub(super) fn read(document: &Object<'_>, fields: &Fields<'_>) -> References {
    let sorted_by = sorted_by(document, fields);
    References {
        sorted_by,
        totals: totals(document, fields),
        sums: sums(document, fields, sorted_by),
        in_order: in_order(document, fields),
    }
}

impl Fields<'_> {
    /// The field that a value names, noting what is wrong with it.
    fn named(&self, value: &Value, path: String, document: &Object<'_>) -> Option<usize> {
        let notes = document.notes();
        let Some(name) = value.as_str() else {
            let allowed = "a string: the name of a field";
            notes.add(path, &ProblemKind::WrongType { allowed });
            return None;
        };
        let found = self.position(name);
        if found.is_none() {
            notes.add(path, &self.unknown(name));
        }
        found
    }

    fn position(&self, name: &str) -> Option<usize> {
        let mut drafts = self.drafts.iter();
        drafts.position(|it| it.name.as_deref() == Some(name))
    }

    fn unknown(&self, name: &str) -> ProblemKind {
        let names = self.drafts.iter().filter_map(|it| it.name.as_deref());
        let names: Vec<&str> = names.collect();
        let meant = near::meant(name, &names).map(|it| shown(it.as_bytes()));
        ProblemKind::UnknownField {
            found: shown(name.as_bytes()),
            meant: meant.map_or(String::new(), |it| format!(" Did you mean \"{it}\"?")),
        }
    }

    /// The field that a value names, if it can be used so. One with problems of its own is not
    /// judged.
    fn usable(
        &self,
        value: &Value,
        path: String,
        document: &Object<'_>,
        why: &str,
        fits: impl FnOnce(&Field) -> bool,
    ) -> Option<usize> {
        let index = self.named(value, path.clone(), document)?;
        let field = self.fields.get(index)?.as_ref()?;
        if !fits(field) {
            let why = why.to_owned();
            document.notes().add(path, &ProblemKind::WrongField { why });
            return None;
        }
        Some(index)
    }

    fn has_kind(&self, index: usize, fits: impl FnOnce(&Kind) -> bool) -> bool {
        let field = self.fields.get(index).and_then(Option::as_ref);
        field.is_some_and(|it| fits(&it.kind))
    }
}

fn sorted_by(document: &Object<'_>, fields: &Fields<'_>) -> Option<usize> {
    let value = document.get("sortedBy")?;
    let sorts = |field: &Field| {
        let bounded = field.form.minimum.is_some() && field.form.maximum.is_some();
        let orders = match field.form.of {
            Type::Date | Type::Datetime => true,
            Type::Integer => bounded && field.kind.sql() == SqlType::Bigint,
            _ => false,
        };
        orders && field.required
    };
    fields.usable(
        value,
        document.at("sortedBy"),
        document,
        NOT_SORTED_BY,
        sorts,
    )
}

fn is_amount(field: &Field) -> bool {
    matches!(field.kind, Kind::Money { .. })
}

fn is_count(field: &Field) -> bool {
    matches!(field.kind, Kind::Integer { .. })
}

fn totals(document: &Object<'_>, fields: &Fields<'_>) -> Vec<Total> {
    let list = document.list("totals", TOTALS_AT_MOST).unwrap_or_default();
    let entries = list.iter().enumerate();
    let totals = entries.filter_map(|(at, value)| {
        let path = format!("{}[{at}]", document.at("totals"));
        let known = ["field", "product", "difference"];
        total(&Object::new(value, path, document.notes(), &known)?, fields)
    });
    totals.collect()
}

fn total(object: &Object<'_>, fields: &Fields<'_>) -> Option<Total> {
    let what = "field";
    if object.get(what).is_none() {
        let allowed = "the name of the field that is a total".to_owned();
        object.note(what, &ProblemKind::Required { what, allowed });
    }
    let column = object
        .get(what)
        .and_then(|it| fields.usable(it, object.at(what), object, NOT_AN_AMOUNT, is_amount));
    let is = match (object.get("product"), object.get("difference")) {
        (Some(_), None) => {
            let [one, other] = pair(object, "product", fields)?;
            product(object, fields, one, other)?
        }
        (None, Some(_)) => {
            let [from, less] = pair(object, "difference", fields)?;
            let amounts = [from, less].into_iter();
            let mut amounts =
                amounts.map(|it| fields.has_kind(it, |it| matches!(it, Kind::Money { .. })));
            if !amounts.all(|it| it) {
                let why = NOT_AN_AMOUNT.to_owned();
                object.note("difference", &ProblemKind::WrongField { why });
                return None;
            }
            Formula::Difference(from, less)
        }
        (one, _) => {
            let name = if one.is_some() {
                "difference"
            } else {
                "product"
            };
            let what = "product";
            let allowed = "either `product` or `difference`, with the names of two fields";
            let allowed = allowed.to_owned();
            object.note(name, &ProblemKind::Required { what, allowed });
            return None;
        }
    };
    Some(Total {
        column: column?,
        is,
    })
}

/// The count comes first, in whatever order it is declared.
fn product(object: &Object<'_>, fields: &Fields<'_>, one: usize, other: usize) -> Option<Formula> {
    let of = |index: usize| fields.fields.get(index).and_then(Option::as_ref);
    let (first, second) = (of(one)?, of(other)?);
    if is_count(first) && is_amount(second) {
        return Some(Formula::Product(one, other));
    }
    if is_amount(first) && is_count(second) {
        return Some(Formula::Product(other, one));
    }
    let why = NOT_A_PRODUCT.to_owned();
    object.note("product", &ProblemKind::WrongField { why });
    None
}

/// Two fields by their names.
fn pair(object: &Object<'_>, name: &str, fields: &Fields<'_>) -> Option<[usize; 2]> {
    pair_of(object.get(name)?, object.at(name), object, fields)
}

fn pair_of(
    value: &Value,
    path: String,
    object: &Object<'_>,
    fields: &Fields<'_>,
) -> Option<[usize; 2]> {
    let Some([one, other]) = value.as_array().map(Vec::as_slice) else {
        let allowed = "a list of the names of two fields";
        object
            .notes()
            .add(path, &ProblemKind::WrongType { allowed });
        return None;
    };
    let named = |at: usize, value| fields.named(value, format!("{path}[{at}]"), object);
    let (one, other) = (named(0, one), named(1, other));
    Some([one?, other?])
}

fn in_order(document: &Object<'_>, fields: &Fields<'_>) -> Vec<(usize, usize)> {
    let list = document.list("inOrder", TOTALS_AT_MOST).unwrap_or_default();
    let pairs = list.iter().enumerate().filter_map(|(at, value)| {
        let path = format!("{}[{at}]", document.at("inOrder"));
        let [first, second] = pair_of(value, path.clone(), document, fields)?;
        let known = [first, second].map(|it| fields.fields.get(it).and_then(Option::as_ref));
        let [Some(one), Some(other)] = known else {
            return None;
        };
        if first == second || !one.kind.is_date() || !other.kind.is_date() {
            let why = NOT_A_DATE.to_owned();
            document.notes().add(path, &ProblemKind::WrongField { why });
            return None;
        }
        Some((first, second))
    });
    pairs.collect()
}

fn sums(document: &Object<'_>, fields: &Fields<'_>, sorted_by: Option<usize>) -> Option<Sums> {
    let object = document.object("sums", &["by", "of"])?;
    let is_day = |it| fields.has_kind(it, Kind::is_date);
    // A field with problems of its own is told of there.
    if sorted_by.is_none() && document.get("sortedBy").is_none()
        || sorted_by.is_some_and(|it| !is_day(it))
    {
        let why = NOT_BY_MONTH.to_owned();
        document.note("sums", &ProblemKind::WrongField { why });
    }
    let grouped = |it: &Field| {
        matches!(
            it.kind.sql(),
            SqlType::Text | SqlType::Boolean | SqlType::Integer
        )
    };
    let summed = |it: &Field| {
        let numbers = [SqlType::Bigint, SqlType::Numeric, SqlType::Money];
        numbers.contains(&it.kind.sql())
    };
    let by = names(&object, "by", fields, NOT_GROUPED, grouped);
    let of = names(&object, "of", fields, NOT_SUMMED, summed);
    Some(Sums { by: by?, of: of? })
}

/// The fields of a list of names.
fn names(
    object: &Object<'_>,
    what: &'static str,
    fields: &Fields<'_>,
    why: &str,
    fits: impl Fn(&Field) -> bool,
) -> Option<Vec<usize>> {
    if object.get(what).is_none() {
        let allowed = "a list of the names of fields".to_owned();
        object.note(what, &ProblemKind::Required { what, allowed });
        return None;
    }
    let list = object.list(what, SUMMED_COLUMNS_AT_MOST)?;
    if list.is_empty() {
        object.note(what, &ProblemKind::Blank);
    }
    let mut found = Vec::with_capacity(list.len());
    for (at, value) in list.iter().enumerate() {
        let path = format!("{}[{at}]", object.at(what));
        if let Some(index) = fields.usable(value, path.clone(), object, why, &fits) {
            if found.contains(&index) {
                let first = format!(
                    "{}[{}]",
                    object.at(what),
                    found.iter().position(|it| *it == index).unwrap_or(0)
                );
                object
                    .notes()
                    .add(path, &ProblemKind::DuplicateName { first });
            } else {
                found.push(index);
            }
        }
    }
    Some(found)
}
