//! The summary is what the rows add up to, no matter which of them the kept sums contain.

use domain::catalog::BASELINE;
use domain::filter::Filter;
use jiff::civil::{Date, date};
use postgres::datasets::RowTable;
use postgres::rows::{self, By, Group};
use postgres::{Client, imports, rollback, sums};
use uuid::Uuid;

use super::asked;
use super::plain::conditions;
use super::sales::{self, Owner, day};
use crate::fixture::database::{Fixture, within};

/// Those of which sums are kept, and a column and a time of which none are.
const BY: [By; 8] = [
    By::Column(0),
    By::Column(1),
    By::Column(2),
    By::Column(3),
    By::Month,
    By::Year,
    By::Column(4),
    By::Day,
];

#[tokio::test]
async fn the_summary_is_what_the_rows_add_up_to() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 1, &[400, 90, 7, 0, 260]).await;
    let other = sales::owner_of(&fixture, 2, &[300]).await;
    compare(&fixture, &owner).await;
    for number in [1, 3, 4, 5] {
        add(&fixture, &owner, number).await;
    }
    add(&fixture, &other, 1).await;
    compare(&fixture, &owner).await;
    // Deletes an import that is in the sums, and one that is not.
    sales::delete(&fixture, &owner, 1).await;
    sales::delete(&fixture, &owner, 2).await;
    compare(&fixture, &owner).await;
    take_out(&fixture, &owner, 1).await;
    compare(&fixture, &owner).await;
    delete_rows(&fixture, &owner, 1).await;
    compare(&fixture, &owner).await;
    compare(&fixture, &other).await;
}

#[tokio::test]
async fn days_with_many_rows_at_the_ends_of_a_range() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 4, &[120]).await;
    sales::one_day(&fixture, &owner, 3000).await;
    for number in [1, 2] {
        add(&fixture, &owner, number).await;
    }
    compare(&fixture, &owner).await;
}

#[tokio::test]
async fn a_deleted_import_leaves_no_sums() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 6, &[150, 80]).await;
    add(&fixture, &owner, 1).await;
    let one = kept(&fixture, &owner).await;
    add(&fixture, &owner, 2).await;
    sales::delete(&fixture, &owner, 2).await;
    take_out(&fixture, &owner, 2).await;
    assert_eq!(kept(&fixture, &owner).await, one);
    sales::delete(&fixture, &owner, 1).await;
    take_out(&fixture, &owner, 1).await;
    assert_eq!(kept(&fixture, &owner).await, 0);
}

/// An import is added once and taken out once, however many callers do it at once.
#[tokio::test]
async fn added_and_taken_out_by_several_at_once() {
    let fixture = Fixture::with_sessions(12).await;
    let owner = sales::owner_of(&fixture, 7, &[200, 100, 100]).await;
    within(async {
        tokio::join!(
            add(&fixture, &owner, 1),
            add(&fixture, &owner, 2),
            add(&fixture, &owner, 1),
            add(&fixture, &owner, 3)
        );
    })
    .await;
    compare(&fixture, &owner).await;
    sales::delete(&fixture, &owner, 1).await;
    within(async {
        tokio::join!(
            take_out(&fixture, &owner, 1),
            take_out(&fixture, &owner, 1),
            take_out(&fixture, &owner, 2)
        );
    })
    .await;
    compare(&fixture, &owner).await;
}

/// An import that is deleted while it is added leaves nothing in the sums.
#[tokio::test]
async fn added_and_deleted_at_once() {
    let fixture = Fixture::with_sessions(6).await;
    for seed in 0..10 {
        let owner = sales::owner_of(&fixture, 20 + seed, &[100, 60]).await;
        add(&fixture, &owner, 1).await;
        tokio::join!(add(&fixture, &owner, 2), sales::delete(&fixture, &owner, 2));
        let (by, all) = (By::Column(1), Filter::default());
        compare_one(&fixture, &owner, by, &all).await;
        take_out(&fixture, &owner, 2).await;
        compare_one(&fixture, &owner, by, &all).await;
    }
}

/// An import that finish-import could not add up, or that was completed before there were sums.
#[tokio::test]
async fn an_import_left_out_of_the_sums_is_added_later() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 8, &[60, 90]).await;
    assert_eq!(
        add_left_out(&fixture).await,
        None,
        "finish-import may still add it"
    );
    for number in [1, 2] {
        minutes_pass(&fixture, &owner, number, 16).await;
        let uid = uid(&fixture, &owner, number).await;
        assert_eq!(add_left_out(&fixture).await, Some(uid));
        assert_eq!(add_left_out(&fixture).await, None, "it is in the sums");
        minutes_pass(&fixture, &owner, number, 2).await;
    }
    compare(&fixture, &owner).await;
}

