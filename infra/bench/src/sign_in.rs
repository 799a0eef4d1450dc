//! Whether the time of a refusal tells that a user exists. Both kinds are asked in turn, so that
//! other load of the machine falls on both.

use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::json;

use crate::api::Api;
use crate::measured::Spread;
use crate::report;

const TRIES: usize = ROUNDS * TRIES_OF_A_NAME;
const ROUNDS: usize = 10;
/// More of one name would have to wait.
const TRIES_OF_A_NAME: usize = 5;

/// Measures, prints and writes.
pub fn measure() -> Result<()> {
    let api = Api::of_the_stack()?;
    let (mut of_unknown, mut of_wrong) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let known = api.sign_up()?;
        let unknown = format!("{known}_not");
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for _ in 0..TRIES_OF_A_NAME {
            without.push(refused(&api, &unknown)?);
            with.push(refused(&api, &known)?);
        }
        // Before the first that counts, processes start and caches fill.
        if round > 0 {
            of_unknown.extend(without);
            of_wrong.extend(with);
        }
    }
    tell(&of_unknown, &of_wrong)
}

/// Milliseconds until a sign-in with a wrong password is refused.
fn refused(api: &Api, username: &str) -> Result<f64> {
    let login = json!({"username": username, "password": "12ab34ce"});
    let begin = Instant::now();
    let (status, said) = api.post_json("/token/", &login)?;
    let took = begin.elapsed();
    match status {
        401 => Ok(took.as_secs_f64() * 1e3),
        _ => bail!("expected a refusal: {status} {said}"),
    }
}

fn median(times: &[f64]) -> f64 {
    Spread::of(times.to_vec()).median
}

fn tell(of_unknown: &[f64], of_wrong: &[f64]) -> Result<()> {
    let (unknown, wrong) = (median(of_unknown), median(of_wrong));
    let ratio = unknown / wrong;
    println!("refused sign-ins, medians of {TRIES}, in turn");
    println!("  unknown user    {unknown:>8.1} ms");
    println!("  wrong password  {wrong:>8.1} ms");
    println!("  ratio           {ratio:>8.3}");
    let figures = json!({
        "tries": TRIES,
        "unknown_user_ms": {"median": unknown, "all": of_unknown},
        "wrong_password_ms": {"median": wrong, "all": of_wrong},
        "ratio": ratio,
    });
    report::write("sign-in", &figures)
}
