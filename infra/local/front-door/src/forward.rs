//! One request to the gateway and its answer back, both streamed.

use std::convert::Infallible;
use std::error::Error;
use std::net::IpAddr;

use http_body_util::{LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::http::uri::PathAndQuery;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::headers;
use crate::replies::{self, Body};

/// What the REST API of AWS takes at most.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// The local gateway and where the API lies on it.
#[derive(Clone)]
pub struct Gateway {
    client: Client<HttpConnector, Limited<Incoming>>,
    authority: String,
    stage: String,
}

impl Gateway {
    /// Takes the API's address: scheme, authority and the path its routes start below.
    pub fn new(target: &str) -> Result<Self, String> {
        let uri: Uri = target
            .parse()
            .map_err(|error| format!("{target}: {error}"))?;
        let authority = uri
            .authority()
            .ok_or_else(|| format!("{target}: no host"))?;
        Ok(Self {
            // A connection of its own for each request: the emulator closes idle ones at any
            // moment, and a POST that was on its way into one cannot be sent again.
            client: Client::builder(TokioExecutor::new())
                .pool_max_idle_per_host(0)
                .build_http(),
            authority: authority.to_string(),
            stage: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Answers a request: the gateway's answer, or an error of our own in the API's form.
    pub async fn pass_on(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
    ) -> Result<Response<Body>, Infallible> {
        if request.body().size_hint().lower() > LARGEST_BODY as u64 {
            return Ok(replies::too_large());
        }
        let request = match self.readdress(request, peer) {
            Ok(request) => request,
            Err(error) => return Ok(replies::bad_gateway(&error)),
        };
        Ok(match self.client.request(request).await {
            Ok(answer) => replies::of_gateway(answer),
            // The length of a body in chunks is not known before its end.
            Err(error) if is_too_large(&error) => replies::too_large(),
            Err(error) => replies::bad_gateway(&error.to_string()),
        })
    }

    fn readdress(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
    ) -> Result<Request<Limited<Incoming>>, String> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        let uri = format!("http://{}{}{path}", self.authority, self.stage);
        // Host stays as it came: it is what the client calls this API.
        headers::drop_hop_by_hop(&mut parts.headers);
        headers::say_who_asks(&mut parts.headers, peer);
        parts.uri = uri.parse().map_err(|error| format!("{path}: {error}"))?;
        Ok(Request::from_parts(parts, Limited::new(body, LARGEST_BODY)))
    }
}

/// Whether the body was found to be too long while it was passed on.
fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |&it| it.source());
    causes.any(|it| it.is::<LengthLimitError>())
}
