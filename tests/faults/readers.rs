//! Readers see all rows of an import or no rows. Count and page come from one moment.

use domain::catalog::{self, BASELINE};
use domain::filter::Filter;
use domain::import::State;
use postgres::rows;

use crate::fixture::database::{DATASETS, Fixture, GOOD_PER_CHUNK, Upload};

const FLIPS: usize = 100;

/// Shows and hides the rows many times.
async fn flip(fixture: &Fixture, upload: &Upload) {
    let client = fixture.connection().await;
    let set = "UPDATE import SET state = $2 WHERE id = $1";
    for flip in 0..FLIPS {
        let state = [State::Deleting, State::Completed][flip % 2].as_str();
        client.execute(set, &[&upload.id, &state]).await.unwrap();
    }
}

async fn read(fixture: &Fixture, upload: &Upload, all: i64) {
    let mut client = fixture.connection().await;
    let import = upload.import(&client).await;
    for _ in 0..FLIPS {
        let page = rows::import_page(&mut client, &import, upload.dataset(), 1_000, 0, None).await;
        let (count, page) = page.unwrap();
        assert!(count == 0 || count == all, "{count} of {all}");
        assert_eq!(count, page.len() as i64);
    }
}

async fn read_sales(fixture: &Fixture, upload: &Upload, all: i64) {
    let mut client = fixture.connection().await;
    for _ in 0..FLIPS {
        let all_rows = Filter::default();
        let page = rows::page(&mut client, upload.owner, &BASELINE, &all_rows, 1_000, 0).await;
        let (count, page) = page.unwrap();
        assert!(count == 0 || count == all, "{count} of {all}");
        assert_eq!(count, page.len() as i64);
    }
}

#[tokio::test]
async fn count_and_page_come_from_one_moment() {
    let fixture = Fixture::new().await;
    for dataset in catalog::NAMES {
        let upload = fixture.completed(dataset, 3).await;
        let all = 3 * GOOD_PER_CHUNK;
        if dataset == "baseline" {
            tokio::join!(flip(&fixture, &upload), read_sales(&fixture, &upload, all));
        } else {
            tokio::join!(flip(&fixture, &upload), read(&fixture, &upload, all));
        }
    }
}

/// Rows are seen while their import is completed, and in no other state.
#[tokio::test]
async fn rows_are_seen_in_no_state_but_completed() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.completed(dataset, 1).await;
        for state in State::ALL {
            let set = "UPDATE import SET state = $2 WHERE id = $1";
            fixture.execute(set, &[&upload.id, &state.as_str()]).await;
            let expected = if *state == State::Completed {
                GOOD_PER_CHUNK
            } else {
                0
            };
            assert_eq!(upload.seen(&fixture).await, expected, "{dataset} {state}");
        }
    }
}
