use std::thread;

use jiff::Timestamp;

use crate::fixture::client::{Answer, Import, User, put};
use crate::fixture::sample;

#[test]
fn of_twenty_baselines_at_once_one_is_taken() {
    let user = User::new();
    let file = sample::sales(71, 30);
    let send = || user.send("/collect/baseline/", "file.csv", &file);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let sent: Vec<_> = (0..20).map(|_| scope.spawn(send)).collect();
        sent.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 201);
    assert_eq!(taken.len(), 1);
    for answer in refused {
        answer.names_active_baseline();
    }
    let import = Import::of(&user, "baseline", &taken[0].json());
    import.ends("completed");
    assert_eq!(user.sales_seen(), 30);
}

#[test]
fn a_second_baseline_is_refused_however_it_is_sent() {
    let user = User::new();
    let (first, upload) = user.ask_for_url("baseline", sample::sales(72, 5).len());
    let list = "/collect/baseline/";
    let refused = user.send(list, "file.csv", &sample::sales(73, 5));
    assert_eq!(refused.names_active_baseline(), 1);
    let until = refused.json()["until"]
        .as_str()
        .unwrap()
        .parse::<Timestamp>();
    assert!(until.unwrap() > Timestamp::now(), "{refused:?}");
    // They are refused before the file is looked at.
    user.send(list, "empty.csv", b"").names_active_baseline();
    user.post(list).names_active_baseline();
    let body = serde_json::json!({"filename": "x.csv", "size": 5});
    user.post_json(list, &body).names_active_baseline();
    // A team and another user are not concerned.
    user.upload("team", &sample::teams(74, 5)).ends("completed");
    User::new().ask_for_url("baseline", 5);
    assert_eq!(put(&upload, &sample::sales(72, 5)).status, 200);
    first.ends("completed");
    user.upload("baseline", &sample::sales(75, 5))
        .ends("completed");
    assert_eq!(user.sales_seen(), 10);
}
