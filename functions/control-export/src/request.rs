//! What the body of a POST asks for. Unknown fields are ignored, but one that is nearly a known one
//! is refused: the export would hold other rows than meant. A malformed value of a known field is
//! answered with a 400 that names the field; an empty value counts as missing.

mod values;

use domain::export::Filters;
use domain::limits::BODY_BYTES_AT_MOST;
use domain::near::meant;
use lambda::http::body::{self, Fields};
use lambda::http::words::not_a_name;
use lambda::http::{FieldErrors, Refusal, Request};
use sha2::{Digest, Sha256};

use values::{boolean, date, integer, text};

/// The fields of the body.
const NAMES: [&str; 11] = [
    "from",
    "to",
    "region",
    "country",
    "item_type",
    "sales_channel",
    "order_priority",
    "import",
    "gzip",
    "guard",
    "confirm",
];

/// The export that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// Which rows.
    pub filters: Filters,
    /// Whether the file is to be compressed.
    pub gzip: bool,
    /// Whether formulas are to be disarmed; yes unless told otherwise.
    pub guard: bool,
    /// Whether to begin without a confirmation, however many rows there are.
    pub confirm: bool,
}

impl ExportRequest {
    /// A digest over everything the request asks: only equal requests have equal digests.
    pub fn fingerprint(&self) -> Vec<u8> {
        let flags = [self.gzip, self.guard, self.confirm].map(u8::from);
        let filters = serde_json::to_vec(&self.filters).unwrap_or_default();
        Sha256::digest([&flags[..], &filters].concat()).to_vec()
    }
}

/// Reads the body.
///
/// # Errors
/// 400 that says what is wrong with each field, 413 for a body that is too large, 415 for one in a
/// media type that is not read.
pub async fn read(request: Request) -> Result<ExportRequest, Refusal> {
    if body::len(&request) > BODY_BYTES_AT_MOST {
        return Err(Refusal::Coded {
            status: 413,
            code: "body_too_large",
            detail: format!("This request may have at most {BODY_BYTES_AT_MOST} bytes."),
        });
    }
    let content = body::read(request).await?;
    from_fields(content.fields()?)
}

fn from_fields(fields: Fields<'_>) -> Result<ExportRequest, Refusal> {
    let mut errors = FieldErrors::default();
    let filters = Filters {
        from: noted(&mut errors, "from", date(fields.get("from"))),
        to: noted(&mut errors, "to", date(fields.get("to"))),
        region: noted(&mut errors, "region", text(fields.get("region"))),
        country: noted(&mut errors, "country", text(fields.get("country"))),
        item_type: noted(&mut errors, "item_type", text(fields.get("item_type"))),
        sales_channel: noted(
            &mut errors,
            "sales_channel",
            text(fields.get("sales_channel")),
        ),
        order_priority: noted(
            &mut errors,
            "order_priority",
            text(fields.get("order_priority")),
        ),
        import: noted(&mut errors, "import", integer(fields.get("import"))),
    };
    let mut flag = |name, otherwise| {
        let read = noted(&mut errors, name, boolean(fields.get(name)));
        read.unwrap_or(otherwise)
    };
    let wanted = ExportRequest {
        filters,
        gzip: flag("gzip", false),
        guard: flag("guard", true),
        confirm: flag("confirm", false),
    };
    for asked in fields.names() {
        if let Some(name) = meant(asked, &NAMES) {
            errors.add(asked.to_owned(), vec![not_a_name("field", name)]);
        }
    }
    errors.or(wanted)
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
    use jiff::civil::date;
    use lambda::http::body::{Content, FormPart};
    use serde_json::json;

    use super::*;

    fn of_json(json: serde_json::Value) -> Result<ExportRequest, Refusal> {
        let content = Content::Json(json);
        from_fields(content.fields()?)
    }

    fn refused(json: serde_json::Value) -> String {
        let response = of_json(json).unwrap_err().into_response();
        assert_eq!(response.status(), 400);
        String::from_utf8_lossy(response.body()).into_owned()
    }

    #[test]
    fn nothing_is_everything_guarded() {
        let wanted = of_json(json!({"color": "red", "region": "", "from": null})).unwrap();
        assert_eq!(wanted.filters, Filters::default());
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
        let expected = ExportRequest {
            filters: Filters {
                from: Some(date(2015, 8, 1)),
                to: Some(date(2016, 12, 31)),
                country: Some("Azerbaijan ".into()),
                import: Some(2),
                ..Filters::default()
            },
            gzip: true,
            guard: false,
            confirm: true,
        };
        assert_eq!(in_json.unwrap(), expected);
        assert_eq!(from_fields(form.fields().unwrap()).unwrap(), expected);
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
        for name in NAMES {
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
        let prints: std::collections::HashSet<Vec<u8>> = requests
            .iter()
            .map(|it| of_json(it.clone()).unwrap().fingerprint())
            .collect();
        assert_eq!(prints.len(), requests.len());
    }
}
