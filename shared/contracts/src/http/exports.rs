//! An export as the API shows it.

use domain::export::{Export, State};
use domain::filter::StoredFilter;
use domain::paging::change::Kind;
use domain::reason::StoredReason;
use domain::waiting;
use domain::{again, catalog};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::id::ObjectId;
use super::waiting::WaitingFor;

/// Where exports stand below `/collect/`.
const LIST: &str = "exports";

/// The object of an export.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportObject {
    /// Counts from 1 per user.
    #[schema(value_type = i32)]
    pub id: ObjectId,
    /// `export`; only in the list of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<&'static str>,
    /// When its state changed for the last time; only in the list of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub changed_at: Option<Timestamp>,
    /// Where the export stands.
    pub status: &'static str,
    /// The dataset whose rows it holds; missing for sales records.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dataset: Option<String>,
    /// Which rows; only the filters that were given.
    #[schema(value_type = Object)]
    pub filters: StoredFilter,
    /// Whether the file is compressed.
    pub gzip: bool,
    /// Whether cells that a spreadsheet would run have an apostrophe in front.
    pub guard: bool,
    /// Its expected size, told before it begins.
    pub estimate: EstimateObject,
    /// How much of it is done.
    pub progress: ExportProgress,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it reached an end.
    pub finished_at: Option<Timestamp>,
    /// Until when it can be confirmed; null unless it waits for that.
    pub confirm_expires_at: Option<Timestamp>,
    /// When the file is removed.
    pub expires_at: Option<Timestamp>,
    /// Why it failed, or why its file was removed before its time.
    pub error: Option<StoredReason>,
    /// Why it is not moving; null while it moves, and once its file is whole or removed.
    pub waiting_for: Option<WaitingFor>,
    /// Where the file is; null until it is whole.
    pub download: Option<Download>,
    #[serde(skip)]
    #[schema(ignore)]
    ask_again_after: Option<u32>,
}

/// The expected size of an export.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EstimateObject {
    /// Rows that match.
    pub rows: i64,
    /// Bytes of the file, approximately.
    pub bytes: i64,
    /// Whether the rows were counted; otherwise `rows` is an upper limit.
    pub exact: bool,
}

/// How much of an export is done.
#[derive(Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ExportProgress {
    /// Percent of the rows, 0 to 100; 100 only when completed.
    pub percent: i64,
    /// Rows in parts that are stored.
    pub rows_done: i64,
    /// Bytes of parts that are stored.
    pub bytes_done: i64,
    /// Parts that are stored.
    pub parts_done: i32,
    /// When a part was stored for the last time; null before the first.
    pub last_stored_at: Option<Timestamp>,
    /// Rows stored per second since the start, one decimal; null when unknown.
    pub rows_per_second: Option<f64>,
    /// Seconds left at the pace so far; null when unknown or over.
    pub eta_seconds: Option<i64>,
}

/// A link to the file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Download {
    /// Signed: opens without a token.
    pub url: String,
    /// The link stops working at this time; a later answer has a new one.
    pub expires_at: Timestamp,
    /// The name of the file.
    pub file: String,
    /// Bytes of the file.
    pub bytes: i64,
}

impl ExportObject {
    /// The object of `export` as it is at `now`, with the link to its file.
    pub fn new(export: Export, download: Option<Download>, now: Timestamp) -> Self {
        let waits = export.state == State::NeedsConfirmation;
        Self {
            id: ObjectId::Number(export.number),
            kind: None,
            changed_at: None,
            waiting_for: waiting::of_export(&export, now).map(WaitingFor::from),
            ask_again_after: ask_again_after(&export, now),
            status: export.seen_as().as_str(),
            progress: ExportProgress::of(&export, now),
            dataset: Some(export.dataset).filter(|it| !catalog::is_sales(it)),
            filters: export.filters,
            gzip: export.gzip,
            guard: export.guard,
            estimate: EstimateObject {
                rows: export.estimate.rows,
                bytes: export.estimate.bytes,
                exact: export.estimate.exact,
            },
            created_at: export.created_at,
            started_at: export.started_at,
            finished_at: export.finished_at,
            confirm_expires_at: waits.then_some(export.confirm_expires_at),
            expires_at: export.expires_at,
            error: export.error,
            download,
        }
    }

    /// Seconds after which a client looks again; `None` once its file is whole or removed.
    pub fn ask_again_after(&self) -> Option<u32> {
        self.ask_again_after
    }

    /// The object as an entry of the list of all.
    #[must_use]
    pub fn of_all(self, changed_at: Timestamp) -> Self {
        Self {
            id: self.id.of_all(LIST),
            kind: Some(Kind::Export.as_str()),
            changed_at: Some(changed_at),
            ..self
        }
    }
}

fn ask_again_after(export: &Export, now: Timestamp) -> Option<u32> {
    let state = export.seen_as();
    if state.is_end() || state == State::Completed {
        return None;
    }
    let left = seconds_at_work(export, now).and_then(|it| eta(export, it));
    let left = left.map(SignedDuration::from_secs);
    let left = left.unwrap_or_else(|| now.duration_since(export.progressed_at));
    Some(again::ask_again_after(left))
}

impl ExportProgress {
    fn of(export: &Export, now: Timestamp) -> Self {
        let seconds = seconds_at_work(export, now);
        Self {
            percent: percent(export),
            rows_done: export.rows_done,
            bytes_done: export.bytes_done,
            parts_done: export.parts_done,
            last_stored_at: export.last_stored_at,
            rows_per_second: seconds.map(|it| pace(export.rows_done, it)),
            eta_seconds: seconds.and_then(|it| eta(export, it)),
        }
    }
}

