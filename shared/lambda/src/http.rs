//! What the functions of the API share: requests, responses, and refusals in the contract's words.

mod asker;
mod base;
pub mod body;
#[cfg(feature = "database")]
mod dataset;
pub mod etag;
pub mod fields;
pub mod idempotency;
mod method;
mod origins;
mod path;
pub mod query;
mod reached;
mod refusal;
pub mod respond;
mod sender;
#[cfg(feature = "links")]
pub mod shown;
pub mod words;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Instant;

use futures_util::FutureExt;
use lambda_http::lambda_runtime::{Runtime, service_fn};
use lambda_http::{Adapter, Context, RequestExt};
use tracing::Instrument;

pub use asker::Asker;
pub use base::Base;
pub use contracts::http::routes::Route;
#[cfg(feature = "database")]
pub use dataset::dataset;
pub use lambda_http::{Body, Request};
pub use method::{Verb, allow};
pub use path::{below, is_root, number, route};
pub use refusal::{FieldErrors, Refusal, Unauthorized};
pub use sender::{Proxies, request_id};

use crate::{Failure, start, workflow};
use origins::Origins;
use reached::{Reached, Refused};

/// The response to the client.
pub type Response = lambda_http::Response<Body>;

/// Makes the function's app and answers every request with it until the environment is stopped.
/// Each request has a span with its request id and one line when it is answered. An error that is
/// not the client's fault, or a panic, becomes a 500 without details; a line in the log says why.
pub async fn run<A, F>(
    app: impl AsyncFnOnce() -> Result<A, Failure>,
    handler: impl Fn(&'static A, Request) -> F + Sync,
) -> ExitCode
where
    A: Sync + 'static,
    F: Future<Output = Result<Response, Refusal>> + Send,
{
    let origins = Origins::from_environment();
    start::run(app, async |app| {
        let front = Front {
            origins,
            proxies: Proxies::from_environment()?,
            reached: Some(Reached::from_environment()?),
        };
        let handler = |request| handler(app, request);
        let service = service_fn(|request: Request| {
            let context = request.lambda_context_ref().cloned();
            let span = workflow::span(&context.unwrap_or_else(Context::default));
            answer(&handler, &front, request).instrument(span)
        });
        Runtime::new(Adapter::from(service)).run().await
    })
    .await
}

/// What is known of those who ask, and where it is written down what they have reached.
#[derive(Default)]
struct Front {
    origins: Origins,
    proxies: Proxies,
    reached: Option<Reached>,
}

async fn answer<H, F>(
    handler: &H,
    front: &Front,
    mut request: Request,
) -> Result<Response, Infallible>
where
    H: Fn(Request) -> F,
    F: Future<Output = Result<Response, Refusal>>,
{
    let address = front.proxies.sender(&request).map(|it| it.to_string());
    let asker = Asker::put_into(&mut request);
    let answered = Box::pin(answered(handler, front, request));
    Ok(asker.asking(address).during(answered).await)
}

async fn answered<H, F>(handler: &H, front: &Front, request: Request) -> Response
where
    H: Fn(Request) -> F,
    F: Future<Output = Result<Response, Refusal>>,
{
    let started = Instant::now();
    let method = request.method().clone();
    let path = path::logged(request.raw_http_path());
    let origins = &front.origins;
    let (response, refused) = match origins.preflight(&request) {
        Some(response) => (response, None),
        None => {
            let origin = origins.of(&request);
            let (response, refused) = carry_out(handler, front, request).await;
            (origins.let_read(origin, response), refused)
        }
    };
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::info!(%method, path, status, refused, milliseconds, "answered");
    let response = respond::with_headers_of_every_answer(response);
    respond::for_method(&method, response)
}

/// What the handler answers, or what is answered in its place, with the word for why.
async fn carry_out<H, F>(
    handler: &H,
    front: &Front,
    request: Request,
) -> (Response, Option<&'static str>)
where
    H: Fn(Request) -> F,
    F: Future<Output = Result<Response, Refusal>>,
{
    let asked = (Asker::of(&request), front.proxies.sender(&request));
    let request_id = request_id(&request);
    let work = AssertUnwindSafe(Box::pin(async { handler(request).await }));
    match work.catch_unwind().await {
        Ok(Ok(response)) => (response, None),
        Ok(Err(refusal)) => {
            if let (Refusal::OverQuota(exceeded), Some(reached)) = (&refusal, &front.reached)
                && let Some(by) = asked.0.known()
            {
                let address = asked.1.map(|it| it.to_string());
                let refused = Refused {
                    by,
                    address,
                    request_id,
                };
                reached.note(exceeded, refused).await;
            }
            let word = refusal.word();
            (refusal.into_response(), Some(word))
        }
        // The panic hook has logged it.
        Err(_) => (respond::internal_error(), Some("panicked")),
    }
}

#[cfg(test)]
mod tests;
