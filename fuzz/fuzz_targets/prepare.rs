#![no_main]

#[path = "../src/prepare.rs"]
mod prepare;

libfuzzer_sys::fuzz_target!(|input: &[u8]| prepare::check(input));
