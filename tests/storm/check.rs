//! The promises of one import, checked from outside: the API shows what a user sees, the tables
//! show what is stored.

use super::lane::Kept;
use super::story::{Asked, Story};
use crate::fixture::cloud;

impl Story<'_, '_> {
    pub fn violation(&self, promise: u8, what: &str) {
        let (lane, uid, dataset) = (self.lane.number, self.uid, self.file.dataset.name());
        let what = format!("{what} (lane {lane}, {dataset} {uid})");
        self.lane.storm.tally.violation(promise, &what);
    }

    /// How many rows of the import the API shows now. `None` if that cannot be known.
    fn shown(&mut self) -> Option<i64> {
        let Some(path) = self.file.dataset.rows_path() else {
            return self.shown_alone();
        };
        // Such an answer has the rows of an import and of its replacement together.
        if self.successor.is_some() {
            return None;
        }
        let before = self.lane.shown_before(self.file.dataset.name());
        let old = self.old_is_there();
        let shown = self.counted(&path)?;
        self.shown_beside(shown - before, old)
    }

    /// How many rows the list of the import's own rows counts.
    fn shown_alone(&mut self) -> Option<i64> {
        self.counted(&format!("{}rows/?limit=1", self.path))
    }

    fn counted(&self, path: &str) -> Option<i64> {
        let answer = self.lane.user.request("GET", path)?;
        match answer.status {
            404 => Some(0),
            _ => answer.expect(200)["count"].as_i64(),
        }
    }

    /// Keeps an import whose rows are from now on shown beside those of others.
    pub fn keep(&mut self, path: String, rows: i64) {
        if self.file.dataset.rows_path().is_some() {
            let dataset = self.file.dataset.name().to_owned();
            self.lane.kept.push(Kept {
                dataset,
                path,
                rows,
            });
        }
    }

    /// Promise 1: an import that is cancelled or deleted is not seen.
    pub fn see_nothing(&mut self, when: &str) {
        if let Some(rows) = self.shown().filter(|rows| *rows != 0) {
            self.violation(1, &format!("{rows} rows are seen {when}"));
        }
        if self.delete == Asked::Yes {
            let status = self
                .lane
                .user
                .request("GET", &self.path)
                .map(|it| it.status);
            if status.is_some_and(|status| status != 404) {
                self.violation(1, &format!("deleted, and found {when}: {status:?}"));
            }
        }
    }

    /// Before the import is completed no row may be seen.
    pub fn read_on_the_way(&mut self) {
        self.see_one_of_two();
        if self.cancel == Asked::Yes || self.delete == Asked::Yes {
            return self.see_nothing("during its rollback");
        }
        let Some(shown) = self.shown() else { return };
        let state = self.standing().state;
        if shown != 0 && state != "completed" {
            self.violation(2, &format!("{shown} rows are seen although it is {state}"));
        }
    }

    pub fn check(&mut self, ended: Option<&str>) {
        let tally = &self.lane.storm.tally;
        let Some(state) = ended else {
            let (state, run) = (self.standing().state, self.number("run::bigint"));
            return self.violation(3, &format!("it does not end: {state}, run {run}"));
        };
        tally.end(state);
        match state {
            "completed" => self.check_completed(),
            "failed" => self.check_failed(),
            "validated" => self.check_validated(),
            "cancelled" => self.check_cancelled(),
            _ => self.check_deleted(),
        }
        self.check_counters();
        self.check_link();
    }

    /// A column of the import's row, -1 for null.
    fn number(&mut self, column: &str) -> i64 {
        let sql = format!("SELECT coalesce({column}, -1) FROM import WHERE uid = $1");
        self.lane.look.row(&sql, &[&self.uid]).get(0)
    }

    /// How many rows of a table belong to the import.
    fn count(&mut self, table: &str) -> i64 {
        let sql = format!(
            "SELECT count(*) FROM {table} \
             WHERE import_id = (SELECT id FROM import WHERE uid = $1)"
        );
        self.lane.look.row(&sql, &[&self.uid]).get(0)
    }

