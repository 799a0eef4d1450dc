//! What is logged while a request is answered.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::Instrument as _;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use super::*;
use crate::telemetry;

/// Of the event.
const PATH: &str = "/token/refresh/";
/// Text of a user, which makes no line.
const SAID: &str = "x\n{\"user\":8}";
const EVENT: &str = include_str!("../../../../../events/auth/refresh.json");

/// What was written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Written {
    /// Those of the request, and of what follows it; other tests write meanwhile.
    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(serde_json::from_str);
        let lines: Vec<Value> = lines.collect::<Result<_, _>>().unwrap();
        let is_ours = |it: &Value| it["path"] == PATH || it["said"] == SAID;
        lines.into_iter().filter(is_ours).collect()
    }
}

/// Also a line that says nothing of it itself, in a span of its own. The subscriber is that of the
/// whole process: of one thread's, lines are lost while another thread meets their place first.
#[tokio::test]
async fn every_line_of_a_request_says_who_asks() {
    let written = Written::default();
    let subscriber = telemetry::lines().with_writer(written.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let handler = async |request: Request| {
        tracing::info!(said = SAID, "not known yet");
        Asker::of(&request).is(7, Uuid::nil());
        let span = tracing::info_span!("work", import = 3);
        async { tracing::warn!(said = SAID, chunk = 2, "at work") }
            .instrument(span)
            .await;
        Ok(respond::no_content())
    };
    let request = lambda_http::request::from_str(EVENT).unwrap();
    answer(&handler, &Front::default(), request).await.unwrap();
    tracing::info!(said = SAID, "nobody asks");
    let lines = written.lines();
    let users: Vec<&Value> = lines.iter().map(|it| &it["user"]).collect();
    assert_eq!(users, [&Value::Null, &7.into(), &7.into(), &Value::Null]);
    assert_eq!(lines[1]["chunk"], 2);
    assert_eq!(lines[1]["span"]["import"], 3);
    assert_eq!(lines[2]["message"], "answered");
    assert_eq!(lines[2]["status"], 204);
    for line in &lines[..3] {
        assert_eq!(line["address"], "203.0.113.7", "{line}");
    }
    assert_eq!(lines[3]["address"], Value::Null);
}
