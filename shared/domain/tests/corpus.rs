//! The checks of the fuzzers, on the inputs they start from and those they once found.

#![allow(clippy::unwrap_used)] // a test may: its helpers stand outside the test functions

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/cells.rs"]
mod cells;
#[path = "../../../fuzz/src/heading.rs"]
mod heading;
#[path = "../../../fuzz/src/readings.rs"]
mod readings;
#[path = "../../../fuzz/src/scanner.rs"]
mod scanner;

fn each(target: &str, check: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let files = fs::read_dir(corpus.join(target)).unwrap();
    let mut count = 0;
    for file in files {
        let path = file.unwrap().path();
        println!("{}", path.display());
        check(&fs::read(path).unwrap());
        count += 1;
    }
    assert!(count > 20, "{count} inputs");
}

#[test]
fn the_scanner() {
    each("scanner", scanner::check);
}

#[test]
fn any_reading() {
    each("readings", readings::check);
}

#[test]
fn cells_of_every_column() {
    each("cells", cells::check);
}

#[test]
fn headings_and_first_records() {
    each("heading", heading::check);
}
