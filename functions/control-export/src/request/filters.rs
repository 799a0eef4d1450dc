//! The filters of a dataset that is said: the same names and values as those of its rows, also as JSON
//! values.

use domain::dataset::Dataset;
use domain::filter::{Bad, Filter, Names, Operator, Parameter};
use lambda::http::FieldErrors;
use lambda::http::body::{Field, Fields};
use serde_json::Value;

use super::OPTIONS;

/// Nothing else begins like this.
const OF_COLUMN: &str = "f.";
const NOT_KNOWN: &str = "This field is not known.";

/// Reads the filter; only null is as if it was not there.
pub fn read(fields: Fields<'_>, dataset: &Dataset, errors: &mut FieldErrors) -> Filter {
    let names = Names(dataset);
    let mut filter = Filter::default();
    for name in fields.names() {
        let field = match fields.get(name) {
            None | Some(Field::Json(Value::Null)) => continue,
            _ if OPTIONS.contains(&name) => continue,
            Some(field) => field,
        };
        let bad = match names.find(name) {
            Some(parameter) => add(names, &mut filter, parameter, field).err(),
            None if name.starts_with(OF_COLUMN) => Some(NOT_KNOWN.to_owned()),
            None => None,
        };
        if let Some(sentence) = bad {
            errors.add(name.to_owned(), vec![sentence]);
        }
    }
    filter
}

fn add(
    names: Names<'_>,
    filter: &mut Filter,
    parameter: Parameter,
    field: Field<'_>,
) -> Result<(), String> {
    let not_text = || names.not_text(parameter).to_owned();
    let added = match (parameter, field) {
        (Parameter::Column(column, Operator::In), Field::Json(Value::Array(values))) => {
            let texts: Option<Vec<String>> = values.iter().map(text).collect();
            let texts = texts.ok_or_else(not_text)?;
            names.add_in(filter, column, texts.iter().map(String::as_str))
        }
        (_, Field::Text(text)) => names.add(filter, parameter, text),
        (_, Field::Json(value)) => {
            let text = text(value).ok_or_else(not_text)?;
            names.add(filter, parameter, &text)
        }
        (_, Field::File(_)) => return Err(not_text()),
    };
    added.map_err(Bad::into_sentence)
}

/// A single JSON value as it stands in a query.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::{BASELINE, TEAM};
    use lambda::http::Refusal;
    use lambda::http::body::{Content, FormPart};
    use serde_json::json;

    use super::super::{ExportRequest, of_dataset};
    use super::*;

    fn of_json(json: Value) -> Result<ExportRequest, Refusal> {
        of_dataset(Content::Json(json).fields()?, &BASELINE)
    }

    fn refused(json: Value) -> String {
        let response = of_json(json).unwrap_err().into_response();
        assert_eq!(response.status(), 400);
        String::from_utf8_lossy(response.body()).into_owned()
    }

    #[test]
    fn json_and_form_say_the_same_of_any_column() {
        let in_json = of_json(json!({
            "dataset": "baseline", "units_sold__gte": 10, "country__in": ["Chad", "Mali"],
            "region__isnull": false, "from": "2015-08-01", "import": 2, "item_type": "",
            "f.unit_price": "9.50", "ship_date": null, "guard": false,
        }));
        let form = [
            ("dataset", "baseline"),
            ("units_sold__gte", "10"),
            ("country__in", "Chad,Mali"),
            ("region__isnull", "false"),
            ("from", "2015-08-01"),
            ("import", "2"),
            ("item_type", ""),
            ("f.unit_price", "9.50"),
            ("guard", "false"),
        ];
        let part = |(name, text): (&str, &str)| (name.to_owned(), FormPart::Text(text.to_owned()));
        let form = Content::Form(form.into_iter().map(part).collect());
        let in_json = in_json.unwrap();
        let in_form = of_dataset(form.fields().unwrap(), &BASELINE).unwrap();
        assert_eq!(in_json, in_form);
        assert_eq!(
            in_json.filters.filter(&BASELINE).unwrap().conditions.len(),
            6
        );
        let shown = concat!(
            r#"{"from":"2015-08-01","region__isnull":false,"country__in":["Chad","Mali"],"#,
            r#""item_type":"","units_sold__gte":"10","unit_price":"9.50","import":2}"#,
        );
        assert_eq!(serde_json::to_string(&in_json.filters).unwrap(), shown);
        // What is shown may be sent again.
        let mut again: Value = serde_json::from_str(shown).unwrap();
        again["guard"] = json!(false);
        assert_eq!(of_json(again).unwrap().filters, in_json.filters);
    }

    #[test]
    fn what_is_wrong_or_misspelt_is_named() {
        let body = refused(json!({
            "units_sold": "x", "country__in": [["Chad"]], "region__isnull": "perhaps",
            "f.colour": 1, "contry__in": "Chad", "colour": "red", "gzip": "maybe",
        }));
        let expected = concat!(
            r#"{"country__in":["Not a valid string."],"f.colour":["This field is not known."],"#,
            r#""region__isnull":["Must be a valid boolean."],"#,
            r#""units_sold":["A valid integer is required."],"gzip":["Must be a valid boolean."],"#,
            r#""contry__in":["This field is not known. Did you mean \"country__in\"?"]}"#,
        );
        assert_eq!(body, expected);
    }

    /// A column may be called as an option of an export is.
    #[test]
    fn an_option_is_never_a_filter() {
        let mut dataset = Dataset::clone(&TEAM);
        dataset.columns[0].field = "gzip".to_owned();
        let asked = |json: Value| {
            let content = Content::Json(json);
            let dataset = std::sync::Arc::new(dataset.clone());
            of_dataset(content.fields().unwrap(), &dataset).unwrap()
        };
        let option = asked(json!({"gzip": true}));
        assert!(option.gzip && option.filter == Filter::default());
        let filter = asked(json!({"f.gzip": "true"}));
        assert!(!filter.gzip && filter.filter.conditions.len() == 1);
        let shown = serde_json::to_string(&filter.filters).unwrap();
        assert_eq!(shown, r#"{"f.gzip":"true"}"#);
    }
}
