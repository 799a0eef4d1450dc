//! Limits and times, on one page: what a user may meet, what several rooms or the template must
//! agree on, and how long anything may wait. What only one function knows (the size of a buffer, of
//! a batch) stays beside that function.
//!
//! A name says its unit where its type does not. `tests/house/limits.rs` compares this page with
//! template.yaml and with what the documents say.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::SignedDuration;

use crate::paging::PageLength;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

// ---- A file -----------------------------------------------------------------------------------

/// The largest file that is sent to an upload URL: what S3 takes in one PUT, 5 GB as it counts
/// them.
pub const FILE_BYTES_AT_MOST: i64 = 5 * 1024 * MIB as i64;

/// The largest file in the body of a request, 4.4 MiB: in base64 it still fits into the 6 MB that
/// Lambda hands to a function.
pub const FILE_IN_BODY_BYTES_AT_MOST: usize = 4_613_734;

/// What a form may add around its file.
pub const FORM_BYTES_AT_MOST: usize = 64 * KIB;

/// The largest original that is copied while the request for its retry waits: S3 copies it in a few
/// seconds, and API Gateway waits for 29. `reconcile` copies a larger one within a minute or two.
pub const COPIED_AT_ONCE_BYTES_AT_MOST: i64 = 256 * MIB as i64;

/// Characters that are kept of a file's name.
pub const FILE_NAME_CHARS_AT_MOST: usize = 100;

/// The longest heading: one small read; an honest one has some hundred bytes.
pub const HEADING_BYTES_AT_MOST: usize = 64 * KIB;

/// The most columns of a file: many times those of any dataset. A heading of the longest kind could
/// name 65,536 of them, and every record would be cut into as many.
pub const COLUMNS_AT_MOST: usize = 1_000;

/// The longest record without its line break: many times any honest row of ours. A quote that is
/// never closed ends here instead of at the end of a huge file.
pub const RECORD_BYTES_AT_MOST: i64 = 2 * MIB as i64;

/// The most lines of a record in a dataset whose cells have one line each: far more than any honest
/// record has. A quote too many would make one record of thousands.
pub const RECORD_LINES_AT_MOST: u64 = 1_000;

/// The most lines before the heading that can be said to be skipped.
pub const SKIPPED_LINES_AT_MOST: u32 = 1_000;

/// The most records that can be said to be the heading.
pub const HEADING_LINES_AT_MOST: u32 = 10;

/// The longest text of a sales record. The contract sets no limit; this is many times the longest
/// country name and keeps a row of five text columns far below a database page.
pub const TEXT_CHARS_AT_MOST: usize = 500;

/// The longest regular expression of a column: its compiled size is bounded as well.
pub const PATTERN_CHARS_AT_MOST: usize = 1_000;

/// Memory that one regular expression may take once it is compiled: some thousands of steps, each of
/// which may be taken at each byte of a cell.
pub const PATTERN_BYTES_AT_MOST: usize = 128 * KIB;

/// Memory that the regular expressions of one declaration may take together.
pub const PATTERNS_BYTES_AT_MOST: usize = 8 * MIB;

/// A row needs no more bytes of a page of PostgreSQL, which has 8,160 for one: what is left is a
/// reserve for columns that are added.
pub const ROW_BYTES_AT_MOST: usize = 8_000;

// ---- A declaration ----------------------------------------------------------------------------

/// The largest document, without its blanks.
pub const DECLARATION_BYTES_AT_MOST: usize = 256 * KIB;

/// Problems of a declaration that are told: a document of problems alone has thousands.
pub const PROBLEMS_TOLD_AT_MOST: usize = 100;

/// The longest name of a dataset.
pub const DATASET_NAME_CHARS_AT_MOST: usize = 48;

/// The most fields of a dataset: a table of as many columns costs 130 kB of PostgreSQL's catalog.
pub const DATASET_FIELDS_AT_MOST: usize = 500;

/// The longest name or title of a field.
pub const HEADING_CHARS_AT_MOST: usize = 200;

/// The most other headings of a field.
pub const TITLES_AT_MOST: usize = 20;

/// The longest description of a field.
pub const DESCRIPTION_CHARS_AT_MOST: usize = 1_000;

/// The longest example of a field.
pub const EXAMPLE_CHARS_AT_MOST: usize = 500;

