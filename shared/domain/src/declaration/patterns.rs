//! The patterns of one declaration: what they cost together, and whether they agree.

use std::collections::{HashMap, HashSet};

use super::problem::ProblemKind;
use crate::cell::{Moment, Of, Pattern, TextPattern, TextPatternError, disagree};
use crate::limits::{DATE_PATTERNS_AT_MOST, PATTERN_BYTES_AT_MOST, PATTERNS_BYTES_AT_MOST};
use crate::words::shown;

/// Memory that a small pattern is tried with first.
const SMALL_BYTES: usize = 16 * 1024;

/// The patterns of one declaration so far.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// True if they were held to the limits before, and are known to agree.
    are_stored: bool,
    /// Memory of the regular expressions, at most.
    bytes: usize,
    compiled: HashMap<String, Result<TextPattern, ProblemKind>>,
    formats: HashSet<String>,
    /// For each pair of date patterns, whether they disagree and on which text.
    pairs: HashMap<String, Option<String>>,
}

impl Patterns {
    /// Those of a declaration that was checked before it was stored.
    pub(super) fn of_stored() -> Self {
        Self {
            are_stored: true,
            ..Self::default()
        }
    }

    /// The regular expression, if what is left of the memory is enough. What one takes is not told,
    /// only whether a bound is enough: it is doubled until it is, and counted in full.
    pub(super) fn compile(&mut self, pattern: &str) -> Result<TextPattern, ProblemKind> {
        if let Some(known) = self.compiled.get(pattern) {
            return known.clone();
        }
        let compiled = self.compile_new(pattern);
        self.compiled.insert(pattern.to_owned(), compiled.clone());
        compiled
    }

    fn compile_new(&mut self, pattern: &str) -> Result<TextPattern, ProblemKind> {
        let mut bytes = SMALL_BYTES;
        loop {
            let is_too_much =
                bytes > PATTERN_BYTES_AT_MOST || self.bytes + bytes > PATTERNS_BYTES_AT_MOST;
            if is_too_much && !self.are_stored {
                return Err(ProblemKind::PatternsTooLarge);
            }
            match TextPattern::new(pattern, bytes) {
                Ok(compiled) => {
                    self.bytes += bytes;
                    return Ok(compiled);
                }
                Err(TextPatternError::TooLarge) => bytes *= 2,
                Err(error) => return Err(bad_pattern(&error)),
            }
        }
    }

    /// The pattern of dates or times. Pairs of them are compared over forty years, so there are
    /// not many.
    pub(super) fn format(&mut self, text: &str, of: Of) -> Result<Pattern, ProblemKind> {
        if !self.formats.contains(text) {
            if self.formats.len() >= DATE_PATTERNS_AT_MOST && !self.are_stored {
                let most = DATE_PATTERNS_AT_MOST;
                return Err(ProblemKind::TooManyFormats { most });
            }
            self.formats.insert(text.to_owned());
        }
        Pattern::new(text, of).map_err(|error| ProblemKind::BadFormat {
            why: error.to_string(),
        })
    }

    /// The first pattern that reads a text otherwise than one before it.
    pub(super) fn disagreement(
        &mut self,
        patterns: &[Pattern],
        of: Of,
    ) -> Option<(usize, ProblemKind)> {
        if self.are_stored {
            return None;
        }
        for (at, other) in patterns.iter().enumerate() {
            for one in &patterns[..at] {
                if let Some(text) = self.pair(one, other, of) {
                    return Some((at, problem(one, other, of, &text)));
                }
            }
        }
        None
    }

    fn pair(&mut self, one: &Pattern, other: &Pattern, of: Of) -> Option<String> {
        let key = format!("{of:?}\n{}\n{}", one.as_str(), other.as_str());
        let known = self.pairs.entry(key);
        let found = known.or_insert_with(|| {
            let (.., text) = disagree(&[one.clone(), other.clone()])?;
            Some(text)
        });
        found.clone()
    }
}

fn problem(one: &Pattern, other: &Pattern, of: Of, text: &str) -> ProblemKind {
    let read = |it: &Pattern| {
        let read = it.read(text.as_bytes());
        read.map_or_else(|_| "nothing".to_owned(), |moment| in_words(&moment, of))
    };
    ProblemKind::PatternsDisagree {
        one: one.as_str().to_owned(),
        other: other.as_str().to_owned(),
        text: text.to_owned(),
        first: read(one),
        second: read(other),
    }
}

fn in_words(moment: &Moment, of: Of) -> String {
    match of {
        Of::Date => moment.date.to_string(),
        Of::Time => moment.time.to_string(),
        Of::Datetime | Of::Zoned => moment.date.to_datetime(moment.time).to_string(),
    }
}

/// The last line of the engine's text says what is wrong; those before it show the pattern.
fn bad_pattern(error: &TextPatternError) -> ProblemKind {
    let error = error.to_string();
    let last = error.lines().last().unwrap_or_default();
    let why = last.trim_start_matches("error: ").trim_end_matches('.');
    ProblemKind::BadPattern {
        why: shown_words(why),
    }
}

fn shown_words(text: &str) -> String {
    let words = text.split(' ').map(|it| shown(it.as_bytes()));
    words.collect::<Vec<_>>().join(" ")
}
