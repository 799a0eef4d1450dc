//! A declared dataset has no table before its first import, and is read all the same.

use domain::dataset::Dataset;
use domain::filter::{Filter, Names};
use postgres::rows::{self, AtMost, By};
use postgres::{Client, exports};
use uuid::Uuid;

use crate::fixture::database::{FIELDS, Fixture};

fn filters(dataset: &Dataset) -> Vec<Filter> {
    let names = Names(dataset);
    let asked: [&[(&str, &str)]; 4] = [
        &[],
        &[("who", "Ada")],
        &[("visits__gte", "3"), ("import", "1")],
        &[("visits__isnull", "true")],
    ];
    let filter = |asked: &[(&str, &str)]| {
        let mut filter = Filter::default();
        for (name, text) in asked {
            let parameter = names.find(name).unwrap();
            names.add(&mut filter, parameter, text).unwrap();
        }
        filter
    };
    asked.into_iter().map(filter).collect()
}

async fn is_empty(client: &mut Client, owner: Uuid, dataset: &Dataset, filter: &Filter) {
    for offset in [0, 7] {
        let page = rows::page(client, owner, dataset, filter, 10, offset).await;
        assert_eq!(page.unwrap(), (0, vec![]), "{filter:?}");
    }
    let at_most = AtMost::rows(10);
    let page = rows::page_at(client, owner, dataset, filter, None, at_most).await;
    let page = page.unwrap();
    assert_eq!((page.rows, page.older), (vec![], None), "{filter:?}");
    let groups = rows::summary(client, owner, dataset, By::Column(0), filter, 10, 0).await;
    assert_eq!(groups.unwrap(), (0, vec![]), "{filter:?}");
    let pinned = exports::pin(client, owner, dataset, filter, false).await;
    assert_eq!(pinned.unwrap().estimate.rows, 0, "{filter:?}");
}

#[tokio::test]
async fn a_dataset_that_nobody_has_imported_into_has_no_rows() {
    let fixture = Fixture::new().await;
    for fields in [&FIELDS[..], &[FIELDS[0], FIELDS[2]]] {
        let owner = Uuid::new_v4();
        let dataset = fixture.declared(owner, fields).await;
        assert_eq!(dataset.sorted_by.is_some(), fields.len() == 3);
        assert_eq!(fixture.dataset_tables().await, [""; 0]);
        for filter in filters(&dataset) {
            let read = async |client: &mut Client| {
                is_empty(client, owner, &dataset, &filter).await;
            };
            fixture.ask(read).await;
        }
    }
}