/// The most texts that mean no value, and of those that mean true or false.
pub const MISSING_VALUES_AT_MOST: usize = 20;

/// The longest of them.
pub const MISSING_VALUE_CHARS_AT_MOST: usize = 100;

/// The most values of an `enum`.
pub const CHOICES_AT_MOST: usize = 1_000;

/// The longest of them.
pub const CHOICE_CHARS_AT_MOST: usize = 500;

/// The longest text of a bound: many times any number or date.
pub const BOUND_CHARS_AT_MOST: usize = 100;

/// The most patterns of dates or times of a field.
pub const DATE_FORMATS_AT_MOST: usize = 10;

/// The most different ones of a declaration: each pair is compared over forty years, which takes
/// some milliseconds.
pub const DATE_PATTERNS_AT_MOST: usize = 20;

/// The longest pattern of dates or times, and name of a zone.
pub const FORMAT_CHARS_AT_MOST: usize = 64;

/// Bytes of a sample that a declaration is inferred from, or tried with: tens of thousands of records,
/// in a fraction of a second.
pub const SAMPLE_BYTES_LOOKED_AT: usize = MIB;

/// The most totals, and pairs of dates in order.
pub const TOTALS_AT_MOST: usize = 50;

/// The most fields that sums are kept by, and of.
pub const SUMMED_COLUMNS_AT_MOST: usize = 20;

// ---- Datasets ---------------------------------------------------------------------------------

/// The most datasets of an owner: a table of 500 columns costs 130 kB of the catalog, and sign-up
/// is open.
pub const DATASETS_OF_AN_OWNER_AT_MOST: i64 = 100;

/// The last versions of a declaration are kept, whether or not an import or export was read or written
/// by them: those that are on their way to be named by one, and some to look back at.
pub const VERSIONS_KEPT: i32 = 20;

/// How long a change of a dataset's table waits for a lock that others hold: whoever reads the table
/// waits behind it. A worker may hold one for as long as its chunk takes.
pub const TABLE_LOCK_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// A change of a dataset's table is tried this often before it is refused for now.
pub const TABLE_LOCK_TRIES: u32 = 3;

/// The most imports of a dataset whose rollback is started while the request for its drop waits:
/// each takes a few calls to AWS, and API Gateway waits for 29 s. `reconcile` starts the others.
pub const IMPORTS_TAKEN_BACK_AT_ONCE: i64 = 20;

/// The most row errors that a trial of a sample answers with.
pub const SAMPLE_ROW_ERRORS_SHOWN: usize = 100;

/// The most datasets whose tables are dropped in one pass of `reconcile`.
pub const DATASETS_DROPPED_AT_MOST: i64 = 20;

/// The most deleted accounts that are taken up in one pass of `reconcile`.
pub const USERS_TAKEN_UP_AT_MOST: usize = 50;

/// The most owners of deleted accounts that each step of a pass looks at: the others follow a minute
/// later.
pub const OWNERS_LOOKED_AT_AT_MOST: i64 = 20;

/// The most acts of a deleted account whose addresses are removed in one pass: a call for each.
pub const ACTS_BLANKED_AT_MOST: usize = 1_000;

// ---- Preparing --------------------------------------------------------------------------------

/// Unpacked, a file may be this many times as large as it is packed: many times what a table of
/// text packs to. What packs better is one line over and over, or made to fill a disk.
pub const UNPACKED_TIMES_AT_MOST: i64 = 200;

/// A small file is unpacked up to this size, however well it is packed.
pub const UNPACKED_BYTES_ALWAYS_TAKEN: i64 = 256 * MIB as i64;

/// The largest file once it is prepared, 50 GB. A preparer that takes over begins at the first byte
/// again: getting to where the one before it stopped must leave it half of its time.
pub const PREPARED_BYTES_AT_MOST: i64 = 50_000_000_000;

/// The parts of a prepared object. S3 wants 5 MiB or more of every part but the last, and takes
/// 10,000 of them: 83 GB. Two are in memory at a time.
pub const PREPARED_PART_BYTES: usize = 8 * MIB;

/// The longest way back that zstd may point, and so what it holds in memory: what `zstd --ultra`
/// uses below its highest two levels. Its ordinary levels use 8 MiB at most.
pub const ZSTD_WINDOW_BYTES_AT_MOST: u64 = 32 * MIB as u64;

