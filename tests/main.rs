//! What must hold whatever happens: on a real PostgreSQL, and about the house itself.
//! Run by `cargo xtask test`, which starts the server and says where it is.
#![allow(clippy::unwrap_used, reason = "all of it is test code")]

mod contract;
mod faults;
mod fixture;
mod golden;
mod house;
mod safeguards;
mod storm;
mod workflow;
