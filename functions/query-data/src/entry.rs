//! A stored row as it is answered: by the headings of its file, in the order of its file, or by the
//! names of the dataset's fields.

use contracts::http::rows::{Data, FieldsEntry, file_date, money};
use domain::cell::{self, Json, Kind};
use domain::dataset::{Column, Dataset};
use postgres::rows::{Cell, StoredRow};
use serde_json::Value;

/// The row with its fields in the dataset's order.
pub fn fields(dataset: &Dataset, row: StoredRow) -> FieldsEntry {
    let columns = dataset.columns.iter().zip(row.cells);
    let field =
        |(column, cell): (&Column, Cell)| (column.field.clone(), declared(&column.kind, &cell));
    FieldsEntry {
        import: row.position.number,
        record: row.position.record,
        data: columns.map(field).collect(),
    }
}

/// `order` is the dataset's column of each column of the file, -1 for one that is ignored;
/// without it, the dataset's own order.
pub fn data(dataset: &Dataset, order: Option<&[i16]>, cells: Vec<Cell>) -> Data {
    let mut cells: Vec<Option<Cell>> = cells.into_iter().map(Some).collect();
    let in_order = order.map_or_else(
        || (0..cells.len()).collect(),
        |order| {
            order
                .iter()
                .filter_map(|&it| usize::try_from(it).ok())
                .collect::<Vec<_>>()
        },
    );
    let mut data = Data::new();
    for index in in_order {
        let column = dataset.columns.get(index);
        let cell = cells.get_mut(index).and_then(Option::take);
        if let (Some(column), Some(cell)) = (column, cell) {
            data.insert(column.heading.to_owned(), value(&column.kind, cell));
        }
    }
    data
}

fn value(kind: &Kind, cell: Cell) -> Value {
    match cell {
        Cell::Integer(number) => Value::from(number),
        Cell::Money(cents) => money(cents),
        Cell::Date(date) if kind.is_date() => Value::from(file_date(date)),
        other => declared(kind, &other),
    }
}

/// A value in the form that is everyone's.
fn declared(kind: &Kind, cell: &Cell) -> Value {
    match cell::json(kind, &cell.value()) {
        Json::Null => Value::Null,
        Json::Boolean(value) => Value::from(value),
        // The digits of a number that a 64-bit float or integer holds exactly.
        Json::Number(digits) => digits.parse().map_or(Value::Null, Value::Number),
        Json::Text(text) => Value::from(text.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::{BASELINE, TEAM};
    use domain::paging::cursor::RowPosition;
    use jiff::civil::date;

    use super::*;

    fn sample() -> Vec<Cell> {
        let text = |it: &str| Cell::Text(it.into());
        vec![
            text("Middle East and North Africa"),
            text("Azerbaijan "),
            text("Snacks"),
            text("Online"),
            text("C"),
            Cell::Date(date(2014, 10, 8)),
            Cell::Integer(535_113_847),
            Cell::Date(date(2014, 10, 23)),
            Cell::Integer(934),
            Cell::Money(15258),
            Cell::Money(9740),
            Cell::Money(14_250_900),
            Cell::Money(9_100_896),
            Cell::Money(5_150_076),
        ]
    }

    fn text(order: Option<&[i16]>) -> String {
        serde_json::to_string(&data(&BASELINE, order, sample())).unwrap()
    }

    #[test]
    fn a_row_by_its_fields() {
        let row = StoredRow {
            column_order: vec![1, 0],
            position: RowPosition {
                key: None,
                number: 3,
                record: 17,
            },
            cells: sample(),
        };
        let expected = concat!(
            r#"{"import":3,"record":17,"data":{"region":"Middle East and North Africa","#,
            r#""country":"Azerbaijan ","item_type":"Snacks","sales_channel":"Online","#,
            r#""order_priority":"C","order_date":"2014-10-08","order_id":535113847,"#,
            r#""ship_date":"2014-10-23","units_sold":934,"unit_price":152.58,"unit_cost":97.4,"#,
            r#""total_revenue":142509,"total_cost":91008.96,"total_profit":51500.76}}"#,
        );
        assert_eq!(
            serde_json::to_string(&fields(&BASELINE, row)).unwrap(),
            expected
        );
    }

    #[test]
    fn a_row_in_the_datasets_order() {
        let expected = concat!(
            r#"{"Region":"Middle East and North Africa","Country":"Azerbaijan ","#,
            r#""Item Type":"Snacks","Sales Channel":"Online","Order Priority":"C","#,
            r#""Order Date":"10/8/2014","Order ID":535113847,"Ship Date":"10/23/2014","#,
            r#""Units Sold":934,"Unit Price":152.58,"Unit Cost":97.4,"Total Revenue":142509,"#,
            r#""Total Cost":91008.96,"Total Profit":51500.76}"#,
        );
        assert_eq!(text(None), expected);
        assert_eq!(
            text(Some(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])),
            expected
        );
    }

    #[test]
    fn a_row_in_its_files_order() {
        let order = [13, -1, 0];
        let expected = r#"{"Total Profit":51500.76,"Region":"Middle East and North Africa"}"#;
        assert_eq!(text(Some(&order)), expected);
    }

    #[test]
    fn an_order_that_does_not_fit_makes_nothing_up() {
        let team = &TEAM;
        let cells = vec![Cell::Text("Falcons".into())];
        let data = data(team, Some(&[7, 0, 1, 0]), cells);
        assert_eq!(
            serde_json::to_string(&data).unwrap(),
            r#"{"team_name":"Falcons"}"#
        );
    }
}
