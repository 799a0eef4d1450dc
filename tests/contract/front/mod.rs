//! The first part of the page: everything that can be sent and everything that comes back, as
//! tables. They are made from the code, or compared with it by the tests beside them.

mod files;
mod limits;
mod objects;
mod parameters;
mod reasons;
mod refusals;
mod routes;
mod row_errors;
mod source;
mod states;
mod table;

const CONTENTS: &str = "[Requests](#requests) · [parameters](#parameters) · [objects](#objects) · [states of an import](#states-of-an-import) · [states of an export](#states-of-an-export) · [files](#files) · [row errors](#row-errors) · [reasons](#reasons) · [refusals](#refusals) · [limits](#limits) · [times](#times) · [every request with its answer](#every-request-with-its-answer)
";

/// All tables.
pub fn page() -> String {
    let parts = [
        CONTENTS.to_owned(),
        routes::page(),
        parameters::page(),
        objects::page(),
        states::page(),
        files::page(),
        row_errors::page(),
        reasons::page(),
        refusals::page(),
        limits::page(),
    ];
    parts.join("\n") + "\n"
}
