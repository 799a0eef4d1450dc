//! Which chunks are out: handed out, without a receipt, of imports that want them.

use domain::import::State;

use crate::sql::{self, Sql, States};

/// The states in which chunks are handed out.
pub(crate) const HAND_OUT: States<State> = sql::imports(State::hands_out);

/// SQL: a chunk `c` was handed out less than `$1` seconds ago and has no receipt.
pub(crate) const IS_OUT: &str =
    "c.done_at IS NULL AND c.queued_at >= now() - make_interval(secs => $1)";

/// SQL: how many chunks are out, counted up to `$2`.
pub(crate) const OUT: Sql = Sql(|f| {
    write!(
        f,
        "(SELECT count(*) FROM (SELECT FROM import_chunk c JOIN import i ON i.id = c.import_id \
             WHERE {IS_OUT} AND i.state IN {HAND_OUT} LIMIT $2) AS o)"
    )
});

/// SQL: as many chunks are out as may be, and one of the owner `$3` is among them.
pub(crate) const FULL: Sql = Sql(|f| {
    write!(
        f,
        "{OUT} >= $2 AND EXISTS (SELECT FROM import_chunk c JOIN import i ON i.id = c.import_id \
             WHERE i.owner = $3 AND {IS_OUT} AND i.state IN {HAND_OUT})"
    )
});
