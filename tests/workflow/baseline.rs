use super::sales;
use crate::fixture::client::{User, api_url};
use crate::fixture::sample;

const PAGE: usize = 100;

/// 52 pages, all of which are read. The file fits into a form.
const RECORDS: u64 = 5_200;

#[test]
fn every_sales_record_comes_back_as_it_went_in() {
    let user = User::new();
    let file = sample::sales(11, RECORDS);
    let import = user.upload("baseline", &file);
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_imported"], RECORDS);
    assert_eq!(detail["progress"]["rows_rejected"], 0);
    assert_eq!(detail["error"], serde_json::Value::Null);
    let expected = sales::expected(&file);
    assert_eq!(expected.len() as u64, RECORDS);
    for (number, page) in expected.chunks(PAGE).enumerate() {
        let body = page_of(number, page, expected.len());
        let path = match number {
            0 => "/collect/data/?limit=100".to_owned(),
            _ => format!("/collect/data/?limit=100&offset={}", number * PAGE),
        };
        user.get(&path).is(200, &body);
    }
    from_a_day_on(&user, &expected);
}

/// The whole body of a page, links included.
fn page_of(number: usize, page: &[sales::Sale], count: usize) -> String {
    let link = |offset: usize| match offset {
        0 => format!(r#""{}/collect/data/?limit=100""#, api_url()),
        _ => format!(r#""{}/collect/data/?limit=100&offset={offset}""#, api_url()),
    };
    let offset = number * PAGE;
    let next = (offset + PAGE < count).then(|| link(offset + PAGE));
    let previous = (offset > 0).then(|| link(offset - PAGE));
    let null = || "null".to_owned();
    format!(
        r#"{{"count":{count},"next":{},"previous":{},"results":[{}]}}"#,
        next.unwrap_or_else(null),
        previous.unwrap_or_else(null),
        sales::entries(page)
    )
}

fn from_a_day_on(user: &User, expected: &[sales::Sale]) {
    for (text, (year, month, day)) in [
        ("2015-08-01", (2015, 8, 1)),
        ("2010-01-01", (2010, 1, 1)),
        ("2017-11-11", (2017, 11, 11)),
        ("2017-11-12", (2017, 11, 12)),
    ] {
        let count = sales::count_from(expected, year, month, day);
        let page = user.get(&format!("/collect/data/?from={text}&limit=30"));
        assert_eq!(page.expect(200)["count"], count, "{text}");
        let first = &expected[..count.min(30)];
        let results = format!(r#""results":[{}]}}"#, sales::entries(first));
        assert!(page.body.ends_with(&results), "{text}");
    }
}
