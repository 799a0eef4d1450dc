//! What an import of a sample would say: the same steps as plan-chunks, import-chunk and
//! finish-import take, over bytes in memory, with nothing stored.

use contracts::http::datasets::Validation;
use contracts::http::imports::ReadAs;
use contracts::http::rows::ErrorEntry;
use domain::dataset::Dataset;
use domain::declaration::{Declaration, Place};
use domain::first_look::{self, Look};
use domain::limits::{FIRST_LOOK_BYTES, SAMPLE_ROW_ERRORS_SHOWN};
use domain::reading::{BadValue, Part, Reading, ReadingRequest};
use domain::reason::{BadHeading, NoRecords, Reason, StoredReason};
use domain::record::{Record, RecordReader};
use domain::row::{Parsed, RowError, RowParser};
use domain::verdict::{Totals, judge};
use domain::witness::Witness;

use crate::text::Text;

/// What an import of the sample would say.
///
/// # Errors
/// What is said of the reading cannot be meant.
pub fn import(
    sample: &[u8],
    declaration: &Declaration,
    said: &ReadingRequest,
) -> Result<Validation, Vec<BadValue>> {
    let dataset = declaration.compile(&nowhere(declaration));
    let said = said.reading(&dataset)?;
    Ok(look_and_read(sample, &dataset, said).unwrap_or_else(|reason| failed(&reason)))
}

/// Nothing is stored, so no place is needed but a column for each field.
fn nowhere(declaration: &Declaration) -> Place {
    let numbers: Vec<i32> = (1..).take(declaration.fields.len()).collect();
    Place::declared("sample", 0, 1, &numbers)
}

fn look_and_read(sample: &[u8], dataset: &Dataset, said: Reading) -> Result<Validation, Reason> {
    let known = said.was_said(Part::Encoding).then_some(said.encoding);
    let encoding = known.or(dataset.reading.dialect.encoding);
    let text = Text::of(sample, encoding)?;
    let look = look(&text, dataset, said)?;
    let mut reading = SampleRows::of(dataset, &look);
    reading.read(&text, &look)?;
    Ok(reading.judged(&look))
}

fn look(text: &Text, dataset: &Dataset, mut said: Reading) -> Result<Look, Reason> {
    let mark = text.mark()?;
    let encoding = text.encoding.unwrap_or(said.encoding);
    if (mark > 0 || encoding != said.encoding) && !said.was_said(Part::Encoding) {
        said.found(Part::Encoding);
    }
    said.encoding = encoding;
    let first = &text.bytes[..text.bytes.len().min(FIRST_LOOK_BYTES)];
    let whole_file = text.whole && first.len() == text.bytes.len();
    let look = first_look::look(first, mark, whole_file, dataset, &said)?;
    look.ok_or(Reason::BadHeading(BadHeading::NoEnd))
}

fn failed(reason: &Reason) -> Validation {
    Validation {
        error: Some(reason.into()),
        warnings: Vec::new(),
        read_as: None,
        rows_imported: 0,
        rows_rejected: 0,
        records_empty: 0,
        row_errors: Vec::new(),
        bytes_looked_at: 0,
    }
}

/// The records of a sample, and what became of them.
struct SampleRows<'d> {
    dataset: &'d Dataset,
    parser: RowParser<'d>,
    witness: Witness,
    totals: Totals,
    row_errors: Vec<RowError>,
    looked_at: usize,
}

impl<'d> SampleRows<'d> {
    fn of(dataset: &'d Dataset, look: &Look) -> Self {
        let order = look.heading.column_order.clone();
        Self {
            dataset,
            parser: RowParser::by(dataset, order, &look.reading),
            witness: Witness::of(dataset),
            totals: Totals {
                whole: true,
                ..Totals::default()
            },
            row_errors: Vec::new(),
            looked_at: 0,
        }
    }

    /// Reads the records. Of a sample that is cut, the last one is cut too, and left out.
    fn read(&mut self, text: &Text, look: &Look) -> Result<(), Reason> {
        let start = look.heading.data_start();
        let (record, line) = (start.record.unsigned_abs(), start.line.unsigned_abs());
        let mut reader = RecordReader::by(&look.reading, record, line);
        let mut record = Record::default();
        let mut records = 0u64;
        let mut at = usize::try_from(start.byte).unwrap_or(usize::MAX);
        self.looked_at = at.min(text.bytes.len());
        while let Some(rest) = text.bytes.get(at..).filter(|it| !it.is_empty()) {
            let (taken, complete) = reader.read(rest, &mut record);
            at += taken;
            if complete {
                records += 1;
                self.looked_at = at;
                self.take(&record);
            }
        }
        if text.whole {
            self.looked_at = text.bytes.len();
            while reader.finish(&mut record) {
                records += 1;
                self.take(&record);
            }
        }
        self.witness.lines.empty += reader.empty_lines();
        match records {
            0 => Err(Reason::NoRecords(NoRecords::OnlyHeading)),
            _ => Ok(()),
        }
    }

