//! Why an import or export is not moving, and until when: one sentence, from what `next_step` says
//! it needs.

mod exports;
mod imports;

pub use exports::of_export;
pub use imports::{Queue, of_import};

use std::fmt::{Display, Formatter, Result};

use jiff::{SignedDuration, Timestamp};
use strum::VariantNames as _;

use crate::limits::QUIET_AFTER;

/// What is waited for. A variant is a code, stable and for programs; shown, it is a sentence for
/// people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Wait {
    /// The file has to be sent.
    FileNotHere {
        /// The import fails then; `None` if that is over.
        until: Option<Timestamp>,
    },
    /// S3 copies the original of the import that is retried.
    OriginalCopied {
        /// The import fails then.
        until: Timestamp,
    },
    /// Its user has paused it, and has to resume it.
    PausedByUser {
        /// It is taken back then.
        until: Timestamp,
    },
    /// A fault of ours has ended it, and its user has to resume it.
    HeldForUser {
        /// It is taken back then.
        until: Timestamp,
    },
    /// Its chunks are in the queue, behind those of others.
    NoFreeWorker {
        /// How many of them no worker has yet.
        chunks: i64,
        /// When the first of them was handed out.
        since: Timestamp,
    },
    /// Nothing was stored of it for a while.
    NothingHeard {
        /// When something was, for the last time.
        since: Timestamp,
        /// When its workflow is looked at; `None`: within a minute.
        until: Option<Timestamp>,
    },
    /// Its rollback could not end.
    RollbackAgain {
        /// When it is tried again; `None`: within a minute.
        until: Option<Timestamp>,
    },
    /// It has failed, its time is over, or what it is made of is gone.
    AboutToEnd,
    /// The export is so large that its user has to confirm it.
    NotConfirmed {
        /// It expires then.
        until: Timestamp,
    },
}

impl Wait {
    /// Every code.
    pub const CODES: &'static [&'static str] = Self::VARIANTS;

    /// The code.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// When something happens without its user, if that is known.
    pub fn until(&self) -> Option<Timestamp> {
        match *self {
            Self::FileNotHere { until }
            | Self::NothingHeard { until, .. }
            | Self::RollbackAgain { until } => until,
            Self::OriginalCopied { until }
            | Self::PausedByUser { until }
            | Self::HeldForUser { until }
            | Self::NotConfirmed { until } => Some(until),
            Self::NoFreeWorker { .. } | Self::AboutToEnd => None,
        }
    }

    /// One of each, with each form of its sentence.
    pub fn examples() -> Vec<Self> {
        let since = Timestamp::constant(1_767_268_800, 0);
        let until = since + SignedDuration::from_mins(3);
        vec![
            Self::FileNotHere { until: Some(until) },
            Self::FileNotHere { until: None },
            Self::OriginalCopied { until },
            Self::PausedByUser { until },
            Self::HeldForUser { until },
            Self::NoFreeWorker { chunks: 1, since },
            Self::NoFreeWorker { chunks: 64, since },
            Self::NothingHeard {
                since,
                until: Some(until),
            },
            Self::NothingHeard { since, until: None },
            Self::RollbackAgain { until: Some(until) },
            Self::RollbackAgain { until: None },
            Self::AboutToEnd,
            Self::NotConfirmed { until },
        ]
    }
}

impl Display for Wait {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::FileNotHere { until: Some(until) } => write!(
                f,
                "It waits for its file to arrive; without it, it fails at {}.",
                second(until)
            ),
            Self::FileNotHere { until: None } => f.write_str(
                "Its file has not arrived in time; it is looked for once more, within a minute.",
            ),
            Self::OriginalCopied { until } => write!(
                f,
                "Its original is being copied, which takes minutes if it is large; without it, it \
                 fails at {}.",
                second(until)
            ),
            Self::PausedByUser { until } => write!(
                f,
                "Its user has paused it; it is taken back at {} unless it is resumed.",
                second(until)
            ),
            Self::HeldForUser { until } => write!(
                f,
                "A fault of ours has stopped it; its rows are taken back at {} unless it is resumed.",
                second(until)
            ),
            Self::NoFreeWorker { chunks: 1, since } => {
                let since = second(since);
                write!(
                    f,
                    "One of its chunks waits for a free worker, since {since}."
                )
            }
            Self::NoFreeWorker { chunks, since } => write!(
                f,
                "{chunks} of its chunks wait for a free worker, the first since {}.",
                second(since)
            ),
            Self::NothingHeard { since, until } => write!(
                f,
                "Nothing was stored of it since {}; its workflow is looked at {}.",
                second(since),
                at(until)
            ),
            Self::RollbackAgain { until } => write!(
                f,
                "Its rows could not be taken back; that is tried again {}.",
                at(until)
            ),
            Self::AboutToEnd => f.write_str(
                "It cannot stay as it is; what follows from that begins within a minute.",
            ),
            Self::NotConfirmed { until } => write!(
                f,
                "Its user has not confirmed it; it expires at {} unless that is done.",
                second(until)
            ),
        }
    }
}

fn at(until: Option<Timestamp>) -> String {
    until.map_or_else(
        || "within a minute".to_owned(),
        |it| format!("at {}", second(it)),
    )
}

/// To the second: nobody waits for less.
fn second(time: Timestamp) -> impl Display {
    time.strftime("%Y-%m-%dT%H:%M:%SZ")
}

/// Nothing was stored for a while: only then is it worth a word what the workflow is about.
fn silence(progressed_at: Timestamp, until: Option<Timestamp>, now: Timestamp) -> Option<Wait> {
    let since = progressed_at;
    let quiet = now.duration_since(since) >= QUIET_AFTER;
    quiet.then_some(Wait::NothingHeard { since, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_example_that_is_one_sentence() {
        let examples = Wait::examples();
        for code in Wait::CODES {
            assert!(examples.iter().any(|it| it.code() == *code), "{code}");
        }
        for wait in examples {
            let told = wait.to_string();
            assert!(
                told.ends_with('.') && !told[..told.len() - 1].contains(". "),
                "{told}"
            );
            assert!(!told.contains('\n') && !told.contains("  "), "{told}");
            let time = wait.until().map(|it| second(it).to_string());
            assert!(time.is_none_or(|it| told.contains(&it)), "{told}");
        }
    }

    #[test]
    fn times_are_told_to_the_second() {
        let at = "2026-01-01T12:00:00.123456Z".parse().unwrap();
        assert_eq!(second(at).to_string(), "2026-01-01T12:00:00Z");
    }
}
