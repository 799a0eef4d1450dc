//! The plain statement: it reads and sorts all rows. Pages and counts are taken from its result.

use domain::catalog::BASELINE;
use domain::filter::{Condition, Filter, Test, Value};
use domain::order::Key;
use domain::paging::cursor::RowPosition;
use postgres::Client;
use postgres::rows::{Cell, StoredRow};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::fixture::database::Fixture;

/// All rows that match a filter, newest first.
pub struct Sales(Vec<StoredRow>);

impl Sales {
    pub async fn read(fixture: &Fixture, owner: Uuid, filter: &Filter) -> Self {
        let rows = fixture.ask(async |client: &mut Client| all(client, owner, filter).await);
        Self(rows.await)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn rows(&self) -> &[StoredRow] {
        &self.0
    }

    pub fn page(&self, limit: i64, offset: i64) -> (i64, Vec<StoredRow>) {
        let skipped = self.0.iter().skip(usize::try_from(offset).unwrap());
        let page = skipped.take(limit as usize).cloned().collect();
        (self.0.len() as i64, page)
    }
}

async fn all(client: &Client, owner: Uuid, filter: &Filter) -> Vec<StoredRow> {
    let sql = format!(
        "SELECT i.column_order, i.number, r.record, r.region, r.country, r.item_type, \
             r.sales_channel, r.order_priority, r.order_date, r.order_id, r.ship_date, \
             r.units_sold, (r.unit_price * 100)::bigint, (r.unit_cost * 100)::bigint, \
             (r.total_revenue * 100)::bigint, (r.total_cost * 100)::bigint, \
             (r.total_profit * 100)::bigint \
         FROM sales_record r JOIN import i ON i.id = r.import_id \
         WHERE i.owner = $1 AND i.state = 'completed' \
             AND ($2::integer IS NULL OR i.number = $2){} \
         ORDER BY r.order_date DESC, i.number DESC, r.record DESC",
        conditions(filter)
    );
    let rows = client.query(&sql, &[&owner, &filter.import]).await;
    rows.unwrap().iter().map(read).collect()
}

/// The conditions with their values as literals, made without the code under test.
pub fn conditions(filter: &Filter) -> String {
    let literal = |value: &Value| format!("'{}'", value.text().replace('\'', "''"));
    let condition = |condition: &Condition| {
        let column = &BASELINE.columns[condition.column].name;
        let test = match &condition.test {
            Test::Equal(value) => format!("= {}", literal(value)),
            Test::AtLeast(value) => format!(">= {}", literal(value)),
            Test::AtMost(value) => format!("<= {}", literal(value)),
            Test::In(values) => {
                let values: Vec<String> = values.iter().map(literal).collect();
                format!("IN ({})", values.join(", "))
            }
            Test::IsNull(true) => "IS NULL".to_owned(),
            Test::IsNull(false) => "IS NOT NULL".to_owned(),
        };
        format!(" AND r.{column} {test}")
    };
    filter.conditions.iter().map(condition).collect()
}

fn read(row: &Row) -> StoredRow {
    let text = |index| Cell::Text(row.get(index));
    let date = |index| Cell::Date(row.get(index));
    let integer = |index| Cell::Integer(row.get(index));
    let mut cells = vec![text(3), text(4), text(5), text(6), text(7)];
    cells.extend([date(8), integer(9), date(10), integer(11)]);
    cells.extend((12..17).map(|index| Cell::Money(row.get(index))));
    StoredRow {
        column_order: row.get(0),
        position: RowPosition {
            key: Some(Key::Date(row.get(8))),
            number: row.get(1),
            record: row.get(2),
        },
        cells,
    }
}
