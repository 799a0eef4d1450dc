//! Orders to `cargo xtask faults`, which started the processes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use crate::fixture::stack::variable;

/// Gives an order and waits for the answer.
pub fn order(order: &str) -> String {
    let mut stream = TcpStream::connect(variable("STORM_CONTROL")).unwrap();
    writeln!(stream, "{order}").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    let answer = answer.trim().to_owned();
    assert!(!answer.starts_with("error"), "{order}: {answer}");
    answer
}

/// Ends the storm when `cargo xtask faults` ends: without its processes there is nothing to break.
pub fn end_with_it() {
    let mut stream = TcpStream::connect(variable("STORM_CONTROL")).unwrap();
    std::thread::spawn(move || {
        // It sends nothing unasked: this read returns when it is gone.
        let _ = stream.read(&mut [0]);
        eprintln!("the storm ends: cargo xtask faults is gone");
        std::process::exit(1);
    });
}

/// What the proxy has done so far.
pub fn counts() -> String {
    order("count")
}
