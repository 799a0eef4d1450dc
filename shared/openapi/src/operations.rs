//! Every request that can be sent, in the order in which people read them.

mod accounts;
mod datasets;
mod exports;
mod imports;
mod rows;
mod service;

use crate::operation::Operation;

/// Every request that can be sent, by what it is about.
pub static TOPICS: [(&str, &[Operation]); 6] = [
    ("Accounts", &accounts::ALL),
    ("Datasets", &datasets::ALL),
    ("Imports", &imports::ALL),
    ("Rows", &rows::ALL),
    ("Exports", &exports::ALL),
    ("Service", &service::ALL),
];

/// Every request that can be sent.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    TOPICS.iter().flat_map(|it| it.1)
}

/// What an operation is about.
pub(crate) fn topic_of(operation: &Operation) -> &'static str {
    let has = |(_, all): &&(&str, &[Operation])| all.iter().any(|it| it.id == operation.id);
    TOPICS.iter().find(has).map_or("", |it| it.0)
}
