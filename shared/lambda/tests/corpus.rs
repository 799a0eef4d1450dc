//! The checks of the fuzzer of forms, on the inputs it starts from and those it once found.

#![cfg(feature = "http")]
#![allow(clippy::unwrap_used)] // a test may: its helpers stand outside the test functions

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/multipart.rs"]
mod multipart;

#[test]
fn forms() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/multipart");
    for file in fs::read_dir(corpus).unwrap() {
        let path = file.unwrap().path();
        println!("{}", path.display());
        multipart::check(&fs::read(path).unwrap());
    }
}
