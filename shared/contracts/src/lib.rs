//! Every serde type that crosses a process border: HTTP bodies, queue messages, workflow input
//! and output.
#![deny(missing_docs)]

pub mod http;
pub mod workflow;
