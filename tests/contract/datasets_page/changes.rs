//! What a declaration may become.

use domain::declaration::CHANGES;

const START: &str = "## Changes of a declaration

`PUT` of another document under the same name changes the dataset: its version is counted up, and an import under way goes on by the version it began with. Fields are the same if their names are.

";

pub fn page() -> String {
    let lines = |may: bool| {
        let these = CHANGES.iter().filter(|it| it.may == may);
        these
            .map(|it| format!("- {}\n", it.what))
            .collect::<String>()
    };
    format!(
        "{START}At any time:\n\n{}\nOnly while it has no imports (else 409 `incompatible`, with a path and a sentence for each):\n\n{}\n",
        lines(true),
        lines(false)
    )
}
