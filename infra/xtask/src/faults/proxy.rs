//! Between the functions and PostgreSQL: passes everything on, and cuts or freezes a session where
//! it was ordered to.

use std::collections::BTreeMap;
use std::io::{Result, Write as _, copy};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::wire::Message;

/// A frozen session that the server does not end is closed after this time.
const FROZEN_AT_MOST: Duration = Duration::from_secs(120);

/// What is done to the next session that reaches the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// COMMIT is passed on, its answer is not.
    CutAfterCommit,
    /// COMMIT is not passed on.
    CutBeforeCommit,
    /// The client of a COPY goes silent: the server hears nothing more, not even its end.
    FreezeCopy,
}

impl Order {
    const ALL: [(Order, &str); 3] = [
        (Order::CutAfterCommit, "cut-after-commit"),
        (Order::CutBeforeCommit, "cut-before-commit"),
        (Order::FreezeCopy, "freeze-copy"),
    ];

    pub fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == word);
        found.map(|(order, _)| *order)
    }

    fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(order, _)| *order == self);
        found.map_or("", |(_, name)| name)
    }
}

#[derive(Default)]
struct Orders {
    open: Vec<Order>,
    done: BTreeMap<Order, u64>,
}

/// The proxy; it lives as long as this process.
pub struct Proxy {
    port: u16,
    orders: Arc<Mutex<Orders>>,
}

impl Proxy {
    /// Before the server at this port.
    pub fn open(server: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("proxy")?;
        let port = listener.local_addr().context("proxy")?.port();
        let orders = Arc::new(Mutex::new(Orders::default()));
        let taken = orders.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let orders = taken.clone();
                std::thread::spawn(move || Session::open(client, server, orders));
            }
        });
        Ok(Self { port, orders })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// An order that is open already is not given twice.
    pub fn order(&self, order: Order) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if !orders.open.contains(&order) {
            orders.open.push(order);
        }
    }

    /// `name=count` of every order that was carried out.
    pub fn counts(&self) -> String {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |(order, count): (&Order, &u64)| format!("{}={count}", order.name());
        orders.done.iter().map(count).collect::<Vec<_>>().join(" ")
    }
}

struct Session {
    client: TcpStream,
    server: TcpStream,
    /// The server has hung up.
    over: Arc<AtomicBool>,
    /// The client is to hear nothing more.
    silent: Arc<AtomicBool>,
    orders: Arc<Mutex<Orders>>,
    is_worker: bool,
}

impl Session {
    fn open(client: TcpStream, server: u16, orders: Arc<Mutex<Orders>>) {
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else {
            return;
        };
        let session = Session {
            client,
            server,
            over: Arc::default(),
            silent: Arc::default(),
            orders,
            is_worker: false,
        };
        // A session that ends by an error has ended too.
        let _ = session.run();
    }

    fn run(mut self) -> Result<()> {
        self.client.set_nodelay(true)?;
        self.server.set_nodelay(true)?;
        let first = Message::read(&mut self.client, true)?;
        self.is_worker = first.application() == "import-chunk";
        self.server.write_all(&first.bytes)?;
        self.pass_answers_on()?;
        let ended = self.pass_messages_on();
        let _ = self.server.shutdown(Shutdown::Both);
        let _ = self.client.shutdown(Shutdown::Both);
        ended
    }

    fn pass_answers_on(&self) -> Result<()> {
        let (mut from, mut to) = (self.server.try_clone()?, self.client.try_clone()?);
        let (over, silent) = (self.over.clone(), self.silent.clone());
        std::thread::spawn(move || {
            let _ = copy(&mut from, &mut to);
            over.store(true, Ordering::SeqCst);
            if !silent.load(Ordering::SeqCst) {
                let _ = to.shutdown(Shutdown::Both);
            }
        });
        Ok(())
    }

    fn pass_messages_on(&mut self) -> Result<()> {
        loop {
            let message = Message::read(&mut self.client, false)?;
            if message.is_commit() && self.is_ordered(Order::CutBeforeCommit) {
                return Ok(());
            }
            if message.is_commit() && self.is_ordered(Order::CutAfterCommit) {
                // Nothing of the answer gets through; the server has the statement and ends it.
                self.client.shutdown(Shutdown::Both)?;
                self.server.write_all(&message.bytes)?;
                return self.server.shutdown(Shutdown::Write);
            }
            if message.is_copy_data() && self.is_worker && self.is_ordered(Order::FreezeCopy) {
                return self.freeze();
            }
            self.server.write_all(&message.bytes)?;
        }
    }

    /// Keeps the server's session as it is until the server itself ends it.
    fn freeze(&self) -> Result<()> {
        self.silent.store(true, Ordering::SeqCst);
        let begin = Instant::now();
        while !self.over.load(Ordering::SeqCst) && begin.elapsed() < FROZEN_AT_MOST {
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn is_ordered(&self, order: Order) -> bool {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = orders.open.iter().position(|it| *it == order) else {
            return false;
        };
        orders.open.remove(place);
        *orders.done.entry(order).or_default() += 1;
        true
    }
}
