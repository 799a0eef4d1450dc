use serde_json::{Value, json};

use super::sales;
use crate::fixture::client::{Import, User};
use crate::fixture::sample;

/// More than a tenth of these files is bad.
const TAKE_ALL: &str = "max_errors=100%25";

/// Good and bad records; a record may lie on several lines.
const TEAMS: &str = concat!(
    "team_name,manager_name,manager_phone_number\r\n",
    "Good,One,(1)\r\n",
    "Only,two\r\n",
    "\"Good\r\nover two lines\",Two,(2)\r\n",
    "Long phone,Three,1234567890123456\r\n",
    "One,too,many,fields\r\n",
    "Nul\0in it,Four,(4)\r\n",
    "Good,Five,(5)\r\n",
);

#[test]
fn good_teams_are_imported_and_bad_ones_kept_as_errors() {
    let user = User::new();
    let import = user.upload_saying("team", TAKE_ALL, TEAMS.as_bytes());
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_imported"], 3);
    assert_eq!(detail["progress"]["rows_rejected"], 4);
    assert_eq!(detail["progress"]["percent"], 100);
    let expected = [
        json!([2, 3, "", "Only,two", "wrong_column_count"]),
        json!([4, 6, "manager_phone_number", "1234567890123456", "too_long"]),
        json!([5, 7, "", "One,too,many,fields", "wrong_column_count"]),
        json!([6, 8, "team_name", "Nul\u{fffd}in it", "nul_character"]),
    ];
    assert_eq!(errors(&user, &import), expected);
    assert_eq!(import.rows_seen(), 3);
    assert_eq!(import.rows_stored(), 3);
}

#[test]
fn text_that_is_not_utf8_is_an_error_of_its_record() {
    let user = User::new();
    let file = b"team_name,manager_name,manager_phone_number\nCaf\xe9,Ada,1\nCaf\xc3\xa9,Ben,2\n";
    let import = user.upload_saying("team", TAKE_ALL, file);
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_rejected"], 1);
    let expected = [json!([1, 2, "team_name", "Caf\u{fffd}", "not_utf8"])];
    assert_eq!(errors(&user, &import), expected);
    let none_is = b"team_name,manager_name,manager_phone_number\nCaf\xe9,Ada,1\nGood,Ben,2\n";
    let failed = user.upload_saying("team", TAKE_ALL, none_is).ends("failed");
    assert_eq!(failed["error"]["code"], "not_utf8", "{failed}");
}

#[test]
fn each_bad_cell_of_a_sales_record_is_named() {
    let user = User::new();
    let good = String::from_utf8(sample::sales(31, 3)).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let with = |line: &str, changes: &[(usize, &str)]| {
        let mut cells: Vec<&str> = line.split(',').collect();
        for (column, value) in changes {
            cells[*column] = value;
        }
        cells.join(",")
    };
    let file = [
        lines[0].to_owned(),
        with(lines[1], &[(5, "2/30/2015"), (8, "1.5")]),
        lines[2].to_owned(),
        with(lines[3], &[(9, "1.234"), (6, ""), (13, "1e3")]),
        with(lines[1], &[(8, "-1"), (11, "1234567890123.00")]),
        with(
            lines[1],
            &[
                (5, "2015-08-01"),
                (7, "2015-08-31"),
                (8, "1"),
                (9, "1.00"),
                (10, "1.50"),
                (11, "1"),
                (12, "1.5"),
                (13, "-0.50"),
            ],
        ),
        with(lines[1], &[(13, "-0.50")]),
    ];
    let import = user.upload_saying("baseline", TAKE_ALL, file.join("\n").as_bytes());
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_imported"], 2);
    assert_eq!(detail["progress"]["rows_rejected"], 4);
    let expected = [
        json!([1, 2, "Order Date", "2/30/2015", "bad_date"]),
        json!([1, 2, "Units Sold", "1.5", "not_an_integer"]),
        json!([3, 4, "Order ID", "", "required"]),
        json!([3, 4, "Unit Price", "1.234", "too_many_decimals"]),
        json!([3, 4, "Total Profit", "1e3", "not_a_number"]),
        json!([4, 5, "Units Sold", "-1", "out_of_range"]),
        json!([4, 5, "Total Revenue", "1234567890123.00", "out_of_range"]),
        json!([6, 7, "Total Profit", "-0.50", "wrong_total"]),
    ];
    assert_eq!(errors(&user, &import), expected);
    the_good_rows_are_seen(&user, &good);
}

fn the_good_rows_are_seen(user: &User, good: &str) {
    let page = user.get("/collect/data/").expect(200);
    assert_eq!(page["count"], 2);
    let results = page["results"].as_array().unwrap();
    let iso = results
        .iter()
        .find(|it| it["data"]["Total Profit"] == json!(-0.5));
    let iso = iso.unwrap();
    // An ISO date comes back in the form of the files.
    assert_eq!(iso["order_placed"], "2015-08-01T00:00:00Z");
    assert_eq!(iso["data"]["Order Date"], "8/1/2015");
    assert_eq!(iso["data"]["Ship Date"], "8/31/2015");
    let whole = sales::expected(good.as_bytes());
    let second = &sales::records(good.as_bytes())[1];
    let untouched = whole
        .iter()
        .find(|it| it.entry.contains(&second[6]))
        .unwrap();
    let shown: Vec<String> = results.iter().map(Value::to_string).collect();
    assert!(shown.contains(&untouched.entry), "{shown:?}");
}

/// Record, line, column, value and code of each, in the API's order.
fn errors(user: &User, import: &Import<'_>) -> Vec<Value> {
    let page = user.get(&format!("{}errors/", import.path)).expect(200);
    let results = page["results"].as_array().unwrap();
    assert_eq!(page["count"], results.len());
    let entry = |it: &Value| {
        assert!(it["message"].as_str().unwrap().ends_with('.'), "{it}");
        json!([
            it["record"],
            it["line"],
            it["column"],
            it["value"],
            it["code"]
        ])
    };
    results.iter().map(entry).collect()
}
