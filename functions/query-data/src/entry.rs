//! A stored row as it is answered: by the headings of its file, in the order of its file.

use contracts::http::rows::{Data, file_date, money};
use domain::dataset::Dataset;
use postgres::rows::Cell;
use serde_json::Value;

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
            data.insert(column.heading.to_owned(), value(cell));
        }
    }
    data
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Text(text) => Value::from(text),
        Cell::Integer(number) => Value::from(number),
        Cell::Money(cents) => money(cents),
        Cell::Date(date) => Value::from(file_date(date)),
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::{BASELINE, TEAM};
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

    fn shown(order: Option<&[i16]>) -> String {
        serde_json::to_string(&data(&BASELINE, order, sample())).unwrap()
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
        assert_eq!(shown(None), expected);
        assert_eq!(
            shown(Some(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])),
            expected
        );
    }

    #[test]
    fn a_row_in_its_files_order() {
        let order = [13, -1, 0];
        let expected = r#"{"Total Profit":51500.76,"Region":"Middle East and North Africa"}"#;
        assert_eq!(shown(Some(&order)), expected);
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
