use super::*;

const LENGTH: PageLength = PageLength {
    usual: 10,
    at_most: 30,
};

#[test]
fn limit_and_offset_are_forgiving() {
    let table = [
        (None, None, 10, 0),
        (Some("5"), Some("20"), 5, 20),
        (Some("30"), Some("0"), 30, 0),
        (Some("31"), Some("-1"), 30, 0),
        (Some("0"), Some(""), 10, 0),
        (Some("-3"), Some("x"), 10, 0),
        (Some("abc"), Some("1.5"), 10, 0),
        (Some(""), Some("1e3"), 10, 0),
        (Some(" 7 "), Some("+8"), 7, 8),
        (Some("1_0"), Some("1__0"), 10, 0),
        (Some("2_0"), Some("_1"), 20, 0),
        (Some("99999999999999999999999"), Some("-0"), 30, 0),
        (Some("-99999999999999999999999"), Some("-"), 10, 0),
        (None, Some("99999999999999999999999"), 10, i64::MAX),
    ];
    for (limit, offset, expected_limit, expected_offset) in table {
        let page = read(limit, offset, LENGTH);
        let expected = Page {
            limit: expected_limit,
            offset: expected_offset,
        };
        assert_eq!(page, expected, "{limit:?} {offset:?}");
    }
}

const BASE: &str = "http://localhost:8000/collect/data/";

fn both(limit: i64, offset: i64, count: i64, query: &[(&str, &str)]) -> [Option<String>; 2] {
    let owned = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
    let query: Vec<_> = query.iter().map(owned).collect();
    let (next, previous) = links(Page { limit, offset }, count, BASE, &query);
    let query_of = |url: String| url.strip_prefix(BASE).unwrap().to_owned();
    [next.map(query_of), previous.map(query_of)]
}

fn pair(next: &str, previous: &str) -> [Option<String>; 2] {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    [given(next), given(previous)]
}

#[test]
fn links_lead_to_the_neighbours() {
    let table = [
        (10, 0, 0, "", ""),
        (10, 0, 10, "", ""),
        (10, 0, 11, "?limit=10&offset=10", ""),
        (10, 10, 30, "?limit=10&offset=20", "?limit=10"),
        (10, 5, 12, "", "?limit=10"),
        (10, 20, 30, "", "?limit=10&offset=10"),
        (10, 50, 30, "", "?limit=10&offset=40"),
        (10, i64::MAX, 30, "", "?limit=10&offset=9223372036854775797"),
    ];
    for (limit, offset, count, next, previous) in table {
        assert_eq!(
            both(limit, offset, count, &[]),
            pair(next, previous),
            "{offset} of {count}"
        );
    }
}

#[test]
fn other_parameters_stay_sorted_and_encoded() {
    let query = [
        ("to", "a b"),
        ("offset", "30"),
        ("from", "2015-08-01"),
        ("limit", "999"),
    ];
    assert_eq!(
        both(10, 30, 100, &query),
        pair(
            "?from=2015-08-01&limit=10&offset=40&to=a+b",
            "?from=2015-08-01&limit=10&offset=20&to=a+b",
        ),
    );
    let query = [
        ("z", "\u{e9}&="),
        ("a", "2"),
        ("Z", ""),
        ("a", "1"),
        ("m~", "C\u{f4}te d'Ivoire/*"),
    ];
    assert_eq!(
        both(1, 0, 2, &query)[0].as_deref(),
        Some("?Z=&a=2&a=1&limit=1&m~=C%C3%B4te+d%27Ivoire%2F%2A&offset=1&z=%C3%A9%26%3D"),
    );
}

#[test]
fn a_cursor_replaces_cursor_and_offset() {
    use cursor::{Direction, RowPosition};
    let position = RowPosition {
        key: Some(crate::order::Key::Date(jiff::civil::date(2015, 8, 1))),
        number: 2,
        record: 3,
    };
    let cursor = Cursor {
        position,
        direction: Direction::Older,
    };
    let query = [("offset", "5"), ("cursor", "x"), ("from", "2015-01-01")];
    let owned = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
    let query: Vec<_> = query.iter().map(owned).collect();
    let expected = format!("{BASE}?cursor={}&from=2015-01-01&limit=7", cursor.encode());
    assert_eq!(cursor_link(7, &cursor, BASE, &query), expected);
}

#[test]
fn an_offset_is_in_the_part_that_holds_it() {
    let parts = [('a', 2), ('b', 0), ('c', 3)];
    let expected = [
        (0, Some(('a', 2, 0))),
        (1, Some(('a', 2, 1))),
        (2, Some(('c', 3, 0))),
        (4, Some(('c', 3, 2))),
        (5, None),
        (i64::MAX, None),
    ];
    for (offset, part) in expected {
        assert_eq!(part_at(parts, offset), part, "{offset}");
    }
}