    /// The table of a declared dataset is made when the first object arrives.
    fn has_table(&mut self) -> bool {
        let sql = "SELECT to_regclass($1) IS NOT NULL";
        let table = self.file.dataset.table();
        self.lane.look.row(sql, &[&table]).get(0)
    }

    fn check_completed(&mut self) {
        if self.validates {
            self.violation(1, "it was only to be validated, and is completed");
        }
        if self.cancel == Asked::Yes || self.delete == Asked::Yes {
            self.violation(1, "it was cancelled or deleted, and is completed");
        }
        let good = self.file.rows.len() as i64;
        self.check_rows();
        self.check_row_errors();
        match self.shown() {
            Some(shown) if shown != good => {
                self.violation(2, &format!("completed with {good} rows, {shown} are seen"));
            }
            _ => {}
        }
        if self.file.dataset.declared().is_some() {
            let alone = self.shown_alone();
            if alone.is_some_and(|it| it != good) && !self.is_to_be_swapped {
                self.violation(2, &format!("its own list shows {alone:?} rows of {good}"));
            }
        }
        self.keep(self.path.clone(), good);
    }

    /// Promise 2: the records of the file are stored, each once, and nothing else.
    fn check_rows(&mut self) {
        let dataset = &self.file.dataset;
        let sql = format!(
            "SELECT record, {} FROM {} WHERE import_id = \
             (SELECT id FROM import WHERE uid = $1) ORDER BY record",
            dataset.columns_as_text(),
            dataset.table()
        );
        let rows = self.lane.look.rows(&sql, &[&self.uid]);
        let stored: Vec<(i64, String)> = rows.iter().map(|it| (it.get(0), it.get(1))).collect();
        let wanted = match self.has_second_pinned() {
            true => self.file.other_rows(),
            false => self.file.rows.clone(),
        };
        if stored != wanted {
            let mut pairs = stored.iter().zip(&wanted);
            let first = pairs.find(|(one, other)| one != other);
            let (count, wanted) = (stored.len(), wanted.len());
            let what = format!("{count} rows stored of {wanted}; first that differs: {first:?}");
            self.violation(2, &what);
        }
    }

    /// If the event of the first object was lost, the second object may be the pinned one. Then no
    /// row of the first may be stored, and otherwise no row of the second.
    fn has_second_pinned(&mut self) -> bool {
        let sql = "SELECT object_version FROM import WHERE uid = $1";
        let pinned: Option<String> = self.lane.look.row(sql, &[&self.uid]).get(0);
        self.first_version.is_some() && pinned != self.first_version
    }

    fn check_row_errors(&mut self) {
        let sql = "SELECT DISTINCT record FROM row_error WHERE import_id = \
             (SELECT id FROM import WHERE uid = $1) ORDER BY record";
        let rows = self.lane.look.rows(sql, &[&self.uid]);
        let told: Vec<i64> = rows.iter().map(|it| it.get(0)).collect();
        if told != self.file.bad {
            let (told, bad) = (told.len(), self.file.bad.len());
            self.violation(2, &format!("row errors of {told} records, {bad} are bad"));
        }
    }

    /// A good file may fail only if the storm made it miss a deadline, or after as many runs or
    /// attempts as the rules allow.
    fn check_failed(&mut self) {
        let sql = "SELECT error->>'code', run - runs_before, \
             (SELECT coalesce(max(attempts), 0) FROM import_chunk WHERE import_id = id) \
             FROM import WHERE uid = $1";
        let row = self.lane.look.row(sql, &[&self.uid]);
        let (code, run, attempts): (String, i32, i32) = (row.get(0), row.get(1), row.get(2));
        let deserved = match code.as_str() {
            "upload_expired" | "pause_expired" => self.expires,
            "run_expired" => self.overdue,
            "execution_lost" => run >= 5,
            "chunk_failed" => attempts >= 5,
            _ => false,
        };
        self.lane
            .storm
            .tally
            .fault(&format!("ended: failed, {code}"));
        if !deserved {
            let sql = "SELECT coalesce(error::text, '') || ' ' || coalesce(prepared_packing, '') || ' ' \
                 || coalesce(prepared_encoding, '') || ' ' || said::text FROM import WHERE uid = $1";
            let told: String = self.lane.look.row(sql, &[&self.uid]).get(0);
            let what =
                format!("a good file failed: {code}, run {run}, {attempts} attempts: {told}");
            self.violation(3, &what);
        }
        let held_for = ["run_expired", "execution_lost", "chunk_failed"];
        if self.holds && !self.was_held && held_for.contains(&code.as_str()) {
            self.violation(3, "it was to be held, and was rolled back at once");
        }
        if self.cancel == Asked::Yes || self.delete == Asked::Yes {
            self.violation(1, "it was cancelled or deleted, and failed");
        }
        self.check_nothing_left();
    }

