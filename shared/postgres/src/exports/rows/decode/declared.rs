//! Values that only declared datasets have, as the server prints them, in the form of their files;
//! and rows in a declared dialect.

use domain::cell::{self, Kind, Moment, Number, Of, Pattern, Value};
use domain::dataset::{Column, Dataset};
use domain::export::Part;
use domain::forms::Forms;
use uuid::Uuid;

use super::{Columns, NULL, amount, parsed, plain, unexpected};
use crate::Error;

/// Writes the columns of a row in the dialect of the dataset.
pub(super) fn write(
    columns: &mut Columns<'_>,
    dataset: &Dataset,
    part: &mut Part,
    guard: bool,
) -> Result<(), Error> {
    let mut row = part.declared_row(&dataset.reading.dialect);
    for column in &dataset.columns {
        let bytes = columns.next()?;
        match &column.kind {
            _ if columns.is_escaped && is_null(dataset, column, bytes) => {
                row.cell(null(column), false)
            }
            Kind::Text { .. } if columns.is_escaped => row.cell(&plain(bytes)?, guard),
            Kind::Text { .. } => row.cell(bytes, guard),
            kind => row.cell(&text(dataset, kind, bytes)?, false),
        }
    }
    row.end();
    Ok(())
}

/// True if it is null. A column that every row must have a value in may have been another in an
/// earlier version of a declaration, but never in one that is built in.
pub(super) fn is_null(dataset: &Dataset, column: &Column, printed: &[u8]) -> bool {
    printed == NULL && (dataset.id.is_some() || !column.required)
}

/// What null is written as: the first text of the column that means it.
pub(super) fn null(column: &Column) -> &[u8] {
    column.missing.first().map_or(b"", String::as_bytes)
}

/// The value as its files have it.
pub(super) fn text(dataset: &Dataset, kind: &Kind, printed: &[u8]) -> Result<Vec<u8>, Error> {
    let forms = Forms {
        decimal: dataset.reading.decimal,
        dates: dataset.reading.dates,
        ..Forms::PLAIN
    };
    let mut text = Vec::with_capacity(32);
    cell::write(kind, &value(kind, printed)?, &forms, &mut text);
    Ok(text)
}

/// The value that the server prints so.
fn value(kind: &Kind, printed: &[u8]) -> Result<Value<'static>, Error> {
    Ok(match kind {
        Kind::Boolean(_) => Value::Boolean(match printed {
            b"t" => true,
            b"f" => false,
            _ => return Err(unexpected()),
        }),
        Kind::Money { .. } => {
            let cents: Vec<u8> = amount(printed)?
                .iter()
                .copied()
                .filter(|it| *it != b'.')
                .collect();
            Value::Money(parsed(&cents)?)
        }
        Kind::Number(_) | Kind::BigInteger(_) => {
            let number = Number::any().exact(printed);
            Value::Number(number.ok_or_else(unexpected)?)
        }
        Kind::Date { .. } | Kind::Yearmonth(_) => Value::Date(moment(Of::Date, printed)?.date),
        Kind::Time(_) => Value::Time(moment(Of::Time, printed)?.time),
        Kind::Datetime(_) => {
            let moment = moment(Of::Datetime, printed)?;
            Value::Datetime(moment.date.to_datetime(moment.time))
        }
        Kind::Timestamp(_) => {
            let moment = moment(Of::Zoned, printed)?;
            let offset = moment.offset.ok_or_else(unexpected)?;
            let timestamp = offset.to_timestamp(moment.date.to_datetime(moment.time));
            Value::Timestamp(timestamp.map_err(|_| unexpected())?)
        }
        Kind::Year(_) => Value::Year(parsed(printed)?),
        Kind::Uuid(_) => Value::Uuid(parsed::<Uuid>(printed)?),
        Kind::Integer { .. } => Value::Integer(parsed(printed)?),
        Kind::Text { .. } => return Err(unexpected()),
    })
}

