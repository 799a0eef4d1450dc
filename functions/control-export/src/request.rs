//! What the body of a POST asks for. Unknown fields are ignored, but one that is nearly a known one
//! is refused: the export would hold other rows than meant. A malformed value of a known field is
//! answered with a 400 that names the field; an empty value counts as missing.

mod filters;
mod values;

use std::sync::Arc;

use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use domain::filter::{Bad, Filter, Names, Parameter, StoredFilter};
use domain::limits::BODY_BYTES_AT_MOST;
use domain::near::meant;
use lambda::http::body::{self, Content, Fields};
use lambda::http::fields::boolean;
use lambda::http::words::not_a_name;
use lambda::http::{FieldErrors, Refusal, Request};
use sha2::{Digest, Sha256};

use values::plain;

/// The fields of the body that filter no rows.
const OPTIONS: [&str; 4] = ["dataset", "gzip", "guard", "confirm"];

/// The export that a request asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRequest {
    /// The dataset whose rows it is to hold.
    pub dataset: Arc<Dataset>,
    /// What its file is called, without an end.
    pub stem: String,
    /// Which of its rows.
    pub filter: Filter,
    /// The same as it is stored and shown.
    pub filters: StoredFilter,
    /// Whether the file is to be compressed.
    pub gzip: bool,
    /// Whether formulas are to be disarmed; yes unless told otherwise.
    pub guard: bool,
    /// Whether to begin without a confirmation, however many rows there are.
    pub confirm: bool,
}

impl ExportRequest {
    /// A digest over everything the request asks: only equal requests have equal digests. A later
    /// version of the dataset is the same dataset.
    pub fn fingerprint(&self) -> Vec<u8> {
        let flags = [self.gzip, self.guard, self.confirm].map(u8::from);
        let filters = serde_json::to_vec(&self.filters).unwrap_or_default();
        let dataset = match self.dataset.id {
            Some(id) => format!("{id}"),
            None if *self.dataset == **BASELINE => String::new(),
            None => self.dataset.name.clone(),
        };
        Sha256::digest([&flags[..], &filters, dataset.as_bytes()].concat()).to_vec()
    }
}

/// Reads the body.
///
/// # Errors
/// 413 for a body that is too large, 415 for one in a media type that is not read, 400 for one that
/// is not what it is said to be.
pub async fn read(request: Request) -> Result<Content, Refusal> {
    if body::len(&request) > BODY_BYTES_AT_MOST {
        return Err(Refusal::Coded {
            status: 413,
            code: "body_too_large",
            detail: format!("This request may have at most {BODY_BYTES_AT_MOST} bytes."),
        });
    }
    body::read(request).await
}

/// The name of the dataset, if it is said.
///
/// # Errors
/// 400: it is no text.
pub fn dataset_name(fields: Fields<'_>) -> Result<Option<String>, Refusal> {
    plain(fields.get("dataset"))
        .map_err(|sentence| Refusal::Fields(FieldErrors::one("dataset", sentence)))
}

/// What is asked of the sales records, in the form that was there before other datasets could be
/// exported: unless a dataset is said.
///
/// # Errors
/// 400 that says what is wrong with each field.
pub fn of_sales(fields: Fields<'_>) -> Result<ExportRequest, Refusal> {
    let names: Vec<String> = plain_names().map(|it| it.0.to_owned()).collect();
    let stem = "sales".to_owned();
    from_fields(fields, &BASELINE, stem, filter_of_sales, &names)
}

/// What is asked of a dataset that is said: filters are those of its rows.
///
/// # Errors
/// 400 that says what is wrong with each field.
pub fn of_dataset(fields: Fields<'_>, dataset: &Arc<Dataset>) -> Result<ExportRequest, Refusal> {
    let mut names = Names(dataset).all();
    let is_long = |it: &&str| Names(dataset).find(it).is_some();
    names.extend(
        fields
            .names()
            .into_iter()
            .filter(is_long)
            .map(str::to_owned),
    );
    from_fields(fields, dataset, dataset.name.clone(), filters::read, &names)
}

