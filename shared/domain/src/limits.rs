//! Limits and times, on one page.

use jiff::SignedDuration;

// ---- Waits and deadlines kept in PostgreSQL ---------------------------------------------------

/// How long a pause may last before the import fails with `pause_expired`: our choice, as the three
/// times after it.
pub const PAUSE_AT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// How long a failed import is held to be resumed before it is taken back (`on_failure=hold`).
pub const HOLD_AT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// From the arrival of its object, or from when it was last resumed, an import has this long to
/// come to its end before it fails with `run_expired`.
pub const IMPORT_RUN_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// The same of an export, from when it was confirmed.
pub const EXPORT_RUN_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// What an ended import or export may have left is swept this long after its end: no function that
/// worked on it runs any more, as Lambda ends each after 15 minutes.
pub const SWEPT_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// An import that was completed, or last tried, this long ago and is not in the sums of the summary
/// was left out: whoever finished it has given up, or knew nothing of sums. finish-import is tried
/// eight times, mostly within minutes; and what made a try fail may have passed.
pub const LEFT_OUT_OF_SUMS_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// An import that was left out of the sums is tried this long after the try before, of whatever
/// import: passes of reconcile begin whenever an execution ends, and adding up keeps a core of the
/// server busy.
pub const LEFT_OUT_TRIED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How long the rows of an export may be counted before its size is estimated instead: the request
/// has 29 s in all, API Gateway's limit.
pub const EXPORT_COUNTED_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// How long a query for rows or sums may take, in however many statements, before it is refused
/// with `query_too_slow`: the request has 29 s in all. PostgreSQL ends the session then.
pub const QUERY_WITHIN: SignedDuration = SignedDuration::from_secs(20);

/// A session whose transaction waits for its client this long is ended by PostgreSQL: a worker that
/// was frozen between its fence and COMMIT holds the import's row no longer.
pub const TRANSACTION_IDLE_AT_MOST: SignedDuration = SignedDuration::from_secs(10);

/// How often PostgreSQL looks, during a statement, whether its client is still there: a statement
/// that has nothing to send for a while, as the COPY of an export may, ends this soon after it.
pub const CLIENT_LOOKED_FOR_EVERY: SignedDuration = SignedDuration::from_secs(5);
