//! The states of imports and exports, from the enums themselves.

use domain::{export, import};

use super::source::variant;
use super::table::{code, table};

const IMPORT: &str = "## States of an import

`status` of an import. Rows are visible in `completed` only. One that was asked for with `validate_only` ends as `validated`, also where an import of the file would fail: `error` says for what. It fails only for what is not the file's fault. An *active* import is on its way there; one baseline of a user can be active at a time; one that is `validating` counts as active there. At an *end*, nothing happens any more without a command of the user. What each command and event does in each state is [a table of its own](states.md).

";

const EXPORT: &str = "## States of an export

`status` of an export. There is a link to the file in `completed` only. A completed export shows as `expiring` from the moment an import is deleted whose rows it holds.

";

/// Both tables.
pub fn page() -> String {
    format!("{IMPORT}{}\n{EXPORT}{}", of_imports(), of_exports())
}

fn of_imports() -> String {
    let yes = |it: bool| if it { "yes" } else { "" }.to_owned();
    let row = |state: &import::State| {
        [
            code(state),
            variant(state),
            yes(state.is_active()),
            yes(state.is_end()),
        ]
    };
    table(
        ["state", "what it means", "active", "end"],
        import::State::ALL.iter().map(row),
    )
}

fn of_exports() -> String {
    let row = |state: &export::State| [code(state), variant(state)];
    table(
        ["state", "what it means"],
        export::State::ALL.iter().map(row),
    )
}
