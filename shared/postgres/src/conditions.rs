//! The one maker of SQL for filters: pages, summaries, exports and estimates. A value of a user
//! never becomes SQL: it is bound as a parameter or, where a statement takes none, as a setting of
//! the session.

use domain::dataset::Dataset;
use domain::filter::{Condition, Filter, Test, Value};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::Error;
use crate::sql::of_import::COMPLETED;

/// The conditions of a statement and the parameters that they refer to.
pub(crate) struct Conditions<'a> {
    sql: String,
    parameters: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Conditions<'a> {
    /// Conditions on an import `i`: a completed one of this owner and dataset and, if the filter
    /// names one, the one that it names.
    pub(crate) fn on_import(owner: &'a Uuid, dataset: &'a Dataset, filter: &'a Filter) -> Self {
        let completed = Self {
            sql: format!("i.owner = $1 AND i.dataset = $2 AND i.state = {COMPLETED}"),
            parameters: vec![owner, &dataset.name],
        };
        match &filter.import {
            Some(number) => completed.and("i.number = ?", number),
            None => completed,
        }
    }

    /// Conditions on a row `r`: it is of this import.
    pub(crate) fn on_row(import_id: &'a i64) -> Self {
        Self::after(&[import_id]).and_sql("r.import_id = $1")
    }

    /// No condition yet; the first parameters are these.
    pub(crate) fn after(parameters: &[&'a (dyn ToSql + Sync)]) -> Self {
        Self {
            sql: "true".to_owned(),
            parameters: parameters.to_vec(),
        }
    }

    /// Adds a condition; `?` stands for the value.
    pub(crate) fn and(mut self, condition: &str, value: &'a (dyn ToSql + Sync)) -> Self {
        let place = self.bind(value);
        self.and_sql(&condition.replace('?', &place))
    }

    /// Adds a condition without a value of its own.
    pub(crate) fn and_sql(mut self, condition: &str) -> Self {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self
    }

    /// Adds conditions on a row `r`.
    pub(crate) fn and_all(
        mut self,
        dataset: &Dataset,
        conditions: impl IntoIterator<Item = &'a Condition>,
    ) -> Self {
        for condition in conditions {
            let sql = sql(dataset, condition, &mut |value| self.bind_value(value));
            self.sql.push_str(" AND ");
            self.sql.push_str(&sql);
        }
        self
    }

    /// Adds a parameter and gives its place: `$2`.
    pub(crate) fn bind(&mut self, value: &'a (dyn ToSql + Sync)) -> String {
        self.parameters.push(value);
        format!("${}", self.parameters.len())
    }

    /// A whole number may be wider than its column, and an exact one goes as text.
    fn bind_value(&mut self, value: &'a Value) -> String {
        match value {
            Value::Text(it) => self.bind(it),
            Value::Uuid(it) => self.bind(it),
            Value::Integer(it) => self.bind(it) + "::bigint",
            Value::Number(it) => self.bind(it) + "::text::numeric",
            Value::Boolean(it) => self.bind(it),
            Value::Date(it) => self.bind(it),
            Value::DateTime(it) => self.bind(it),
            Value::Moment(it) => self.bind(it),
            Value::Time(it) => self.bind(it),
        }
    }

    /// The conditions, joined by AND.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    /// The parameters, in their order.
    pub(crate) fn parameters(&self) -> &[&'a (dyn ToSql + Sync)] {
        &self.parameters
    }
}

/// SQL: the condition on a row `r`. `place` gives where a value stands.
fn sql<'a>(
    dataset: &Dataset,
    condition: &'a Condition,
    place: &mut dyn FnMut(&'a Value) -> String,
) -> String {
    let column = format!("r.{}", dataset.columns[condition.column].name);
    match &condition.test {
        Test::Equal(value) => format!("{column} = {}", place(value)),
        Test::AtLeast(value) => format!("{column} >= {}", place(value)),
        Test::AtMost(value) => format!("{column} <= {}", place(value)),
        Test::In(values) if values.is_empty() => "false".to_owned(),
        Test::In(values) => {
            let places: Vec<String> = values.iter().map(place).collect();
            format!("{column} IN ({})", places.join(", "))
        }
        Test::IsNull(true) => format!("{column} IS NULL"),
        Test::IsNull(false) => format!("{column} IS NOT NULL"),
    }
}

/// ` AND …` for each condition on a row `r`, for a COPY, which takes no parameters: their values
/// become settings of the session.
pub(crate) async fn set_for_copy(
    client: &Client,
    dataset: &Dataset,
    conditions: &[Condition],
) -> Result<String, Error> {
    let mut values: Vec<String> = Vec::new();
    let mut all = String::new();
    for condition in conditions {
        let mut place = |value: &Value| {
            values.push(value.text());
            setting(values.len(), value)
        };
        all.push_str(" AND ");
        all.push_str(&sql(dataset, condition, &mut place));
    }
    for (index, value) in values.iter().enumerate() {
        let name = name(index + 1);
        let set = "SELECT set_config($1, $2, false)";
        client.execute(set, &[&name, value]).await?;
    }
    Ok(all)
}

fn name(number: usize) -> String {
    format!("collect.value_{number}")
}

/// SQL: the value of a setting. As a subquery, so that it is read once and not for each row.
fn setting(number: usize, value: &Value) -> String {
    let sql_type = match value {
        Value::Text(_) => "text",
        Value::Uuid(_) => "uuid",
        Value::Integer(_) => "bigint",
        Value::Number(_) => "numeric",
        Value::Boolean(_) => "boolean",
        Value::Date(_) => "date",
        Value::DateTime(_) => "timestamp",
        Value::Moment(_) => "timestamptz",
        Value::Time(_) => "time",
    };
    format!("(SELECT current_setting('{}')::{sql_type})", name(number))
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use domain::filter::Names;
    use jiff::civil::date;

    use super::*;

    const EVIL: &str = "\\'; DROP TABLE import; --";

    fn filter() -> Filter {
        let mut filter = Filter::of_days(&BASELINE, date(2015, 8, 1), date(2016, 12, 31));
        let names = Names(&BASELINE);
        for (name, text) in [
            ("region", EVIL),
            ("units_sold__in", "1,2"),
            ("unit_price__gte", "9.50"),
            ("country__isnull", "false"),
        ] {
            let parameter = names.find(name).unwrap();
            names.add(&mut filter, parameter, text).unwrap();
        }
        filter
    }

    #[test]
    fn values_become_parameters_and_nothing_else() {
        let filter = filter();
        let conditions = Conditions::on_row(&7).and_all(&BASELINE, &filter.conditions);
        let expected = "true AND r.import_id = $1 AND r.order_date >= $2 AND r.order_date <= $3 \
             AND r.region = $4 AND r.units_sold IN ($5::bigint, $6::bigint) \
             AND r.unit_price >= $7::text::numeric AND r.country IS NOT NULL";
        assert_eq!(conditions.sql(), expected);
        assert_eq!(conditions.parameters().len(), 7);
    }

    #[test]
    fn a_list_of_no_value_is_no_row() {
        let none = Condition {
            column: 0,
            test: Test::In(Vec::new()),
        };
        let conditions = Conditions::after(&[]).and_all(&BASELINE, [&none]);
        assert_eq!(conditions.sql(), "true AND false");
    }
}
