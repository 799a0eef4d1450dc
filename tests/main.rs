//! Tests of the whole, in one binary because linking takes longer than most of them. Each folder is
//! a room and says what it needs; its tests are found by its name: `-- house golden::pure`.
//!
//! | room | what it holds | needs |
//! |---|---|---|
//! | `house` | the repository keeps its conventions | nothing |
//! | `golden` | files that are traps, each with its outcome | `pure` nothing, `imported` the stack |
//! | `faults` | what can go wrong, on a real database | PostgreSQL |
//! | `safeguards` | the tests notice a missing safeguard | PostgreSQL and S3 |
//! | `workflow` | the whole path, over HTTP | the stack and PostgreSQL |
//! | `contract` | every request and its exact answer | the stack |
//! | `storm` | faults on real parts, for minutes | `cargo xtask faults` |
//! | `fixture` | no tests: the tools of the others | |
//!
//! The stack is what is deployed to the local cloud. `cargo xtask test` starts all that they need and
//! says in variables where it is. Only `model` is a crate of its own: it needs nothing but domain.
#![allow(clippy::unwrap_used, reason = "all of it is test code")]

mod contract;
mod faults;
mod fixture;
mod golden;
mod house;
mod safeguards;
mod storm;
mod workflow;
