//! What is answered instead of what was asked for.

use openapi::refusals::{BY_CODE, BY_STATUS};
use serde_json::Value;

use super::source::{after, text, texts};
use super::table::{code, table};
use crate::contract::topics;

const STATUSES: &str = "## Refusals

Every answer from 400 on has a sentence for people in `detail`, except the 400 for invalid fields: `{\"size\":[\"A valid integer is required.\"]}`, sentences for each field. Refusals that the service it succeeds did not know have a `code` too, and so have those of tokens.

";

const CODES: &str = "
In the sentences of these refusals, `<number>` and `<words>` are what they say.

";

/// Two tables.
pub fn page() -> String {
    let statuses = BY_STATUS.map(|(status, when)| [status.to_string(), when.to_owned()]);
    let statuses = table(["status", "when"], statuses);
    let coded = BY_CODE.map(|(word, status, said)| {
        [
            code(word),
            status.to_string(),
            said.replace('<', "`<").replace('>', ">`"),
        ]
    });
    let coded = table(["code", "status", "sentence"], coded);
    format!("{STATUSES}{statuses}{CODES}{coded}")
}

/// Whether the pieces between placeholders stand in the text, one after the other, to its end.
fn says(pattern: &str, text: &str) -> bool {
    let pattern = pattern.replace("<number>", "<words>");
    let mut rest = text;
    for piece in pattern.split("<words>") {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty() || pattern.ends_with("<words>")
}

#[test]
fn these_are_the_codes_of_the_sources() {
    // One code is a reason's, too, and spelled there.
    let sources = [
        "shared/lambda/src",
        "functions",
        "shared/domain/src/reason",
        "shared/contracts/src/http",
    ];
    let others = [
        "shared/domain/src/reason.rs",
        "shared/domain/src/declaration/problem.rs",
        "shared/domain/src/quota.rs",
    ];
    let sources = sources.map(texts).concat() + &others.map(text).concat();
    let spelled = after(&sources, "code: \"");
    assert!(spelled.len() > 8, "the codes were not found");
    for word in spelled {
        assert!(
            BY_CODE.iter().any(|it| it.0 == word),
            "{word} is in no table"
        );
    }
    for (word, _, sentence) in BY_CODE {
        let start = sentence.split('<').next().unwrap();
        let said = [format!("\"{word}\""), format!("\"{start}")];
        assert!(
            said.iter().all(|it| sources.contains(it)),
            "{word}: {start}"
        );
    }
}

#[test]
fn these_are_the_sentences_of_the_exchanges() {
    let topics = topics();
    for case in topics
        .iter()
        .flat_map(|it| &it.cases)
        .filter(|it| it.status >= 400)
    {
        assert!(
            BY_STATUS.iter().any(|it| it.0 == case.status),
            "{}",
            case.name
        );
        let answer: Value = serde_json::from_str(&case.answer).unwrap_or_default();
        let (code, detail) = (&answer["code"], answer["detail"].as_str());
        let listed = |it: &&(&str, u16, &str)| *code == it.0 && it.1 == case.status;
        let said = |it: &(&str, u16, &str)| detail.is_some_and(|detail| says(it.2, detail));
        let known = BY_CODE.iter().filter(listed).any(said);
        assert!(known || code.is_null(), "{}: {}", case.name, case.answer);
    }
}
