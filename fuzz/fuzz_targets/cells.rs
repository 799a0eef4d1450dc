#![no_main]

#[path = "../src/cells.rs"]
mod cells;

libfuzzer_sys::fuzz_target!(|input: &[u8]| cells::check(input));
