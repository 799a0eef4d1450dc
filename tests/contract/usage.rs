//! `GET /collect/usage/`.

use domain::quota::Quota;
use serde_json::json;

use super::case::{Case, Request, get};
use super::stage::State::{Declared, Fresh, Teams, Waiting, WithKeys};

const USAGE: &str = "/collect/usage/";

pub fn cases() -> Vec<Case> {
    let shows =
        |name, by, used: &[(Quota, i64)]| Case::new(name, get(USAGE).by(by), 200, usage(used));
    let cases = vec![
        shows("Nothing is used yet", Fresh, &[]),
        shows(
            "An import that awaits its upload",
            Waiting,
            &[
                (Quota::ImportsOpen, 1),
                (Quota::BytesUnderWay, 1_000),
                (Quota::BytesStored, 1_000),
            ],
        ),
        shows(
            "A completed import",
            Teams,
            &[(Quota::BytesStored, 102), (Quota::RowsStored, 2)],
        ),
        shows("A dataset", Declared, &[(Quota::Datasets, 1)]),
        shows("API keys", WithKeys, &[(Quota::ApiKeys, 3)]),
        Case::new(
            "POST to what is used",
            Request::new("POST", USAGE).by(Fresh),
            405,
            r#"{"detail":"Method \"POST\" not allowed."}"#,
        )
        .with_header("allow", "GET, HEAD, OPTIONS"),
    ];
    cases.into_iter().map(Case::added).collect()
}

/// The answer, with what is used where that is not nothing. What the operator of the tests' stack has
/// said is its own.
fn usage(used: &[(Quota, i64)]) -> String {
    let entries = Quota::ALL.iter().map(|quota| {
        let of = used.iter().find(|it| it.0 == *quota);
        format!(
            r#"{{"name":"{quota}","used":{},"allowed":<number>,"code":"{}","what":{},"freed_by":{}}}"#,
            of.map_or_else(|| nothing(*quota), |it| it.1.to_string()),
            quota.code(),
            json!(quota.what()),
            json!(quota.frees()),
        )
    });
    let entries: Vec<String> = entries.collect();
    format!(r#"{{"quotas":[{}]}}"#, entries.join(","))
}

/// Another request of the table may read rows of the same user at this moment.
fn nothing(quota: Quota) -> String {
    let at_this_moment = quota == Quota::ReadsAtOnce;
    if at_this_moment { "<number>" } else { "0" }.to_owned()
}
