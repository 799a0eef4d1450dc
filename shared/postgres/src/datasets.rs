//! Declared datasets: what is declared, in which version, and the table it has.
//!
//! Nothing that a user has written becomes SQL. A table is `d_{id}`, its columns are `c1`, `c2`, …,
//! and it is made, extended and dropped by functions of the database that take the id alone
//! (`V16__datasets.sql`).
//!
//! Lock order: the room of the stack, the entry, the table, then imports, then what the owner uses.
//! Who creates an import locks the entry first, too.

mod cache;
mod declare;
mod drop;
mod entry;
mod find;
mod numbers;
mod put;
mod row_table;
mod table;
mod take_back;
mod tries;
mod versions;

pub use declare::declare;
pub use drop::{DropBegun, DropEnded, begin_drop, dropping, end_drop};
pub use entry::{Entry, Version, list, version};
pub use find::{find, of_import, of_imports, pinned};
pub use put::{Evolution, NewVersion, Put, put};
pub use row_table::{RowTable, row_table};
pub use table::ensure_table;
pub use take_back::{Left, left, marked, to_take_back};

/// Whether a dataset may have this name: PostgreSQL is not asked for one that may not.
fn is_name(name: &str) -> bool {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    !name.is_empty() && name.bytes().all(plain)
}