/// Nearly all of its values are different. Adding it is tried and given up, and does not hold up
/// other imports.
#[tokio::test]
async fn an_import_that_cannot_be_added_up_is_not_tried_for_good() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 9, &[1, 50]).await;
    let one = uid(&fixture, &owner, 1).await;
    let other = uid(&fixture, &owner, 2).await;
    many_values(&fixture, one).await;
    minutes_pass(&fixture, &owner, 1, 60).await;
    assert_eq!(add_left_out(&fixture).await, Some(one));
    minutes_pass(&fixture, &owner, 2, 16).await;
    assert_eq!(add_left_out(&fixture).await, None, "one import a minute");
    minutes_pass(&fixture, &owner, 1, 2).await;
    assert_eq!(add_left_out(&fixture).await, Some(other));
    minutes_pass(&fixture, &owner, 2, 2).await;
    assert_eq!(
        add_left_out(&fixture).await,
        None,
        "it was tried a short time ago"
    );
    for _ in 1..3 {
        minutes_pass(&fixture, &owner, 1, 16).await;
        assert_eq!(add_left_out(&fixture).await, Some(one));
    }
    minutes_pass(&fixture, &owner, 1, 60).await;
    assert_eq!(add_left_out(&fixture).await, None);
    let sql = "SELECT count(*) FROM import WHERE uid = $1 AND summed";
    assert_eq!(fixture.number(sql, &[&one]).await, 0);
    assert_eq!(fixture.number(sql, &[&other]).await, 1);
}

async fn add_left_out(fixture: &Fixture) -> Option<Uuid> {
    let add = async |client: &mut Client| sums::add_left_out(client).await;
    fixture.ask(add).await.unwrap()
}

/// Moves the times of one import back; other imports keep theirs.
async fn minutes_pass(fixture: &Fixture, owner: &Owner, number: i32, minutes: i32) {
    let uid = uid(fixture, owner, number).await;
    let sql = "UPDATE import SET finished_at = finished_at - make_interval(mins => $2), \
         sum_tried_at = sum_tried_at - make_interval(mins => $2) WHERE uid = $1";
    fixture.execute(sql, &[&uid, &minutes]).await;
}

/// More rows for the import, each with a country of its own.
async fn many_values(fixture: &Fixture, uid: Uuid) {
    let sql = "INSERT INTO sales_record \
         SELECT import_id, 100 + n, region, 'Country ' || n, item_type, sales_channel, \
             order_priority, order_date, order_id, ship_date, units_sold, unit_price, unit_cost, \
             total_revenue, total_cost, total_profit \
         FROM sales_record, generate_series(1, 100000) AS n \
         WHERE import_id = (SELECT id FROM import WHERE uid = $1)";
    fixture.execute(sql, &[&uid]).await;
}

async fn add(fixture: &Fixture, owner: &Owner, number: i32) {
    let uid = uid(fixture, owner, number).await;
    let add = async |client: &mut Client| sums::add(client, uid).await;
    fixture.ask(add).await.unwrap();
}

async fn take_out(fixture: &Fixture, owner: &Owner, number: i32) {
    let uid = uid(fixture, owner, number).await;
    let take_out = async |client: &mut Client| sums::take_out(client, uid).await;
    fixture.ask(take_out).await.unwrap();
}

/// The uid of an import, also of a deleted one.
async fn uid(fixture: &Fixture, owner: &Owner, number: i32) -> Uuid {
    let sql = "SELECT uid FROM import WHERE owner = $1 AND dataset = 'baseline' AND number = $2";
    let asked = async |client: &mut Client| {
        let row = client.query_one(sql, &[&owner.0, &number]).await;
        row.unwrap().get(0)
    };
    fixture.ask(asked).await
}

async fn delete_rows(fixture: &Fixture, owner: &Owner, number: i32) {
    let uid = uid(fixture, owner, number).await;
    let client = fixture.connection().await;
    let import = imports::by_uid(&client, uid).await.unwrap().unwrap();
    let table = &RowTable::from(&**BASELINE);
    let mut after = None;
    while let Some(to) = rollback::slice_end(&client, &import, table, after.as_ref())
        .await
        .unwrap()
    {
        let deleted = rollback::delete_slice(&client, &import, table, after.as_ref(), &to);
        deleted.await.unwrap();
        after = Some(to);
    }
}

