//! Imports that replace one another: which of them goes when one completes.

use super::*;

#[tokio::test]
async fn of_many_replacements_of_a_completed_import_one_is_taken() {
    let fixture = Fixture::with_sessions(24).await;
    for dataset in DATASETS {
        let old = fixture.completed(dataset, 1).await;
        let asked = (0..12).map(|_| replace(&fixture, old.number, &old));
        let asked = futures_util::future::join_all(asked).await;
        let taken = asked.iter().find_map(|it| match it {
            Created::Import(import) => Some(import.number),
            _ => None,
        });
        let taken = taken.expect("one is taken");
        let refused = |it: &&Created| matches!(it, Created::BeingReplaced(by) if *by == taken);
        assert_eq!(asked.iter().filter(refused).count(), 11);
        assert_eq!(old.seen(&fixture).await, GOOD_PER_CHUNK);
    }
}

/// 1 is completed; 2 is to take its place and fails; 3, the corrected file, takes the place of 2,
/// and so that of 1.
#[tokio::test]
async fn a_corrected_file_takes_over_what_the_first_was_to_replace() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let one = fixture.completed(dataset, 2).await;
        let two = replacement(&fixture, &one).await;
        let client = fixture.connection().await;
        imports::fail(&client, two.uid, &Reason::ChunkFailed)
            .await
            .unwrap();
        roll_back(&client, &two).await.unwrap();
        let three = replacement(&fixture, &two).await;
        let links = now(&fixture, &three).await;
        let links = (links.replaces, links.swaps);
        assert_eq!(links, (Some(two.number), Some(one.number)));
        let back = now(&fixture, &two).await.replaced_by;
        assert_eq!(back, Some(three.number));
        // While it is on its way nobody else takes any place of the chain.
        for upload in [&one, &two] {
            let refused = replace(&fixture, upload.number, upload).await;
            assert!(matches!(refused, Created::BeingReplaced(by) if by == three.number));
        }
        // An active replacement hands the place on at once.
        let four = replacement(&fixture, &three).await;
        assert_eq!(now(&fixture, &four).await.swaps, Some(one.number));
        four.finish_chunks(&fixture).await;
        four.complete(&fixture).await;
        assert_adds_up(&fixture, &[&one, &two, &three, &four], NEW).await;
        assert_eq!(state(&fixture, &one).await, State::Cancelling);
    }
}

/// Whichever import of a chain is replaced, failed, cancelled or completed: the completed one of
/// the chain goes. Each is replaced once more, twenty times over.
#[tokio::test]
async fn no_order_of_replacements_doubles_the_data() {
    let fixture = Fixture::new().await;
    let first = fixture.completed("team", 2).await;
    let mut chain = vec![first];
    let client = fixture.connection().await;
    for round in 0..20_usize {
        for upload in &chain {
            if state(&fixture, upload).await == State::Cancelling {
                roll_back(&client, upload).await.unwrap();
            }
        }
        let next = replacement(&fixture, &chain[round * 7 % chain.len()]).await;
        next.finish_chunks(&fixture).await;
        match round % 3 {
            0 => {
                imports::fail(&client, next.uid, &Reason::ChunkFailed)
                    .await
                    .unwrap();
                roll_back(&client, &next).await.unwrap();
            }
            1 => cancel(&fixture, &next).await,
            _ => {
                next.complete(&fixture).await;
            }
        }
        chain.push(next);
        let all: Vec<&Upload> = chain.iter().collect();
        let rows = if round < 2 { OLD } else { NEW };
        assert_eq!(seen(&fixture, &all).await, rows, "round {round}");
    }
}
