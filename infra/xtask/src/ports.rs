//! Ports: the fixed ones must be free, the others are picked.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result, anyhow};

/// A port that no program listens on at the moment.
pub fn free() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr().context("no free port")?.port())
}

/// The fixed port if it is free, else a line that says what to do.
pub fn demand_free(port: u16) -> Result<u16> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(_) => Err(anyhow!(
            "port {port} is taken: stop the program that listens on it (`ss -ltnp 'sport = :{port}'` names it) and try again"
        )),
    }
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
}