async fn kept(fixture: &Fixture, owner: &Owner) -> i64 {
    let sql = "SELECT count(*) FROM owner_sum WHERE owner = $1";
    fixture.number(sql, &[&owner.0]).await
}

fn ranges() -> Vec<(Date, Date)> {
    vec![
        (Date::constant(1, 1, 1), Date::MAX),
        (day(20), day(60)),
        (day(1), day(1)),
        (day(33), day(64)),
        (day(70), day(60)),
        // The day of many rows alone, at the end of a range, inside of one, and outside.
        (date(2016, 1, 15), date(2016, 1, 15)),
        (date(2015, 12, 20), date(2016, 1, 15)),
        (date(2016, 1, 16), date(2016, 2, 3)),
        (date(2016, 1, 2), Date::MAX),
    ]
}

/// Days alone, of which sums are kept, and filters that the list obeys as well.
fn filters() -> Vec<Filter> {
    let of = |(from, to)| Filter::of_days(&BASELINE, from, to);
    let of_days = ranges().into_iter().map(of);
    let narrowed: [&[(&str, &str)]; 6] = [
        &[("region", "Region 1")],
        &[("import", "1")],
        &[("import", "2"), ("sales_channel", "Online")],
        &[("item_type", "Item 2"), ("order_priority", "H")],
        &[("import", "99")],
        &[("country", "nowhere")],
    ];
    let narrowed = narrowed.into_iter().flat_map(|named| {
        [ranges()[0], ranges()[1]].map(|days| {
            let (days, more) = (of(days), asked(named));
            Filter {
                import: more.import,
                conditions: [days.conditions, more.conditions].concat(),
            }
        })
    });
    of_days.chain(narrowed).collect()
}

/// Compares every summary, whole and cut into pages, with the plain statement.
async fn compare(fixture: &Fixture, owner: &Owner) {
    for by in BY {
        for filter in filters() {
            compare_one(fixture, owner, by, &filter).await;
        }
    }
}

async fn compare_one(fixture: &Fixture, owner: &Owner, by: By, filter: &Filter) {
    let expected = plain(fixture, owner, by, filter).await;
    let (count, groups) = page(fixture, owner, by, filter, 1000, 0).await;
    assert_eq!(groups, expected, "{by:?} {filter:?}");
    assert_eq!(count, expected.len() as i64);
    let part = page(fixture, owner, by, filter, 1, 1).await;
    let second = expected.into_iter().skip(1).take(1).collect();
    assert_eq!(part, (count, second));
}

async fn page(
    fixture: &Fixture,
    owner: &Owner,
    by: By,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> (i64, Vec<Group>) {
    let ask = async |client: &mut Client| {
        rows::summary(client, owner.0, &BASELINE, by, filter, limit, offset).await
    };
    fixture.ask(ask).await.unwrap()
}

async fn plain(fixture: &Fixture, owner: &Owner, by: By, filter: &Filter) -> Vec<Group> {
    let value = match by {
        By::Column(column) => format!("r.{}", BASELINE.columns[column].name),
        By::Day => "to_char(r.order_date, 'YYYY-MM-DD')".to_owned(),
        By::Month => "to_char(r.order_date, 'YYYY-MM')".to_owned(),
        By::Year => "to_char(r.order_date, 'YYYY')".to_owned(),
    };
    let sql = format!(
        "SELECT {value} COLLATE \"C\", count(*), sum(units_sold)::text, \
             trim_scale(sum(total_revenue))::text, trim_scale(sum(total_cost))::text, \
             trim_scale(sum(total_profit))::text \
         FROM sales_record r JOIN import i ON i.id = r.import_id \
         WHERE i.owner = $1 AND i.state = 'completed' AND coalesce(i.number = $2, true){} \
         GROUP BY 1 ORDER BY 1",
        conditions(filter)
    );
    let ask = async |client: &mut Client| client.query(&sql, &[&owner.0, &filter.import]).await;
    let rows = fixture.ask(ask).await.unwrap();
    let group = |row: &tokio_postgres::Row| Group {
        value: row.get(0),
        rows: row.get(1),
        sums: (2..6).map(|it| row.get(it)).collect(),
    };
    rows.iter().map(group).collect()
}
