//! Orders to whoever started the processes: `cargo xtask faults`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use crate::workflow::variable;

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

/// What the proxy has done so far.
pub fn counts() -> String {
    order("count")
}
