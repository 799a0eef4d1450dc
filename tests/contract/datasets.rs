//! `/collect/datasets/` and what belongs to one dataset: declared, shown, tried, dropped.

mod declared;
mod drops;
mod samples;
mod shown;

use super::case::{Case, FormPart, Request, get, post};
use super::objects::page;
use super::stage::ORDERS;
use super::stage::State::{Declared, Fresh, Ordered, Ordering, Teams};

pub use samples::{inferred, validated};
pub use shown::team_schema;

const ALL: &str = "/collect/datasets/";
const ONE: &str = "/collect/datasets/orders/";
const INFER: &str = "/collect/datasets/infer/";
const VALIDATE: &str = "/collect/datasets/validate/";

/// Three fields, as they are declared, and the one that rows are sorted by.
pub const DECLARATION: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","constraints":{"required":true},"example":"2026-03-02"},{"name":"paid","type":"number","decimals":2,"digits":14}],"sortedBy":"placed"}"#;

/// The same, with a field more.
pub const MORE: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","constraints":{"required":true},"example":"2026-03-02"},{"name":"paid","type":"number","decimals":2,"digits":14},{"name":"country","type":"string"}],"sortedBy":"placed"}"#;

/// Without a field that was there.
const FEWER: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","constraints":{"required":true}}],"sortedBy":"placed"}"#;

/// The document in its canonical form: what an answer shows of [`DECLARATION`].
const SHOWN: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","example":"2026-03-02","constraints":{"required":true}},{"name":"paid","type":"number","decimals":2,"digits":14}],"sortedBy":"placed"}"#;
const MORE_SHOWN: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","example":"2026-03-02","constraints":{"required":true}},{"name":"paid","type":"number","decimals":2,"digits":14},{"name":"country","type":"string"}],"sortedBy":"placed"}"#;

/// Two records of which nothing is in doubt.
pub const SAMPLE: &str = "number,placed\r\n1,2026-03-02\r\n2,2026-03-03\r\n";

const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;
const OF_ONE: &str = "GET, PUT, DELETE, HEAD, OPTIONS";

pub fn cases() -> Vec<Case> {
    let topics = [
        lists(),
        declared::declarations(),
        declared::refusals(),
        shown::shown(),
        samples::samples(),
        drops::drops(),
        drops::methods(),
        drops::without_token(),
    ];
    topics.into_iter().flatten().map(Case::added).collect()
}

fn put(path: &'static str) -> Request {
    Request::new("PUT", path)
}

fn delete(path: &'static str) -> Request {
    Request::new("DELETE", path)
}

/// A dataset that is built in, in a list.
pub fn built_in(name: &str) -> String {
    format!(
        r#"{{"name":"{name}","built_in":true,"version":1,"declared_at":null,"changed_at":null}}"#
    )
}

/// The object of the dataset `orders`.
fn dataset(version: i32, declaration: &str) -> String {
    format!(
        r#"{{"name":"orders","built_in":false,"version":{version},"declared_at":"<time>","changed_at":"<time>","declaration":{declaration}}}"#
    )
}

fn lists() -> Vec<Case> {
    let (baseline, team) = (built_in("baseline"), built_in("team"));
    let orders = r#"{"name":"orders","built_in":false,"version":1,"declared_at":"<time>","changed_at":"<time>"}"#;
    let second = format!(
        r#"{{"count":3,"next":"<api>/collect/datasets/?limit=1&offset=2","previous":"<api>/collect/datasets/?limit=1","results":[{team}]}}"#
    );
    let last = format!(
        r#"{{"count":3,"next":null,"previous":"<api>/collect/datasets/?limit=1&offset=1","results":[{orders}]}}"#
    );
    vec![
        Case::new(
            "Datasets of somebody who has declared none",
            get(ALL).by(Fresh),
            200,
            page(&[&baseline, &team]),
        ),
        Case::new(
            "Datasets: those that are built in, then one's own",
            get(ALL).by(Declared),
            200,
            page(&[&baseline, &team, orders]),
        ),
        Case::new(
            "A page within those that are built in",
            get("/collect/datasets/?limit=1&offset=1").by(Declared),
            200,
            second,
        ),
        Case::new(
            "A page after those that are built in",
            get("/collect/datasets/?limit=1&offset=2").by(Declared),
            200,
            last,
        ),
    ]
}