    fn take(&mut self, record: &Record) {
        match self.parser.read(record, &mut self.witness) {
            Parsed::Empty => {}
            Parsed::Row(_) => self.totals.rows += 1,
            Parsed::Rejected(errors) => {
                self.totals.rejected += 1;
                let room = SAMPLE_ROW_ERRORS_SHOWN - self.row_errors.len();
                self.row_errors.extend(errors.into_iter().take(room));
            }
        }
    }

    fn judged(self, look: &Look) -> Validation {
        let (dataset, max_errors) = (self.dataset, self.dataset.reading.max_errors);
        let verdict = judge(
            dataset,
            &look.reading,
            &self.witness,
            self.totals,
            max_errors,
        );
        let heading = look.heading.warnings();
        let warnings = heading.iter().chain(&verdict.warnings);
        let count = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
        Validation {
            error: verdict.failure.as_ref().map(StoredReason::from),
            warnings: warnings.map(StoredReason::from).collect(),
            read_as: Some(ReadAs::by(&look.reading, dataset)),
            rows_imported: count(self.totals.rows),
            rows_rejected: count(self.totals.rejected),
            records_empty: count(self.witness.empty),
            row_errors: self.row_errors.into_iter().map(shown).collect(),
            bytes_looked_at: i64::try_from(self.looked_at).unwrap_or(i64::MAX),
        }
    }
}

fn shown(error: RowError) -> ErrorEntry {
    ErrorEntry {
        record: error.record,
        line: error.line,
        column: error.column,
        value: error.value,
        code: error.code.to_owned(),
        message: error.message,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rehearsed(sample: &[u8], said: &[(&str, &str)]) -> Validation {
        let declaration = Declaration::parse(&json!({"fields": [
            {"name": "Item", "type": "string"},
            {"name": "Pieces", "type": "integer", "constraints": {"required": true}},
            {"name": "Price", "type": "number"},
        ]}));
        let said = ReadingRequest::parse(said.iter().copied()).unwrap();
        import(sample, &declaration.unwrap(), &said).unwrap()
    }

    fn code(validation: &Validation) -> Option<&str> {
        validation.error.as_ref().map(|it| it.code.as_str())
    }

    #[test]
    fn rows_and_row_errors_are_those_of_an_import() {
        let good = "pen,2,1.5\n".repeat(20);
        let sample = format!("Item,Pieces,Price\n{good}ink,many,3\n\n");
        let found = rehearsed(sample.as_bytes(), &[]);
        assert_eq!(code(&found), None);
        assert_eq!((found.rows_imported, found.rows_rejected), (20, 1));
        assert_eq!(found.bytes_looked_at, sample.len() as i64);
        let [error] = &found.row_errors[..] else {
            panic!("{:?}", found.row_errors)
        };
        assert_eq!((error.record, error.line), (21, 22));
        assert_eq!(
            (error.column.as_str(), error.value.as_str()),
            ("Pieces", "many")
        );
        assert_eq!(found.warnings[0].code, "rows_rejected");
        assert!(found.read_as.is_some());
    }

    #[test]
    fn a_sample_fails_as_an_import_would() {
        for (sample, expected) in [
            (&b"a,b\n1,2\n"[..], "bad_heading"),
            (b"Item,Pieces,Price\n", "no_records"),
            (b"\x89PNG\r\n\x1a\n\0\0", "not_text"),
            (b"Item,Pieces,Price\npen,two,1\nink,one,2\n", "no_rows_fit"),
        ] {
            let found = rehearsed(sample, &[]);
            assert_eq!(code(&found), Some(expected));
            assert_eq!(found.rows_imported, 0);
        }
    }

    #[test]
    fn what_is_said_of_the_reading_is_used() {
        let sample = b"Item;Pieces;Price\npen;2;1,5\n";
        let said = [("delimiter", ";"), ("decimal", ",")];
        assert_eq!(rehearsed(sample, &said).rows_imported, 1);
        assert_eq!(rehearsed(sample, &[]).rows_imported, 0);
    }

    #[test]
    fn the_record_in_which_a_sample_is_cut_is_left_out() {
        let good = "pen,2,1.5\n".repeat(120_000);
        let sample = format!("Item,Pieces,Price\n{good}");
        let found = rehearsed(sample.as_bytes(), &[]);
        assert_eq!((code(&found), found.rows_rejected), (None, 0));
        assert_eq!(found.bytes_looked_at, 18 + found.rows_imported * 10);
        assert!(found.rows_imported > 100_000);
    }
}
