//! The first part of the page: everything that can be sent and everything that comes back, as
//! tables. They are made from the code, or compared with it by the tests beside them.

pub mod files;
pub mod limits;
mod objects;
pub mod parameters;
pub mod reasons;
mod refusals;
mod routes;
pub mod row_errors;
mod source;
mod states;
pub mod table;
mod waits;

const CONTENTS: &str = "[Requests](#requests) · [parameters](#parameters) · [objects](#objects) · [states of an import](#states-of-an-import) · [states of an export](#states-of-an-export) · [what is waited for](#what-is-waited-for) · [reasons](#reasons) · [refusals](#refusals) · [limits](#limits) · [quotas](#quotas) · [times](#times) · [every request with its answer](#every-request-with-its-answer)

What a file must look like, how it is read, and every code that says what is wrong with it is [a page of its own](files.md).
";

/// All tables.
pub fn page() -> String {
    let parts = [
        CONTENTS.to_owned(),
        routes::page(),
        parameters::page(),
        objects::page(),
        states::page(),
        waits::page(),
        reasons::page(),
        refusals::page(),
        limits::page(),
    ];
    parts.join("\n") + "\n"
}
