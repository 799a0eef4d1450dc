//! Makes the dataset of a declaration.

use super::{Declaration, Field};
use crate::dataset::{Column, Dataset, DatasetReading};
use crate::forms::DateForms;

/// Where a dataset is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The dataset's name in paths.
    pub name: String,
    /// The SQL table of its rows.
    pub table: String,
    /// The SQL column of each field, in their order.
    pub columns: Vec<String>,
    /// The version of the declaration, counted from 1.
    pub version: i32,
    /// The number of the dataset; `None` for one that is built in.
    pub id: Option<i64>,
}

impl Place {
    /// The place of a declared dataset: `d_{id}` with the columns of these numbers, `c1`, `c2`. No
    /// text of a user is in it.
    pub fn declared(name: &str, id: i64, version: i32, numbers: &[i32]) -> Self {
        Self {
            name: name.to_owned(),
            table: format!("d_{id}"),
            columns: numbers.iter().map(|it| format!("c{it}")).collect(),
            version,
            id: Some(id),
        }
    }
}

impl Declaration {
    /// The dataset whose rows are stored at this place, which has a column for each field.
    pub fn compile(&self, place: &Place) -> Dataset {
        debug_assert_eq!(self.fields.len(), place.columns.len());
        let columns = self.fields.iter().zip(&place.columns);
        Dataset {
            id: place.id,
            version: place.version,
            name: place.name.clone(),
            table: place.table.clone(),
            columns: columns
                .map(|(field, name)| self.column(field, name))
                .collect(),
            totals: self.totals.clone(),
            sums: self.sums.clone(),
            sorted_by: self.sorted_by,
            one_at_a_time: self.one_at_a_time,
            fields_match: self.fields_match,
            reading: self.reading(),
        }
    }

    fn column(&self, field: &Field, name: &str) -> Column {
        Column {
            heading: field.title.clone().unwrap_or_else(|| field.name.clone()),
            field: field.name.clone(),
            titles: field.titles.clone(),
            name: name.to_owned(),
            kind: field.kind.clone(),
            required: field.required,
            missing: self.missing_values(field).to_vec(),
        }
    }

    fn reading(&self) -> DatasetReading {
        let forms = self.forms();
        DatasetReading {
            dialect: self.dialect,
            decimal: forms.decimal,
            group: forms.group,
            dates: DateForms::USUAL,
            multiline: self.multiline,
            max_errors: self.max_errors,
            in_order: self.in_order.clone(),
        }
    }
}
