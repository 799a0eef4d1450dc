//! Where a request came from.

use std::str::FromStr;

use domain::address::{Address, Network, NoNetwork};
use lambda_http::RequestExt as _;

use super::Request;
use super::path::gateway;
use crate::settings::{self, SettingError};

/// The proxies whose word counts on where a request came from: those of TRUSTED_PROXIES.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Network>);

impl FromStr for Proxies {
    type Err = NoNetwork;

    /// Ranges of addresses, separated by commas.
    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        Network::listed(text).map(Self)
    }
}

impl Proxies {
    /// Those of TRUSTED_PROXIES, none without it.
    ///
    /// # Errors
    /// One of them is no range of addresses.
    pub fn from_environment() -> Result<Self, SettingError> {
        settings::parsed_or("TRUSTED_PROXIES", Self::default())
    }

    /// The address of the sender: the one that the gateway had the request from, or the one that a
    /// proxy says. `None` where there is no gateway.
    pub fn sender(&self, request: &Request) -> Option<Address> {
        let peer = gateway(request)?.identity.source_ip.as_deref();
        let peer = Address::of(peer?)?;
        let forwarded = request.headers().get_all("x-forwarded-for").into_iter();
        let forwarded: Vec<&str> = forwarded.filter_map(|it| it.to_str().ok()).collect();
        Some(Address::of_sender(peer, &forwarded.join(","), &self.0))
    }
}

/// The id of the request, as every line of the log has it.
pub fn request_id(request: &Request) -> Option<String> {
    let context = request.lambda_context_ref()?;
    Some(context.request_id.clone()).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the event.
    const SOURCE: &str = "203.0.113.7";
    const EVENT: &str = include_str!("../../../../events/auth/refresh.json");

    fn sender(trusted: &str, forwarded: &[&str]) -> String {
        let mut request = lambda_http::request::from_str(EVENT).unwrap();
        request.headers_mut().remove("x-forwarded-for");
        for it in forwarded {
            let value = it.parse().unwrap();
            request.headers_mut().append("x-forwarded-for", value);
        }
        let proxies: Proxies = trusted.parse().unwrap();
        proxies.sender(&request).unwrap().to_string()
    }

    #[test]
    fn a_sender_is_who_called_the_gateway() {
        let made_up = ["192.0.2.66"];
        assert_eq!(sender("", &[]), SOURCE);
        assert_eq!(sender("", &made_up), SOURCE);
        assert_eq!(sender("198.51.100.0/24", &made_up), SOURCE);
        assert!(Proxies::default().sender(&Request::default()).is_none());
    }

    #[test]
    fn a_proxy_of_ours_says_who_called_it() {
        let noted = ["192.0.2.66, 192.0.2.7", SOURCE];
        assert_eq!(sender(SOURCE, &noted), "192.0.2.7");
    }
}
