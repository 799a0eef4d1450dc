//! The developer's commands: `cargo xtask up | down | test | demo | bench`.
//!
//! They bring the product's own `template.yaml` up on one machine, with the same `sam deploy` that
//! brings it to AWS, and never reach anything but this machine. They depend on no other crate of
//! ours, so that they work while the product does not compile.

pub mod measurements;
pub mod random;
pub mod sample;

mod artifacts;
mod bench;
mod browser;
mod cdk;
mod check;
mod cloud;
mod command;
mod compile;
mod console;
mod database;
mod demo;
mod deny;
mod deploy;
mod digest;
mod down;
mod emulator;
mod env_file;
mod faults;
mod files;
mod front_door;
mod interrupt;
mod invoke;
mod log_file;
mod node;
mod paths;
mod ports;
mod postgres;
mod process;
mod progress;
mod python;
mod requests;
mod requirements;
mod sbom;
mod services;
mod signing_key;
mod smoke;
mod stack;
mod stage;
mod status;
mod suites;
#[cfg(test)]
mod template_checks;
mod templates;
mod up;

pub use command::run;