    fn check_validated(&mut self) {
        if !self.validates || self.cancel == Asked::Yes || self.delete == Asked::Yes {
            self.violation(1, "validated, which was not the last that was asked");
        }
        self.see_nothing("although it is only validated");
        let error = self.number("(error IS NOT NULL)::integer::bigint");
        let (told, good) = (self.number("rows_imported"), self.file.rows.len() as i64);
        if (error, told) != (0, good) {
            let what = format!("validated: {told} rows of {good}, with an error: {error}");
            self.violation(2, &what);
        }
        self.check_row_errors();
        self.check_nothing_left();
    }

    pub fn check_cancelled(&mut self) {
        if self.cancel == Asked::Not || self.delete == Asked::Yes {
            self.violation(3, "cancelled, which was not the last command");
        }
        self.see_nothing("although it is cancelled");
        self.check_nothing_left();
    }

    fn check_deleted(&mut self) {
        if self.delete == Asked::Not {
            self.violation(3, "deleted, and no command asked for it");
        }
        self.delete = Asked::Yes;
        self.see_nothing("although it is deleted");
        self.check_nothing_left();
        // Its plan may still have a chunk that a worker held: see `sweep`.
        let left = self.count("row_error");
        if left != 0 {
            self.violation(
                1,
                &format!("deleted, and {left} of its row errors are left"),
            );
        }
    }

    fn check_nothing_left(&mut self) {
        let left = match self.has_table() {
            true => self.count(&self.file.dataset.table()),
            false => 0,
        };
        let proof = self.number("rows_remaining");
        if left != 0 || proof != 0 {
            self.violation(1, &format!("{left} rows are left, the proof says {proof}"));
        }
    }

    /// A replaced import names its replacement.
    fn check_link(&mut self) {
        if self.is_to_be_swapped {
            return;
        }
        let told = self.number("replaced_by::bigint");
        let replaced_by = self.successor.as_ref().map_or(-1, |it| it.number);
        if told != replaced_by {
            let what = format!("replaced by {replaced_by}, and it says {told}");
            self.violation(1, &what);
        }
    }

    /// The counters of the import are the sums of its receipts.
    fn check_counters(&mut self) {
        if self.delete == Asked::Yes {
            return;
        }
        let sql = "SELECT i.chunks_done::bigint, i.rows_imported, i.rows_rejected, \
             count(c.done_at), coalesce(sum(c.rows_imported), 0)::bigint, \
             coalesce(sum(c.rows_rejected), 0)::bigint \
             FROM import i LEFT JOIN import_chunk c ON c.import_id = i.id \
             WHERE i.uid = $1 GROUP BY i.id";
        let row = self.lane.look.row(sql, &[&self.uid]);
        let number = |index: usize| row.get::<_, i64>(index);
        let (told, counted) = ([0, 1, 2].map(number), [3, 4, 5].map(number));
        if told != counted {
            let what = format!("the import says {told:?}, its receipts {counted:?}");
            self.violation(2, &what);
        }
    }

    /// How many versions of an object are left. A late event may still lead to the removal of one,
    /// so this is asked when the storm has ended.
    pub fn versions_left(key: &str) -> usize {
        cloud::object_versions(key).len()
    }
}
