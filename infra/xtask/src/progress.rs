//! Says what is going on: a spinner on a terminal, plain lines anywhere else.

use std::io::IsTerminal as _;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// How often a long phase says something where there is no terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(20);

/// One long part of a command, from its start to its end.
pub struct Phase {
    title: String,
    started: Instant,
    bar: Option<ProgressBar>,
    said: Mutex<Instant>,
}

impl Phase {
    pub fn start(title: impl Into<String>) -> Self {
        let title = title.into();
        let bar = on_terminal().then(|| spinner(&title));
        if bar.is_none() {
            eprintln!("{title}");
        }
        Self {
            title,
            started: Instant::now(),
            bar,
            said: Mutex::new(Instant::now()),
        }
    }

    /// What it does now, within the phase.
    pub fn note(&self, detail: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(detail.to_owned()),
            None => self.note_plainly(detail),
        }
    }

    fn note_plainly(&self, detail: &str) {
        let Ok(mut said) = self.said.lock() else {
            return;
        };
        if said.elapsed() >= PLAIN_EVERY {
            eprintln!("{}: {detail}", self.title);
            *said = Instant::now();
        }
    }

    pub fn done(self) {
        let seconds = self.started.elapsed().as_secs_f32();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        say(&format!("{}: done in {seconds:.1} s", self.title));
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A line that stays, above whatever is moving.
pub fn say(line: &str) {
    BARS.suspend(|| eprintln!("{line}"));
}

pub fn on_terminal() -> bool {
    std::io::stderr().is_terminal()
}

fn spinner(title: &str) -> ProgressBar {
    let bar = BARS.add(ProgressBar::new_spinner());
    let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg:.dim}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_prefix(title.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
