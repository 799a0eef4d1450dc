//! Times of what is done again and again.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::server::connect_to_product;
use crate::user::User;

/// The times of this many runs; each is told its number, from 0.
pub async fn timed(samples: usize, mut run: impl AsyncFnMut(usize) -> Result<()>) -> Result<Value> {
    let mut times = Vec::new();
    for sample in 0..samples {
        let begin = Instant::now();
        run(sample).await?;
        times.push(begin.elapsed());
    }
    Ok(percentiles(times))
}

/// What was measured, or that PostgreSQL has ended it, and with it the session: a new one is opened.
pub async fn or_too_slow(client: &mut Client, measured: Result<Value>) -> Result<Value> {
    let out_of_time = |it: &anyhow::Error| {
        let error = it.downcast_ref::<postgres::Error>();
        error.is_some_and(postgres::Error::is_out_of_time)
    };
    match measured {
        Err(error) if out_of_time(&error) => {
            *client = connect_to_product().await?;
            Ok(json!({"too_slow": true}))
        }
        measured => measured,
    }
}

/// As a client of the API sees it: the front door, the emulated gateway and the function.
pub fn through_handler(user: &User, path: &str, samples: usize) -> Result<Value> {
    let mut times = Vec::new();
    tokio::task::block_in_place(|| {
        // The first one may start the function.
        user.get(path)?;
        for _ in 0..samples {
            let begin = Instant::now();
            user.get(path)?;
            times.push(begin.elapsed());
        }
        Ok(percentiles(times))
    })
}

/// Median and 99th percentile of times.
pub fn percentiles(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| {
        let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(index).map(|it| it.as_secs_f64() * 1e3)
    };
    json!({"p50_ms": at(50), "p99_ms": at(99), "samples": times.len()})
}
