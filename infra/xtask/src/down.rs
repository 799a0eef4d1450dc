//! Everything down: only what we started ourselves, and all of it.

use crate::failure::{Context, Outcome};
use crate::stack::Stack;
use crate::{front_door, process, services};

pub fn down(stack: &Stack) -> Outcome {
    let _lock = stack.lock()?;
    let was_up = stack.env_file().exists();
    stop_everything(stack)?;
    println!("{}", if was_up { "stopped" } else { "nothing was up" });
    Ok(())
}

/// The signal handler's way out: nothing is started any more, and what runs is stopped.
pub fn stop_for_good(stack: &Stack) -> Outcome {
    process::start_no_more();
    stop_everything(stack)
}

pub fn stop_everything(stack: &Stack) -> Outcome {
    front_door::stop(stack)?;
    services::end(stack)?;
    match std::fs::remove_file(stack.env_file()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("env"),
        _ => Ok(()),
    }
}
