//! The documents list every code there is, and none besides.

use domain::declaration::ProblemKind;
use domain::infer::DoubtKind;
use domain::reason::{Reason, Warning};
use domain::rejection::Rejection;
use domain::waiting::Wait;

use super::documents::documents;

fn codes() -> impl Iterator<Item = &'static str> {
    let codes = [
        Reason::CODES,
        Warning::CODES,
        Rejection::CODES,
        ProblemKind::CODES,
        DoubtKind::CODES,
        Wait::CODES,
    ];
    codes.into_iter().flatten().copied()
}

#[test]
fn every_code_is_told() {
    let documents = documents();
    let told = |code: &&str| {
        let code = format!("`{code}`");
        documents.iter().any(|(_, text)| text.contains(&code))
    };
    let missing: Vec<&str> = codes().filter(|it| !told(it)).collect();
    assert!(missing.is_empty(), "no document tells {missing:?}");
}

/// The runs of words in backticks with nothing but commas between them.
fn lists(text: &str) -> Vec<Vec<&str>> {
    let mut lists = vec![Vec::new()];
    let pieces: Vec<&str> = text.split('`').collect();
    for pair in pieces[1..].chunks(2) {
        lists.last_mut().unwrap().push(pair[0]);
        if !matches!(pair.get(1), Some(&(", " | ",\n"))) {
            lists.push(Vec::new());
        }
    }
    lists
}

#[test]
fn a_list_is_words_between_commas() {
    let text = "of `a`, `b`,\n`c`: `d` and `e`, `f`.";
    let found: Vec<String> = lists(text).iter().map(|it| it.join(" ")).collect();
    assert_eq!(found, ["a b c", "d", "e f", ""]);
}

/// A list of which most are codes is a list of codes.
#[test]
fn a_list_of_codes_has_nothing_else() {
    let codes: Vec<&str> = codes().collect();
    for (path, text) in documents() {
        for list in lists(&text) {
            let known = list.iter().filter(|it| codes.contains(it)).count();
            let all = known * 2 <= list.len() || known == list.len();
            assert!(all, "{}: {list:?}", path.display());
        }
    }
}
