//! Logs: JSON lines to stdout, which Lambda sends to CloudWatch. A line that is written while a request
//! is answered says at its top who asks, and from where.

use std::fmt;
use std::panic::{self, PanicHookInfo};

use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, SubscriberBuilder};
use tracing_subscriber::registry::LookupSpan;

/// Starts logging at the level of RUST_LOG (`info` without it); a second call does nothing.
pub fn init() {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let started = lines().with_env_filter(level).try_init();
    if started.is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

pub(crate) fn lines() -> SubscriberBuilder<JsonFields, Named<Format<Json, ()>>> {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        // CloudWatch adds the time of a line itself.
        .without_time()
        .map_event_format(Named)
}

/// Lines of another format, with who asks at their top.
pub(crate) struct Named<F>(F);

impl<S, N, F> FormatEvent<S, N> for Named<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0
            .format_event(context, Writer::new(&mut line), event)?;
        match line.strip_prefix('{') {
            Some(rest) => write!(writer, "{{{}{rest}", who_asks()),
            None => writer.write_str(&line),
        }
    }
}

#[cfg(feature = "http")]
fn who_asks() -> String {
    crate::asking::members()
}

/// Nobody asks what is called by no request.
#[cfg(not(feature = "http"))]
fn who_asks() -> String {
    String::new()
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