/// The longest directory of a zip archive: some ten thousand files, and one is taken.
pub const ZIP_DIRECTORY_BYTES_AT_MOST: i64 = MIB as i64;

/// A preparer that stores nothing, because it comes to what was stored before it, says this often
/// that it is at work, and learns whether it is still to be.
pub const PREPARER_LOOKS_EVERY: Duration = Duration::from_secs(15);

// ---- The first look at a file -----------------------------------------------------------------

/// Bytes looked at: four headings of the longest kind, some 2,000 sales records.
pub const FIRST_LOOK_BYTES: usize = 4 * HEADING_BYTES_AT_MOST;

/// The most records looked at. A thousand tell a file of swapped columns from one that only begins
/// badly, and cost a planner a few milliseconds.
pub const FIRST_LOOK_RECORDS_AT_MOST: usize = 1_000;

/// Fewer records than these are not judged: their row errors fit on one page of the API and say
/// more than a sentence about columns.
pub const FIRST_LOOK_RECORDS_AT_LEAST: usize = 10;

/// A file of which fewer of the first records fit is refused. Real files have bad records, some of
/// them many; but where columns are mixed up only those fit whose values happen to agree.
pub const FIRST_LOOK_FITTING_PERCENT: usize = 10;

/// The heading is looked for among as many physical lines: a title and a few notes may stand before
/// it.
pub const HEADING_WITHIN_LINES: usize = 20;

/// The most records that are taken for the heading without being said: those of one that stands on
/// several lines, of which only the joined names fit.
pub const HEADING_LINES_FOUND_AT_MOST: u32 = 3;

/// The first records that do not fit have their row errors kept when a file is refused for its
/// columns.
pub const FIRST_LOOK_EXAMPLES: usize = 10;

/// Characters that a reason shows of a cell.
pub const SHOWN_CELL_CHARS: usize = 40;

// ---- Rejected records -------------------------------------------------------------------------

/// Row errors kept of an import, so that what an import leaves does not grow with its file;
/// rejected records are counted beyond it.
pub const ROW_ERRORS_KEPT_PER_IMPORT: i64 = 100_000;

/// Row errors that a chunk may keep, however many chunks share the import's limit: the bad records of
/// a file often stand together. A few MiB of a worker's memory.
pub const ROW_ERRORS_KEPT_PER_CHUNK: i64 = 10_000;

/// In a file with fewer lines, one record may be rejected whatever the percentage, unless that is 0.
pub const LINES_OF_A_SMALL_FILE: u64 = 20;

/// A rejected record counts as one as long as it has no more lines than these.
pub const LINES_PER_REJECTED_RECORD: u64 = 10;

/// Characters kept of a rejected cell or record.
pub const REJECTED_VALUE_CHARS_KEPT: usize = 200;

/// The largest file of rejected rows: what one function holds in memory.
pub const REJECTED_FILE_BYTES_AT_MOST: usize = 16 * MIB;

/// No import waits longer for the file of its rejected rows: what is not in it by then is missing,
/// and a warning says how much.
pub const REJECTED_FILE_WITHIN: Duration = Duration::from_secs(120);

// ---- Chunks -----------------------------------------------------------------------------------

/// An object is cut into this many chunks if their size allows it, so that even a middling file
/// keeps several workers busy.
pub const CHUNKS_OF_A_FILE: i64 = 16;

/// The smallest chunk of a file that has more than one: a worker's start costs less than its work.
pub const CHUNK_BYTES_AT_LEAST: i64 = 4 * MIB as i64;

/// The largest chunk: stored in seconds, far below a worker's time limit.
pub const CHUNK_BYTES_AT_MOST: i64 = 16 * MIB as i64;

/// For each worker of the stack so many chunks are out at a time: the one that it stores and the next.
/// What is in the queue comes in no order that can be relied upon, so it is kept short, and chunks of
/// all imports are handed out by turns.
pub const CHUNKS_OUT_PER_WORKER: i64 = 2;

/// The most chunks of one import that are out at a time, however many workers there are.
pub const CHUNKS_OUT_AT_MOST: i64 = 64;

/// A chunk that was tried this often without a receipt is given up when its message is a dead
/// letter. The queue delivers a message as often (`maxReceiveCount`).
pub const ATTEMPTS_AT_MOST: i32 = 5;

