//! Rows and row errors.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

/// A row of a completed import: its cells by heading, in the order of its file's columns.
pub type Data = Map<String, Value>;

/// A sales record in `GET /collect/data/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SalesEntry {
    /// The row.
    #[schema(value_type = Object)]
    pub data: Data,
    /// Midnight UTC of the order date: `2015-08-01T00:00:00Z`.
    pub order_placed: String,
}

/// A row in `GET /collect/team/{id}/rows/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RowEntry {
    /// The row.
    #[schema(value_type = Object)]
    pub data: Data,
}

/// A row in `GET /collect/{dataset}/rows/`, by the names of its dataset's fields.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldsEntry {
    /// Number of the import that it came with.
    pub import: i32,
    /// Number of its record; 1 is the first after the heading.
    pub record: i64,
    /// The row, in the dataset's order. Dates and times are as in ISO 8601; whole numbers that may
    /// be beyond 2^53 - 1, and numbers without bounds, are strings.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

/// What some rows of a dataset add up to, in `GET /collect/{dataset}/summary/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupEntry {
    /// What they have in common: the value of the column, or the day, month or year; null: they
    /// have no value.
    pub value: Option<String>,
    /// The number of rows.
    pub rows: i64,
    /// The exact sum of each field that is added up, in digits; null: no row has a value.
    #[schema(value_type = BTreeMap<String, Option<String>>)]
    pub sums: Map<String, Value>,
}

/// What some rows add up to, in `GET /collect/data/summary/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SummaryEntry {
    /// What they have in common: `"region":"Asia"`.
    #[serde(flatten)]
    pub group: BTreeMap<String, String>,
    /// The number of rows.
    pub rows: i64,
    /// Units sold.
    #[schema(value_type = f64)]
    pub units: Value,
    /// Total revenue.
    #[schema(value_type = f64)]
    pub revenue: Value,
    /// Total cost.
    #[schema(value_type = f64)]
    pub cost: Value,
    /// Total profit.
    #[schema(value_type = f64)]
    pub profit: Value,
}

/// A rejected record, or a rejected cell of one, in `GET /collect/{dataset}/{id}/errors/`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ErrorEntry {
    /// Number of the record; 1 is the first after the heading.
    pub record: i64,
    /// Physical line the record starts on, from 1.
    pub line: i64,
    /// Heading of the column; empty if the whole record is meant.
    pub column: String,
    /// What was there, at most 200 characters.
    pub value: String,
    /// Stable, for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

/// Midnight UTC of a date, in the API's form.
pub fn midnight(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

/// A date in the form of the files: M/D/YYYY without padding.
pub fn file_date(date: Date) -> String {
    format!("{}/{}/{:04}", date.month(), date.day(), date.year())
}

/// An amount in cents as the shortest exact JSON number: `1`, `9.5`, `9.33`.
pub fn money(cents: i64) -> Value {
    if cents % 100 == 0 {
        Value::from(cents / 100)
    } else {
        // Exact for the 14 digits an amount may have: the nearest double prints with these digits.
        Value::from(cents as f64 / 100.0)
    }
}

/// A decimal without superfluous digits as a JSON number. It is exact up to 15 digits; clients of
/// JSON round numbers with more digits as well.
pub fn decimal(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(whole) => Value::from(whole),
        Err(_) => text.parse::<f64>().map_or(Value::Null, Value::from),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_in_both_forms() {
        assert_eq!(midnight(date(2015, 8, 1)), "2015-08-01T00:00:00Z");
        assert_eq!(file_date(date(2015, 8, 1)), "8/1/2015");
        assert_eq!(file_date(date(2014, 10, 23)), "10/23/2014");
        assert_eq!(midnight(date(1, 1, 1)), "0001-01-01T00:00:00Z");
        assert_eq!(file_date(date(1, 1, 1)), "1/1/0001");
    }

    #[test]
    fn decimals_are_as_they_are_written() {
        for text in [
            "0",
            "-7",
            "9.5",
            "-0.01",
            "9223372036854775807",
            "1234567890123.45",
        ] {
            assert_eq!(decimal(text).to_string(), text);
        }
        assert_eq!(
            decimal("12345678901234567890").to_string(),
            "1.2345678901234567e+19"
        );
    }

    #[test]
    fn money_is_the_shortest_exact_number() {
        let cents = [
            0,
            100,
            950,
            933,
            905,
            -50,
            -1,
            14_250_972,
            99_999_999_999_999,
        ];
        for amount in cents {
            assert_eq!(money(amount).to_string(), domain::money::format(amount));
        }
        assert_eq!(money(14_250_972).to_string(), "142509.72");
    }
}
