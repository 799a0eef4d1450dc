//! Headers that concern one connection, not the request.

use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};

const HOP_BY_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
];

/// A REST API of AWS renames this one; clients of the original look for the plain name.
const REMAPPED: HeaderName = HeaderName::from_static("x-amzn-remapped-www-authenticate");

/// Drops them, and those that `Connection` names. The sender sets `Transfer-Encoding`
/// again.
pub fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all("connection")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    headers.remove("transfer-encoding");
}

/// The gateway takes the caller's address from here: whatever the caller wrote there is its own
/// invention.
pub fn say_who_asks(headers: &mut HeaderMap, peer: IpAddr) {
    let peer = peer.to_canonical().to_string();
    if let Ok(peer) = HeaderValue::try_from(peer) {
        headers.insert("x-forwarded-for", peer);
    }
}

pub fn restore_www_authenticate(headers: &mut HeaderMap) {
    if let Some(value) = headers.remove(REMAPPED) {
        headers.insert(WWW_AUTHENTICATE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_what_concerns_the_connection_is_dropped() {
        let mut map = headers(&[
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("te", "trailers"),
            ("authorization", "Bearer t"),
        ]);
        drop_hop_by_hop(&mut map);
        assert_eq!(map, headers(&[("authorization", "Bearer t")]));
    }

    #[test]
    fn a_caller_is_its_address_whatever_it_says() {
        for made_up in [&[][..], &[("x-forwarded-for", "203.0.113.9")]] {
            let mut map = headers(made_up);
            say_who_asks(&mut map, "::ffff:192.0.2.7".parse().unwrap());
            assert_eq!(map, headers(&[("x-forwarded-for", "192.0.2.7")]));
        }
        let mut twice = headers(&[]);
        for made_up in ["203.0.113.9", "203.0.113.8"] {
            twice.append("x-forwarded-for", HeaderValue::from_static(made_up));
        }
        say_who_asks(&mut twice, "::1".parse().unwrap());
        assert_eq!(twice, headers(&[("x-forwarded-for", "::1")]));
    }

    #[test]
    fn the_renamed_challenge_gets_its_name_back() {
        let mut map = headers(&[("x-amzn-remapped-www-authenticate", "Bearer realm=\"api\"")]);
        restore_www_authenticate(&mut map);
        assert_eq!(
            map,
            headers(&[("www-authenticate", "Bearer realm=\"api\"")])
        );
    }
}
