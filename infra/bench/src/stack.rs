//! The stack that `cargo xtask bench` hands over, as variables of the environment.

use crate::Outcome;

/// A variable of the stack's.
pub fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: run cargo xtask bench").into())
}
