//! What is written down of each import and export, against `docs/states.md`.

use std::collections::BTreeSet;

use domain::import::{Event, Situation, State, after};

use super::super::Storm;
use super::super::look::Look;

/// A row of `import_event`, in the order of its import or export.
struct Noted {
    uid: String,
    kind: String,
    number: i32,
    was: Option<String>,
    state: String,
}

/// The events of each import and export are numbered without a gap, each begins where the one before
/// ended, and the last is where it stands. Those of an import are a walk of the table of states.
pub fn every_event(storm: &Storm, look: &mut Look) {
    let sql = "SELECT uid::text, kind, number, was, state FROM import_event ORDER BY uid, number";
    let rows = look.rows(sql, &[]);
    let noted: Vec<Noted> = rows
        .iter()
        .map(|row| Noted {
            uid: row.get(0),
            kind: row.get(1),
            number: row.get(2),
            was: row.get(3),
            state: row.get(4),
        })
        .collect();
    let ways = ways();
    for walk in noted.chunk_by(|one, next| one.uid == next.uid) {
        if let Some(what) = complaint(walk, &ways) {
            let (kind, uid) = (&walk[0].kind, &walk[0].uid);
            storm
                .tally
                .violation(2, &format!("{what}: events of {kind} {uid}"));
        }
    }
    let other = "SELECT count(*) FROM (SELECT uid, state FROM import UNION ALL SELECT uid, state FROM export) AS it \
         LEFT JOIN import_event e ON e.uid = it.uid AND e.is_last WHERE e.state IS DISTINCT FROM it.state";
    let count: i64 = look.row(other, &[]).get(0);
    if count != 0 {
        let what =
            format!("{count} imports and exports stand elsewhere than their last event says");
        storm.tally.violation(2, &what);
    }
}

fn complaint(walk: &[Noted], ways: &BTreeSet<(String, String)>) -> Option<String> {
    let is_import = walk[0].kind == "import";
    let mut before: Option<&Noted> = None;
    for (number, event) in (1..).zip(walk) {
        if event.number != number {
            return Some(format!("{} comes as number {number}", event.number));
        }
        if event.was.as_deref() != before.map(|it| it.state.as_str()) {
            return Some(format!("{number} begins with {:?}", event.was));
        }
        let way = (event.was.clone().unwrap_or_default(), event.state.clone());
        if is_import && !ways.contains(&way) {
            return Some(format!("no event leads from {:?} to {}", way.0, way.1));
        }
        before = Some(event);
    }
    None
}

/// Every pair of states of an import that one event leads from and to; it begins without any.
fn ways() -> BTreeSet<(String, String)> {
    let begin = (String::new(), State::AwaitingUpload.to_string());
    let mut ways = BTreeSet::from([begin]);
    for now in situations() {
        for &event in Event::ALL {
            let to = after(now, event).filter(|to| *to != now.state);
            ways.extend(to.map(|to| (now.state.to_string(), to.to_string())));
        }
    }
    ways
}

fn situations() -> impl Iterator<Item = Situation> {
    let facts = (0..16).map(|it| [it & 1 != 0, it & 2 != 0, it & 4 != 0, it & 8 != 0]);
    facts.flat_map(|[baseline, handed_out, holds, validates]| {
        State::ALL.iter().flat_map(move |&state| {
            state.goals().into_iter().map(move |goal| Situation {
                state,
                goal,
                baseline,
                handed_out,
                holds,
                validates,
            })
        })
    })
}

#[test]
fn a_walk_is_what_the_table_of_states_says() {
    let noted = |number, was: Option<&str>, state: &str| Noted {
        uid: "x".to_owned(),
        kind: "import".to_owned(),
        number,
        was: was.map(str::to_owned),
        state: state.to_owned(),
    };
    let ways = ways();
    let walk = |events: &[Noted]| complaint(events, &ways);
    let created = || noted(1, None, "awaiting_upload");
    assert_eq!(
        walk(&[created(), noted(2, Some("awaiting_upload"), "planning")]),
        None
    );
    for wrong in [
        vec![noted(2, None, "awaiting_upload")],
        vec![noted(1, None, "planning")],
        vec![created(), noted(3, Some("awaiting_upload"), "planning")],
        vec![created(), noted(2, Some("paused"), "planning")],
        vec![created(), noted(2, Some("awaiting_upload"), "completed")],
    ] {
        assert!(walk(&wrong).is_some());
    }
}