/// How the filter is read.
type ReadFilter = fn(Fields<'_>, &Dataset, &mut FieldErrors) -> Filter;

fn from_fields(
    fields: Fields<'_>,
    dataset: &Arc<Dataset>,
    stem: String,
    read_filter: ReadFilter,
    names: &[String],
) -> Result<ExportRequest, Refusal> {
    let mut errors = FieldErrors::default();
    let filter = read_filter(fields, dataset, &mut errors);
    let mut flag = |name, otherwise| {
        let read = boolean(fields.get(name)).map_err(str::to_owned);
        let read = noted(&mut errors, name, read);
        read.unwrap_or(otherwise)
    };
    let wanted = ExportRequest {
        stem,
        filters: StoredFilter::new(&filter, dataset),
        dataset: dataset.clone(),
        filter,
        gzip: flag("gzip", false),
        guard: flag("guard", true),
        confirm: flag("confirm", false),
    };
    let known: Vec<&str> = names.iter().map(String::as_str).chain(OPTIONS).collect();
    for asked in fields.names() {
        if let Some(name) = meant(asked, &known) {
            errors.add(asked.to_owned(), vec![not_a_name("field", name)]);
        }
    }
    errors.or(wanted)
}

/// The fields that filter sales records, the import last.
fn plain_names() -> impl Iterator<Item = (&'static str, Parameter)> {
    let mut names = Names(&BASELINE).plain();
    names.sort_by_key(|(_, parameter)| *parameter == Parameter::Import);
    names.into_iter()
}

fn filter_of_sales(fields: Fields<'_>, dataset: &Dataset, errors: &mut FieldErrors) -> Filter {
    let mut filter = Filter::default();
    for (name, parameter) in plain_names() {
        let names = Names(dataset);
        let bad = match plain(fields.get(name)) {
            Err(_) => Err(names.not_text(parameter).to_owned()),
            Ok(None) => Ok(()),
            Ok(Some(text)) => {
                let added = names.add(&mut filter, parameter, &text);
                added.map_err(Bad::into_sentence)
            }
        };
        if let Err(sentence) = bad {
            errors.add(name.to_owned(), vec![sentence]);
        }
    }
    filter
}

fn noted<T>(
    errors: &mut FieldErrors,
    name: &'static str,
    read: Result<Option<T>, String>,
) -> Option<T> {
    read.unwrap_or_else(|message| {
        errors.add(name, vec![message]);
        None
    })
}

#[cfg(test)]
mod tests {
    use domain::catalog::TEAM;
    use domain::filter::{Condition, Test, Value};
    use jiff::civil::date;
    use lambda::http::body::FormPart;
    use serde_json::json;

    use super::*;

    fn of_json(json: serde_json::Value) -> Result<ExportRequest, Refusal> {
        let content = Content::Json(json);
        of_sales(content.fields()?)
    }

    fn refused(json: serde_json::Value) -> String {
        let response = of_json(json).unwrap_err().into_response();
        assert_eq!(response.status(), 400);
        String::from_utf8_lossy(response.body()).into_owned()
    }

    #[test]
    fn nothing_is_everything_guarded() {
        let wanted = of_json(json!({"color": "red", "region": "", "from": null})).unwrap();
        assert_eq!(wanted.filter, Filter::default());
        assert_eq!(wanted.filters, StoredFilter::default());
        assert!(wanted.guard && !wanted.gzip && !wanted.confirm);
    }

    #[test]
    fn json_and_form_say_the_same() {
        let in_json = of_json(json!({
            "from": "2015-08-01", "to": "2016-12-31", "country": "Azerbaijan ", "import": 2,
            "gzip": true, "guard": false, "confirm": "true",
        }));
        let form = [
            ("from", "2015-08-01"),
            ("to", "2016-12-31"),
            ("country", "Azerbaijan "),
            ("import", "2"),
            ("gzip", "1"),
            ("guard", "false"),
            ("confirm", "True"),
        ];
        let part = |(name, text): (&str, &str)| (name.to_owned(), FormPart::Text(text.to_owned()));
        let form = Content::Form(form.into_iter().map(part).collect());
        let mut filter = Filter::of_days(&BASELINE, date(2015, 8, 1), date(2016, 12, 31));
        filter.import = Some(2);
        filter.conditions.push(Condition {
            column: 1,
            test: Test::Equal(Value::Text("Azerbaijan ".into())),
        });
        let expected = ExportRequest {
            dataset: BASELINE.clone(),
            stem: "sales".to_owned(),
            filters: StoredFilter::new(&filter, &BASELINE),
            filter,
            gzip: true,
            guard: false,
            confirm: true,
        };
        assert_eq!(in_json.unwrap(), expected);
        assert_eq!(of_sales(form.fields().unwrap()).unwrap(), expected);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let body = refused(json!({"from": "8/1/2015", "import": "x", "gzip": "maybe"}));
        let expected = concat!(
            r#"{"from":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],"#,
            r#""import":["A valid integer is required."],"gzip":["Must be a valid boolean."]}"#,
        );
        assert_eq!(body, expected);
        assert_eq!(
            refused(json!({"region": ["Asia"]})),
            r#"{"region":["Not a valid string."]}"#
        );
        let too_large = refused(json!({"import": 99_999_999_999_i64}));
        assert_eq!(too_large, r#"{"import":["A valid integer is required."]}"#);
        let long = refused(json!({"region": "x".repeat(501)}));
        assert_eq!(
            long,
            r#"{"region":["Ensure this field has no more than 500 characters."]}"#
        );
    }

    /// A misspelt filter would export everything.
    #[test]
    fn what_is_misspelt_is_refused() {
        let body = refused(json!({"fron": "2015-08-01", "contry": "Laos", "colour": "red"}));
        let expected = concat!(
            r#"{"contry":["This field is not known. Did you mean \"country\"?"],"#,
            r#""fron":["This field is not known. Did you mean \"from\"?"]}"#,
        );
        assert_eq!(body, expected);
        for name in plain_names().map(|it| it.0).chain(OPTIONS) {
            assert!(of_json(json!({name: null})).is_ok(), "{name}");
        }
    }

    #[test]
    fn another_request_has_another_fingerprint() {
        let requests = [
            json!({}),
            json!({"gzip": true}),
            json!({"guard": false}),
            json!({"confirm": true}),
            json!({"region": "Asia"}),
            json!({"country": "Asia"}),
        ];
        let mut prints: std::collections::HashSet<Vec<u8>> = requests
            .iter()
            .map(|it| of_json(it.clone()).unwrap().fingerprint())
            .collect();
        assert_eq!(prints.len(), requests.len());
        // As before other datasets could be exported: a key may be older than that.
        let digest = Sha256::digest([&[0, 1, 0][..], b"{}"].concat()).to_vec();
        assert!(prints.contains(&digest));
        let of = |dataset: &Arc<Dataset>| {
            let content = Content::Json(json!({"dataset": dataset.name}));
            let wanted = of_dataset(content.fields().unwrap(), dataset).unwrap();
            wanted.fingerprint()
        };
        let declared = |id| {
            let mut declared = Dataset::clone(&TEAM);
            declared.id = Some(id);
            Arc::new(declared)
        };
        assert_eq!(of(&BASELINE), digest);
        for dataset in [TEAM.clone(), declared(1), declared(2)] {
            assert!(prints.insert(of(&dataset)));
        }
    }
}
