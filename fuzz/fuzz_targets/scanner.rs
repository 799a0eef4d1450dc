#![no_main]

#[path = "../src/scanner.rs"]
mod scanner;

libfuzzer_sys::fuzz_target!(|input: &[u8]| scanner::check(input));
