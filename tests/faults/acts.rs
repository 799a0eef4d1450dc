//! What users did with imports and exports: of their events those that are their own, of each owner by
//! themselves, page by page.

use std::collections::BTreeSet;

use domain::audit::{Position, Source};
use jiff::Timestamp;
use postgres::acts::{self, Act};
use postgres::{Client, imports};
use uuid::Uuid;

use crate::fixture::database::{Fixture, roll_back};

async fn before(
    fixture: &Fixture,
    owner: Uuid,
    position: Option<Position>,
    at_most: i64,
) -> Vec<(Position, Act)> {
    let read = async |client: &mut Client| acts::before(client, owner, position, at_most).await;
    fixture.ask(read).await.unwrap()
}

fn told(acts: &[(Position, Act)]) -> Vec<String> {
    let told = |it: &Act| format!("{} {}", it.of.as_deref().unwrap_or("?"), it.state);
    acts.iter().map(|(_, it)| told(it)).collect()
}

#[tokio::test]
async fn acts_are_those_of_the_user_and_of_nobody_else() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 3).await;
    let other = fixture.completed("team", 3).await;
    let cancel = async |client: &mut Client| {
        imports::cancel(client, upload.owner, "team", upload.number)
            .await
            .unwrap();
        roll_back(client, &upload).await.expect("nothing is left")
    };
    fixture.ask(cancel).await;
    let acts = before(&fixture, upload.owner, None, 10).await;
    let name = format!("team/{}", upload.number);
    let expected = [
        format!("{name} cancelling"),
        format!("{name} awaiting_upload"),
    ];
    assert_eq!(told(&acts), expected);
    let others = before(&fixture, other.owner, None, 10).await;
    assert_eq!(
        told(&others),
        [format!("team/{} awaiting_upload", other.number)]
    );
    assert!(before(&fixture, Uuid::new_v4(), None, 10).await.is_empty());
}

#[tokio::test]
async fn pages_of_acts_are_the_whole_list() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 3).await;
    let cancel = async |client: &mut Client| {
        imports::cancel(client, upload.owner, "team", upload.number)
            .await
            .unwrap();
        roll_back(client, &upload).await.expect("nothing is left")
    };
    fixture.ask(cancel).await;
    let all = before(&fixture, upload.owner, None, 10).await;
    let (mut read, mut position) = (Vec::new(), None);
    while let Some(act) = before(&fixture, upload.owner, position, 1).await.pop() {
        position = Some(act.0);
        read.push(act);
    }
    assert_eq!(read, all);
    let positions: BTreeSet<Position> = all.iter().map(|it| it.0).collect();
    assert!(positions.into_iter().rev().eq(all.iter().map(|it| it.0)));
    // After an act on the account, which comes last of its time, those of that time were read.
    let of_account = Position {
        source: Source::Account,
        id: Uuid::max(),
        number: 0,
        ..all[0].0
    };
    assert_eq!(
        before(&fixture, upload.owner, Some(of_account), 10).await,
        all[1..]
    );
    let long_ago = Position {
        at: Timestamp::UNIX_EPOCH,
        ..of_account
    };
    assert!(
        before(&fixture, upload.owner, Some(long_ago), 10)
            .await
            .is_empty()
    );
}
