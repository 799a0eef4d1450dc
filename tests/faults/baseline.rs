//! A user has one active baseline at a time: a unique index sees to it, and the API answers 403.

use domain::import::{Goal, State};
use postgres::imports::{self, Created};
use uuid::Uuid;

use crate::fixture::database::{Fixture, new_import};

#[tokio::test]
async fn a_second_baseline_is_refused_while_the_first_takes_the_place() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    let with_goals = |state: &State| {
        let state = *state;
        state.goals().into_iter().map(move |goal| (state, goal))
    };
    for (state, goal) in State::ALL.iter().flat_map(with_goals) {
        let first = fixture.planned("baseline", 1).await;
        let set = "UPDATE import SET state = $2, goal = $3, content_bytes = 0 WHERE id = $1";
        let word = goal.map(Goal::as_str);
        fixture
            .execute(set, &[&first.id, &state.as_str(), &word])
            .await;

        let active = imports::active(&client, first.owner, "baseline")
            .await
            .unwrap();
        let takes = state.takes_the_place(goal);
        let number = takes.then_some(first.number);
        assert_eq!(active.as_ref().map(|it| it.number), number, "{state}");
        let second = new_import(first.owner, "baseline");
        let created = imports::create(&mut client, &second).await.unwrap();
        if takes {
            assert!(matches!(created, Created::AnotherActive), "{state}");
        } else {
            assert!(matches!(created, Created::Import(_)), "{state}");
        }
        let others = [
            new_import(first.owner, "team"),
            new_import(Uuid::new_v4(), "baseline"),
        ];
        for other in others {
            let created = imports::create(&mut client, &other).await.unwrap();
            assert!(matches!(created, Created::Import(_)), "{state}");
        }
    }
}

/// The index refuses a second one, so no statement can make it active.
#[tokio::test]
async fn the_index_names_the_violation() {
    let fixture = Fixture::new().await;
    let first = fixture.planned("baseline", 1).await;
    let client = fixture.connection().await;
    let copy = "INSERT INTO import (uid, owner, dataset, number, object_key, object_size, \
                upload_expires_at) SELECT gen_random_uuid(), owner, dataset, 99, object_key, 1, \
                now() FROM import WHERE id = $1";
    let refused = client.execute(copy, &[&first.id]).await.unwrap_err();
    let refused = postgres::Error::from(refused);
    let constraint = refused.violated_constraint();
    assert_eq!(constraint, Some("import_one_active_baseline"));
    assert!(!refused.is_transient());
}
