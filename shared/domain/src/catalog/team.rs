//! Teams and who leads them. The limits are those of the original service.

use crate::cell::Kind;
use crate::dataset::{Column, Dataset, DatasetReading};

const fn text(name: &'static str, max_chars: usize) -> Column {
    Column {
        heading: name,
        name,
        kind: Kind::Text { max_chars },
    }
}

pub static DATASET: Dataset = Dataset {
    name: "team",
    table: "team",
    columns: &[
        text("team_name", 100),
        text("manager_name", 100),
        text("manager_phone_number", 15),
    ],
    totals: &[],
    sorted_by: None,
    reading: DatasetReading::USUAL,
};
