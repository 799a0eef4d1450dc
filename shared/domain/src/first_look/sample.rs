use crate::cell::Value;
use crate::dataset::Dataset;
use crate::forms::Forms;
use crate::heading::Heading;
use crate::limits;
use crate::reading::Reading;
use crate::record::{Record, RecordReader};
use crate::row::may_end_blank;

/// For each column of the dataset, the place among the file's columns that it is read from.
pub(super) type Places = Vec<Option<usize>>;

/// The first records of a file.
pub(super) struct Sample<'d> {
    pub(super) dataset: &'d Dataset,
    pub(super) records: Vec<Record>,
    /// Columns of the heading, known or not.
    pub(super) width: usize,
    /// True if a record may have blank cells after those of the heading.
    may_end_blank: bool,
    /// Where the heading says the columns are.
    pub(super) places: Places,
    pub(super) reading: &'d Reading,
    pub(super) forms: Forms,
}

impl<'d> Sample<'d> {
    /// Takes the records that are complete in these bytes.
    pub(super) fn take(
        bytes: &[u8],
        whole_file: bool,
        heading: &Heading,
        dataset: &'d Dataset,
        reading: &'d Reading,
    ) -> Self {
        let start = usize::try_from(heading.byte_end).unwrap_or(usize::MAX);
        let rest = bytes.get(start..).unwrap_or_default();
        let place = |column| {
            heading
                .column_order
                .iter()
                .position(|&it| it == Some(column))
        };
        let width = heading.column_order.len();
        let mut records = records(rest, whole_file, heading, reading);
        records.retain(|it| !(reading.strict && it.is_blank(width)));
        Self {
            dataset,
            records,
            width,
            may_end_blank: reading.strict && may_end_blank(dataset, &heading.column_order),
            places: (0..dataset.columns.len()).map(place).collect(),
            reading,
            forms: reading.forms(dataset),
        }
    }

    /// True if the first record fits, with all of its values.
    pub(super) fn looks_like_data(&self) -> bool {
        let first = self.records.first();
        first.is_some_and(|it| self.fits(it, &self.places, None))
    }

    pub(super) fn hardly_fits(&self) -> bool {
        let records = self.records.len();
        records >= limits::FIRST_LOOK_RECORDS_AT_LEAST
            && self.fitting() * 100 < records * limits::FIRST_LOOK_FITTING_PERCENT
    }

    /// How many of the records fit.
    pub(super) fn fitting(&self) -> usize {
        let fits = |record: &&Record| self.fits(record, &self.places, None);
        self.records.iter().filter(fits).count()
    }

    /// True if a record fits with its values in these places; column `but` is not checked.
    pub(super) fn fits(&self, record: &Record, places: &Places, but: Option<usize>) -> bool {
        let broken = self.reading.strict && record.unsound_quotes().is_some();
        if !self.has_width(record) || record.has_open_quote() || broken {
            return false;
        }
        let mut row = Vec::with_capacity(places.len());
        for column in 0..places.len() {
            match self.value(record, places, column) {
                _ if but == Some(column) => row.push(Value::Text("")),
                Some(value) => row.push(value),
                None => return false,
            }
        }
        self.dataset.totals.iter().all(|total| total.holds(&row))
    }

    /// The value of a record in one column; `None` if the cell is missing or not what it takes.
    pub(super) fn value<'r>(
        &self,
        record: &'r Record,
        places: &Places,
        column: usize,
    ) -> Option<Value<'r>> {
        let Some(place) = places[column] else {
            let may_lack = !self.dataset.columns[column].required;
            return may_lack.then_some(Value::Null);
        };
        self.parsed(column, record.field(place)?, &self.forms)
    }

    /// The value of a cell that is written in these forms.
    pub(super) fn parsed<'c>(
        &self,
        column: usize,
        cell: &'c [u8],
        forms: &Forms,
    ) -> Option<Value<'c>> {
        self.dataset.columns[column].parse(cell, forms).ok()
    }

    fn has_width(&self, record: &Record) -> bool {
        match self.may_end_blank {
            true => record.fits(self.width),
            false => record.len() == self.width,
        }
    }

    /// The cells of a column that are not what it takes.
    pub(super) fn bad_cells(&self, column: usize) -> impl Iterator<Item = &[u8]> {
        self.bad_places(column).map(|(_, cell)| cell)
    }

    /// The cells of a column that are not what it takes, each with its record.
    pub(super) fn bad_places(&self, column: usize) -> impl Iterator<Item = (&Record, &[u8])> {
        let bad = move |it: &&Record| self.value(it, &self.places, column).is_none();
        let place = self.places[column];
        let records = self.of_right_width().filter(bad);
        records.filter_map(move |it| Some((it, it.field(place?)?)))
    }

    /// True if more than half of the cells of a column are not what it takes.
    pub(super) fn is_mostly_bad(&self, column: usize) -> bool {
        self.bad_cells(column).count() * 2 > self.of_right_width().count()
    }

    /// The records that have as many cells as the heading.
    pub(super) fn of_right_width(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|it| self.has_width(it))
    }
}

fn records(
    mut bytes: &[u8],
    whole_file: bool,
    heading: &Heading,
    reading: &Reading,
) -> Vec<Record> {
    let mut reader = RecordReader::by(reading, 1, heading.next_line.unsigned_abs());
    let mut record = Record::default();
    let mut records = Vec::new();
    while records.len() < limits::FIRST_LOOK_RECORDS_AT_MOST {
        let (taken, complete) = reader.read(bytes, &mut record);
        bytes = &bytes[taken..];
        let complete = complete || (whole_file && reader.finish(&mut record));
        if !complete {
            break;
        }
        records.push(record.clone());
    }
    records
}
