//! Everything down: only what we started ourselves, and all of it.

use anyhow::Result;

use crate::stack::Stack;
use crate::{files, front_door, process, services};

pub fn down(stack: &Stack) -> Result<()> {
    let _lock = stack.lock()?;
    let was_up = stack.env_file().exists();
    stop_everything(stack)?;
    println!("{}", if was_up { "stopped" } else { "nothing was up" });
    Ok(())
}

/// The signal handler's way out: nothing is started any more, and what runs is stopped.
pub fn stop_for_good(stack: &Stack) -> Result<()> {
    process::start_no_more();
    stop_everything(stack)
}

pub fn stop_everything(stack: &Stack) -> Result<()> {
    front_door::stop(stack)?;
    services::end(stack)?;
    files::remove_file(&stack.env_file())
}
