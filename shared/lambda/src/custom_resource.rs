//! Functions that are a custom resource of the stack: CloudFormation waits for an answer.

use bytes::Bytes;
use contracts::workflow::{CustomResource, CustomResourceAnswer};
use http_body_util::Full;
use hyper::Request;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::{Failure, chain};

/// Tells CloudFormation how a request ended: with these words, or with an error, which is logged. A
/// stack whose resource stays silent hangs for an hour. `id` is the resource's id and must never
/// change: CloudFormation would take a new id for a new resource and delete the "old" one.
///
/// # Errors
/// The answer could not be sent.
pub async fn answer(
    request: &CustomResource,
    id: &str,
    outcome: Result<&str, Failure>,
) -> Result<(), Failure> {
    if let Err(failure) = &outcome {
        tracing::error!(
            cause = chain(failure.as_ref()),
            "a request of CloudFormation was not carried out"
        );
    }
    send(&request.response_url, &answer_to(request, id, &outcome)).await
}

fn answer_to(
    request: &CustomResource,
    id: &str,
    outcome: &Result<&str, Failure>,
) -> CustomResourceAnswer {
    let (status, reason) = match outcome {
        Ok(words) => ("SUCCESS", (*words).to_owned()),
        Err(failure) => ("FAILED", chain(failure.as_ref())),
    };
    let known = request.physical_resource_id.as_deref();
    CustomResourceAnswer {
        status,
        reason,
        physical_resource_id: known.unwrap_or(id).to_owned(),
        stack_id: request.stack_id.clone(),
        request_id: request.request_id.clone(),
        logical_resource_id: request.logical_resource_id.clone(),
    }
}

/// Sends the answer to the address where CloudFormation waits for it. The address is signed without
/// a content type, so the request has no such header. hyper and its TLS are here with the SDK; any
/// other client would come on top of them.
async fn send(url: &str, answer: &CustomResourceAnswer) -> Result<(), Failure> {
    let body = Full::new(Bytes::from(serde_json::to_vec(answer)?));
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()?
        .https_or_http()
        .enable_http1()
        .build();
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let answered = client.request(Request::put(url).body(body)?).await?;
    if !answered.status().is_success() {
        return Err(format!(
            "CloudFormation did not take the answer: {}",
            answered.status()
        )
        .into());
    }
    Ok(())
}
