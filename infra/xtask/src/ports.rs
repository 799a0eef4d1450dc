//! Ports: the fixed ones must be free, the others are picked.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

use anyhow::{Context as _, Result, anyhow};

/// Below those that Linux gives to connections, unless it is told otherwise (`net.ipv4.
/// ip_local_port_range` begins at 32768), and above those that programs have by custom: a port that
/// is picked early is listened on minutes later, and no connection may have it by then.
const PICKED: Range<u16> = 16_384..32_768;

/// Ports that are tried before it is said that none is free.
const TRIES: u16 = 100;

/// A port that no program listens on at the moment, and that no connection will get.
pub fn free() -> Result<u16> {
    let mut any = (0..TRIES).map(random);
    any.find(|port| is_free(*port)).context("no free port")
}

/// Different each time: two commands that pick at the same moment pick different ones.
fn random(nth: u16) -> u16 {
    let number = RandomState::new().hash_one(nth);
    let offset = number % u64::from(PICKED.end - PICKED.start);
    PICKED.start + u16::try_from(offset).unwrap_or_default()
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The fixed port if it is free, else a line that says what to do.
pub fn demand_free(port: u16) -> Result<u16> {
    if is_free(port) {
        return Ok(port);
    }
    Err(anyhow!(
        "port {port} is taken: stop the program that listens on it (`ss -ltnp 'sport = :{port}'` names it) and try again"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = demand_free(port).unwrap_err().to_string();
        assert!(
            line.starts_with(&format!("port {port} is taken: ")),
            "{line}"
        );
    }

    #[test]
    fn a_free_port_can_be_bound() {
        assert!(demand_free(free().unwrap()).is_ok());
    }

    #[test]
    fn no_connection_gets_a_port_that_was_picked() {
        for _ in 0..1_000 {
            let port = free().unwrap();
            assert!(PICKED.contains(&port), "{port}");
        }
    }
}
