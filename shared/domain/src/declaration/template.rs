//! A file as the declaration means it: its heading and, if there are examples, one record.

use super::Declaration;
use super::field::Field;
use crate::record::{CellWriter, LINE_END};

impl Declaration {
    /// The file, in the dialect that is declared, in UTF-8.
    pub fn template(&self) -> Vec<u8> {
        let mut file = Vec::new();
        for _ in 0..self.dialect.preamble.unwrap_or(0) {
            file.extend_from_slice(LINE_END);
        }
        let lines = self.dialect.heading_lines.unwrap_or(1);
        for line in 0..lines {
            // The cells of several lines are joined; the others have nothing to add.
            let heading = |field: &Field| match line {
                0 => field.title.clone().unwrap_or_else(|| field.name.clone()),
                _ => String::new(),
            };
            self.record(&mut file, heading);
        }
        if self.fields.iter().any(|it| it.example.is_some()) {
            let example = |field: &Field| {
                let none = || self.missing_values(field).first().cloned();
                field.example.clone().or_else(none).unwrap_or_default()
            };
            self.record(&mut file, example);
        }
        file
    }

    fn record(&self, file: &mut Vec<u8>, cell: impl Fn(&Field) -> String) {
        let dialect = &self.dialect;
        let writer = CellWriter {
            delimiter: dialect.delimiter.unwrap_or(b','),
            quote: dialect.quote,
            escape: dialect.escape,
        };
        for (at, field) in self.fields.iter().enumerate() {
            if at > 0 {
                file.push(writer.delimiter);
            }
            writer.write(file, cell(field).as_bytes(), at == 0);
        }
        file.extend_from_slice(LINE_END);
    }
}
