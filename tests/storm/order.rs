//! Chunks are handed out by turns of their owners, whatever breaks meanwhile. A trigger watches each
//! hand-out in its transaction: afterwards nobody could say who was waiting at that moment.

use domain::import::State;

use super::Storm;
use super::look::Look;

/// A chunk may begin to wait between the moment at which a hand-out looks and the one at which it
/// marks what it has found; the next one finds it.
const PASSED_OVER_AT_MOST: i32 = 1;

/// SQL: owners who had a chunk to hand out and none out when chunks of others were handed out, how
/// often in a row, and the longest row. A chunk that was ever locked does not count: a worker may
/// hold it, and those are skipped. Its table has no column `owner`: of those that have one, nothing
/// may be left of a deleted account.
const WATCH: &str = "
    CREATE TABLE IF NOT EXISTS storm_order
        (whose uuid PRIMARY KEY, passed_over integer NOT NULL, longest integer NOT NULL);
    CREATE OR REPLACE FUNCTION storm_watch_order() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM handed_out WHERE queued_at = now()) THEN
            RETURN NULL;
        END IF;
        WITH at_work AS (
            SELECT i.owner, c.queued_at, c.xmax FROM import i JOIN import_chunk c ON c.import_id = i.id
            WHERE i.state IN (STATES) AND c.done_at IS NULL
        ), passed AS (
            SELECT DISTINCT owner FROM at_work w WHERE queued_at IS NULL AND xmax = 0
                AND NOT EXISTS (SELECT FROM at_work o WHERE o.owner = w.owner AND o.queued_at IS NOT NULL)
        ), reset AS (
            UPDATE storm_order SET passed_over = 0
            WHERE passed_over > 0 AND whose NOT IN (SELECT owner FROM passed)
        )
        INSERT INTO storm_order AS s SELECT owner, 1, 1 FROM passed
            ON CONFLICT (whose) DO UPDATE SET passed_over = s.passed_over + 1,
                longest = greatest(s.longest, s.passed_over + 1);
        RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS storm_order ON import_chunk;
    CREATE TRIGGER storm_order AFTER UPDATE ON import_chunk REFERENCING NEW TABLE AS handed_out
        FOR EACH STATEMENT EXECUTE FUNCTION storm_watch_order()";

/// From here on each hand-out is watched.
pub fn watch() {
    let states = State::ALL.iter().filter(|it| it.hands_out());
    let states: Vec<String> = states.map(|it| format!("'{it}'")).collect();
    let mut look = Look::new();
    let block = WATCH.replace("STATES", &states.join(", "));
    look.run(&block);
}

/// Whoever waits with nothing out comes with the next hand-out.
pub fn every_owner_had_their_turn(storm: &Storm) {
    let sql = "SELECT whose::text, longest FROM storm_order WHERE longest > $1";
    for row in Look::new().rows(sql, &[&PASSED_OVER_AT_MOST]) {
        let (owner, times): (String, i32) = (row.get(0), row.get(1));
        let what = format!("owner {owner} was passed over {times} times in a row");
        storm.tally.violation(3, &what);
    }
}