fn moment(of: Of, printed: &[u8]) -> Result<Moment, Error> {
    Pattern::iso(of).read(printed).map_err(|_| unexpected())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::catalog::TEAM;
    use domain::cell::{Boolean, DateFormats, Datetime, Rules, TimeOfDay, Zoned};
    use domain::dialect::Dialect;
    use jiff::tz::TimeZone;

    use super::*;

    fn dataset() -> Dataset {
        let patterns = |_| Vec::new();
        let texts = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
        let kinds = [
            Kind::text(9),
            Kind::MONEY,
            Kind::Number(Arc::new(Number::any())),
            Kind::Boolean(Arc::new(Boolean {
                true_values: texts(&["yes"]),
                false_values: texts(&["no"]),
                one_of: None,
            })),
            Kind::Date {
                formats: Some(Arc::new(DateFormats::new(&["%d %b %Y"]).unwrap())),
                rules: None,
            },
            Kind::Datetime(Arc::new(Datetime {
                patterns: patterns(()),
                rules: Rules::default(),
            })),
            Kind::Timestamp(Arc::new(Zoned {
                patterns: patterns(()),
                zone: TimeZone::posix("CET-1").unwrap(),
                rules: Rules::default(),
            })),
            Kind::Time(Arc::new(TimeOfDay {
                patterns: patterns(()),
                rules: Rules::default(),
            })),
            Kind::Year(None),
            Kind::Yearmonth(None),
            Kind::Uuid(None),
        ];
        let mut dataset = Dataset::clone(&TEAM);
        let column = dataset.columns[0].clone();
        let column = |kind| Column {
            kind,
            required: false,
            missing: texts(&["n/a", ""]),
            ..column.clone()
        };
        dataset.columns = kinds.map(column).to_vec();
        dataset.reading.decimal = b',';
        dataset
    }

    fn written(cells: &[&str]) -> Result<String, Error> {
        written_by(&dataset(), cells)
    }

    fn written_by(dataset: &Dataset, cells: &[&str]) -> Result<String, Error> {
        let mut part = Part::new(false, 1_000);
        let message = format!("7\t{}\n", cells.join("\t"));
        super::super::write(message.as_bytes(), dataset, &mut part, true)?;
        Ok(String::from_utf8(part.finish()).unwrap())
    }

    #[test]
    fn a_row_is_in_the_dialect_of_its_files() {
        let mut dataset = dataset();
        dataset.columns.truncate(3);
        dataset.reading.dialect.delimiter = Some(b';');
        dataset.reading.dialect.quote = Some(b'\'');
        let line = written_by(&dataset, &["it\\t's;", "-1.50", "\\N"]).unwrap();
        assert_eq!(line, "'it\t''s;';'-1,5';n/a\r\n");
        assert!(written_by(&dataset, &["a", "1.00"]).is_err());
        // A record of nothing but an empty line would be lost.
        dataset.columns.truncate(1);
        dataset.columns[0].missing.clear();
        assert_eq!(written_by(&dataset, &[""]).unwrap(), "''\r\n");
        dataset.reading.dialect = Dialect::USUAL;
        assert_eq!(written_by(&dataset, &[""]).unwrap(), "\"\"\r\n");
    }

    /// A field may have become required after the row was stored.
    #[test]
    fn a_null_of_a_required_column_is_one_where_it_may_have_been_optional() {
        let mut dataset = dataset();
        dataset.columns.truncate(2);
        dataset.columns[1].required = true;
        assert!(written_by(&dataset, &["a", "\\N"]).is_err());
        dataset.id = Some(1);
        assert_eq!(written_by(&dataset, &["a", "\\N"]).unwrap(), "a,n/a\r\n");
    }

    #[test]
    fn values_are_in_the_form_of_their_files() {
        let printed = [
            "=1+1",
            "-1.50",
            "-0.00000000000000000000000000000000000000000000150",
            "t",
            "2016-01-27",
            "2016-01-27 14:05:09.5",
            "2016-01-27 13:05:09+00",
            "14:05:09",
            "2016",
            "2016-01-01",
            "123e4567-e89b-12d3-a456-426614174000",
        ];
        let line = "'=1+1,\"-1,5\",\"-1,5e-45\",yes,27 Jan 2016,2016-01-27T14:05:09.5,\
                    2016-01-27T14:05:09+01:00,14:05:09,2016,2016-01,\
                    123e4567-e89b-12d3-a456-426614174000\r\n";
        assert_eq!(written(&printed).unwrap(), line);
        let nulls = written(&["\\N"; 11]).unwrap();
        assert_eq!(nulls, format!("{}\r\n", ["n/a"; 11].join(",")));
        for (at, wrong) in [
            (1, "1.5"),
            (2, "NaN"),
            (3, "true"),
            (4, "infinity"),
            (6, "2016-01-27 13:05:09"),
            (10, "7"),
        ] {
            let mut printed = printed;
            printed[at] = wrong;
            assert!(written(&printed).is_err(), "{wrong}");
        }
    }
}
