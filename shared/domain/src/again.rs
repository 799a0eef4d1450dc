//! When a client asks again: soon while little is left to do, seldom while it takes long.

use jiff::SignedDuration;

use crate::limits::ASK_AGAIN_AFTER_SECONDS;

const LITTLE: SignedDuration = SignedDuration::from_mins(1);
const MUCH: SignedDuration = SignedDuration::from_mins(10);

/// Seconds until the next request for something that has this much left to do.
pub fn ask_again_after(left: SignedDuration) -> u32 {
    let [soon, later, seldom] = ASK_AGAIN_AFTER_SECONDS;
    if left < LITTLE {
        soon
    } else if left < MUCH {
        later
    } else {
        seldom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_work_that_is_left() {
        for (seconds, again) in [(-5, 1), (0, 1), (59, 1), (60, 5), (599, 5), (600, 15)] {
            let left = SignedDuration::from_secs(seconds);
            assert_eq!(ask_again_after(left), again, "{seconds}");
        }
        assert_eq!(ask_again_after(SignedDuration::MAX), 15);
    }
}