/// Seconds until a message comes again that failed for a passing reason: at random, so that those
/// that failed together do not come back together.
pub const COMES_AGAIN_AFTER_SECONDS: RangeInclusive<i32> = 5..=60;

/// Seconds until a message comes again whose chunk another worker holds: time enough for it to end.
pub const TAKEN_COMES_AGAIN_AFTER_SECONDS: i32 = 60;

// ---- Executions -------------------------------------------------------------------------------

/// The execution of an import or export is started this often before it fails with
/// `execution_lost`. A rollback is started without limit.
pub const RUNS_AT_MOST: i32 = 5;

/// An object whose event has not come by now is looked for.
pub const EVENT_LOST_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// A planner that has committed nothing for this long is replaced; two planners are harmless.
pub const PLANNER_SILENT_AFTER: SignedDuration = SignedDuration::from_mins(3);

/// An import or export on which nothing was committed for this long has its execution looked at.
pub const EXECUTION_CHECK_EVERY: SignedDuration = SignedDuration::from_mins(3);

/// Pauses between tries of a rollback that cannot finish grow up to this: an import is to reach its
/// end within minutes of the last fault.
pub const ROLLBACK_RETRY_LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// A pass of `reconcile` that has said nothing for this long was killed, and another one may begin: a
/// step takes some calls to AWS. One that was only slow, as the copy of a large original is, ends after
/// that step.
pub const RECONCILE_SILENT_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// Once nothing was stored of an import or export for this long, it is said what it waits for: a
/// chunk is stored in seconds.
pub const QUIET_AFTER: SignedDuration = SignedDuration::from_secs(30);

// ---- Functions --------------------------------------------------------------------------------

/// `Timeout` of plan-chunks, rollback-import and write-export in the template: the longest that
/// Lambda allows. Sessions of a writer that are older belong to none that runs.
pub const LONG_FUNCTION_TIMEOUT_SECONDS: i32 = 900;

/// How long one invocation of these works before it asks to be entered again: two minutes are left
/// to commit what is under way.
pub const LONG_FUNCTION_BUDGET: Duration =
    Duration::from_secs(LONG_FUNCTION_TIMEOUT_SECONDS as u64 - 120);

/// How long a migration may take: its answer must go out before the `Timeout` of migrate-database
/// in the template.
pub const MIGRATION_WITHIN: Duration = Duration::from_secs(840);

/// How long a deploy waits for each host that functions must reach.
pub const REACHED_WITHIN: Duration = Duration::from_secs(5);

/// How long a step of the schema waits for a lock that others hold: every reader and writer of the
/// table waits behind it.
pub const MIGRATION_LOCK_WITHIN: Duration = Duration::from_secs(5);

/// A step of the schema that cannot have its locks is tried this often before the deploy fails.
pub const MIGRATION_LOCK_TRIES: u32 = 20;

/// The pause between two such tries, in which those who waited behind the first get their turn.
pub const MIGRATION_LOCK_PAUSE: Duration = Duration::from_secs(5);

/// How often a writer looks whether its export is still wanted.
pub const WRITER_LOOKS_EVERY: Duration = Duration::from_secs(5);

// ---- Links, tokens and waits that a user meets ------------------------------------------------

/// How long a link is valid, to a file or to send one to.
pub const LINK_VALID_FOR: Duration = Duration::from_secs(15 * 60);

/// An object that has not arrived by then is waited for no longer: the upload itself may take
/// longer than its link is valid.
pub const UPLOAD_WITHIN: SignedDuration = SignedDuration::from_hours(2);

/// An export that waits for its confirmation has expired then.
pub const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// How long an access token is valid.
pub const ACCESS_TOKEN_VALID_FOR: SignedDuration = SignedDuration::from_mins(30);

/// How long a refresh token is valid.
pub const REFRESH_TOKEN_VALID_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A refresh token of a family that was exchanged may come again for this long, if no successor of
/// it was exchanged: an answer that was lost is asked for again at once.
pub const REFRESHED_AGAIN_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// A family of refresh tokens ends then, however often they were exchanged: the user signs in again.
/// Our choice.
pub const FAMILY_AT_MOST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The longest that an API key is valid: none is forgotten for ever.
pub const API_KEY_DAYS_AT_MOST: i64 = 365;

/// How long an API key is valid if nothing else is said.
pub const API_KEY_DAYS_USUALLY: i64 = 90;

