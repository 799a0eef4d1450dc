//! Deleted accounts at the end of the storm: nothing is left of any.

use super::wait_until_none;
use crate::fixture::cloud::accounts;
use crate::storm::Storm;
use crate::storm::look::Look;
use crate::storm::story::Story;

const OWNED: &str = "owner IN (SELECT owner FROM owner_end)";

/// Waits until what deleted accounts had is taken back, and makes that an hour old.
pub fn wait_until_taken_back(look: &mut Look) {
    for entries in ["import", "export"] {
        let there = format!("SELECT count(*) FROM {entries} WHERE {OWNED} AND state <> 'deleted'");
        wait_until_none(look, &there);
    }
    for later in [
        "UPDATE import SET finished_at = now() - interval '2 hours', upload_expires_at = now()",
        "UPDATE export SET progressed_at = now() - interval '2 hours'",
    ] {
        let unswept = format!("{OWNED} AND state = 'deleted' AND swept_at IS NULL");
        look.rows(&format!("{later} WHERE {unswept} RETURNING 1"), &[]);
    }
}

/// Waits until each of them has come to its end.
pub fn wait_until_gone(look: &mut Look) {
    let earlier = "UPDATE owner_end SET asked_at = asked_at - interval '1 hour' \
         WHERE ended_at IS NULL RETURNING 1";
    look.rows(earlier, &[]);
    wait_until_none(
        look,
        "SELECT count(*) FROM owner_end WHERE ended_at IS NULL",
    );
}

/// No table names an owner who has left, and no item their user.
pub fn every_account(storm: &Storm, look: &mut Look) {
    let violation = |what: &str| storm.tally.violation(1, what);
    let tables = "SELECT table_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND column_name = 'owner' AND table_name <> 'owner_end'";
    for row in look.rows(tables, &[]) {
        let table: String = row.get(0);
        let left = format!("SELECT DISTINCT owner::text FROM {table} WHERE {OWNED}");
        for row in look.rows(&left, &[]) {
            let owner: String = row.get(0);
            violation(&format!(
                "the account is gone, and {table} has something of {owner}"
            ));
        }
    }
    let all = "SELECT user_id, ended_at IS NOT NULL FROM owner_end";
    for row in look.rows(all, &[]) {
        let (user, has_ended): (i64, bool) = (row.get(0), row.get(1));
        if !has_ended {
            violation(&format!(
                "user {user} has left, and the account does not end"
            ));
        }
        let item = accounts::item(&format!("USER#{user}"));
        if !item.is_null() {
            violation(&format!(
                "the account is gone, and an item of user {user} is there"
            ));
        }
        storm.tally.dataset("accounts gone");
    }
    for key in storm.keys_of_left.lock().unwrap().iter() {
        if Story::versions_left(key) != 0 {
            violation(&format!(
                "the account is gone, and its object is there: {key}"
            ));
        }
    }
    let list = accounts::item("LEAVING#users");
    if list.get("users").is_some() {
        violation(&format!("users who have left are not taken up: {list}"));
    }
}
