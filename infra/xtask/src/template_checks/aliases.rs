//! YAML's aliases: written out by SAM, and refused by some readers where there are too many.

use super::template::source;

const USES_AT_MOST: usize = 100;

/// Every word of the template that an alias or an anchor could be.
fn words(source: &str) -> Vec<&str> {
    let text = source
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    text.flat_map(|line| line.split([' ', ',', '[', ']', '{', '}']))
        .collect()
}

#[test]
fn every_anchor_is_used_and_none_too_often() {
    let source = source();
    let words = words(&source);
    let anchors: Vec<&str> = words.iter().filter_map(|it| it.strip_prefix('&')).collect();
    assert!(anchors.len() > 10, "the anchors were not found");
    for anchor in anchors {
        let used = |word: &&&str| word.strip_prefix('*') == Some(anchor);
        let uses = words.iter().filter(used).count();
        assert!((1..=USES_AT_MOST).contains(&uses), "{anchor}: {uses} uses");
    }
}
