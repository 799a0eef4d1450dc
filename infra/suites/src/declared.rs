//! A dataset for a file: a declaration made of its clean form's columns, all of them text.

use domain::cell::Kind;
use domain::dataset::{Column, Dataset, DatasetReading, FieldsMatch};

/// A dataset of columns with these names.
pub fn dataset(names: &[String]) -> Dataset {
    let column = |name: &String| Column {
        heading: name.clone(),
        field: name.clone(),
        titles: Vec::new(),
        name: "text".to_owned(),
        kind: Kind::text(usize::MAX),
        required: false,
        missing: Vec::new(),
    };
    Dataset {
        id: None,
        version: 1,
        name: "foreign".to_owned(),
        table: "foreign".to_owned(),
        columns: names.iter().map(column).collect(),
        totals: Vec::new(),
        sums: None,
        fields_match: FieldsMatch::default(),
        sorted_by: None,
        one_at_a_time: false,
        reading: DatasetReading::USUAL,
    }
}
