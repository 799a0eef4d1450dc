//! Fifty users with an import each, at once.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use uuid::Uuid;

use crate::fixture::client::User;
use crate::fixture::stack::sql;
use crate::fixture::{cloud, sample};

const USERS: u64 = 50;

/// Requests at one time: the machine has a few cores.
const AT_ONCE: usize = 10;

/// Teams of the smallest file.
const FEWEST: u64 = 10;

/// The largest file has `sample::many_teams` this many times: it is under way until all others are
/// sent.
const TIMES: usize = 5;

/// Workers that other tests invoke themselves, without the queue and its limit.
const BESIDE_THE_QUEUE: i64 = 2;

const WITHIN: Duration = Duration::from_secs(120);

#[test]
fn fifty_imports_at_once_are_all_completed() {
    let users = at_once((0..USERS).collect(), |_| User::new());
    let largest = users[0].upload_to_url("team", &largest_file());
    let rest: Vec<(usize, &User)> = users.iter().enumerate().skip(1).collect();
    let mut uids = at_once(rest, |(number, user)| {
        let teams = FEWEST + (number as u64 - 1) * 40;
        user.upload("team", &sample::teams(140 + number as u64, teams))
            .uid
    });
    let smallest = uids[0];
    assert!(
        !has_ended(largest.uid),
        "the largest import ended before the others were sent"
    );
    uids.push(largest.uid);
    let sessions = sessions_until_completed(&uids);
    eprintln!("{sessions:?}");
    assert!(
        sessions.workers <= maximum_concurrency() + BESIDE_THE_QUEUE,
        "{sessions:?}"
    );
    assert!(sessions.all < sessions.allowed, "{sessions:?}");
    assert!(
        finished(smallest) < finished(largest.uid),
        "the smallest waited for the largest"
    );
    assert_eq!(stored(&uids), expected_rows());
}

fn largest_file() -> Vec<u8> {
    let once = sample::many_teams();
    let heading = once.iter().position(|it| *it == b'\n').unwrap() + 1;
    let (heading, records) = once.split_at(heading);
    [heading, &records.repeat(TIMES)].concat()
}

fn has_ended(uid: Uuid) -> bool {
    sql::one(
        "SELECT finished_at IS NOT NULL FROM import WHERE uid = $1",
        &[&uid],
    )
}

/// The largest numbers that were counted in pg_stat_activity.
#[derive(Debug)]
struct Sessions {
    workers: i64,
    all: i64,
    allowed: i64,
}

fn sessions_until_completed(uids: &[Uuid]) -> Sessions {
    let mut most = Sessions {
        workers: 0,
        all: 0,
        allowed: sql::one("SELECT current_setting('max_connections')::bigint", &[]),
    };
    let begin = Instant::now();
    loop {
        let row = sql::row(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'import-chunk' \
                 AND datname = current_database()), \
             (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), \
             (SELECT count(*) FROM import WHERE uid = ANY($1) AND state = 'completed'), \
             (SELECT count(*) FROM import WHERE uid = ANY($1) \
                 AND state IN ('rolling_back', 'failed', 'rollback_failed'))",
            &[&uids],
        );
        most.workers = most.workers.max(row.get(0));
        most.all = most.all.max(row.get(1));
        assert_eq!(row.get::<_, i64>(3), 0, "an import has failed");
        if row.get::<_, i64>(2) == uids.len() as i64 {
            return most;
        }
        assert!(begin.elapsed() < WITHIN, "not all are completed");
        thread::sleep(Duration::from_millis(100));
    }
}

/// The limit on workers, from the mapping between queue and worker.
fn maximum_concurrency() -> i64 {
    let worker = cloud::function("ImportChunkFunction");
    let request = cloud::Signed {
        service: "lambda",
        method: "GET",
        path: "/2015-03-31/event-source-mappings",
        query: &[("FunctionName", &worker)],
        headers: &[],
        body: b"",
    };
    let listed = cloud::call(&cloud::operator(), &request).expect(200);
    let mapping: &Value = &listed["EventSourceMappings"][0];
    mapping["ScalingConfig"]["MaximumConcurrency"]
        .as_i64()
        .unwrap()
}

fn finished(uid: Uuid) -> jiff::Timestamp {
    let text: String = sql::one(
        "SELECT to_char(finished_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM import WHERE uid = $1",
        &[&uid],
    );
    text.parse().unwrap()
}

fn stored(uids: &[Uuid]) -> i64 {
    sql::one(
        "SELECT count(*) FROM team WHERE import_id IN (SELECT id FROM import WHERE uid = ANY($1))",
        &[&uids],
    )
}

fn expected_rows() -> i64 {
    let small: u64 = (0..USERS - 1).map(|it| FEWEST + it * 40).sum();
    sample::MANY * TIMES as i64 + small as i64
}

/// Calls `work` with each, a few at a time. Returns the results in the same order.
fn at_once<T: Send, R: Send>(all: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let rest = Mutex::new(all.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((index, one)) = { rest.lock().unwrap().next() } {
                    let result = work(one);
                    done.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
