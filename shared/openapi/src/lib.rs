//! The API, described for machines: one table of what can be asked ([`operations`]), what requests
//! take ([`parameters`]), what is answered instead ([`refusals`]), and the OpenAPI document that is
//! made of them ([`document`]). The tests hold it to the routes, the template, the sources and every
//! exchange of `docs/api.md`, whose tables are made from here.

mod body;
mod document;
mod operation;
pub mod operations;
mod page;
pub mod parameters;
pub mod refusals;
mod schemas;
mod shape;

pub use document::document;
pub use operation::{Answer, Body, Examples, Operation};
pub use page::page;
pub use shape::Shape;
