//! What a declaration may become.

use domain::declaration::CHANGES;
use domain::limits::VERSIONS_KEPT;

const START: &str = "## Changes of a declaration

`PUT` of another document under the same name changes the dataset: its version is counted up, and an import under way goes on by the version it began with. Fields are the same if their names are. The last {VERSIONS_KEPT} versions are kept, and older ones for as long as an import or export is of them.

";

pub fn page() -> String {
    let lines = |may: bool| {
        let these = CHANGES.iter().filter(|it| it.may == may);
        these
            .map(|it| format!("- {}\n", it.what))
            .collect::<String>()
    };
    let start = START.replace("{VERSIONS_KEPT}", &VERSIONS_KEPT.to_string());
    format!(
        "{start}At any time:\n\n{}\nOnly while it has no imports (else 409 `incompatible`, with a path and a sentence for each):\n\n{}\n",
        lines(true),
        lines(false)
    )
}
