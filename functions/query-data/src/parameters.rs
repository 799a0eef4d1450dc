//! What a query asks for, and what is wrong with it. Unknown parameters are ignored; the answer names
//! one that is nearly known.

use domain::catalog::BASELINE;
use domain::paging::cursor::Cursor;
use jiff::civil::Date;
use lambda::http::words::{NO_NUL, NOT_A_DATE, NOT_AN_INTEGER};
use lambda::http::{FieldErrors, Refusal, dates};
use postgres::rows::Filter;

/// Columns a query may compare, by their names in the query and in SQL.
const COMPARED: [&str; 5] = [
    "region",
    "country",
    "item_type",
    "sales_channel",
    "order_priority",
];

/// The parameters that filter rows, and the one that says how the list is read.
pub const NAMES: [&str; 9] = [
    "from",
    "to",
    "import",
    "region",
    "country",
    "item_type",
    "sales_channel",
    "order_priority",
    "cursor",
];

const NO_CURSOR: &str = "Invalid cursor.";

/// How a list is read page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageBy {
    /// By limit and offset.
    Offset,
    /// From a cursor on; from the first row if there is none yet.
    Cursor(Option<Cursor>),
}

/// The filter, and how the pages are read; `value` gives the last value of a parameter.
///
/// # Errors
/// 400 with every parameter that cannot be read.
pub fn read(value: impl Fn(&str) -> Option<String>) -> Result<(Filter, PageBy), Refusal> {
    let mut errors = FieldErrors::default();
    let filter = read_filter(&value, &mut errors);
    let page_by = read_page_by(value("cursor"), &mut errors);
    errors.or((filter, page_by))
}

/// The filter that the list and the summary obey alike.
pub fn read_filter(value: impl Fn(&str) -> Option<String>, errors: &mut FieldErrors) -> Filter {
    let mut filter = Filter::default();
    read_day("from", &value, &mut filter.from, errors);
    read_day("to", &value, &mut filter.to, errors);
    if let Some(text) = value("import") {
        match integer(text.trim()) {
            Some(number) => filter.import = Some(number),
            None => errors.add("import", vec![NOT_AN_INTEGER.to_owned()]),
        }
    }
    for name in COMPARED {
        let Some(text) = value(name) else { continue };
        if text.contains('\0') {
            errors.add(name, vec![NO_NUL.to_owned()]);
        }
        filter.equals.push((column(name), text));
    }
    filter
}

fn read_day(
    name: &'static str,
    value: impl Fn(&str) -> Option<String>,
    day: &mut Date,
    errors: &mut FieldErrors,
) {
    let Some(text) = value(name) else { return };
    match dates::read(text.trim()) {
        Some(read) => *day = read,
        None => errors.add(name, vec![NOT_A_DATE.to_owned()]),
    }
}

fn read_page_by(cursor: Option<String>, errors: &mut FieldErrors) -> PageBy {
    match cursor.as_deref() {
        None => PageBy::Offset,
        Some("") => PageBy::Cursor(None),
        Some(text) => {
            let cursor = Cursor::decode(text);
            if cursor.is_none() {
                errors.add("cursor", vec![NO_CURSOR.to_owned()]);
            }
            PageBy::Cursor(cursor)
        }
    }
}

/// A whole number. One that no import can have becomes 0, which no import has.
fn integer(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    whole.then(|| text.parse().unwrap_or(0))
}

/// The dataset's own name of the column: what goes into SQL never comes from a request.
fn column(name: &'static str) -> &'static str {
    let columns = BASELINE.columns.iter();
    let column = columns.map(|it| it.name.as_str()).find(|it| *it == name);
    column.expect("every compared column is the dataset's")
}

#[cfg(test)]
mod tests {
    use domain::paging::cursor::{Direction, RowPosition};
    use jiff::civil::date;

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<(Filter, PageBy), String> {
        let value = |name: &str| {
            let found = query.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        read(value).map_err(|refusal| {
            let response = refusal.into_response();
            assert_eq!(response.status(), 400);
            String::from_utf8_lossy(response.body()).into_owned()
        })
    }

    #[test]
    fn every_filter_has_its_name() {
        assert!(COMPARED.iter().all(|it| NAMES.contains(it)));
    }

    #[test]
    fn nothing_asked_is_everything() {
        let everything = Ok((Filter::default(), PageBy::Offset));
        assert_eq!(asked(&[]), everything);
        assert_eq!(asked(&[("colour", "red"), ("From", "x")]), everything);
    }

    #[test]
    fn what_is_asked_is_read() {
        let (filter, page_by) = asked(&[
            ("from", "2015-08-01"),
            ("to", "2015-8-2"),
            ("import", " 7 "),
            ("country", "Cote d'Ivoire "),
            ("region", ""),
            ("cursor", ""),
        ])
        .unwrap();
        let expected = Filter {
            from: date(2015, 8, 1),
            to: date(2015, 8, 2),
            import: Some(7),
            equals: vec![
                ("region", String::new()),
                ("country", "Cote d'Ivoire ".to_owned()),
            ],
        };
        assert_eq!((filter, page_by), (expected, PageBy::Cursor(None)));
        let position = RowPosition {
            day: date(2015, 8, 1),
            number: 1,
            record: 2,
        };
        let cursor = Cursor {
            position,
            direction: Direction::Newer,
        };
        let (_, page_by) = asked(&[("cursor", &cursor.encode())]).unwrap();
        assert_eq!(page_by, PageBy::Cursor(Some(cursor)));
    }

    #[test]
    fn a_number_that_no_import_can_have_matches_no_import() {
        for text in ["99999999999", "-99999999999"] {
            assert_eq!(asked(&[("import", text)]).unwrap().0.import, Some(0));
        }
        assert_eq!(asked(&[("import", "-3")]).unwrap().0.import, Some(-3));
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        let said = asked(&[
            ("from", "8/1/2015"),
            ("to", ""),
            ("import", "one"),
            ("country", "a\0b"),
            ("cursor", "x"),
        ]);
        let wrong = NOT_A_DATE;
        let expected = format!(
            r#"{{"from":["{wrong}"],"to":["{wrong}"],"import":["{NOT_AN_INTEGER}"],"country":["{NO_NUL}"],"cursor":["{NO_CURSOR}"]}}"#
        );
        assert_eq!(said.unwrap_err(), expected);
        for text in ["", "1.0", "+", "1e3", "\u{661}"] {
            assert!(asked(&[("import", text)]).is_err(), "{text}");
        }
    }
}
