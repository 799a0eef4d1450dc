//! Every page of sales records, by offset and by cursor, under every filter, equals the page of a
//! plain statement.

mod any_order;
mod large;
mod plain;
mod sales;
mod sums;
mod sums_of_declared;
mod walks;
mod without_a_table;

use domain::catalog::BASELINE;
use domain::filter::{Filter, Names};
use postgres::rows;

use crate::fixture::database::Fixture;
use plain::Sales;
use sales::{Owner, day};

/// Imports of one owner. Some days have few rows; one has far more rows than lie between two marks.
#[tokio::test]
async fn pages_are_those_of_the_plain_statement() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 1, &[400, 90, 7, 0, 260]).await;
    let other = sales::owner_of(&fixture, 2, &[300]).await;
    sales::delete(&fixture, &owner, 2).await;
    for filter in filters() {
        compare(&fixture, &owner, &filter).await;
    }
    compare(&fixture, &other, &Filter::default()).await;
}

#[tokio::test]
async fn a_page_in_a_day_of_many_rows() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 3, &[50]).await;
    for rows in [2048, 2049, 5000] {
        sales::one_day(&fixture, &owner, rows).await;
    }
    let plain = Sales::read(&fixture, owner.0, &Filter::default()).await;
    let offsets = (0..plain.len() as i64 + 40).step_by(37);
    let edges = [1023, 1024, 1025, 2047, 2048, 2049, 5000, 7047, 9146, 9147];
    for offset in offsets.chain(edges) {
        let found = page(&fixture, &owner, &Filter::default(), 3, offset).await;
        assert_eq!(found, plain.page(3, offset), "{offset}");
    }
}

/// A filter of `/collect/data/`, as a request asks for it.
fn asked(named: &[(&str, &str)]) -> Filter {
    let names = Names(&BASELINE);
    let mut filter = Filter::default();
    for (name, text) in named {
        let parameter = names.find(name).unwrap();
        names.add(&mut filter, parameter, text).unwrap();
    }
    filter
}

fn filters() -> Vec<Filter> {
    let between = |from, to| Filter::of_days(&BASELINE, from, to);
    let narrowed = |filter: Filter, named| {
        let more = asked(named);
        Filter {
            import: more.import.or(filter.import),
            conditions: [filter.conditions, more.conditions].concat(),
        }
    };
    vec![
        Filter::default(),
        between(day(20), day(60)),
        between(day(1), day(1)),
        between(day(33), day(64)),
        between(day(70), day(60)),
        between(day(-500), day(500)),
        asked(&[("import", "1")]),
        asked(&[("import", "2")]),
        asked(&[("import", "77")]),
        narrowed(between(day(10), day(70)), &[("import", "5")]),
        asked(&[("region", "Region 1")]),
        narrowed(between(day(5), day(61)), &[("country", "Country '%")]),
        asked(&[
            ("import", "1"),
            ("sales_channel", "Online"),
            ("item_type", "Item 2"),
            ("order_priority", "H"),
        ]),
        asked(&[("region", "")]),
        asked(&[("units_sold__gte", "20"), ("units_sold__lte", "70")]),
        asked(&[
            ("item_type__in", "Item 1,Item 2"),
            ("unit_price__lte", "5.125"),
        ]),
        asked(&[
            ("order_date__in", "2015-12-16,2016-01-01"),
            ("region__isnull", "false"),
        ]),
        asked(&[("country__isnull", "true")]),
    ]
}

async fn compare(fixture: &Fixture, owner: &Owner, filter: &Filter) {
    let plain = Sales::read(fixture, owner.0, filter).await;
    let count = plain.len() as i64;
    for limit in [1, 7, 100] {
        for offset in [
            0,
            1,
            2,
            29,
            count / 2,
            count - limit,
            count - 1,
            count,
            i64::MAX,
        ] {
            let offset = offset.max(0);
            let found = page(fixture, owner, filter, limit, offset).await;
            assert_eq!(
                found,
                plain.page(limit, offset),
                "{filter:?} {limit} {offset}"
            );
        }
    }
    for limit in [1, 13, 1000] {
        walks::there_and_back(fixture, owner.0, filter, limit, &plain).await;
    }
}

/// Count and rows, as the code under test gives them.
async fn page(
    fixture: &Fixture,
    owner: &Owner,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> (i64, Vec<rows::StoredRow>) {
    let ask = async |client: &mut postgres::Client| {
        rows::page(client, owner.0, &BASELINE, filter, limit, offset).await
    };
    fixture.ask(ask).await.unwrap()
}

/// All statements of a read share one time limit.
#[tokio::test]
async fn the_time_limit_of_a_read_covers_all_its_statements() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    let moment = client.transaction().await.unwrap();
    let begin = "SET LOCAL transaction_timeout = '300ms'";
    moment.batch_execute(begin).await.unwrap();
    let given_up = loop {
        if let Err(error) = moment.batch_execute("SELECT pg_sleep(0.1)").await {
            break postgres::Error::from(error);
        }
    };
    assert!(given_up.is_out_of_time(), "{given_up}");
}

/// A page reads the days of a month of each import: they stand side by side, or each is on a page of
/// the table of its own.
#[tokio::test]
async fn days_are_kept_in_their_order() {
    let fixture = Fixture::new().await;
    // As in a table of millions of rows: they are counted in no order.
    for way in ["enable_sort", "enable_indexscan", "enable_indexonlyscan"] {
        fixture.execute(&format!("SET {way} = off"), &[]).await;
    }
    let Owner(owner) = sales::owner_of(&fixture, 9, &[2_000]).await;
    let sql = "SELECT count(*) FROM (SELECT day < lag(day) OVER (ORDER BY r.ctid) AS is_astray \
             FROM import_day r JOIN import i ON i.id = r.import_id WHERE i.owner = $1) AS days \
         WHERE is_astray";
    assert_eq!(fixture.number(sql, &[&owner]).await, 0);
}
