//! What can go wrong, one file for each subject. Every test is named after the danger.
//! Needs PostgreSQL, where each test makes a database of its own, and no cloud.

mod baseline;
mod cancel;
mod copy;
mod counts;
mod create;
mod datasets;
mod dead_letter;
mod delete;
mod delivery;
mod deploy;
mod every_kind;
mod export;
mod export_of_any;
mod fault;
mod hand_out;
mod hold;
mod pages;
mod pause;
mod pin;
mod planner;
mod preparing;
mod proof;
mod race;
mod readers;
mod reconcile;
mod replace;
mod retry;
mod roles;
mod rollback;
mod row_errors;
mod schema;
mod silent_worker;
mod states;
mod swap;
mod validate;
