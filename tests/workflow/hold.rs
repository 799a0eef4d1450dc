//! Holds an import up half-way. The stack has enough workers for all chunks of a test's file at
//! once, and they are too fast to be met at work. So the planner is held up.

use super::client::Import;
use super::sql;

/// Puts a row in the place of this chunk, in an open transaction. The planner, when it comes to the
/// chunk, waits for the transaction to end. The chunks before it are handed out and stored
/// meanwhile.
pub fn before_chunk(import: &Import<'_>, number: i32) -> sql::Open {
    sql::Open::begin(
        "INSERT INTO import_chunk \
             (import_id, number, byte_start, byte_end, first_record, first_line, records, lines) \
         SELECT id, $2, 0, 0, 0, 0, 0, 0 FROM import WHERE uid = $1",
        &[&import.uid, &number],
    )
}
