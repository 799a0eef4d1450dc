//! query-data
