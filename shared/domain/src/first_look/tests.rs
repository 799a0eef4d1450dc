use super::*;
use crate::catalog::{BASELINE, TEAM};
use crate::dataset::Dataset;
use crate::reading::Reading;
use crate::reason::Reason;

const SALES: &str = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
    Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit";

fn read(bytes: &[u8], whole: bool, dataset: &Dataset) -> Result<Option<Look>, Reason> {
    look(bytes, 0, whole, dataset, &Reading::declared(dataset))
}

/// A sales record whose values follow from its number.
fn sale(number: i64) -> Vec<String> {
    let (units, price, cost) = (number * 7 % 89 + 3, 1_000 + number * 13, 400 + number * 5);
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let text = |name: &str| format!("{name} {number}");
    vec![
        text("Region"),
        text("Country"),
        text("Item"),
        "Online".into(),
        "C".into(),
        format!("{}/{}/2014", number % 12 + 1, number % 28 + 1),
        (700_000_000 + number).to_string(),
        format!("{}/{}/2015", number % 12 + 1, number % 28 + 1),
        units.to_string(),
        money(price),
        money(cost),
        money(units * price),
        money(units * cost),
        money(units * price - units * cost),
    ]
}

fn sales(count: i64) -> Vec<Vec<String>> {
    (1..=count).map(sale).collect()
}

fn file(heading: &str, records: &[Vec<String>]) -> Vec<u8> {
    let lines = records.iter().map(|it| it.join(","));
    let lines: Vec<String> = std::iter::once(heading.to_owned()).chain(lines).collect();
    lines.join("\n").into_bytes()
}

#[track_caller]
fn refused(records: &[Vec<String>]) -> String {
    let reason = read(&file(SALES, records), true, &BASELINE).unwrap_err();
    assert_eq!(reason.code(), "columns_do_not_fit");
    reason.to_string()
}

#[track_caller]
fn fits(records: &[Vec<String>]) {
    let read = read(&file(SALES, records), true, &BASELINE);
    assert!(matches!(read, Ok(Some(_))), "{read:?}");
}

fn changed(count: i64, change: impl Fn(&mut Vec<String>)) -> Vec<Vec<String>> {
    let mut records = sales(count);
    records.iter_mut().for_each(change);
    records
}

#[test]
fn good_files_and_files_with_bad_records_go_on() {
    fits(&sales(1));
    fits(&sales(5_000));
    let mut one_in_ten = changed(100, |it| it[5] = "soon".into());
    one_in_ten.splice(40..50, sales(10));
    fits(&one_in_ten);
    one_in_ten[45][5] = "soon".into();
    assert!(refused(&one_in_ten).starts_with("Only 9 of the first 100 records fit"));
}

#[test]
fn a_few_records_are_not_judged() {
    let bad = |count| changed(count, |it| it[5] = "soon".into());
    fits(&bad(9));
    assert_eq!(
        refused(&bad(10)),
        "None of the first 10 records fits the heading. \"Order Date\" holds text instead of dates. \
         \"Order Date\" on line 2 is \"soon\". Dates are read as M/D/YYYY (1/27/2016), D.M.YYYY \
         (27.1.2016), YYYY-MM-DD (2016-01-27)."
    );
}

#[test]
fn swapped_columns_are_named() {
    let cases = [
        (
            0,
            5,
            "\"Order Date\" holds text instead of dates. \"Region\" and \"Order Date\" seem to be swapped.",
        ),
        (8, 6, "\"Total Revenue\" is not Units Sold × Unit Price."),
        (
            9,
            10,
            "\"Unit Price\" and \"Unit Cost\" seem to be swapped.",
        ),
        (
            5,
            13,
            "\"Order Date\" holds amounts instead of dates. \"Total Profit\" holds dates instead of amounts. \"Order Date\" and \"Total Profit\" seem to be swapped.",
        ),
    ];
    for (one, other, words) in cases {
        let detail = refused(&changed(200, |it| it.swap(one, other)));
        assert!(detail.contains(words), "{detail}");
        assert!(detail.contains("seem to be swapped"), "{detail}");
    }
}

#[test]
fn columns_shifted_by_one_are_told() {
    let right = refused(&changed(50, |it| {
        it.insert(0, "7".into());
        it.pop();
    }));
    let words =
        "from \"Region\" to \"Total Profit\" seem to stand one column too far to the right.";
    assert!(right.contains(words), "{right}");
    let left = refused(&changed(50, |it| {
        it.remove(0);
        it.push(String::new());
    }));
    let words = "from \"Region\" to \"Total Profit\" seem to stand one column too far to the left.";
    assert!(left.contains(words), "{left}");
}

#[test]
fn a_column_some_rows_off_is_told() {
    for (column, rows, words) in [
        (8, 1, "\"Units Sold\" seem to stand 1 row too low."),
        (9, 3, "\"Unit Price\" seem to stand 3 rows too low."),
        (12, -2isize, "\"Total Cost\" seem to stand 2 rows too high."),
    ] {
        let mut records = sales(200);
        let mut values: Vec<String> = records.iter().map(|it| it[column].clone()).collect();
        match rows {
            0.. => values.rotate_right(rows as usize),
            _ => values.rotate_left(rows.unsigned_abs()),
        }
        for (record, value) in records.iter_mut().zip(values) {
            record[column] = value;
        }
        let detail = refused(&records);
        assert!(detail.ends_with(words), "{detail}");
    }
}

#[test]
fn records_of_another_width_are_told() {
    let wider = refused(&changed(20, |it| it.push("more".into())));
    assert!(
        wider.ends_with("They have 15 columns, the heading has 14."),
        "{wider}"
    );
    let lines = changed(20, |it| *it = vec![it.join(";")]);
    let detail = refused(&lines);
    let words = "They have 1 column, the heading has 14. They seem to be separated by semicolons (;); use commas.";
    assert!(detail.ends_with(words), "{detail}");
}

#[test]
fn teams_have_nothing_to_add_up() {
    let team = &TEAM;
    let heading = "team_name,manager_name,manager_phone_number";
    let record = |n: i64| {
        vec![
            "1".into(),
            format!("A name that is long {n}"),
            format!("Manager of number {n}"),
        ]
    };
    let records: Vec<_> = (0..30).map(record).collect();
    let reason = read(&file(heading, &records), true, team).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "None of the first 30 records fits the heading. \"manager_phone_number\" holds longer text \
         instead of text of at most 15 characters. \"team_name\" and \"manager_phone_number\" seem \
         to be swapped. \"manager_phone_number\" on line 2 is \"Manager of number 0\"."
    );
}

/// One cell of a column says more than its kind; a long one is cut.
#[test]
fn one_cell_of_a_column_is_told() {
    let detail = refused(&changed(30, |it| it[5] = "so on ".repeat(20)));
    let shown = format!(
        "\"Order Date\" on line 2 is \"{}so o…\".",
        "so on ".repeat(6)
    );
    assert!(detail.contains(&shown), "{detail}");
    assert_eq!(detail.matches(" on line ").count(), 1, "{detail}");
}

#[test]
fn a_record_that_is_cut_is_not_looked_at() {
    let records = changed(10, |it| it[5] = "soon".into());
    let bytes = file(SALES, &records);
    let cut = &bytes[..bytes.len() - 3];
    assert!(
        read(cut, false, &BASELINE).is_ok(),
        "nine whole ones are too few"
    );
    assert!(
        read(cut, true, &BASELINE).is_err(),
        "unless the file ends there"
    );
    assert_eq!(read(&bytes[..20], false, &BASELINE), Ok(None));
}
