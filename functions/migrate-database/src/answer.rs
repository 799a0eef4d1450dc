use bytes::Bytes;
use contracts::workflow::CustomResourceAnswer;
use http_body_util::Full;
use hyper::Request;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use lambda::Failure;

/// Sends the answer to the address where CloudFormation waits for it. The address is signed without
/// a content type, so the request has no such header. hyper and its TLS are here with the SDK; any
/// other client would come on top of them.
pub(crate) async fn send(url: &str, answer: &CustomResourceAnswer) -> Result<(), Failure> {
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
