//! What is compared of a row in an exported file with the row in the table.

use super::{Dataset, Declared};
use crate::storm::field::{Field, NULL};

impl Dataset {
    /// SQL: what is compared, as one text.
    pub fn exported_columns(&self) -> String {
        match self {
            // Nearly every record has an id of its own.
            Dataset::Team | Dataset::Baseline => "r.order_id::text".to_owned(),
            Dataset::Declared(declared) => {
                let compared = declared.compared();
                let columns: Vec<String> = compared.map(|(_, it)| it.as_text()).collect();
                format!("concat_ws('|', {})", columns.join(", "))
            }
        }
    }

    /// The same of every record of a file, sorted.
    pub fn exported(&self, file: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let records = reader.records();
        let row = |it: Result<csv::StringRecord, csv::Error>| self.of_record(&it.unwrap());
        let mut rows: Vec<String> = records.map(row).collect();
        rows.sort_unstable();
        rows
    }

    fn of_record(&self, record: &csv::StringRecord) -> String {
        let Dataset::Declared(declared) = self else {
            return record[6].to_owned();
        };
        let cell = |at: usize| match &record[at] {
            "" => NULL,
            cell => cell,
        };
        let cells: Vec<&str> = declared.compared().map(|(at, _)| cell(at)).collect();
        cells.join("|")
    }
}

impl Declared {
    /// The fields whose cells are compared, with their places: a file has all fields in their order.
    fn compared(&self) -> impl Iterator<Item = (usize, &Field)> {
        let fields = self.fields.iter().enumerate();
        fields.filter(|(_, it)| it.is_exported_as_text())
    }
}
