//! Orders of the storm, a line each, answered by a line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use super::proxy::{Order, Proxy};
use crate::postgres;
use crate::stack::Stack;

/// Where the storm sends its orders.
pub struct Control {
    port: u16,
}

struct Servant {
    stack: Stack,
    database_port: u16,
    proxy: Proxy,
}

impl Control {
    /// Listens until this process ends.
    pub fn open(stack: &Stack, database_port: u16, proxy: Proxy) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("control")?;
        let port = listener.local_addr().context("control")?.port();
        let servant = Arc::new(Servant {
            stack: stack.clone(),
            database_port,
            proxy,
        });
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let servant = servant.clone();
                std::thread::spawn(move || servant.serve(stream));
            }
        });
        Ok(Self { port })
    }

    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Servant {
    fn serve(&self, stream: TcpStream) {
        let Ok(mut answers) = stream.try_clone() else {
            return;
        };
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let answer = match self.obey(&line) {
                Ok(answer) => answer,
                Err(error) => format!("error: {error:#}"),
            };
            if writeln!(answers, "{answer}").is_err() {
                return;
            }
        }
    }

    /// `crash-database`, an order to the proxy, or `count` for how many of those were carried out.
    fn obey(&self, line: &str) -> Result<String> {
        match (line, Order::parse(line)) {
            ("crash-database", _) => {
                postgres::crash_and_recover(&self.stack, self.database_port)?;
                Ok("done".to_owned())
            }
            ("count", _) => Ok(self.proxy.counts()),
            (_, Some(order)) => {
                self.proxy.order(order);
                Ok("ordered".to_owned())
            }
            _ => Ok("unknown".to_owned()),
        }
    }
}
