//! `/collect/data/`: the sales records as the original shows them, and what they add up to.

use std::sync::Arc;

use contracts::http::rows::{SalesEntry, SummaryEntry, decimal, midnight};
use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use domain::filter::Filter;
use domain::order::Key;
use lambda::http::query;
use lambda::http::words::{REQUIRED, not_a_choice};
use lambda::http::{FieldErrors, Refusal, Request};
use postgres::rows::{By, Group, StoredRow};
use serde_json::Value;

use crate::entry;
use crate::parameters::{plain_names, read_plain};

/// The dataset.
pub fn dataset() -> Arc<Dataset> {
    BASELINE.clone()
}

/// Whether the rows of one import are read at its own `rows/`, as those of every dataset but this
/// one.
pub fn are_read_by_import(dataset: &Dataset) -> bool {
    dataset.name != BASELINE.name
}

/// The rows as the answer has them.
pub fn entries(rows: Vec<StoredRow>) -> Vec<SalesEntry> {
    let entry = |row: StoredRow| SalesEntry {
        order_placed: match row.position.key {
            Some(Key::Date(day)) => midnight(day),
            _ => String::new(),
        },
        data: entry::data(&BASELINE, Some(&row.column_order), row.cells),
    };
    rows.into_iter().map(entry).collect()
}

/// The summary that a query asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct SummaryQuery {
    /// The value of `by`: the name of the group's value in the answer.
    pub name: String,
    /// How the rows are grouped.
    pub by: By,
    /// The rows that are added up.
    pub filter: Filter,
}

/// The parameters of a summary that not every list has.
pub fn summary_names(dataset: &Dataset) -> Vec<&str> {
    ["by"].into_iter().chain(plain_names(dataset)).collect()
}

/// The values that the parameter `by` may have, and how each groups the rows: the columns by which
/// sums are kept, and time.
fn choices(dataset: &Dataset) -> Vec<(&str, By)> {
    let columns = dataset.sums.iter().flat_map(|it| &it.by);
    let by = |column: &usize| (dataset.columns[*column].field.as_str(), By::Column(*column));
    let times = [("year", By::Year), ("month", By::Month)];
    columns.map(by).chain(times).collect()
}

/// Reads the query of the request. It obeys every filter that the list obeys, and refuses a misspelt
/// one: it would be answered with the wrong sum.
///
/// # Errors
/// 400 with every parameter that cannot be read or is misspelt.
pub fn read_summary(request: &Request, dataset: &Dataset) -> Result<SummaryQuery, Refusal> {
    let mut errors = FieldErrors::default();
    let value = |name: &str| query::last(request, name);
    let (name, by) = choose(&choices(dataset), value("by"), &mut errors);
    let filter = read_plain(dataset, value, &mut errors);
    query::refuse_misspelt(request, &summary_names(dataset), &mut errors);
    errors.or(SummaryQuery { name, by, filter })
}

fn choose(choices: &[(&str, By)], text: Option<String>, errors: &mut FieldErrors) -> (String, By) {
    let text = text.unwrap_or_default();
    let found = choices.iter().find(|(name, _)| *name == text);
    if let Some((name, by)) = found {
        return ((*name).to_owned(), *by);
    }
    let words = match text.as_str() {
        "" => REQUIRED.to_owned(),
        other => not_a_choice(other, choices.iter().map(|it| it.0)),
    };
    errors.add("by", vec![words]);
    (text, By::Year)
}

/// The groups as the answer has them.
pub fn groups(name: &str, groups: Vec<Group>) -> Vec<SummaryEntry> {
    let entry = |group: Group| {
        let mut sums = group.sums.into_iter();
        let mut next = || sums.next().flatten().map_or(Value::Null, |it| decimal(&it));
        SummaryEntry {
            group: [(name.to_owned(), group.value.unwrap_or_default())].into(),
            rows: group.rows,
            units: next(),
            revenue: next(),
            cost: next(),
            profit: next(),
        }
    };
    groups.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use domain::filter::{Condition, Test, Value};
    use jiff::civil::{Date, date};
    use lambda_http::RequestExt;

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<SummaryQuery, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![(*value).to_owned()]);
        let query: HashMap<String, Vec<String>> = query.iter().map(owned).collect();
        let request = Request::default().with_query_string_parameters(query);
        read_summary(&request, &BASELINE).map_err(|refusal| {
            let response = refusal.into_response();
            assert_eq!(response.status(), 400);
            String::from_utf8_lossy(response.body()).into_owned()
        })
    }

    #[test]
    fn what_is_asked_is_read() {
        let all = Filter::default();
        let expected = [
            ("region", By::Column(0)),
            ("country", By::Column(1)),
            ("item_type", By::Column(2)),
            ("sales_channel", By::Column(3)),
            ("year", By::Year),
            ("month", By::Month),
        ];
        assert_eq!(choices(&BASELINE), expected);
        for (name, by) in expected {
            let (filter, name) = (all.clone(), name.to_owned());
            assert_eq!(
                asked(&[("by", &name)]),
                Ok(SummaryQuery {
                    name: name.clone(),
                    by,
                    filter
                })
            );
        }
        let some = asked(&[
            ("by", "year"),
            ("from", "2015-8-1"),
            ("country", "Laos"),
            ("import", "2"),
        ]);
        let mut expected = Filter::of_days(&BASELINE, date(2015, 8, 1), Date::MAX);
        expected.conditions[1] = Condition {
            column: 1,
            test: Test::Equal(Value::Text("Laos".to_owned())),
        };
        expected.import = Some(2);
        assert_eq!(some.unwrap().filter, expected);
        let odd = asked(&[("by", "year"), ("colour", "red")]);
        assert_eq!(odd.unwrap().filter, all);
    }

    #[test]
    fn a_misspelt_filter_is_no_other_sum() {
        let said = asked(&[("by", "year"), ("fron", "2015-08-01"), ("Country", "Laos")]);
        let expected = concat!(
            r#"{"Country":["This parameter is not known. Did you mean \"country\"?"],"#,
            r#""fron":["This parameter is not known. Did you mean \"from\"?"]}"#,
        );
        assert_eq!(said.unwrap_err(), expected);
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        let required = format!(r#"{{"by":["{REQUIRED}"]}}"#);
        assert_eq!(asked(&[]).unwrap_err(), required);
        assert_eq!(asked(&[("by", "")]).unwrap_err(), required);
        let said = asked(&[("by", "Region"), ("to", "x")]).unwrap_err();
        let date = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
        let choices = "region, country, item_type, sales_channel, year, month";
        let expected = format!(
            r#"{{"by":["\"Region\" is not a valid choice. Choose one of these: {choices}."],"to":["{date}"]}}"#
        );
        assert_eq!(said, expected);
    }

    #[test]
    fn a_group_to_the_letter() {
        let group = Group {
            value: Some("Asia \"1\"".into()),
            rows: 3,
            sums: ["7", "1000.5", "0.33", "-999.17"]
                .map(|it| Some(it.to_owned()))
                .into(),
        };
        let expected = r#"[{"region":"Asia \"1\"","rows":3,"units":7,"revenue":1000.5,"cost":0.33,"profit":-999.17}]"#;
        let entries = groups("region", vec![group]);
        assert_eq!(serde_json::to_string(&entries).unwrap(), expected);
    }
}
