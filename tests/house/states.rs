//! What each event does in each state, as a page for people: `docs/states.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::import::{Event, Situation, State, after};
use domain::reason::Reason;

use crate::fixture::pages;

const START: &str = "# What happens to an import, state by state

Made from the one function that decides it, `after` in `shared/domain/src/import/event.rs`; the tests compare it with what PostgreSQL does, event by event and state by state (`tests/faults/states.rs`). `COLLECT_WRITE_DOCS=1 cargo test --workspace --test all -- house::states` brings the page up to date. What each state means stands in [the API](api.md#states-of-an-import).

A cell is the state that the event leads to. An empty cell means that the event does not apply: its UPDATE finds no row, and nothing changes. Each event is one UPDATE; it happens at the moment of its commit.

";

const USERS: &str = "## What a user asks for

Where a cell is empty the answer is 409 `wrong_state`, which says what can be done instead; for a delete it is 403 (a baseline on its way) or 404 (deleted already). A resume leads to `importing` if a chunk was handed out before, otherwise to `planning`; from `held` it is 403 while another baseline of the user is active. An import in `rollback_failed` keeps its goal: if that is `deleted`, its user does not see it any more.

A replace takes the place of the import: one that is on its way is cancelled at once; a completed one stays visible until its replacement completes (the swap); one that has failed or was cancelled is only linked. While a replacement may still complete, another one of the same import is 409 `being_replaced`.

";

fn of_machines() -> String {
    let reasons = Reason::examples();
    let reasons = reasons.iter().filter(|it| it.resuming_can_help());
    let mut codes: Vec<String> = reasons.map(|it| format!("`{}`", it.code())).collect();
    codes.sort();
    codes.dedup();
    let codes = codes.join(", ");
    format!(
        "## What happens to it

\"Fails for its file\" means a failure that every import of the file would meet. Where the file was only to be validated, it is the answer, and the import is `validated`. \"Fails\" means another failure that resuming cannot help (because of its user, or a proof that does not hold), \"fails for now\" one that it can: {codes} (`resuming_can_help` in `shared/domain/src/reason.rs`). Only the second kind holds an import that was uploaded with `?on_failure=hold`.

"
    )
}

struct Column {
    title: &'static str,
    event: Event,
    baseline: bool,
    holds: bool,
    validates: bool,
}

const fn column(title: &'static str, event: Event) -> Column {
    Column {
        title,
        event,
        baseline: false,
        holds: false,
        validates: false,
    }
}

const ASKED: [Column; 6] = [
    column("pause", Event::Pause),
    column("resume", Event::Resume),
    column("cancel", Event::Cancel),
    column("replace", Event::Replace),
    column("delete a team import", Event::Delete),
    Column {
        baseline: true,
        ..column("delete a baseline", Event::Delete)
    },
];

const HAPPENING: [Column; 16] = [
    column("object arrives", Event::Arrive),
    column("chunk handed out", Event::HandOut),
    column("chunk stored", Event::StoreChunk),
    column("all chunks done", Event::BeginFinishing),
    column("proof holds", Event::Complete),
    column("its replacement completes", Event::Swap),
    Column {
        validates: true,
        ..column("proof holds, validate_only", Event::Complete)
    },
    column("fails for its file", Event::FailForFile),
    Column {
        validates: true,
        ..column("fails for its file, validate_only", Event::FailForFile)
    },
    column("fails", Event::FailForGood),
    column("fails for now", Event::FailForNow),
    Column {
        holds: true,
        ..column("fails for now, on_failure=hold", Event::FailForNow)
    },
    column("hold ends", Event::EndHold),
    column("execution started again", Event::RunAgain),
    column("rollback has left nothing", Event::EndRollback),
    column("rollback fails", Event::FailRollback),
];

fn page() -> String {
    let asked = table(&ASKED);
    let happening = table(&HAPPENING);
    let machines = of_machines();
    format!("{START}{USERS}{asked}\n{machines}{happening}")
}

fn table(columns: &[Column]) -> String {
    let titles: Vec<&str> = columns.iter().map(|it| it.title).collect();
    let mut table = format!("| state | {} |\n", titles.join(" | "));
    writeln!(table, "|---|{}", "---|".repeat(columns.len())).unwrap();
    for state in State::ALL {
        let cells: Vec<String> = columns.iter().map(|it| cell(*state, it)).collect();
        writeln!(table, "| `{state}` | {} |", cells.join(" | ")).unwrap();
    }
    table
}

/// Every state that the event may lead to, whatever else is true of the import.
fn cell(state: State, column: &Column) -> String {
    let mut states = BTreeSet::new();
    for goal in state.goals() {
        for handed_out in [false, true] {
            let now = Situation {
                state,
                goal,
                baseline: column.baseline,
                handed_out,
                holds: column.holds,
                validates: column.validates,
            };
            states.extend(after(now, column.event).map(State::as_str));
        }
    }
    states.into_iter().collect::<Vec<_>>().join(" / ")
}

#[test]
fn every_event_has_a_column() {
    let columns = || ASKED.iter().chain(&HAPPENING);
    for event in Event::ALL {
        assert!(columns().any(|it| it.event == *event), "{event:?}");
    }
}

#[test]
fn the_page_is_what_the_function_says() {
    pages::is_current("states.md", &page(), "the function says");
}
