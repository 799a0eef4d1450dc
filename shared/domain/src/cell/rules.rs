//! What a value must be beside its form.

use std::sync::Arc;

use crate::rejection::{OutOfRange, Rejection};

/// The only values allowed, sorted; `None` if they are not listed.
pub type OneOf<T> = Option<Arc<[T]>>;

/// What a value must be beside its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules<T> {
    /// The smallest value allowed.
    pub min: Option<T>,
    /// The largest value allowed.
    pub max: Option<T>,
    /// The only values allowed, if they are listed.
    pub one_of: OneOf<T>,
}

impl<T> Default for Rules<T> {
    /// Every value is allowed.
    fn default() -> Self {
        Self {
            min: None,
            max: None,
            one_of: None,
        }
    }
}

impl<T: Ord + Copy> Rules<T> {
    /// True if every value is allowed.
    pub fn is_empty(&self) -> bool {
        self.min.is_none() && self.max.is_none() && self.one_of.is_none()
    }

    /// These rules, or `None` if every value is allowed.
    pub fn kept(self) -> Option<Arc<Self>> {
        (!self.is_empty()).then(|| Arc::new(self))
    }

    /// The value, if it is allowed. `shown` writes values for a sentence.
    #[inline]
    pub(super) fn check(&self, value: T, shown: impl Fn(T) -> String) -> Result<T, Rejection> {
        let too_small = self.min.is_some_and(|min| value < min);
        if too_small || self.max.is_some_and(|max| value > max) {
            return Err(Rejection::OutOfRange(self.range(shown)));
        }
        listed(value, &self.one_of, shown)
    }

    #[cold]
    fn range(&self, shown: impl Fn(T) -> String) -> OutOfRange {
        let shown = |it: Option<T>| it.map(&shown).unwrap_or_default();
        match (self.min, self.max) {
            (min, None) => OutOfRange::AtLeast(shown(min).into()),
            (None, max) => OutOfRange::AtMost(shown(max).into()),
            (min, max) => OutOfRange::Between(Box::new((shown(min), shown(max)))),
        }
    }
}

/// The value, if it is one of those that are listed.
#[inline]
pub(super) fn listed<T: Ord + Copy>(
    value: T,
    one_of: &OneOf<T>,
    shown: impl Fn(T) -> String,
) -> Result<T, Rejection> {
    match one_of {
        Some(listed) if listed.binary_search(&value).is_err() => {
            Err(not_in(listed.iter().map(|it| shown(*it))))
        }
        _ => Ok(value),
    }
}

/// Listed values that a sentence shows.
const SHOWN: usize = 5;

/// The value is none of these.
#[cold]
pub(super) fn not_in(listed: impl ExactSizeIterator<Item = String>) -> Rejection {
    let all = listed.len();
    let mut words: Vec<String> = listed.take(SHOWN).collect();
    if all > SHOWN {
        words.push(format!("{} more", all - SHOWN));
    }
    let last = words.pop().unwrap_or_default();
    let words = match words.is_empty() {
        true => last,
        false => format!("{} or {last}", words.join(", ")),
    };
    Rejection::NotInEnum(words.into())
}