// ---- Guessing and flooding ----------------------------------------------------------------------

/// Tries of passwords, and new accounts, are counted by the hour. Once there were more than are free,
/// they are forgotten after as long without another.
pub const TRIES_FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// The longest pause between two tries: long for who guesses, and not for ever for who is kept out.
pub const PAUSE_BETWEEN_TRIES_AT_MOST: SignedDuration = SignedDuration::from_mins(15);

/// Addresses that are remembered of an account: those that it was signed in from last.
pub const ADDRESSES_REMEMBERED: usize = 10;

// ---- Signing keys -----------------------------------------------------------------------------

/// How long a function knows the key ring, and `auth` the signing key, before it reads again: so long
/// a key that others have got hold of is accepted after its end.
pub const SIGNING_KEYS_READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How soon a token with an unknown kid makes a function read the key ring again: kids that were
/// made up cost a read in this time, however many they are.
pub const UNKNOWN_KID_READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// How long a new key is in the key ring before it signs: every function that meets its kid then
/// reads the ring, because what it knows is older than [`UNKNOWN_KID_READ_AGAIN_AFTER`].
pub const NEW_SIGNING_KEY_WAITS_FOR: Duration = Duration::from_secs(12);

/// How long a rotation may take: an answer must go out before the `Timeout` of rotate-signing-key in
/// the template.
pub const ROTATION_WITHIN: Duration = Duration::from_secs(30);

/// How long a rotation holds off another one, if it was broken off: longer than its function runs.
pub const ROTATION_HELD_FOR: SignedDuration = SignedDuration::from_mins(2);

/// How long tokens are accepted by a key that signs no more: what a refresh token has to live, the
/// time in which `auth` may still sign with it, and clocks that do not agree.
pub const OLD_SIGNING_KEY_KEPT_FOR: SignedDuration = SignedDuration::from_mins(24 * 60 + 10);

// ---- Requests ---------------------------------------------------------------------------------

/// The largest body of a request that has no file.
pub const BODY_BYTES_AT_MOST: usize = 64 * KIB;

/// The most fields of a form; the original's framework draws the same line.
pub const FIELDS_AT_MOST: usize = 1_000;

/// The longest `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_CHARS_AT_MOST: usize = 255;

/// The longest username: the contract's.
pub const USERNAME_CHARS_AT_MOST: usize = 150;

/// The longest email address: the contract's.
pub const EMAIL_CHARS_AT_MOST: usize = 254;

/// The shortest password: the contract's.
pub const PASSWORD_CHARS_AT_LEAST: usize = 8;

/// API keys that a user may have at a time. They stand on the item of the user, which every request
/// reads: twenty with the longest names of ASCII are 6 KB.
pub const API_KEYS_OF_A_USER_AT_MOST: usize = 20;

/// The longest name of an API key.
pub const API_KEY_NAME_CHARS_AT_MOST: usize = 100;

/// Seconds after which a client asks again for what is not at its end (`Retry-After`): by the work
/// that is left, below a minute, below ten, and above that.
pub const ASK_AGAIN_AFTER_SECONDS: [u32; 3] = [1, 5, 15];

/// Seconds after which a request that was refused for the moment is sent again (`Retry-After`).
pub const TRY_AGAIN_AFTER_SECONDS: u32 = 5;

// ---- Pages ------------------------------------------------------------------------------------

/// Imports or exports on a page: the contract's.
pub const LIST_PAGE: PageLength = PageLength {
    usual: 10,
    at_most: 30,
};

/// Rows or row errors on a page: the contract's.
pub const ROWS_PAGE: PageLength = PageLength {
    usual: 30,
    at_most: 100,
};

/// The rows of a page, or the groups of a summary, have no more bytes in an answer than these, as JSON
/// within JSON: of the 6 MB that Lambda takes from a function, the rest is for links.
pub const ANSWER_BYTES_AT_MOST: usize = 5 * MIB;

/// Groups of a summary, which is meant to be had at once.
pub const GROUPS_PAGE: PageLength = PageLength {
    usual: 1_000,
    at_most: 1_000,
};

/// Imports and exports on a page of the list of all of them, which a page of a console shows at once.
pub const EVERYTHING_PAGE: PageLength = PageLength {
    usual: 30,
    at_most: 100,
};

/// Acts on a page of the list of who did what.
pub const AUDIT_PAGE: PageLength = PageLength {
    usual: 30,
    at_most: 100,
};

