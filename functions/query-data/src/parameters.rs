//! What a query asks for, and what is wrong with it.

use domain::dataset::Dataset;
use domain::filter::{Bad, Filter, Names};
use domain::order::Order;
use domain::paging::cursor::Cursor;
use lambda::http::query::{self, pairs};
use lambda::http::{FieldErrors, Refusal, Request};
use postgres::rows::fits;

/// The parameter that says how a list is read.
pub const CURSOR: &str = "cursor";

const NO_CURSOR: &str = "Invalid cursor.";
const NOT_KNOWN: &str = "This parameter is not known.";

/// How a list is read page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageBy {
    /// By limit and offset.
    Offset,
    /// From a cursor on; from the first row if there is none yet.
    Cursor(Option<Cursor>),
}

/// The names of the parameters that filter rows in the original's form.
pub fn plain_names(dataset: &Dataset) -> Vec<&str> {
    let plain = Names(dataset).plain().into_iter();
    plain.map(|it| it.0).collect()
}

/// The filter of `/collect/data/`: unknown parameters are ignored; the answer names one that is
/// nearly known. `value` gives the last value of a parameter.
///
/// # Errors
/// 400 with every parameter that cannot be read.
pub fn read(
    dataset: &Dataset,
    value: impl Fn(&str) -> Option<String>,
) -> Result<(Filter, PageBy), Refusal> {
    let mut errors = FieldErrors::default();
    let filter = read_plain(dataset, &value, &mut errors);
    let page_by = read_page_by(dataset, value(CURSOR), &mut errors);
    errors.or((filter, page_by))
}

/// The filter that the list of sales records and their summary obey alike. An import or a text that
/// no row has leaves no row.
pub fn read_plain(
    dataset: &Dataset,
    value: impl Fn(&str) -> Option<String>,
    errors: &mut FieldErrors,
) -> Filter {
    let names = Names(dataset);
    let mut filter = Filter::default();
    for (name, parameter) in names.plain() {
        let Some(text) = value(name) else { continue };
        if let Err(Bad::Malformed(sentence)) = names.add(&mut filter, parameter, &text) {
            errors.add(name.to_owned(), vec![sentence]);
        }
    }
    filter
}

/// The filter and page of `/collect/{dataset}/rows/`. No parameter is ignored that may be meant as a
/// filter: the answer would have other rows than were asked for.
///
/// # Errors
/// 400 with every parameter that cannot be read or is misspelt.
pub fn read_all(request: &Request, dataset: &Dataset) -> Result<(Filter, PageBy), Refusal> {
    let mut errors = FieldErrors::default();
    let filter = read_filter(request, dataset, &[CURSOR], &mut errors);
    let page_by = read_page_by(dataset, query::last(request, CURSOR), &mut errors);
    errors.or((filter, page_by))
}

/// The filter by any column; `others` are the parameters that filter nothing.
pub fn read_filter(
    request: &Request,
    dataset: &Dataset,
    others: &[&str],
    errors: &mut FieldErrors,
) -> Filter {
    let names = Names(dataset);
    let mut filter = Filter::default();
    let mut asked: Vec<String> = pairs(request).into_iter().map(|it| it.0).collect();
    asked.sort_unstable();
    asked.dedup();
    for name in &asked {
        let value = query::last(request, name).unwrap_or_default();
        let bad = match names.find(name) {
            Some(parameter) => names.add(&mut filter, parameter, &value).err(),
            // Nothing else begins like this.
            None if name.starts_with("f.") => Some(Bad::Malformed(NOT_KNOWN.to_owned())),
            None => None,
        };
        if let Some(bad) = bad {
            errors.add(name.clone(), vec![bad.into_sentence()]);
        }
    }
    // Those with a prefix are known, too, and nearly those without it.
    let found = asked.into_iter().filter(|it| names.find(it).is_some());
    let known: Vec<String> = names.all().into_iter().chain(found).collect();
    let known = known.iter().map(String::as_str);
    let known: Vec<&str> = known.chain(others.iter().copied()).collect();
    query::refuse_misspelt(request, &known, errors);
    filter
}

fn read_page_by(dataset: &Dataset, cursor: Option<String>, errors: &mut FieldErrors) -> PageBy {
    match cursor.as_deref() {
        None => PageBy::Offset,
        Some("") => PageBy::Cursor(None),
        Some(text) => {
            let cursor = Cursor::decode(text).filter(|it| fits(dataset, it));
            if cursor.is_none() {
                errors.add(CURSOR, vec![NO_CURSOR.to_owned()]);
            }
            PageBy::Cursor(cursor)
        }
    }
}

/// Whether rows are sorted by days, so that they can be told apart by month.
pub fn has_days(dataset: &Dataset) -> bool {
    let order = dataset.order();
    order.is_some_and(|it| !matches!(it, Order::Integers { .. }))
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use domain::order::Key;
    use domain::paging::cursor::{Direction, RowPosition};
    use jiff::civil::date;
    use lambda::http::words::{NO_NUL, NOT_A_DATE, NOT_AN_INTEGER};

    use domain::filter::{Condition, Test, Value};

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<(Filter, PageBy), String> {
        let value = |name: &str| {
            let found = query.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        read(&BASELINE, value).map_err(|refusal| {
            let response = refusal.into_response();
            assert_eq!(response.status(), 400);
            String::from_utf8_lossy(response.body()).into_owned()
        })
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
        let mut expected = Filter::of_days(&BASELINE, date(2015, 8, 1), date(2015, 8, 2));
        expected.import = Some(7);
        for (column, text) in [(0, ""), (1, "Cote d'Ivoire ")] {
            let test = Test::Equal(Value::Text(text.to_owned()));
            expected.conditions.push(Condition { column, test });
        }
        assert_eq!((filter, page_by), (expected, PageBy::Cursor(None)));
        let position = RowPosition {
            key: Some(Key::Date(date(2015, 8, 1))),
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
