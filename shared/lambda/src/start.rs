use std::process::ExitCode;

use crate::{Failure, chain, telemetry};

/// Starts logging, makes the function's app, and serves with it until the environment is stopped.
/// If either fails, a line in the log says why: Lambda itself learns only that the process ended.
pub(crate) async fn run<A, F>(
    app: impl AsyncFnOnce() -> Result<A, Failure>,
    serve: impl FnOnce(&'static A) -> F,
) -> ExitCode
where
    A: 'static,
    F: Future<Output = Result<(), Failure>>,
{
    telemetry::init();
    let served = async {
        // The app lives as long as the process.
        let app = Box::leak(Box::new(app().await?));
        serve(app).await
    };
    match served.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tracing::error!(cause = chain(failure.as_ref()), "could not start");
            ExitCode::FAILURE
        }
    }
}
