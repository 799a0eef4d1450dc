//! The address that a request came from.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Bits of an IPv6 address that name a network: whoever has one of its addresses has all of them.
const NETWORK_BITS: u32 = 64;

/// The address of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl Address {
    /// Of whom nothing is known.
    pub const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The address that is written so; an IPv4 address that is written as an IPv6 one is the IPv4
    /// address.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let ip: IpAddr = text.trim().parse().ok()?;
        Some(Self(ip.to_canonical()))
    }

    /// What counts as one place: the address, of IPv6 its network of 64 bits.
    #[must_use]
    pub fn place(&self) -> String {
        match self.0 {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("{}/{NETWORK_BITS}", first_bits(ip)),
        }
    }

    /// The address of whoever sent a request that came from `peer`, by what proxies have noted of
    /// it: each has added the address that it had the request from. What stands before the first
    /// proxy that is not trusted may be made up by the sender.
    #[must_use]
    pub fn of_sender(peer: Self, forwarded: &str, trusted: &[Network]) -> Self {
        let is_trusted = |address: Self| trusted.iter().any(|it| it.has(address));
        let mut sender = peer;
        for noted in forwarded.rsplit(',') {
            if !is_trusted(sender) {
                break;
            }
            // The last proxy may have been noted by the gateway, too.
            match Self::of(noted) {
                Some(address) => sender = address,
                None => break,
            }
        }
        sender
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn first_bits(ip: Ipv6Addr) -> Ipv6Addr {
    Ipv6Addr::from_bits(ip.to_bits() >> NETWORK_BITS << NETWORK_BITS)
}

/// A range of addresses: `203.0.113.0/24`. An address alone is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: Address,
    bits: u32,
}

/// What is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a range of addresses is written as 203.0.113.0/24 or 2001:db8::/32")]
pub struct NoNetwork;

impl Network {
    /// Whether the address is in it.
    #[must_use]
    pub fn has(&self, address: Address) -> bool {
        match (self.first.0, address.0) {
            (IpAddr::V4(first), IpAddr::V4(other)) => {
                let differ = first.to_bits() ^ other.to_bits();
                differ.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(first), IpAddr::V6(other)) => {
                let differ = first.to_bits() ^ other.to_bits();
                differ.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// Those that are written so, by comma.
    ///
    /// # Errors
    /// One of them is none.
    pub fn listed(text: &str) -> Result<Vec<Self>, NoNetwork> {
        let parts = text.split(',').map(str::trim);
        parts.filter(|it| !it.is_empty()).map(str::parse).collect()
    }
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let ip: IpAddr = address.parse().map_err(|_| NoNetwork)?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| NoNetwork)?;
        match bits <= most {
            true => Ok(Self {
                first: Address(ip),
                bits,
            }),
            false => Err(NoNetwork),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::of(text).unwrap()
    }

    #[test]
    fn addresses_and_places_as_a_table() {
        #[rustfmt::skip]
        let table = [
            ("192.0.2.7",            Some(("192.0.2.7", "192.0.2.7"))),
            (" 192.0.2.7 ",          Some(("192.0.2.7", "192.0.2.7"))),
            ("::ffff:192.0.2.7",     Some(("192.0.2.7", "192.0.2.7"))),
            ("2001:db8:1:2:3:4:5:6", Some(("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"))),
            ("2001:DB8::1",          Some(("2001:db8::1", "2001:db8::/64"))),
            ("::1",                  Some(("::1", "::/64"))),
            ("",                     None),
            ("localhost",            None),
            ("192.0.2.7:443",        None),
            ("192.0.2",              None),
        ];
        for (text, expected) in table {
            let found = Address::of(text).map(|it| (it.to_string(), it.place()));
            let expected = expected.map(|(it, place)| (it.to_owned(), place.to_owned()));
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn networks_as_a_table() {
        #[rustfmt::skip]
        let table = [
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.0/24", "203.0.112.255", false),
            ("203.0.113.9/24", "203.0.113.1",   true),
            ("203.0.113.9",    "203.0.113.9",   true),
            ("203.0.113.9",    "203.0.113.8",   false),
            ("0.0.0.0/0",      "203.0.113.8",   true),
            ("0.0.0.0/0",      "2001:db8::1",   false),
            ("2001:db8::/32",  "2001:db8:9::1", true),
            ("2001:db8::/32",  "2001:db9::1",   false),
            ("2001:db8::1",    "2001:db8::1",   true),
            ("::/0",           "2001:db9::1",   true),
            ("::/0",           "203.0.113.8",   false),
        ];
        for (network, text, expected) in table {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.has(address(text)), expected, "{network:?} {text}");
        }
        for bad in [
            "",
            "x",
            "203.0.113.0/33",
            "2001:db8::/129",
            "203.0.113.0/",
            "1/2",
            "::/-1",
        ] {
            assert_eq!(bad.parse::<Network>(), Err(NoNetwork), "{bad:?}");
        }
        assert_eq!(Network::listed(" ,, ").unwrap(), []);
        assert_eq!(Network::listed("203.0.113.0/24, ::1").unwrap().len(), 2);
        assert!(Network::listed("203.0.113.0/24,x").is_err());
    }

    #[test]
    fn what_a_sender_makes_up_of_itself_does_not_count() {
        let trusted = Network::listed("198.51.100.0/24,2001:db8:f::/48").unwrap();
        #[rustfmt::skip]
        let table = [
            ("nobody is in front",          "192.0.2.7",    "",                                   "192.0.2.7"),
            ("the sender made one up",      "192.0.2.7",    "203.0.113.9",                        "192.0.2.7"),
            ("a proxy of ours",             "198.51.100.1", "203.0.113.9",                        "203.0.113.9"),
            ("noted by the gateway, too",   "198.51.100.1", "203.0.113.9, 198.51.100.1",          "203.0.113.9"),
            ("made up before our proxy",    "198.51.100.1", "192.0.2.66, 203.0.113.9",            "203.0.113.9"),
            ("our address made up",         "198.51.100.1", "198.51.100.2, 203.0.113.9",          "203.0.113.9"),
            ("two proxies of ours",         "198.51.100.1", "203.0.113.9,198.51.100.2",           "203.0.113.9"),
            ("over IPv6",                   "2001:db8:f::1", "2001:db8:1::7",                     "2001:db8:1::7"),
            ("a proxy that notes nothing",  "198.51.100.1", "",                                   "198.51.100.1"),
            ("a proxy that notes nonsense", "198.51.100.1", "203.0.113.9, unknown",               "198.51.100.1"),
        ];
        for (case, peer, forwarded, expected) in table {
            let sender = Address::of_sender(address(peer), forwarded, &trusted);
            assert_eq!(sender, address(expected), "{case}");
            let untrusted = Address::of_sender(address(peer), forwarded, &[]);
            assert_eq!(untrusted, address(peer), "{case}");
        }
    }
}
