//! `bench cost`: what an import costs on AWS, from what it was measured to use.

mod prices;
mod used;

use anyhow::Result;
use serde_json::{Value, json};
use xtask::measurements::CostOptions;

use crate::environment;
use prices::Prices;
use used::Used;

/// Bytes of a chunk: a sixteenth of the object between these, as the planner has it.
fn chunk_bytes(object: f64) -> f64 {
    domain::plan::chunk_bytes(object as i64) as f64
}

// As template.yaml has them.
const WORKER_GB: f64 = 0.5;
const PLANNER_GB: f64 = 1.0;
const SMALL_GB: f64 = 0.25;

/// Memory at which a function has one whole virtual CPU: AWS, "Configure Lambda function memory".
const GB_OF_A_CPU: f64 = 1769.0 / 1024.0;

/// A worker has its share of a CPU, and waits for PostgreSQL where that is the slower one: bytes
/// come faster than either takes them.
fn worker_seconds(used: &Used) -> f64 {
    (used.client / (WORKER_GB / GB_OF_A_CPU)).max(used.server)
}

/// Start, finish and the planner's own work apart from reading, in seconds.
const SMALL_SECONDS: f64 = 2.0;

/// Transitions of the import's execution: start, Plan, Planned, Finish, end.
const TRANSITIONS: f64 = 5.0;

/// Requests of SQS for a chunk: sent, received, deleted. Sends go ten at a time.
const SQS_PER_CHUNK: f64 = 2.1;

/// What one file costs, in USD, by service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub lambda: f64,
    pub sqs: f64,
    pub step_functions: f64,
    pub s3: f64,
}

impl Cost {
    /// A pure formula: nothing is measured here.
    pub fn of(rows: f64, options: &CostOptions, worker_seconds: f64, prices: &Prices) -> Self {
        let bytes = rows * options.bytes_per_row;
        let chunks = (bytes / chunk_bytes(bytes)).ceil().max(1.0);
        let worker = rows / 1e6 * worker_seconds * WORKER_GB;
        let planner = (bytes / options.planner_bytes_per_second + SMALL_SECONDS) * PLANNER_GB;
        let small = SMALL_SECONDS * SMALL_GB;
        Self {
            lambda: (worker + planner + small) * prices.lambda_gb_second
                + (chunks + 3.0) * prices.lambda_request,
            sqs: chunks * SQS_PER_CHUNK * prices.sqs_request,
            step_functions: TRANSITIONS * prices.transition,
            // One PUT; the planner reads the heading and the object, each worker its chunk.
            s3: prices.s3_put + (chunks + 2.0) * prices.s3_get,
        }
    }

    /// All of it.
    pub fn total(&self) -> f64 {
        self.lambda + self.sqs + self.step_functions + self.s3
    }

    fn json(&self) -> Value {
        json!({"lambda": self.lambda, "sqs": self.sqs, "step_functions": self.step_functions,
            "s3": self.s3, "total": self.total()})
    }
}

/// Prints what a million and a billion rows cost.
pub fn print(options: &CostOptions) -> Result<()> {
    let seconds = match options.worker_seconds_per_million {
        Some(seconds) => seconds,
        None => computed(&Used::last()?),
    };
    println!(
        "USD without free tier, database, storage and transfer; {}\n",
        prices::SOURCE
    );
    println!(
        "| rows | Lambda | SQS | Step Functions | S3 requests | all |\n|---|---|---|---|---|---|"
    );
    let mut costs = Vec::new();
    for rows in [1e6, 1e9] {
        let cost = Cost::of(rows, options, seconds, &prices::US_EAST_1);
        println!(
            "| {rows:.0} | {:.6} | {:.6} | {:.6} | {:.6} | {:.6} |",
            cost.lambda,
            cost.sqs,
            cost.step_functions,
            cost.s3,
            cost.total()
        );
        costs.push(json!({"rows": rows, "usd": cost.json()}));
    }
    let path = environment::output_folder()?.join("cost.json");
    Ok(std::fs::write(path, serde_json::to_string_pretty(&costs)?)?)
}

fn computed(used: &Used) -> f64 {
    let seconds = worker_seconds(used);
    println!(
        "{:.2} + {:.2} CPU seconds for a million rows ({}): {seconds:.1} s of workers with {WORKER_GB} GB.\n",
        used.client, used.server, used.source
    );
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: CostOptions = CostOptions {
        bytes_per_row: 100.0,
        worker_seconds_per_million: None,
        planner_bytes_per_second: 100e6,
    };

    const ONE_EACH: Prices = Prices {
        lambda_gb_second: 1.0,
        lambda_request: 0.0,
        sqs_request: 1.0,
        transition: 1.0,
        s3_put: 1.0,
        s3_get: 1.0,
    };

    #[test]
    fn a_million_rows_are_counted_out() {
        // 100 MB are 16 chunks of 6.25 MB.
        let cost = Cost::of(1e6, &OPTIONS, 10.0, &ONE_EACH);
        // Workers 10 s of half a GB; the planner 1 s + 2 s of one; the small ones 2 s of a quarter.
        assert!((cost.lambda - (5.0 + 3.0 + 0.5)).abs() < 1e-9, "{cost:?}");
        assert!((cost.sqs - 16.0 * 2.1).abs() < 1e-9);
        assert_eq!((cost.step_functions, cost.s3), (5.0, 19.0));
    }

    #[test]
    fn a_worker_waits_for_the_slower_one() {
        let used = |client, server| Used {
            client,
            server,
            source: String::new(),
        };
        // 3.455 times as long as a whole CPU would take.
        assert!((worker_seconds(&used(1.0, 3.0)) - 3.455).abs() < 0.001);
        assert_eq!(worker_seconds(&used(1.0, 5.0)), 5.0);
    }

    #[test]
    fn cost_grows_no_faster_than_the_file() {
        let of = |rows| Cost::of(rows, &OPTIONS, 10.0, &prices::US_EAST_1).total();
        assert!(of(1e9) < 1000.0 * of(1e6));
        assert!(of(1e9) > 100.0 * of(1e6));
        assert!(of(1.0) > 0.0);
    }

    #[test]
    fn the_prices_are_those_of_the_page() {
        let million = 1e6 * prices::US_EAST_1.lambda_request;
        assert!((million - 0.20).abs() < 1e-9);
        assert!((1000.0 * prices::US_EAST_1.transition - 0.025).abs() < 1e-9);
    }
}
