//! What is asked of the list of all: filters, and where the page begins.

use domain::paging::change::{ChangePosition, Kind};
use domain::{export, import};
use jiff::Timestamp;
use lambda::http::words::{NO_NUL, not_a_choice};
use lambda::http::{FieldErrors, Refusal};
use postgres::everything::Wanted;

/// The parameters of this list that not every list has.
pub const KNOWN: [&str; 6] = [
    "status",
    "kind",
    "dataset",
    "file",
    "changed_since",
    "cursor",
];

const NOT_A_TIME: &str =
    "Time has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm:ssZ.";
const NO_CURSOR: &str = "Invalid cursor.";

/// The filters, and the position after which the page begins. `value` gives the last value of a
/// parameter.
///
/// # Errors
/// 400 that says of each parameter what is wrong with it.
pub fn read(
    value: impl Fn(&str) -> Option<String>,
) -> Result<(Wanted, Option<ChangePosition>), Refusal> {
    let mut errors = FieldErrors::default();
    let value = |name| value(name).filter(|it| !it.trim().is_empty());
    let mut read = Reading {
        errors: &mut errors,
    };
    let wanted = Wanted {
        states: read.each(value("status"), "status", states),
        kind: read.each(value("kind"), "kind", kind),
        dataset: read.each(value("dataset"), "dataset", plain),
        file: read.each(value("file"), "file", file),
        since: read.each(value("changed_since"), "changed_since", time),
    };
    let after = read.each(value("cursor"), "cursor", cursor);
    let states = wanted.states.filter(|it| !it.is_empty());
    errors.or((Wanted { states, ..wanted }, after))
}

struct Reading<'e> {
    errors: &'e mut FieldErrors,
}

impl Reading<'_> {
    /// The value of a parameter that is there, or what is wrong with it.
    fn each<T>(
        &mut self,
        value: Option<String>,
        name: &'static str,
        read: fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match read(&value?) {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.errors.add(name, vec![sentence]);
                None
            }
        }
    }
}

/// States of imports and exports by comma; none for `all`.
fn states(text: &str) -> Result<Vec<String>, String> {
    if text.trim() == "all" {
        return Ok(Vec::new());
    }
    let state = |word: &str| {
        let word = word.trim();
        let known = choices().any(|it| it == word);
        known
            .then(|| word.to_owned())
            .ok_or_else(|| not_a_choice(word, choices().chain(["all"])))
    };
    text.split(',').map(state).collect()
}

/// Every state that can be seen, once: those of imports come first.
fn choices() -> impl Iterator<Item = &'static str> {
    let imports = import::State::ALL.iter().map(|it| it.as_str());
    let exports = export::State::ALL.iter().map(|it| it.as_str());
    let of_imports = |word: &&str| import::State::ALL.iter().any(|it| it.as_str() == *word);
    let exports = exports.filter(move |it| !of_imports(it));
    imports.chain(exports).filter(|it| *it != "deleted")
}

fn kind(text: &str) -> Result<Kind, String> {
    let choices = || Kind::ALL.iter().map(|it| it.as_str());
    let text = text.trim();
    text.parse().map_err(|_| not_a_choice(text, choices()))
}

fn plain(text: &str) -> Result<String, String> {
    match text.contains('\0') {
        true => Err(NO_NUL.to_owned()),
        false => Ok(text.trim().to_owned()),
    }
}

/// As names of files are stored: with underscores for blanks.
fn file(text: &str) -> Result<String, String> {
    Ok(plain(text)?.replace(' ', "_"))
}

/// No state has changed before 1970, and PostgreSQL does not take all times.
fn time(text: &str) -> Result<Timestamp, String> {
    // In a query a plus is a blank.
    let text = text.trim().replace(' ', "+");
    let time: Result<Timestamp, _> = text.parse();
    let time = time.map_err(|_| NOT_A_TIME.to_owned())?;
    Ok(time.max(Timestamp::UNIX_EPOCH))
}

fn cursor(text: &str) -> Result<ChangePosition, String> {
    ChangePosition::decode(text).ok_or_else(|| NO_CURSOR.to_owned())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<(Wanted, Option<ChangePosition>), Refusal> {
        read(|name| {
            let found = query.iter().find(|it| it.0 == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn refused(query: &[(&str, &str)]) -> String {
        let response = asked(query).unwrap_err().into_response();
        assert_eq!(response.status(), 400);
        String::from_utf8_lossy(response.body()).into_owned()
    }

    #[test]
    fn nothing_is_all() {
        for query in [
            &[][..],
            &[("status", "all")],
            &[("status", " "), ("cursor", "")],
        ] {
            assert_eq!(asked(query).unwrap(), (Wanted::default(), None));
        }
    }

    #[test]
    fn every_filter() {
        let since: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        let position = ChangePosition {
            at: since,
            uid: Uuid::max(),
        };
        let (wanted, after) = asked(&[
            ("status", "failed, expired,completed"),
            ("kind", "import"),
            ("dataset", " team "),
            ("file", "my Sales"),
            ("changed_since", "2026-01-01T13:00:00 01:00"),
            ("cursor", &position.encode()),
        ])
        .unwrap();
        let expected = Wanted {
            kind: Some(Kind::Import),
            states: Some(["failed", "expired", "completed"].map(str::to_owned).into()),
            dataset: Some("team".to_owned()),
            file: Some("my_Sales".to_owned()),
            since: Some(since),
        };
        assert_eq!((wanted, after), (expected, Some(position)));
        let (early, _) = asked(&[("changed_since", "0001-01-01T00:00:00Z")]).unwrap();
        assert_eq!(early.since, Some(Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let body = refused(&[
            ("kind", "upload"),
            ("dataset", "a\0"),
            ("changed_since", "yesterday"),
            ("cursor", "x"),
        ]);
        let expected = format!(
            r#"{{"kind":["\"upload\" is not a valid choice. Choose one of these: import, export."],"dataset":["{NO_NUL}"],"changed_since":["{NOT_A_TIME}"],"cursor":["{NO_CURSOR}"]}}"#
        );
        assert_eq!(body, expected);
        for word in ["running", "failed,", "deleted", "all,failed"] {
            let body = refused(&[("status", word)]);
            assert!(body.contains("rollback_failed, needs_confirmation, exporting, failing, expiring, expired, all."), "{body}");
        }
    }
}
