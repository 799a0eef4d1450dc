//! What is stored: sales records of the built-in dataset, or of a declared one that differs from it
//! in what its rows are sorted by.

use anyhow::{Context as _, Result, anyhow};
use domain::catalog;
use domain::declaration::Declaration;
use domain::filter::{Condition, Filter, Test, Value as FilterValue};
use serde_json::{Map, Value, json};

/// How the rows of a user differ from plain sales records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Built in, sorted by the order date.
    Sales,
    /// The same, and half of the rows are of one day.
    HalfOneDay,
    /// Declared, with the same columns.
    ByDate,
    /// The same, and half of the rows have no ship date.
    WithNulls,
    /// Sorted by a date and a time in the place of the order date.
    ByDatetime,
    /// Sorted by the order number, whose values are spread over a tenth of its bounds.
    ByInteger,
    /// Sorted by the order number, whose bounds are so wide that all rows are of one bucket.
    ByIntegerOfOnePart,
    /// Sorted by nothing.
    ByNothing,
}

/// The column that a half of all rows have one value in, and the one that may be null.
const CHANNEL: usize = 3;
const SHIPPED: usize = 7;

impl Shape {
    /// True if it is a declared dataset's.
    pub fn is_declared(self) -> bool {
        !matches!(self, Shape::Sales | Shape::HalfOneDay)
    }

    /// A filter that leaves half of the rows, by a column that says nothing of their order.
    pub fn half() -> Filter {
        of(CHANNEL, Test::Equal(FilterValue::Text("Online".to_owned())))
    }

    /// A filter that leaves the rows without a value, half of them; `None`: each has one.
    pub fn nulls(self) -> Option<Filter> {
        (self == Shape::WithNulls).then(|| of(SHIPPED, Test::IsNull(true)))
    }

    /// What a user would declare.
    pub fn declaration(self) -> Result<Declaration> {
        let sales = catalog::declaration(&catalog::BASELINE.name).context("no such declaration")?;
        let mut document = sales.to_json();
        let object = document.as_object_mut().context("no object")?;
        if matches!(
            self,
            Shape::ByDatetime | Shape::ByInteger | Shape::ByIntegerOfOnePart | Shape::ByNothing
        ) {
            object.shift_remove("sums");
            object.shift_remove("inOrder");
            object.shift_remove("sortedBy");
        }
        match self {
            Shape::WithNulls => {
                let shipped = field(object, "ship_date")?;
                shipped["constraints"]["required"] = json!(false);
                shipped["missingValues"] = json!([""]);
            }
            Shape::ByDatetime => {
                let required = json!({"required": true});
                *field(object, "order_date")? =
                    json!({"name": "order_date", "type": "datetime", "constraints": required});
                object.insert("sortedBy".to_owned(), json!("order_date"));
            }
            Shape::ByIntegerOfOnePart => {
                let number = field(object, "order_id")?;
                number["constraints"]["maximum"] = json!(9_007_199_254_740_991_i64);
                object.insert("sortedBy".to_owned(), json!("order_id"));
            }
            Shape::ByInteger => {
                object.insert("sortedBy".to_owned(), json!("order_id"));
            }
            Shape::Sales | Shape::HalfOneDay | Shape::ByDate | Shape::ByNothing => {}
        }
        Declaration::parse(&document).map_err(|problems| anyhow!("{problems:?}"))
    }

    /// SQL: the values of a row in the order of the fields, of `record` and a number `h` that is
    /// spread over 31 bits by it.
    pub fn values(self) -> String {
        let day = "date '2010-01-01' + (h / 13 % 2765)::integer";
        let ordered = match self {
            Shape::HalfOneDay => {
                format!("CASE h % 2 WHEN 0 THEN date '2014-06-15' ELSE {day} END")
            }
            Shape::ByDatetime => {
                format!("({day})::timestamp + (h % 86400) * interval '1 second'")
            }
            _ => day.to_owned(),
        };
        let number = match self {
            Shape::ByInteger => "100000000 + h % 900000000",
            _ => "100000000 + record",
        };
        let shipped = match self {
            Shape::WithNulls => "CASE h / 5 % 2 WHEN 0 THEN date '2017-12-31' END",
            _ => "date '2017-12-31'",
        };
        format!(
            "'Region ' || h / 1000 % 185 % 7, 'Country ' || h / 1000 % 185, \
             'Item ' || h / 7 % 12, CASE h % 2 WHEN 0 THEN 'Online' ELSE 'Offline' END, \
             substr('CHLM', (1 + h / 2 % 4)::integer, 1), {ordered}, {number}, {shipped}, \
             h % 10000, h % 60000 / 100.0, h % 40000 / 100.0, \
             (h % 10000) * (h % 60000) / 100.0, (h % 10000) * (h % 40000) / 100.0, \
             (h % 10000) * (h % 60000 - h % 40000) / 100.0"
        )
    }
}

fn of(column: usize, test: Test) -> Filter {
    Filter {
        import: None,
        conditions: vec![Condition { column, test }],
    }
}

fn field<'d>(document: &'d mut Map<String, Value>, name: &str) -> Result<&'d mut Value> {
    let fields = document.get_mut("fields").and_then(Value::as_array_mut);
    let found = fields.and_then(|it| it.iter_mut().find(|it| it["name"] == name));
    found.with_context(|| format!("no field {name}"))
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use domain::declaration::Place;
    use domain::order::Order;

    use super::*;

    #[test]
    fn declared_ones_differ_in_what_they_are_sorted_by() {
        let order = |shape: Shape| {
            let declaration = shape.declaration().unwrap();
            let numbers: Vec<i32> = (1..).take(declaration.fields.len()).collect();
            let dataset = declaration.compile(&Place::declared("it", 1, 1, &numbers));
            assert_eq!(dataset.columns.len(), BASELINE.columns.len());
            dataset.order()
        };
        assert_eq!(order(Shape::ByDate), BASELINE.order());
        assert_eq!(order(Shape::WithNulls), BASELINE.order());
        assert_eq!(order(Shape::ByDatetime), Some(Order::DateTimes));
        assert!(matches!(
            order(Shape::ByInteger),
            Some(Order::Integers {
                max: 9_999_999_999,
                ..
            })
        ));
        assert_eq!(order(Shape::ByNothing), None);
        let wide = order(Shape::ByIntegerOfOnePart).unwrap();
        let number = |it| domain::order::Key::Integer(it);
        assert_eq!(wide.bucket(number(0)), wide.bucket(number(200_000_000)));
    }

    #[test]
    fn the_columns_are_those_that_are_filtered_by() {
        assert_eq!(BASELINE.columns[CHANNEL].name, "sales_channel");
        assert_eq!(BASELINE.columns[SHIPPED].name, "ship_date");
    }
}
