//! Bodies of the HTTP API: fields in the order they are sent.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod chunks;
pub mod datasets;
pub mod events;
pub mod exports;
pub mod headers;
pub mod id;
pub mod imports;
pub mod listing;
pub mod refusals;
pub mod routes;
pub mod rows;
pub mod service;
pub mod usage;
pub mod waiting;