/// Measured by the rows: their number is known, that of the bytes only approximately.
fn percent(export: &Export) -> i64 {
    if export.state == State::Completed {
        return 100;
    }
    let (done, total) = (
        i128::from(export.rows_done),
        i128::from(export.estimate.rows),
    );
    let percent = (done * 100).checked_div(total).unwrap_or(0);
    i64::try_from(percent.clamp(0, 99)).unwrap_or(0)
}

fn seconds_at_work(export: &Export, now: Timestamp) -> Option<f64> {
    let until = export.finished_at.unwrap_or(now);
    let seconds = until.duration_since(export.started_at?).as_secs_f64();
    (seconds > 0.0).then_some(seconds)
}

fn pace(rows: i64, seconds: f64) -> f64 {
    (rows as f64 / seconds * 10.0).round() / 10.0
}

fn eta(export: &Export, seconds: f64) -> Option<i64> {
    if export.state != State::Exporting || export.rows_done <= 0 {
        return None;
    }
    let left = (export.estimate.rows - export.rows_done).max(0) as f64;
    Some((left * seconds / export.rows_done as f64).ceil() as i64)
}

#[cfg(test)]
mod tests {
    use domain::export::Estimate;
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + seconds).unwrap()
    }

    fn export(state: State, rows_done: i64) -> Export {
        Export {
            id: 1,
            uid: Uuid::nil(),
            owner: Uuid::nil(),
            number: 3,
            state,
            goal: None,
            run: 1,
            begun_run: Some(1),
            dataset: "baseline".to_owned(),
            declared: None,
            filters: serde_json::from_str(r#"{"country":"Chad"}"#).unwrap(),
            gzip: false,
            guard: true,
            imports: vec![1],
            unchanged: true,
            estimate: Estimate {
                rows: 1_000,
                bytes: 124_000,
                exact: true,
            },
            object_key: "exports/x".into(),
            upload_id: None,
            parts_done: 1,
            rows_done,
            bytes_done: rows_done * 124,
            error: None,
            created_at: at(0),
            started_at: Some(at(0)),
            finished_at: None,
            progressed_at: at(0),
            last_stored_at: Some(at(9)),
            confirm_expires_at: at(100),
            run_expires_at: None,
            expires_at: None,
        }
    }

    #[test]
    fn the_object_to_the_letter() {
        let object = ExportObject::new(export(State::Exporting, 250), None, at(10));
        let expected = concat!(
            r#"{"id":3,"status":"exporting","filters":{"country":"Chad"},"gzip":false,"guard":true,"#,
            r#""estimate":{"rows":1000,"bytes":124000,"exact":true},"progress":{"percent":25,"#,
            r#""rows_done":250,"bytes_done":31000,"parts_done":1,"#,
            r#""last_stored_at":"2026-01-01T00:00:09Z","rows_per_second":25.0,"eta_seconds":30},"created_at":"2026-01-01T00:00:00Z","#,
            r#""started_at":"2026-01-01T00:00:00Z","finished_at":null,"confirm_expires_at":null,"#,
            r#""expires_at":null,"error":null,"waiting_for":null,"download":null}"#,
        );
        assert_eq!(serde_json::to_string(&object).unwrap(), expected);
    }

    #[test]
    fn an_entry_of_all_names_its_list_and_its_kind() {
        let object = ExportObject::new(export(State::Exporting, 250), None, at(10));
        let entry = serde_json::to_string(&object.of_all(at(7))).unwrap();
        let expected = r#"{"id":"exports/3","kind":"export","changed_at":"2026-01-01T00:00:07Z","status":"exporting","#;
        assert!(entry.starts_with(expected), "{entry}");
    }

    #[test]
    fn a_client_asks_again_until_the_file_is_there() {
        #[rustfmt::skip]
        let table = [
            (export(State::Exporting, 250),         10,  Some(1)),
            (export(State::Exporting, 1),           10,  Some(15)),
            (export(State::Exporting, 0),           90,  Some(5)),
            (export(State::NeedsConfirmation, 0),   0,   Some(1)),
            (export(State::NeedsConfirmation, 0),   601, Some(15)),
            (export(State::Completed, 1_000),       0,   None),
            (export(State::Expired, 1_000),         0,   None),
        ];
        for (export, seconds, expected) in table {
            let state = export.state;
            let again = ExportObject::new(export, None, at(seconds)).ask_again_after();
            assert_eq!(again, expected, "{state} after {seconds} s");
        }
    }

    #[test]
    fn another_dataset_than_that_of_the_original_is_named() {
        let mut export = export(State::Exporting, 250);
        export.dataset = "orders".to_owned();
        let object = serde_json::to_string(&ExportObject::new(export, None, at(10))).unwrap();
        let expected = r#"{"id":3,"status":"exporting","dataset":"orders","filters":"#;
        assert!(object.starts_with(expected), "{object}");
    }

    #[test]
    fn whole_only_when_completed() {
        #[rustfmt::skip]
        let table = [
            (State::NeedsConfirmation, 0,     0),
            (State::Exporting,         999,   99),
            (State::Exporting,         1_000, 99),
            (State::Completed,         1_000, 100),
            (State::Cancelled,         500,   50),
        ];
        for (state, rows, percent) in table {
            let object = ExportObject::new(export(state, rows), None, at(1));
            assert_eq!(object.progress.percent, percent, "{state}");
        }
    }
}
