//! Teams and who leads them. The limits are those of the original service.

use crate::cell::Kind;
use crate::dataset::{Column, Dataset, DatasetReading};

fn text(name: &str, max_chars: usize) -> Column {
    Column {
        heading: name.to_owned(),
        field: name.to_owned(),
        titles: Vec::new(),
        name: name.to_owned(),
        kind: Kind::Text { max_chars },
        required: false,
        missing: Vec::new(),
    }
}

pub fn dataset() -> Dataset {
    Dataset {
        id: None,
        version: 1,
        name: "team".to_owned(),
        table: "team".to_owned(),
        columns: vec![
            text("team_name", 100),
            text("manager_name", 100),
            text("manager_phone_number", 15),
        ],
        totals: Vec::new(),
        sorted_by: None,
        one_at_a_time: false,
        reading: DatasetReading::USUAL,
    }
}
