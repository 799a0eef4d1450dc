//! The checks of the fuzzer, on the inputs it starts from and those it once found.

#![allow(clippy::unwrap_used)] // a test may: its helpers stand outside the test functions

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/prepare.rs"]
mod preparing;

#[test]
fn objects_to_be_prepared() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/prepare");
    let mut count = 0;
    for file in fs::read_dir(corpus).unwrap() {
        let path = file.unwrap().path();
        println!("{}", path.display());
        preparing::check(&fs::read(path).unwrap());
        count += 1;
    }
    assert!(count > 20, "{count} inputs");
}
