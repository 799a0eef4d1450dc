//! The rejects file: the rejected records as they were, and why they were rejected. Once its cells
//! are corrected, it can be uploaded again as it is.

use crate::limits::REJECTED_FILE_BYTES_AT_MOST;
use crate::record::{Record, RecordWriter};
use crate::row::RowError;

/// The columns that are added to the original ones. No dataset has them, so they are ignored when
/// the file is uploaded again.
pub(crate) const ADDED: [&[u8]; 3] = [b"record", b"line", b"error"];

/// A rejects file that is written record by record.
#[derive(Clone, Debug)]
pub struct RejectedFile {
    bytes: Vec<u8>,
    /// How many columns the original has; if it was a rejects file itself, without the added ones.
    width: usize,
    /// True if the original was a rejects file, uploaded again.
    again: bool,
    /// The number of records in it.
    pub records: i64,
    full: bool,
}

impl RejectedFile {
    /// A file with no record yet, its heading made from the original one.
    pub fn new(heading: &Record) -> Self {
        let fields: Vec<&[u8]> = heading.iter().collect();
        let own = fields.len().checked_sub(ADDED.len());
        let again = own.filter(|&own| fields[own..] == ADDED);
        let mut file = Self {
            bytes: Vec::new(),
            width: again.unwrap_or(fields.len()),
            again: again.is_some(),
            records: 0,
            full: false,
        };
        let line = fields[..file.width].iter().copied().chain(ADDED);
        write(&mut file.bytes, line);
        file
    }

    /// Adds a record; false if the file has no space left for it. Then it takes no later record
    /// either.
    pub fn push(&mut self, record: &Record, errors: &[RowError]) -> bool {
        let before = self.bytes.len();
        if !self.full {
            self.write_record(record, errors);
        }
        self.full |= self.bytes.len() > REJECTED_FILE_BYTES_AT_MOST;
        if self.full {
            self.bytes.truncate(before);
        } else {
            self.records += 1;
        }
        !self.full
    }

    /// A record with too few or too many fields keeps all of them. One with too few is filled up,
    /// so that the added fields stand below their headings.
    fn write_record(&mut self, record: &Record, errors: &[RowError]) {
        let (number, line) = (record.number.to_string(), record.line.to_string());
        let reasons: Vec<String> = errors.iter().map(reason).collect();
        let reasons = reasons.join(" ");
        let wide = self.width + ADDED.len();
        let kept = match self.again && record.len() == wide {
            true => self.width,
            false => record.len(),
        };
        let fields = record.iter().take(kept);
        let padding = std::iter::repeat_n(&b""[..], self.width.saturating_sub(kept));
        let added = [number.as_bytes(), line.as_bytes(), reasons.as_bytes()];
        write(&mut self.bytes, fields.chain(padding).chain(added));
    }

    /// The whole file.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

fn reason(error: &RowError) -> String {
    match error.column.as_str() {
        "" => error.message.clone(),
        column => format!("{column}: {}", error.message),
    }
}

fn write<'f>(bytes: &mut Vec<u8>, fields: impl Iterator<Item = &'f [u8]>) {
    let mut record = RecordWriter::new(bytes);
    for field in fields {
        record.text(field, false);
    }
    record.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordReader;

    fn record(line: &str) -> Record {
        let mut reader = RecordReader::new(7, 9);
        let mut record = Record::default();
        reader.read(format!("{line}\n").as_bytes(), &mut record);
        record
    }

    fn error(column: &str, message: &str) -> RowError {
        RowError {
            record: 7,
            line: 9,
            column: column.into(),
            value: String::new(),
            code: "a_code",
            message: message.into(),
        }
    }

    fn file(heading: &str, records: &[&str]) -> String {
        let mut file = RejectedFile::new(&record(heading));
        for line in records {
            assert!(file.push(&record(line), &[error("", "No."), error("b", "Bad, too.")]));
        }
        assert_eq!(file.records, records.len() as i64);
        String::from_utf8(file.finish()).unwrap()
    }

    const REASONS: &str = r#"7,9,"No. b: Bad, too.""#;

    #[test]
    fn the_original_columns_and_why() {
        let written = file("a,\" b\"", &["1,\"x \"\"y\"\",\nz\"", "1", "1,2,3,4,5"]);
        let expected = [
            "a, b,record,line,error".to_owned(),
            format!("1,\"x \"\"y\"\",\nz\",{REASONS}"),
            format!("1,,{REASONS}"),
            format!("1,2,3,4,5,{REASONS}\r\n"),
        ];
        assert_eq!(written, expected.join("\r\n"));
    }

    #[test]
    fn rejected_again_nothing_is_added_twice() {
        let written = file("a,b,record,line,error", &["1,2,3,4,Wrong."]);
        assert_eq!(
            written,
            format!("a,b,record,line,error\r\n1,2,{REASONS}\r\n")
        );
    }

    #[test]
    fn it_never_grows_beyond_its_limit() {
        let mut file = RejectedFile::new(&record("a"));
        let long = record(&"x".repeat(5 * 1024 * 1024));
        let errors = [error("a", "Too long.")];
        let taken = (0..5).filter(|_| file.push(&long, &errors)).count();
        assert_eq!((taken, file.records), (3, 3));
        assert!(
            !file.push(&record("1"), &errors),
            "none after one that is left out"
        );
        assert!(file.finish().len() <= REJECTED_FILE_BYTES_AT_MOST);
    }
}
