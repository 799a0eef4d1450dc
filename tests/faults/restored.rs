//! What `docs/runbook/restore.md` says to say to a database of an earlier moment.

use std::fs::read_to_string;
use std::path::Path;

use domain::import::{State, Step};
use postgres::Client;

use crate::fixture::database::{Fixture, GOOD_PER_CHUNK, Upload, roll_back};

/// The statement of the page, for this import.
fn statement(upload: &Upload) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/runbook/restore.md");
    let page = read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```sql\n").expect("the page has one");
    let (sql, _) = rest.split_once("```").unwrap();
    sql.replace("OWNER", &upload.owner.to_string())
        .replace("NAME", &upload.dataset().name)
        .replace("number = N", &format!("number = {}", upload.number))
}

/// It was cancelled, and the restore has undone that.
#[tokio::test]
async fn an_import_that_is_seen_again_is_taken_back_by_the_runbooks_statement() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 2).await;
    let other = fixture.completed("team", 1).await;
    assert_eq!(upload.seen(&fixture).await, 2 * GOOD_PER_CHUNK);
    fixture.execute(&statement(&upload), &[]).await;
    assert_eq!(upload.seen(&fixture).await, 0);
    assert_eq!(upload.next_step(&fixture).await, Step::RollBack);
    let ended = async |client: &mut Client| roll_back(client, &upload).await;
    let ended = fixture.ask(ended).await.expect("nothing is left");
    assert_eq!(ended.state, State::Cancelled);
    assert_eq!(upload.rows(&fixture).await, 0);
    assert_eq!(other.seen(&fixture).await, GOOD_PER_CHUNK);
}
