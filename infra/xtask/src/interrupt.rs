//! Ctrl-C and termination: what this command started is stopped before it ends.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::down;
use crate::failure::{Context, Outcome};
use crate::stack::Stack;

/// Takes the stack down at the first signal. Stays in force until the process ends.
pub fn take_down_on_signal(stack: &Stack) -> Outcome {
    let stack = stack.clone();
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            eprintln!("\nstopping");
            let failed = down::stop_for_good(&stack).is_err();
            std::process::exit(if failed { 1 } else { 128 + signal });
        }
    });
    Ok(())
}
