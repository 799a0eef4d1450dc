//! What is broken from outside of a process: messages, sessions, the server, events, executions.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;
use xtask::random::Random;

use super::look::Look;
use super::{Storm, control, operator};

/// A server that has just come back is left alone this long.
const BETWEEN_CRASHES: Duration = Duration::from_secs(25);

#[derive(Clone, Copy)]
enum Fault {
    Steal,
    Duplicate,
    DeadLetter,
    CutAfterCommit,
    CutBeforeCommit,
    FreezeCopy,
    CrashDatabase,
    LoseEvents,
    StopImport,
    StopExport,
}

const FAULTS: &[(u64, Fault)] = &[
    (30, Fault::Steal),
    (14, Fault::Duplicate),
    (8, Fault::DeadLetter),
    (12, Fault::CutAfterCommit),
    (8, Fault::CutBeforeCommit),
    (6, Fault::FreezeCopy),
    (6, Fault::CrashDatabase),
    (6, Fault::LoseEvents),
    (6, Fault::StopImport),
    (8, Fault::StopExport),
];

struct Shaker<'s> {
    storm: &'s Storm,
    random: Random,
    look: Look,
    crashed: Instant,
}

pub fn run(storm: &Storm, random: Random) {
    let mut shaker = Shaker {
        storm,
        random,
        look: Look::new(),
        crashed: Instant::now(),
    };
    while !storm.is_over() {
        sleep(Duration::from_millis(shaker.random.between(100, 2_000)));
        let fault = shaker.random.weighted(FAULTS);
        shaker.put_in(fault);
    }
    operator::let_events_through(true);
}

impl Shaker<'_> {
    fn put_in(&mut self, fault: Fault) {
        match fault {
            Fault::Steal => self.steal(),
            Fault::Duplicate => self.send_a_chunk("CHUNK_QUEUE_URL", "message sent twice"),
            Fault::DeadLetter => self.send_a_chunk("DEAD_LETTER_QUEUE_URL", "forged dead letter"),
            // Counted by the proxy when they have happened.
            Fault::CutAfterCommit => drop(control::order("cut-after-commit")),
            Fault::CutBeforeCommit => drop(control::order("cut-before-commit")),
            Fault::FreezeCopy => drop(control::order("freeze-copy")),
            Fault::CrashDatabase => self.crash_database(),
            Fault::LoseEvents => self.lose_events(),
            Fault::StopImport => self.stop_import(),
            Fault::StopExport => self.stop_export(),
        }
    }

    fn tally(&self, kind: &str) {
        self.storm.tally.fault(kind);
    }

    /// Takes messages before a worker does, and loses, doubles, delays or reorders them.
    fn steal(&mut self) {
        let mut stolen = operator::steal(self.random.between(1, 6));
        if stolen.len() > 1 && self.random.percent(60) {
            stolen.reverse();
            self.tally("messages reordered");
        }
        for message in &stolen {
            match self.random.between(1, 4) {
                1 => {
                    self.tally("message lost");
                    operator::lose(message);
                }
                2 => {
                    self.tally("message doubled");
                    operator::send("CHUNK_QUEUE_URL", &message.0);
                    operator::release(message, 0);
                }
                3 => {
                    self.tally("message delayed");
                    operator::release(message, self.random.between(1, 20));
                }
                _ => operator::release(message, 0),
            }
        }
    }

    /// Sends a message about any chunk there is, of an import in any state.
    fn send_a_chunk(&mut self, queue: &str, kind: &str) {
        let sql = "SELECT i.uid, c.number FROM import_chunk c JOIN import i ON i.id = c.import_id \
             ORDER BY (i.state IN ('completed', 'failed', 'cancelled'))::integer + random() \
             LIMIT 1";
        for row in self.look.rows(sql, &[]) {
            let (uid, number): (Uuid, i32) = (row.get(0), row.get(1));
            let body = json!({"import": uid, "chunk": number}).to_string();
            operator::send(queue, &body);
            self.tally(kind);
        }
    }

    fn crash_database(&mut self) {
        if self.crashed.elapsed() > BETWEEN_CRASHES {
            control::order("crash-database");
            self.tally("PostgreSQL restarted, -m immediate");
            self.crashed = Instant::now();
        }
    }

    fn lose_events(&mut self) {
        operator::let_events_through(false);
        sleep(Duration::from_millis(self.random.between(200, 1_500)));
        operator::let_events_through(true);
        self.tally("S3 events lost for a while");
    }

    fn stop_import(&mut self) {
        let running = "SELECT 'import-' || uid || '-' || run FROM import \
             WHERE state IN ('planning', 'importing', 'finishing')";
        self.stop_one(
            "IMPORT_STATE_MACHINE_ARN",
            running,
            "execution stopped by hand",
        );
    }

    fn stop_export(&mut self) {
        let running = "SELECT 'export-' || uid || '-' || run FROM export WHERE state = 'exporting'";
        let kind = "execution of an export stopped by hand";
        self.stop_one("EXPORT_STATE_MACHINE_ARN", running, kind);
    }

    /// Stops one of the executions that the query names.
    fn stop_one(&mut self, machine: &str, running: &str, kind: &str) {
        let sql = format!("{running} ORDER BY random() LIMIT 1");
        for row in self.look.rows(&sql, &[]) {
            let name: String = row.get(0);
            operator::stop_execution(machine, &name);
            self.tally(kind);
        }
    }
}
