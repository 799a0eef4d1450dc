//! `?from=`: a date.

use jiff::civil::Date;
use lambda::http::{FieldErrors, Refusal, dates};

const WRONG: &str = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";

/// The date, or none if none was given.
pub fn read(text: Option<&str>) -> Result<Option<Date>, Refusal> {
    let Some(text) = text else {
        return Ok(None);
    };
    let date = dates::read(text.trim());
    let wrong = || Refusal::Fields(FieldErrors::one("from", WRONG));
    date.ok_or_else(wrong).map(Some)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates() {
        let first = Some(date(2015, 8, 1));
        assert_eq!(read(None).unwrap(), None);
        assert_eq!(read(Some("2015-08-01")).unwrap(), first);
        assert_eq!(read(Some(" 2015-8-1 ")).unwrap(), first);
        assert_eq!(read(Some("2016-02-29")).unwrap(), Some(date(2016, 2, 29)));
    }

    #[test]
    fn no_dates() {
        let bad = [
            "",
            "yesterday",
            "8/1/2015",
            "2015-02-29",
            "2015-13-01",
            "2015-08-32",
            "2015-08",
            "2015-08-01-01",
            "15-08-01",
            "0000-01-01",
            "2015-+8-01",
            "2015-08-01T00:00:00Z",
        ];
        for text in bad {
            let response = read(Some(text)).unwrap_err().into_response();
            assert_eq!(response.status(), 400, "{text}");
            let body = String::from_utf8_lossy(response.body()).into_owned();
            assert_eq!(body, format!(r#"{{"from":["{WRONG}"]}}"#));
        }
    }
}
