//! `GET /readyz`: whether the database answers. Anyone may ask, so an answer is kept for a while:
//! however often it is asked for, an environment asks the database once in that time.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use contracts::http::service::Health;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, respond};
use postgres::Error;
use tokio::time::timeout;

use crate::App;

/// As long as an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(5);

/// Longer than a database takes that is ready.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// The last answer of the database, and when it came.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, bool)>>);

impl Readiness {
    fn kept(&self, now: Instant) -> Option<bool> {
        let last = self.0.lock().ok()?;
        last.filter(|(then, _)| now.duration_since(*then) < KEPT_FOR)
            .map(|it| it.1)
    }

    fn keep(&self, now: Instant, is_ready: bool) {
        if let Ok(mut last) = self.0.lock() {
            *last = Some((now, is_ready));
        }
    }
}

impl App {
    /// 200, or 503 if the database does not answer.
    pub(crate) async fn ready(&self, request: &Request) -> Result<Response, Refusal> {
        if allow(request, Route::Readiness)? == Verb::Options {
            return Ok(respond::options(Route::Readiness));
        }
        let now = Instant::now();
        let is_ready = match self.readiness.kept(now) {
            Some(kept) => kept,
            None => {
                let is_ready = self.database_answers().await;
                self.readiness.keep(now, is_ready);
                is_ready
            }
        };
        Ok(match is_ready {
            true => respond::json(200, &Health { status: "ok" }),
            false => respond::json(
                503,
                &Health {
                    status: "database_unreachable",
                },
            ),
        })
    }

    /// A connection that was kept is asked whether it is alive; without one, a new one is made.
    async fn database_answers(&self) -> bool {
        let asked = self.database.run(async |_| Ok::<(), Error>(()));
        match timeout(ANSWERS_WITHIN, asked).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(cause = lambda::chain(&error), "not ready");
                false
            }
            Err(_) => {
                tracing::warn!("not ready: the database has not answered in time");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_five_seconds() {
        let readiness = Readiness::default();
        let start = Instant::now();
        assert_eq!(readiness.kept(start), None);
        readiness.keep(start, true);
        assert_eq!(
            readiness.kept(start + KEPT_FOR - Duration::from_millis(1)),
            Some(true)
        );
        assert_eq!(readiness.kept(start + KEPT_FOR), None);
    }
}
