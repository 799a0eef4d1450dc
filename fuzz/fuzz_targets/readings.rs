#![no_main]

#[path = "../src/readings.rs"]
mod readings;

libfuzzer_sys::fuzz_target!(|input: &[u8]| readings::check(input));
