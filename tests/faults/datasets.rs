//! Declared datasets: entries, versions and tables, and who may touch them.

mod declare;
mod drop;
mod evolve;
mod late;
mod read_meanwhile;
mod room;
mod table;
mod take_back;
mod unicode;
mod unreadable;
mod versions;

use postgres::Client;
use postgres::datasets::{Entry, Put};

use crate::fixture::database::{Fixture, Upload};

/// The entry of what was put.
fn entry(put: Put<String>) -> Entry {
    match put {
        Put::Declared(entry) | Put::Evolved(entry) | Put::Unchanged(entry) => entry,
        other => panic!("{other:?}"),
    }
}

/// Puts an import into a state, whatever it is in.
async fn set_state(fixture: &Fixture, upload: &Upload, state: &str) {
    let goal = match state {
        "deleting" | "deleted" => Some("deleted"),
        "rolling_back" | "failed" => Some("failed"),
        "cancelling" | "cancelled" => Some("cancelled"),
        _ => None,
    };
    let set = "UPDATE import SET state = $2, goal = $3 WHERE id = $1";
    fixture.execute(set, &[&upload.id, &state, &goal]).await;
}

/// What a sweep notes an hour after the end of a deleted import.
async fn sweep(fixture: &Fixture, upload: &Upload) {
    let swept = async |client: &mut Client| {
        let import = upload.import(client).await;
        postgres::upkeep::mark_swept(client, &import).await.unwrap();
    };
    fixture.ask(swept).await;
}
