use std::thread;

use serde_json::json;

use crate::fixture::client::{Answer, User};

const AT_ONCE: usize = 50;

/// Only the table's unique index can ensure this.
#[test]
fn one_of_fifty_baselines_asked_for_at_once_is_granted() {
    let user = User::new();
    let body = json!({"filename": "sales.csv", "size": 1000});
    let ask = || user.post_json("/collect/baseline/", &body);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let (granted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 201);
    assert_eq!((granted.len(), refused.len()), (1, AT_ONCE - 1));
    for answer in refused {
        answer.names_active_baseline();
    }
    let list = user.get("/collect/baseline/?status=all").expect(200);
    assert_eq!(list["count"], 1);
}
