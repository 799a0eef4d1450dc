//! A version of the code that is gone has stored a declaration that this one does not know.

use domain::declaration::Declaration;
use domain::import::State;
use postgres::{datasets, imports};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::database::{FIELDS, Fixture, roll_back};

/// It can be taken back all the same, sorted or not: that takes its table and its key.
#[tokio::test]
async fn an_import_is_taken_back_whatever_is_declared_of_it() {
    let unknown = json!({ "layers": true });
    assert!(Declaration::stored(&unknown).is_err());
    let fixture = Fixture::new().await;
    for fields in [&FIELDS[..], &[FIELDS[0], FIELDS[2]]] {
        let owner = Uuid::new_v4();
        let visits = fixture.declared(owner, fields).await;
        assert_eq!(visits.sorted_by.is_some(), fields.len() == 3);
        let upload = fixture.awaiting_in(owner, visits, 2, None).await;
        upload.finish_chunks(&fixture).await;
        upload.complete(&fixture).await;
        assert!(upload.rows(&fixture).await > 0);
        let forget = "UPDATE dataset_version SET document = $1";
        fixture.execute(forget, &[&unknown]).await;

        let client = fixture.connection().await;
        let import = upload.import(&client).await;
        let table = datasets::row_table(&client, &import).await;
        assert_eq!(table.unwrap(), upload.table());
        let deleted = imports::delete(&client, owner, "visits", upload.number).await;
        deleted.unwrap();
        let ended = roll_back(&client, &upload).await.expect("it has ended");
        assert_eq!(ended.state, State::Deleted);
        assert_eq!(upload.rows(&fixture).await, 0);
    }
}
