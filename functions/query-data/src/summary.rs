//! `GET /collect/{dataset}/summary/`: what rows of any dataset add up to.

use contracts::http::rows::GroupEntry;
use domain::cell::SqlType;
use domain::dataset::Dataset;
use domain::filter::Filter;
use lambda::http::query;
use lambda::http::words::{REQUIRED, not_a_choice};
use lambda::http::{FieldErrors, Refusal, Request};
use postgres::rows::{By, Group, added};
use serde_json::Value;

use crate::parameters::{has_days, read_filter};

/// The parameter that says what the rows of a group have in common.
const BY: &str = "by";

const TIMES: [(&str, By); 3] = [("day", By::Day), ("month", By::Month), ("year", By::Year)];

/// Reads the query of the request.
///
/// # Errors
/// 400 with every parameter that cannot be read or is misspelt.
pub fn read(request: &Request, dataset: &Dataset) -> Result<(By, Filter), Refusal> {
    let mut errors = FieldErrors::default();
    let by = choose(dataset, query::last(request, BY), &mut errors);
    let filter = read_filter(request, dataset, &[BY], &mut errors);
    errors.or((by.unwrap_or(By::Year), filter))
}

/// A time, or a column; after `f.` a column, whatever its name.
fn choose(dataset: &Dataset, text: Option<String>, errors: &mut FieldErrors) -> Option<By> {
    let text = text.unwrap_or_default();
    let choices = choices(dataset);
    let found = choices.iter().find(|(name, _)| *name == text);
    if found.is_none() {
        let words = match text.as_str() {
            "" => REQUIRED.to_owned(),
            other => not_a_choice(other, choices.iter().map(|it| it.0.as_str())),
        };
        errors.add(BY, vec![words]);
    }
    found.map(|it| it.1)
}

fn choices(dataset: &Dataset) -> Vec<(String, By)> {
    let times = TIMES.into_iter().filter(|_| has_days(dataset));
    let mut choices: Vec<(String, By)> = times.map(|(name, by)| (name.to_owned(), by)).collect();
    for (index, column) in dataset.columns.iter().enumerate() {
        // No two rows have a moment in common.
        if matches!(column.kind.sql(), SqlType::Timestamp | SqlType::Timestamptz) {
            continue;
        }
        let is_taken = choices.iter().any(|(name, _)| *name == column.field);
        let prefix = if is_taken { "f." } else { "" };
        choices.push((format!("{prefix}{}", column.field), By::Column(index)));
    }
    choices
}

/// The groups as the answer has them.
pub fn entries(dataset: &Dataset, groups: Vec<Group>) -> Vec<GroupEntry> {
    let columns = added(dataset);
    let entry = |group: Group| GroupEntry {
        value: group.value,
        rows: group.rows,
        sums: columns
            .iter()
            .zip(group.sums)
            .map(|(column, sum)| {
                (
                    dataset.columns[*column].field.clone(),
                    sum.map_or(Value::Null, Value::from),
                )
            })
            .collect(),
    };
    groups.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use domain::catalog::{BASELINE, TEAM};
    use lambda_http::RequestExt;

    use super::*;

    fn asked(dataset: &Dataset, query: &[(&str, &str)]) -> Result<(By, Filter), String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![(*value).to_owned()]);
        let query: HashMap<String, Vec<String>> = query.iter().map(owned).collect();
        let request = Request::default().with_query_string_parameters(query);
        read(&request, dataset).map_err(|refusal| {
            let response = refusal.into_response();
            assert_eq!(response.status(), 400);
            String::from_utf8_lossy(response.body()).into_owned()
        })
    }

    #[test]
    fn what_is_asked_is_read() {
        let (by, filter) = asked(&BASELINE, &[("by", "day"), ("units_sold__gte", "5")]).unwrap();
        assert_eq!((by, filter.conditions.len()), (By::Day, 1));
        let (by, _) = asked(&TEAM, &[("by", "manager_name")]).unwrap();
        assert_eq!(by, By::Column(1));
        let of_a_few = [("by", "team_name"), ("f.manager_name__in", "Ada,Bob")];
        assert_eq!(asked(&TEAM, &of_a_few).unwrap().1.conditions.len(), 1);
        let refused = asked(&TEAM, &[("by", "month"), ("team_nam", "x"), ("f.x", "")]).unwrap_err();
        let expected = concat!(
            r#"{"by":["\"month\" is not a valid choice. Choose one of these: team_name, "#,
            r#"manager_name, manager_phone_number."],"f.x":["This parameter is not known."],"#,
            r#""team_nam":["This parameter is not known. Did you mean \"team_name\"?"]}"#,
        );
        assert_eq!(refused, expected);
    }

    #[test]
    fn a_column_that_is_called_as_a_time_is() {
        let mut dataset = Dataset::clone(&BASELINE);
        dataset.columns[0].field = "month".to_owned();
        let by = |text| asked(&dataset, &[("by", text)]).unwrap().0;
        assert_eq!((by("month"), by("f.month")), (By::Month, By::Column(0)));
    }

    #[test]
    fn a_group_to_the_letter() {
        let group = Group {
            value: None,
            rows: 3,
            sums: vec![
                Some("7".to_owned()),
                None,
                Some("0.33".to_owned()),
                Some("-9".to_owned()),
            ],
        };
        let expected = r#"[{"value":null,"rows":3,"sums":{"units_sold":"7","total_revenue":null,"total_cost":"0.33","total_profit":"-9"}}]"#;
        let entries = entries(&BASELINE, vec![group]);
        assert_eq!(serde_json::to_string(&entries).unwrap(), expected);
    }
}
