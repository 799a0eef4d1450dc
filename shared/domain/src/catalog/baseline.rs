//! Sales records.

use crate::arithmetic::{Formula, Total};
use crate::cell::Kind;
use crate::dataset::{Column, Dataset, DatasetReading};
use crate::limits::TEXT_CHARS_AT_MOST;

const TEXT: Kind = Kind::Text {
    max_chars: TEXT_CHARS_AT_MOST,
};

/// Stored as a 4-byte integer; a sale has no negative number of units.
const UNITS: Kind = Kind::Integer {
    min: 0,
    max: i32::MAX as i64,
};

/// The sample's order ids have 9 digits; up to 10 are accepted, so an 8-byte integer stores them.
const ORDER_ID: Kind = Kind::Integer {
    min: 0,
    max: 9_999_999_999,
};

// Indexes in the table below of the columns that must add up.
const SOLD: usize = 8;
const PRICE: usize = 9;
const COST: usize = 10;
const REVENUE: usize = 11;
const TOTAL_COST: usize = 12;
const PROFIT: usize = 13;

const fn total(column: usize, is: Formula) -> Total {
    Total { column, is }
}

/// Index of the column that the query reads rows by.
const ORDER_DATE: usize = 5;
/// What was ordered is shipped on the same day or later.
const SHIP_DATE: usize = 7;

fn column(heading: &str, name: &str, kind: Kind) -> Column {
    let is_text = matches!(kind, Kind::Text { .. });
    Column {
        heading: heading.to_owned(),
        field: name.to_owned(),
        titles: Vec::new(),
        name: name.to_owned(),
        kind,
        required: !is_text,
        missing: Vec::new(),
    }
}

pub fn dataset() -> Dataset {
    Dataset {
        id: None,
        version: 1,
        name: "baseline".to_owned(),
        table: "sales_record".to_owned(),
        columns: vec![
            column("Region", "region", TEXT),
            column("Country", "country", TEXT),
            column("Item Type", "item_type", TEXT),
            column("Sales Channel", "sales_channel", TEXT),
            column("Order Priority", "order_priority", TEXT),
            column("Order Date", "order_date", Kind::Date),
            column("Order ID", "order_id", ORDER_ID),
            column("Ship Date", "ship_date", Kind::Date),
            column("Units Sold", "units_sold", UNITS),
            column("Unit Price", "unit_price", Kind::Money),
            column("Unit Cost", "unit_cost", Kind::Money),
            column("Total Revenue", "total_revenue", Kind::Money),
            column("Total Cost", "total_cost", Kind::Money),
            column("Total Profit", "total_profit", Kind::Money),
        ],
        totals: vec![
            total(REVENUE, Formula::Product(SOLD, PRICE)),
            total(TOTAL_COST, Formula::Product(SOLD, COST)),
            total(PROFIT, Formula::Difference(REVENUE, TOTAL_COST)),
        ],
        sorted_by: Some(ORDER_DATE),
        one_at_a_time: true,
        reading: DatasetReading {
            in_order: vec![(ORDER_DATE, SHIP_DATE)],
            ..DatasetReading::USUAL
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_totals_are_those_of_the_headings() {
        let dataset = dataset();
        let words = dataset.totals.iter().map(|total| {
            let heading = &dataset.columns[total.column].heading;
            format!("{heading} = {}", dataset.in_words(total))
        });
        let expected = [
            "Total Revenue = Units Sold × Unit Price",
            "Total Cost = Units Sold × Unit Cost",
            "Total Profit = Total Revenue − Total Cost",
        ];
        assert_eq!(words.collect::<Vec<_>>(), expected);
    }
}
