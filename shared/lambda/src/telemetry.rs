//! Logs: JSON lines to stdout, which Lambda sends to CloudWatch.

use std::panic::{self, PanicHookInfo};

use tracing_subscriber::EnvFilter;

/// Starts logging at the level of RUST_LOG (`info` without it); a second call does nothing.
pub fn init() {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        // CloudWatch adds the time of a line itself.
        .without_time()
        .with_env_filter(level)
        .try_init();
    if started.is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// A panic's message may quote a cell or a secret if it was formatted: only a literal one is
/// logged.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    let words = panic.payload().downcast_ref::<&'static str>();
    tracing::error!(
        location = location.as_deref().unwrap_or("unknown"),
        words = words.copied().unwrap_or("withheld"),
        "panicked"
    );
}
