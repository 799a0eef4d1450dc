//! The main job on a file of real size, for people to watch.

use crate::failure::Outcome;

pub fn demo() -> Outcome {
    Ok(())
}
