//! A user reads without pause while imports come and go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::fixture::client::{User, put};
use crate::fixture::{hold, sample};

/// Sales records of two chunks; no two of the numbers add up to another one.
const FIRST: u64 = 40_001;
const CANCELLED: u64 = 41_010;
const SECOND: u64 = 42_100;

const LIMIT: i64 = 100;

/// What a reader may count: whole imports, never a part of one.
const COUNTS: [i64; 4] = [0, FIRST as i64, SECOND as i64, (FIRST + SECOND) as i64];

#[test]
fn a_reader_sees_whole_imports_or_none() {
    let user = User::new();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| read_until(&user, &over));
        let end = End(&over);
        let first = user.upload_to_url("baseline", &sample::sales(131, FIRST));
        first.ends("completed");
        assert_eq!(user.sales_seen(), FIRST as i64);
        cancel_half_way(&user);
        assert_eq!(user.sales_seen(), FIRST as i64);
        let second = user.upload_to_url("baseline", &sample::sales(132, SECOND));
        second.ends("completed");
        assert_eq!(user.sales_seen(), (FIRST + SECOND) as i64);
        first.delete().is(204, "");
        assert_eq!(user.sales_seen(), SECOND as i64);
        second.delete().is(204, "");
        assert_eq!(user.sales_seen(), 0);
        drop(end);
        let pages = reader.join().unwrap();
        assert!(
            pages > 20,
            "{pages} pages are too few to have seen anything"
        );
    });
}

fn cancel_half_way(user: &User) {
    let file = sample::sales(133, CANCELLED);
    let (import, upload) = user.ask_for_url("baseline", file.len());
    let planner = hold::before_chunk(&import, 1);
    assert_eq!(put(&upload, &file).status, 200);
    import.until(|it| it["progress"]["chunks_done"].as_i64() > Some(0));
    assert!(import.rows_stored() > 0);
    import.post("cancel").expect(202);
    planner.undo();
}

/// Ends the reader, also when an assertion has failed: the scope waits for it.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reads pages at several offsets, from the first row to after the last. Returns how many it has
/// read.
fn read_until(user: &User, over: &AtomicBool) -> usize {
    let mut pages = 0;
    let mut offset = 0;
    while !over.load(Ordering::Relaxed) {
        let path = format!("/collect/data/?limit={LIMIT}&offset={offset}");
        let page = user.get(&path).expect(200);
        let count = page["count"].as_i64().unwrap();
        assert!(COUNTS.contains(&count), "a part of an import: {count}");
        let rows = page["results"].as_array().unwrap().len() as i64;
        assert_eq!(
            rows,
            (count - offset).clamp(0, LIMIT),
            "of {count} from {offset} on"
        );
        pages += 1;
        offset = if offset >= count {
            0
        } else {
            offset + count / 3 - 7
        };
    }
    pages
}
