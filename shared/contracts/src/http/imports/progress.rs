use domain::again;
use domain::import::{Import, State};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// How much of an import is done.
#[derive(Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    /// Percent of the bytes, 0 to 100; 100 only when completed, 0 once it is taken back.
    pub percent: i64,
    /// Bytes of chunks that are stored.
    pub bytes_done: i64,
    /// Bytes of what is read: of the object or, once one is prepared, of that.
    pub bytes_total: i64,
    /// Rows stored, those of an import that is taken back as well: `rollback` says what became of
    /// them.
    pub rows_imported: i64,
    /// Rows that can be read: all that are stored once it is completed, and none before or after.
    pub rows_visible: i64,
    /// Records rejected.
    pub rows_rejected: i64,
    /// Chunks stored.
    pub chunks_done: i32,
    /// Null until the whole object is planned.
    pub chunks_total: Option<i32>,
    /// When a chunk was stored for the last time, also of an import that is taken back; null before the
    /// first.
    pub last_stored_at: Option<Timestamp>,
    /// Rows stored per second since the start, one decimal; null when unknown.
    pub rows_per_second: Option<f64>,
    /// Seconds left at the pace so far; null until a chunk is stored, and when it is over.
    pub eta_seconds: Option<i64>,
    /// How much of the object is prepared; only while it is being unpacked or decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub preparing: Option<Preparing>,
}

/// How much of an object is unpacked and decoded. What it becomes is imported after that.
#[derive(Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Preparing {
    /// Bytes of the object that are done.
    pub bytes_done: i64,
    /// Bytes of the object as it arrived.
    pub bytes_total: i64,
}

impl Progress {
    pub(super) fn of(import: &Import, now: Timestamp) -> Self {
        let seconds = seconds_at_work(import, now);
        Self {
            percent: percent(import),
            bytes_done: import.bytes_done,
            bytes_total: import.read_bytes(),
            rows_imported: import.rows_imported,
            rows_visible: visible(import),
            rows_rejected: import.rows_rejected,
            chunks_done: import.chunks_done,
            chunks_total: import.chunks_total,
            last_stored_at: import.last_stored_at,
            rows_per_second: seconds.map(|it| pace(import.rows_imported, it)),
            eta_seconds: seconds.and_then(|it| eta(import, it)),
            preparing: preparing(import),
        }
    }
}

fn visible(import: &Import) -> i64 {
    match import.state {
        State::Completed => import.rows_imported,
        _ => 0,
    }
}

fn preparing(import: &Import) -> Option<Preparing> {
    let prepared = import.prepared.as_ref().filter(|_| import.is_preparing())?;
    Some(Preparing {
        bytes_done: prepared.from_bytes,
        bytes_total: import.object_size,
    })
}

fn percent(import: &Import) -> i64 {
    if import.state == State::Completed {
        return 100;
    }
    if import.state.is_rolling_back() || import.state.is_end() {
        return 0;
    }
    let (done, total) = (
        i128::from(import.bytes_done),
        i128::from(import.read_bytes()),
    );
    let percent = (done * 100).checked_div(total).unwrap_or(0);
    i64::try_from(percent.clamp(0, 99)).unwrap_or(0)
}

/// From the start to the end, or to now; `None` before the start and in the first instant. The time
/// in which a completed import was visible before it was cancelled is no work.
fn seconds_at_work(import: &Import, now: Timestamp) -> Option<f64> {
    let until = import.completed_at.or(import.finished_at).unwrap_or(now);
    let seconds = until.duration_since(import.started_at?).as_secs_f64();
    (seconds > 0.0).then_some(seconds)
}

fn pace(rows: i64, seconds: f64) -> f64 {
    (rows as f64 / seconds * 10.0).round() / 10.0
}

/// From the bytes of stored chunks: those of the heading are done at once and say nothing of the
/// pace.
fn eta(import: &Import, seconds: f64) -> Option<i64> {
    let at_work = matches!(import.state, State::Planning | State::Importing);
    let heading = import.heading_end.map_or(0, |(byte, _)| byte);
    let stored = import.bytes_done - heading;
    if !at_work || import.chunks_done < 1 || stored <= 0 {
        return None;
    }
    let left = (import.read_bytes() - import.bytes_done).max(0) as f64;
    Some((left * seconds / stored as f64).ceil() as i64)
}

/// Seconds after which a client looks again at the import; `None` at its end. Where it is not known
/// how long it takes, as long again as nothing has happened.
pub fn ask_again_after(import: &Import, now: Timestamp) -> Option<u32> {
    if import.state.is_end() {
        return None;
    }
    let left = seconds_at_work(import, now).and_then(|it| eta(import, it));
    let left = left.map(SignedDuration::from_secs);
    let left = left.unwrap_or_else(|| now.duration_since(import.progressed_at));
    Some(again::ask_again_after(left))
}
