//! The API as any client sees it.

mod answer;
mod front;
mod import;
mod upload;
mod user;

pub use answer::Answer;
pub use front::{api_url, ask, ask_url};
pub use import::Import;
pub use upload::{form, put};
pub use user::User;
