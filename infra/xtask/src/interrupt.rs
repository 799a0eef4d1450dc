//! Ctrl-C and termination: what this command started is stopped before it ends.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::down;
use crate::stack::Stack;

static LEAVE_RUNNING: AtomicBool = AtomicBool::new(false);

/// Takes the stack down at the first signal. Stays in force until the process ends.
pub fn take_down_on_signal(stack: &Stack) -> Result<()> {
    let stack = stack.clone();
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let left = LEAVE_RUNNING.load(Ordering::SeqCst) || take_down(&stack);
            std::process::exit(if left { 128 + signal } else { 1 });
        }
    });
    Ok(())
}

/// From now on a signal ends this command alone.
pub fn leave_running() {
    LEAVE_RUNNING.store(true, Ordering::SeqCst);
}

fn take_down(stack: &Stack) -> bool {
    eprintln!("\nstopping");
    down::stop_for_good(stack).is_ok()
}
