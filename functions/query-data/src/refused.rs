//! What is answered instead of rows that are too many to be looked at, or too large.

use domain::paging::cursor::RowPosition;
use lambda::http::Refusal;

/// What to ask for instead of a page by offset that took too long.
pub const BY_OFFSET: &str = "fewer days with from and to, for one import, or by cursor";
/// The same of a page by cursor.
pub const BY_CURSOR: &str = "fewer days with from and to, or for one import";
/// The same of a summary.
pub const ADDED_UP: &str = "fewer days with from and to";

/// The refusal of a query that looked at too many rows or found too long ones; `instead` is what to
/// ask for in the first case.
pub fn refused(instead: &'static str) -> impl Fn(postgres::Error) -> Refusal {
    move |error| match error {
        postgres::Error::TooLarge { fitting, row } => too_large(fitting, row),
        error if error.is_out_of_time() => Refusal::too_slow(instead),
        error => error.into(),
    }
}

/// A user who asks too much at a time costs no session: after this refusal alone it is as it was.
pub fn settled<T>(found: Result<T, Refusal>) -> Result<Result<T, Refusal>, Refusal> {
    match found {
        Err(Refusal::OverQuota(exceeded)) => Ok(Err(Refusal::OverQuota(exceeded))),
        found => found.map(Ok),
    }
}

/// Rows may have texts of megabytes, and an answer has its bounds.
fn too_large(fitting: usize, row: Option<RowPosition>) -> Refusal {
    let detail = match (fitting, row) {
        (0, Some(RowPosition { number, record, .. })) => format!(
            "Record {record} of import {number} alone is larger than an answer may be. Read it in \
             an export."
        ),
        (0, None) => "The value of one group alone is larger than an answer may be. Ask for rows \
             with other values."
            .to_owned(),
        (fitting, Some(_)) => format!(
            "The rows of this page are larger than an answer may be, and the first {fitting} of \
             them are not. Ask for limit={fitting} or less, or by cursor: such a page ends where \
             the answer is full."
        ),
        (fitting, None) => format!(
            "The groups of this page are larger than an answer may be, and the first {fitting} of \
             them are not. Ask for limit={fitting} or less."
        ),
    };
    Refusal::Coded {
        status: 400,
        code: "page_too_large",
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fitting: usize, record: Option<i64>) -> String {
        let row = record.map(|record| RowPosition {
            key: None,
            number: 3,
            record,
        });
        let error = postgres::Error::TooLarge { fitting, row };
        let response = refused(BY_OFFSET)(error).into_response();
        assert_eq!(response.status(), 400);
        String::from_utf8_lossy(response.body()).into_owned()
    }

    #[test]
    fn who_asks_too_much_at_a_time_is_told_when_to_come_again() {
        let error = postgres::Error::TooManyReads { at_once: 8 };
        let response = refused(BY_OFFSET)(error).into_response();
        assert_eq!(response.status(), 429);
        assert!(response.headers().contains_key("retry-after"));
    }

    #[test]
    fn what_fits_is_said() {
        for (fitting, record, words) in [
            (12, Some(7), "Ask for limit=12 or less, or by cursor"),
            (0, Some(7), "Record 7 of import 3 alone"),
            (12, None, "Ask for limit=12 or less."),
            (0, None, "The value of one group alone"),
        ] {
            let said = said(fitting, record);
            assert!(said.contains(words), "{said}");
            assert!(said.ends_with(r#""code":"page_too_large"}"#), "{said}");
        }
    }
}
