//! Functions that are called by workflows, queues, events and schedules.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use lambda_runtime::{Context, Diagnostic, LambdaEvent, Runtime, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument;

use crate::{Failure, chain, start};

/// Makes the function's app and hands it every event until the environment is stopped. Each
/// invocation has a span with its request id; a failure is logged with all its causes and reported
/// to the caller.
pub async fn run<A, E, O, F>(
    app: impl AsyncFnOnce() -> Result<A, Failure>,
    handler: impl Fn(&'static A, E) -> F,
) -> ExitCode
where
    A: 'static,
    E: DeserializeOwned,
    O: Serialize,
    F: Future<Output = Result<O, Failure>>,
{
    run_naming(|_| "Failed", app, handler).await
}

/// The same for a caller that looks at the name of a failure, as a workflow does before it tries again.
pub async fn run_naming<A, E, O, F>(
    name: fn(&(dyn Error + 'static)) -> &'static str,
    app: impl AsyncFnOnce() -> Result<A, Failure>,
    handler: impl Fn(&'static A, E) -> F,
) -> ExitCode
where
    A: 'static,
    E: DeserializeOwned,
    O: Serialize,
    F: Future<Output = Result<O, Failure>>,
{
    start::run(app, |app| {
        let service = service_fn(move |event: LambdaEvent<E>| {
            let span = span(&event.context);
            let work = span.in_scope(|| Box::pin(handler(app, event.payload)));
            async move { work.await.map_err(|failure| Failed::new(name, failure)) }.instrument(span)
        });
        Runtime::new(service).run()
    })
    .await
}

/// The span of one invocation: every line that is logged in it has its request id.
pub(crate) fn span(context: &Context) -> tracing::Span {
    tracing::error_span!("invocation", request_id = context.request_id)
}

/// What the caller learns: the name, and the chain of causes without what must not be logged.
struct Failed {
    name: &'static str,
    cause: String,
}

impl Failed {
    fn new(name: fn(&(dyn Error + 'static)) -> &'static str, failure: Failure) -> Self {
        let cause = chain(failure.as_ref());
        tracing::error!(cause, "failed");
        let name = name(failure.as_ref());
        Self { name, cause }
    }
}

// The runtime prints the error a second time, by Debug.
impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl From<Failed> for Diagnostic {
    fn from(failed: Failed) -> Self {
        Self {
            error_type: failed.name.into(),
            error_message: failed.cause,
        }
    }
}
