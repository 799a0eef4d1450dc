//! `GET /collect/data/summary/`: what rows add up to. It obeys every filter that the list obeys, and
//! refuses a misspelt one: it would be answered with the wrong sum.

use contracts::http::rows::{SummaryEntry, decimal};
use lambda::http::query;
use lambda::http::words::{REQUIRED, not_a_choice};
use lambda::http::{FieldErrors, Refusal, Request};
use postgres::rows::{By, Filter, Group};

use crate::parameters::read_filter;

/// The parameters of a summary that not every list has.
pub const NAMES: [&str; 9] = [
    "by",
    "from",
    "to",
    "import",
    "region",
    "country",
    "item_type",
    "sales_channel",
    "order_priority",
];

/// The values that the parameter `by` may have, and how each groups the rows.
const CHOICES: [(&str, By); 6] = [
    ("region", By::Column("region")),
    ("country", By::Column("country")),
    ("item_type", By::Column("item_type")),
    ("sales_channel", By::Column("sales_channel")),
    ("year", By::Year),
    ("month", By::Month),
];

/// The summary that a query asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct SummaryQuery {
    /// The value of `by`: the name of the group's value in the answer.
    pub name: &'static str,
    /// How the rows are grouped.
    pub by: By,
    /// The rows that are added up.
    pub filter: Filter,
}

/// Reads the query of the request.
///
/// # Errors
/// 400 with every parameter that cannot be read or is misspelt.
pub fn read(request: &Request) -> Result<SummaryQuery, Refusal> {
    let mut errors = FieldErrors::default();
    let value = |name: &str| query::last(request, name);
    let (name, by) = choose(value("by"), &mut errors);
    let filter = read_filter(value, &mut errors);
    query::refuse_misspelt(request, &NAMES, &mut errors);
    errors.or(SummaryQuery { name, by, filter })
}

fn choose(text: Option<String>, errors: &mut FieldErrors) -> (&'static str, By) {
    let text = text.unwrap_or_default();
    let found = CHOICES.into_iter().find(|(name, _)| *name == text);
    found.unwrap_or_else(|| {
        let words = match text.as_str() {
            "" => REQUIRED.to_owned(),
            other => not_a_choice(other, CHOICES.map(|it| it.0)),
        };
        errors.add("by", vec![words]);
        CHOICES[0]
    })
}

/// The groups as the answer has them.
pub fn entries(name: &str, groups: Vec<Group>) -> Vec<SummaryEntry> {
    let entry = |group: Group| {
        let [units, revenue, cost, profit] = group.sums.map(|it| decimal(&it));
        SummaryEntry {
            group: [(name.to_owned(), group.value)].into(),
            rows: group.rows,
            units,
            revenue,
            cost,
            profit,
        }
    };
    groups.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::civil::date;
    use lambda_http::RequestExt;

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<SummaryQuery, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![(*value).to_owned()]);
        let query: HashMap<String, Vec<String>> = query.iter().map(owned).collect();
        read(&Request::default().with_query_string_parameters(query)).map_err(|refusal| {
            let response = refusal.into_response();
            assert_eq!(response.status(), 400);
            String::from_utf8_lossy(response.body()).into_owned()
        })
    }

    #[test]
    fn what_is_asked_is_read() {
        let all = Filter::default();
        for (name, by) in CHOICES {
            let filter = all.clone();
            assert_eq!(
                asked(&[("by", name)]),
                Ok(SummaryQuery { name, by, filter })
            );
        }
        let some = asked(&[
            ("by", "year"),
            ("from", "2015-8-1"),
            ("country", "Laos"),
            ("import", "2"),
        ]);
        let expected = Filter {
            from: date(2015, 8, 1),
            import: Some(2),
            equals: vec![("country", "Laos".to_owned())],
            ..Filter::default()
        };
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
            value: "Asia \"1\"".into(),
            rows: 3,
            sums: ["7", "1000.5", "0.33", "-999.17"].map(str::to_owned),
        };
        let expected = r#"[{"region":"Asia \"1\"","rows":3,"units":7,"revenue":1000.5,"cost":0.33,"profit":-999.17}]"#;
        let entries = entries("region", vec![group]);
        assert_eq!(serde_json::to_string(&entries).unwrap(), expected);
    }
}
