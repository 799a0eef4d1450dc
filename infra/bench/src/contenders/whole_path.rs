use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Result, bail};
use jiff::Timestamp;
use tokio_postgres::Client;
use uuid::Uuid;

use super::Arena;
use crate::measured::Measured;
use crate::sample_file::SampleFile;
use crate::server::connect_to_product;
use crate::user::{Import, User};
use crate::{environment, processes};

/// How often the state of the import is read; its times are the database's own.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const AT_MOST: Duration = Duration::from_secs(900);

/// A user of the running stack who uploads the file again and again.
pub struct WholePath {
    user: User,
    endpoint: String,
    file: Vec<u8>,
}

impl WholePath {
    /// Signs up.
    pub fn new(file: &SampleFile) -> Result<Self> {
        Ok(Self {
            user: User::sign_up()?,
            endpoint: environment::required("AWS_ENDPOINT_URL")?,
            file: std::fs::read(&file.path)?,
        })
    }

    /// From the object's arrival to `completed`, as the database dates it.
    pub async fn measure(&self, arena: &Arena) -> Result<Measured> {
        let client = connect_to_product().await?;
        let before = Functions::look(&self.endpoint);
        before.forget_peaks();
        let import = self.user.ask_for_url("baseline", arena.file.bytes)?;
        tokio::task::block_in_place(|| self.user.put(&import, &self.file))?;
        let arrived = Timestamp::now();
        let watch = arena.server.watch().await?;
        let emulator = emulator_cpu(&before);
        let completed = completed(&client, import.uid).await?;
        let measured = arena.server.measured(&watch, arena.file.rows).await?;
        let after = Functions::look(&self.endpoint);
        self.delete(&client, &import).await?;
        Ok(Measured {
            seconds: completed.duration_since(arrived).as_secs_f64(),
            client_cpu: after.cpu_since(&before),
            emulator_cpu: Some(emulator_cpu(&after) - emulator),
            worker_peak: after.peak_of("ImportChunk"),
            planner_peak: after.peak_of("PlanChunks"),
            ..measured
        })
    }

    /// Leaves the next run an empty table. The rows go at once: `bench stop` measures rollbacks.
    async fn delete(&self, client: &Client, import: &Import) -> Result<()> {
        client.batch_execute("TRUNCATE sales_record").await?;
        self.user.delete(&import.path)?;
        let sql = "SELECT state FROM import WHERE uid = $1";
        wait_for(client, sql, import.uid, |state| state == "deleted").await
    }
}

/// Waits for the import to be completed; the time it was.
async fn completed(client: &Client, uid: Uuid) -> Result<Timestamp> {
    let sql = "SELECT state FROM import WHERE uid = $1";
    wait_for(client, sql, uid, |state| state == "completed").await?;
    let sql = "SELECT finished_at FROM import WHERE uid = $1";
    Ok(client.query_one(sql, &[&uid]).await?.get(0))
}

async fn wait_for(
    client: &Client,
    sql: &str,
    uid: Uuid,
    enough: impl Fn(&str) -> bool,
) -> Result<()> {
    let began = std::time::Instant::now();
    loop {
        let state: String = client.query_one(sql, &[&uid]).await?.get(0);
        if enough(&state) {
            return Ok(());
        }
        if began.elapsed() > AT_MOST || ["failed", "cancelled"].contains(&state.as_str()) {
            bail!("the import is {state}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The stack's function processes and the CPU each has used.
struct Functions(HashMap<i32, (String, f64)>);

impl Functions {
    fn look(endpoint: &str) -> Self {
        let functions = processes::functions(endpoint).into_iter();
        Self(
            functions
                .map(|(pid, name)| (pid, (name, processes::cpu(pid))))
                .collect(),
        )
    }

    /// One that has ended since has no peak to forget.
    fn forget_peaks(&self) {
        for pid in self.0.keys() {
            let _ = processes::forget_peak(*pid);
        }
    }

    fn cpu_since(&self, before: &Self) -> f64 {
        let used = |(pid, (_, cpu)): (&i32, &(String, f64))| {
            cpu - before.0.get(pid).map_or(0.0, |(_, before)| *before)
        };
        self.0.iter().map(used).sum()
    }

    fn peak_of(&self, function: &str) -> Option<u64> {
        let pids = self
            .0
            .iter()
            .filter(|(_, (name, _))| name.contains(function));
        pids.filter_map(|(pid, _)| processes::peak(*pid)).max()
    }
}

/// The emulator started the functions.
fn emulator_cpu(functions: &Functions) -> f64 {
    let emulator = functions.0.keys().find_map(|pid| processes::parent(*pid));
    emulator.map_or(0.0, processes::cpu)
}
