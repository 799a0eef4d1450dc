//! The whole path, over HTTP, against the stack that `cargo xtask test` has deployed, without
//! mocks. Each test signs up its own users. The tests share the stack and run at the same time.

mod access;
mod again;
mod alarms;
mod bad_files;
mod bad_rows;
mod baseline;
mod cancel;
pub mod client;
pub mod cloud;
mod delete;
pub mod events;
mod exports;
mod foreign;
mod hand_over;
mod headings;
mod held;
pub mod hold;
mod internal;
mod limits;
mod load;
mod lost;
mod main_job;
mod migrate;
mod one_baseline;
mod passing;
mod pause;
mod presigned;
mod readers;
mod readme;
mod rejected;
mod sales;
pub mod sample;
pub mod script;
mod slow_wire;
mod sql;
mod stuck;
mod team;
mod wire;
mod writer;

/// A variable of the stack's environment.
pub fn variable(name: &str) -> String {
    let value = std::env::var(name).ok().filter(|it| !it.is_empty());
    value.unwrap_or_else(|| panic!("{name} is not set: run cargo xtask test"))
}
