//! `GET /collect/data/summary/`: what the rows of some days add up to.

use contracts::http::rows::{SummaryEntry, decimal};
use jiff::civil::Date;
use lambda::http::words::REQUIRED;
use lambda::http::{FieldErrors, Refusal};
use postgres::rows::{By, Group};

use crate::parameters::read_days;

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
    /// The first and the last day.
    pub days: (Date, Date),
}

/// Reads the query; `value` gives the last value of a parameter.
///
/// # Errors
/// 400 with every parameter that cannot be read.
pub fn read(value: impl Fn(&str) -> Option<String>) -> Result<SummaryQuery, Refusal> {
    let mut errors = FieldErrors::default();
    let chosen = choose(value("by"), &mut errors);
    let days = read_days(&value, &mut errors);
    let (name, by) = chosen;
    errors.or(SummaryQuery { name, by, days })
}

fn choose(text: Option<String>, errors: &mut FieldErrors) -> (&'static str, By) {
    let text = text.unwrap_or_default();
    let found = CHOICES.into_iter().find(|(name, _)| *name == text);
    found.unwrap_or_else(|| {
        let words = match text.as_str() {
            "" => REQUIRED.to_owned(),
            other => format!("\"{other}\" is not a valid choice."),
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
    use jiff::civil::date;

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<SummaryQuery, String> {
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
    fn what_is_asked_is_read() {
        let all = (Date::constant(1, 1, 1), Date::MAX);
        for (name, by) in CHOICES {
            let days = all;
            assert_eq!(asked(&[("by", name)]), Ok(SummaryQuery { name, by, days }));
        }
        let some = asked(&[("by", "year"), ("from", "2015-8-1"), ("to", "2016-01-31")]);
        assert_eq!(some.unwrap().days, (date(2015, 8, 1), date(2016, 1, 31)));
        assert_eq!(
            asked(&[("by", "year"), ("colour", "red")]).unwrap().days,
            all
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        let required = format!(r#"{{"by":["{REQUIRED}"]}}"#);
        assert_eq!(asked(&[]).unwrap_err(), required);
        assert_eq!(asked(&[("by", "")]).unwrap_err(), required);
        let said = asked(&[("by", "Region"), ("to", "x")]).unwrap_err();
        let date = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
        let expected = format!(r#"{{"by":["\"Region\" is not a valid choice."],"to":["{date}"]}}"#);
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
