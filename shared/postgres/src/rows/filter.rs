use jiff::civil::Date;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::sql::of_import::COMPLETED;

/// Which of an owner's sales records are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The first order date.
    pub from: Date,
    /// The last order date.
    pub to: Date,
    /// Number of the import, as its user knows it.
    pub import: Option<i32>,
    /// SQL columns of the dataset and the values they must have. They cost a look at every row that
    /// the rest of the filter leaves; the rest costs nothing per row.
    pub equals: Vec<(&'static str, String)>,
}

/// A filter that leaves all sales records.
impl Default for Filter {
    fn default() -> Self {
        Self {
            from: Date::constant(1, 1, 1),
            to: Date::MAX,
            import: None,
            equals: Vec::new(),
        }
    }
}

/// The conditions of a statement and the parameters that they refer to.
pub struct Conditions<'a> {
    sql: String,
    parameters: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Conditions<'a> {
    /// Conditions on an import `i`: a completed baseline of this owner and, if the filter names
    /// one, the import that it names.
    pub fn new(owner: &'a Uuid, filter: &'a Filter) -> Self {
        let completed = Self {
            sql: format!("i.owner = $1 AND i.dataset = 'baseline' AND i.state = {COMPLETED}"),
            parameters: vec![owner],
        };
        match &filter.import {
            Some(number) => completed.and("i.number = ?", number),
            None => completed,
        }
    }

    /// Conditions on a row `r`: it is of this import.
    pub fn on_row(import_id: &'a i64) -> Self {
        Self {
            sql: "r.import_id = $1".to_owned(),
            parameters: vec![import_id],
        }
    }

    /// No condition yet; the parameters `$1` to `$3` are these.
    pub fn after(parameters: [&'a (dyn ToSql + Sync); 3]) -> Self {
        Self {
            sql: "true".to_owned(),
            parameters: parameters.to_vec(),
        }
    }

    /// Adds a condition; `?` stands for the value.
    pub fn and(mut self, condition: &str, value: &'a (dyn ToSql + Sync)) -> Self {
        let place = self.bind(value);
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &place));
        self
    }

    /// Adds that a date lies in a range, both ends included.
    pub fn and_between(self, date: &str, (first, last): &'a (Date, Date)) -> Self {
        self.and(&format!("{date} >= ?"), first)
            .and(&format!("{date} <= ?"), last)
    }

    /// Adds the filter's values for columns of the row `r`.
    pub fn and_equals(mut self, filter: &'a Filter) -> Self {
        for (column, value) in &filter.equals {
            self = self.and(&format!("r.{column} = ?"), value);
        }
        self
    }

    /// Adds a parameter and gives its place: `$2`.
    pub fn bind(&mut self, value: &'a (dyn ToSql + Sync)) -> String {
        self.parameters.push(value);
        format!("${}", self.parameters.len())
    }

    /// The conditions, joined by AND.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The parameters, in their order.
    pub fn parameters(&self) -> &[&'a (dyn ToSql + Sync)] {
        &self.parameters
    }
}
