//! A dataset for a file: a declaration made of its clean form's columns, all of them text.

use domain::cell::Kind;
use domain::dataset::{Column, Dataset, DatasetReading};

/// Datasets are constants of the product. These are never freed, which a command of seconds can
/// afford.
pub fn dataset(names: &[String]) -> &'static Dataset {
    let column = |name: &String| Column {
        heading: String::leak(name.clone()),
        name: "text",
        kind: Kind::Text {
            max_chars: usize::MAX,
        },
    };
    let columns: Vec<Column> = names.iter().map(column).collect();
    Box::leak(Box::new(Dataset {
        name: "foreign",
        table: "foreign",
        columns: Vec::leak(columns),
        totals: &[],
        sorted_by: None,
        reading: DatasetReading::USUAL,
    }))
}
