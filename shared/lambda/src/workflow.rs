//! Functions that are called by workflows, queues, events and schedules.

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
    start::run(app, |app| {
        let service = service_fn(move |event: LambdaEvent<E>| {
            let span = span(&event.context);
            let work = span.in_scope(|| Box::pin(handler(app, event.payload)));
            async { work.await.map_err(Failed::from) }.instrument(span)
        });
        Runtime::new(service).run()
    })
    .await
}

/// The span of one invocation: every line that is logged in it has its request id.
pub(crate) fn span(context: &Context) -> tracing::Span {
    tracing::error_span!("invocation", request_id = context.request_id)
}

/// What the caller learns: the chain of causes, without what must not be logged.
struct Failed(String);

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        let cause = chain(failure.as_ref());
        tracing::error!(cause, "failed");
        Self(cause)
    }
}

// The runtime prints the error a second time, by Debug.
impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Failed> for Diagnostic {
    fn from(failed: Failed) -> Self {
        Self {
            error_type: "Failed".into(),
            error_message: failed.0,
        }
    }
}
