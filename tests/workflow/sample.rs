//! Generated files.

use std::sync::LazyLock;

/// Sales records of 125 bytes.
pub fn sales(seed: u64, count: u64) -> Vec<u8> {
    let mut file = Vec::new();
    xtask::sample::sales_records(seed, count, &mut file).unwrap();
    file
}

/// Teams of 45 bytes.
pub fn teams(seed: u64, count: u64) -> Vec<u8> {
    let mut file = Vec::new();
    xtask::sample::teams(seed, count, &mut file).unwrap();
    file
}

/// Enough teams for several chunks, so that an import can be met half-way.
pub const MANY: i64 = 400_000;

/// The last of the chunks they make.
pub const LAST_CHUNK: i32 = 4;

/// A file of `MANY` teams, generated once.
pub fn many_teams() -> &'static [u8] {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| teams(5, MANY as u64));
    &FILE
}
