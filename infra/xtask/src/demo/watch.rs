//! Watches an import until it is where it should be, drawing its progress.

use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use super::api::Api;
use crate::progress::{on_terminal, say};

const EVERY: Duration = Duration::from_millis(300);
/// Nothing is waited for longer than this: the recovery of a lost step takes minutes.
const LONGEST: u32 = 10 * 60 * 1000 / 300;

pub struct Watch<'a> {
    api: &'a Api,
    path: &'a str,
    bar: ProgressBar,
}

impl<'a> Watch<'a> {
    pub fn new(api: &'a Api, path: &'a str, rows: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(rows), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(
            "{msg:<16} {bar:40} {human_pos} of {human_len} rows {elapsed}",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { api, path, bar }
    }

    /// The import as it was when it first fulfilled the condition.
    pub fn until(self, reached: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut said = String::new();
        for _ in 0..LONGEST {
            let import = self.api.get(self.path)?;
            self.draw(&import, &mut said);
            if reached(&import) {
                self.bar.finish_and_clear();
                return Ok(import);
            }
            if let Some("completed" | "failed" | "cancelled" | "rollback_failed") =
                import["status"].as_str()
            {
                bail!(
                    "{} ended {}: {}",
                    self.path,
                    import["status"],
                    import["error"]
                );
            }
            std::thread::sleep(EVERY);
        }
        Err(anyhow!(
            "{} did not get there; `cargo xtask logs` says what the functions did",
            self.path
        ))
    }

    fn draw(&self, import: &Value, said: &mut String) {
        let status = import["status"].as_str().unwrap_or_default();
        let rows = import["progress"]["rows_imported"]
            .as_u64()
            .unwrap_or_default();
        if on_terminal() {
            self.bar.set_message(status.to_owned());
            self.bar.set_position(rows);
            return;
        }
        let line = format!(
            "{status}: {rows} of {} rows",
            self.bar.length().unwrap_or_default()
        );
        if line != *said {
            say(&line);
            *said = line;
        }
    }
}