/// Imports and exports that are looked at for a page of this list, where a filter leaves few: some
/// milliseconds, however many an owner has.
pub const EVERYTHING_LOOKED_AT: i64 = 2_000;

/// Runs of chunks on a page: an import at work has at most some hundred, since
/// [`CHUNKS_OUT_AT_MOST`] of its chunks are out at a time.
pub const CHUNK_RUNS_PAGE: PageLength = PageLength {
    usual: 1_000,
    at_most: 1_000,
};

/// Rows looked at for a page by cursor, where a filter leaves few: that takes a third or half of a
/// second (docs/figures-query.md).
pub const ROWS_LOOKED_AT_FOR_A_PAGE: i64 = 1_000_000;

// ---- Exports ----------------------------------------------------------------------------------

/// Exports of one owner that may be unfinished at a time: each has a writer and two sessions, three
/// at times.
pub const EXPORTS_AT_ONCE: i64 = 5;

/// A larger export is not begun: at 139 bytes a row these fill all the parts of an object.
pub const EXPORT_ROWS_AT_MOST: i64 = 450_000_000;

/// A part is cut at the first row after these bytes. S3 wants 5 MiB or more of every part but the
/// last. Two are in memory at a time, one being filled and one on its way.
pub const EXPORT_PART_BYTES: usize = 6 * MIB;

/// S3 takes no more parts of one object: 63 GB in all.
pub const EXPORT_PARTS_AT_MOST: i32 = 10_000;

// ---- Waits and deadlines kept in PostgreSQL ---------------------------------------------------

/// How long a pause may last before the import fails with `pause_expired`: our choice, as the three
/// times after it.
pub const PAUSE_AT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// How long a failed import is held to be resumed before it is taken back (`on_failure=hold`).
pub const HOLD_AT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// How long the original of an import that has ended without being completed is kept, and its
/// rejects file: until then the import can be retried.
pub const ORIGINAL_KEPT_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// From the arrival of its object, or from when it was last resumed, an import has this long to
/// come to its end before it fails with `run_expired`.
pub const IMPORT_RUN_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// The same of an export, from when it was confirmed.
pub const EXPORT_RUN_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// What an ended import or export may have left is swept this long after its end: no function that
/// worked on it runs any more, as Lambda ends each after 15 minutes.
pub const SWEPT_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// A request that was let in is answered, or has ended without an answer, after this time: API
/// functions run for 28 s at most. So nothing is changed any more by whoever sent it.
pub const REQUEST_OVER_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How long the report of a deleted account can be read, from when the account was deleted and again
/// from when everything of it was gone: our choice.
pub const REPORT_KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An import that was completed, or last tried, this long ago and is not in the sums of the summary
/// was left out: the function that finished it has given up, or knew nothing of sums. finish-import
/// is tried eight times, mostly within minutes; and what made a try fail may have passed.
pub const LEFT_OUT_OF_SUMS_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// An import that was left out of the sums is tried this long after the try before, of whatever
/// import: passes of reconcile begin whenever an execution ends, and adding up keeps a core of the
/// server busy.
pub const LEFT_OUT_TRIED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How long the rows of an export may be counted before its size is estimated instead: the request
/// has 28 s in all, a second less than API Gateway waits.
pub const EXPORT_COUNTED_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// How long a query for rows or sums may take, in however many statements, before it is refused
/// with `query_too_slow`: the request has 28 s in all. PostgreSQL ends the session then.
pub const QUERY_WITHIN: SignedDuration = SignedDuration::from_secs(20);

/// A session whose transaction waits for its client this long is ended by PostgreSQL: a worker that
/// was frozen between its fence and COMMIT holds the import's row no longer.
pub const TRANSACTION_IDLE_AT_MOST: SignedDuration = SignedDuration::from_secs(10);

/// How long a database session may take to be opened, at each of four tries, and one that was kept to
/// answer: a request that has met a silent server five times can still say so, within its 28 s.
pub const OPENED_WITHIN: Duration = Duration::from_secs(5);

/// How often PostgreSQL looks, during a statement, whether its client is still there: a statement
/// that has nothing to send for a while, as the COPY of an export may, ends this soon after it.
pub const CLIENT_LOOKED_FOR_EVERY: SignedDuration = SignedDuration::from_secs(5);
