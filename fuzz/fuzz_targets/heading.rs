#![no_main]

#[path = "../src/heading.rs"]
mod heading;

libfuzzer_sys::fuzz_target!(|input: &[u8]| heading::check(input));
