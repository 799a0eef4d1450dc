use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::names::{Names, Operator, Parameter};
use super::{Condition, Filter, Test, Value};
use crate::cell::SqlType;
use crate::dataset::Dataset;

/// A filter as it is stored with an export and shown: each parameter with its value, as a request
/// has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredFilter(Map<String, Json>);

/// A stored filter that this version cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored filter `{0}` is not readable")]
pub struct BadFilter(pub String);

impl StoredFilter {
    /// The filter in this form: the days, the columns in the dataset's order, the import.
    pub fn new(filter: &Filter, dataset: &Dataset) -> Self {
        let mut conditions: Vec<&Condition> = filter.conditions.iter().collect();
        let place = |it: &&Condition| (!is_of_days(it, dataset), it.column, stored(&it.test).0);
        conditions.sort_by_key(place);
        let mut map = Map::new();
        for condition in conditions {
            let (operator, value) = stored(&condition.test);
            let name = names(condition, operator, dataset).find(|it| !map.contains_key(it));
            map.extend(name.map(|name| (name, value)));
        }
        if let Some(import) = filter.import {
            map.insert("import".to_owned(), import.into());
        }
        Self(map)
    }

    /// The filter.
    ///
    /// # Errors
    /// Another version has stored it.
    pub fn filter(&self, dataset: &Dataset) -> Result<Filter, BadFilter> {
        let names = Names(dataset);
        let mut filter = Filter::default();
        for (name, value) in &self.0 {
            let bad = || BadFilter(name.clone());
            let parameter = names.find(name).ok_or_else(bad)?;
            match (parameter, value) {
                (Parameter::Column(column, Operator::In), Json::Array(values)) => {
                    let test = values_of(dataset, column, values).map(Test::In);
                    let test = test.ok_or_else(bad)?;
                    filter.conditions.push(Condition { column, test });
                }
                (_, value) => {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    names
                        .add(&mut filter, parameter, &text)
                        .map_err(|_| bad())?;
                }
            }
        }
        Ok(filter)
    }

    /// The same in the order in which it is shown: PostgreSQL keeps none.
    #[must_use]
    pub fn in_order(self, dataset: &Dataset) -> Self {
        match self.filter(dataset) {
            Ok(filter) => Self::new(&filter, dataset),
            Err(_) => self,
        }
    }
}

fn values_of(dataset: &Dataset, column: usize, values: &[Json]) -> Option<Vec<Value>> {
    let kind = &dataset.columns.get(column)?.kind;
    let value = |it: &Json| Value::read(kind, it.as_str()?).ok();
    values.iter().map(value).collect()
}

fn is_of_days(condition: &Condition, dataset: &Dataset) -> bool {
    Some(condition.column) == dataset.sorted_by
        && dataset.columns[condition.column].kind.sql() == SqlType::Date
        && matches!(condition.test, Test::AtLeast(_) | Test::AtMost(_))
}

/// What a condition is called, and how else: a request may have one of the kind under each name.
fn names(
    condition: &Condition,
    operator: Operator,
    dataset: &Dataset,
) -> impl Iterator<Item = String> {
    let of_days = match operator {
        Operator::AtLeast if is_of_days(condition, dataset) => Some("from".to_owned()),
        Operator::AtMost if is_of_days(condition, dataset) => Some("to".to_owned()),
        _ => None,
    };
    let names = Names(dataset);
    let name = names.of(condition.column, operator);
    let long = names.long(condition.column, operator);
    of_days.into_iter().chain([name, long])
}

fn stored(test: &Test) -> (Operator, Json) {
    match test {
        Test::Equal(value) => (Operator::Equal, value.text().into()),
        Test::AtLeast(value) => (Operator::AtLeast, value.text().into()),
        Test::AtMost(value) => (Operator::AtMost, value.text().into()),
        Test::In(values) => {
            let texts: Vec<String> = values.iter().map(Value::text).collect();
            (Operator::In, texts.into())
        }
        Test::IsNull(is_null) => (Operator::IsNull, (*is_null).into()),
    }
}
