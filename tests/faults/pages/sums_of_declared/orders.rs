//! A declared dataset whose sums are kept, by columns that may lack a value and of columns that may.

use std::sync::Arc;

use domain::dataset::Dataset;
use domain::declaration::{Declaration, Problem};
use domain::import::Import;
use domain::quota::Quotas;
use postgres::datasets::Put;
use postgres::finishing::{self, Finished, Judged};
use postgres::imports::{self, Created, NewImport};
use postgres::{Client, datasets, sums};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::database::{Fixture, new_import_of};

/// Which sums are declared: by these, of those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums(&'static [&'static str], &'static [&'static str]);

impl Sums {
    pub const NONE: Sums = Sums(&[], &[]);
    pub const BOTH: Sums = Sums(&["region", "paid", "since"], &["amount", "pieces"]);
    pub const ONE: Sums = Sums(&["paid"], &["pieces"]);
    /// By a field that is added with it.
    pub const OF_A_NOTE: Sums = Sums(&["note", "region"], &["amount"]);
    pub const ALL: [Sums; 4] = [Self::NONE, Self::BOTH, Self::ONE, Self::OF_A_NOTE];

    fn of_a_note(self) -> bool {
        self.0.contains(&"note")
    }
}

/// The dataset of a new owner.
pub struct Orders<'f> {
    pub fixture: &'f Fixture,
    pub owner: Uuid,
}

fn fields() -> Vec<Value> {
    vec![
        json!({"name": "region", "type": "string"}),
        json!({"name": "paid", "type": "boolean"}),
        json!({"name": "since", "type": "year", "constraints": {"required": true}}),
        json!({"name": "day", "type": "date", "constraints": {"required": true}}),
        json!({"name": "pieces", "type": "integer"}),
        json!({"name": "amount", "type": "number", "decimals": 2, "digits": 14}),
    ]
}

impl<'f> Orders<'f> {
    pub async fn declared(fixture: &'f Fixture, sums: Sums) -> Self {
        let owner = Uuid::new_v4();
        let orders = Self { fixture, owner };
        orders.put(fields(), sums).await;
        orders
    }

    /// Declares other sums. A field that was added once stays.
    pub async fn declare(&self, sums: Sums) {
        let mut fields = fields();
        let has_note = async |client: &mut Client| {
            let found = datasets::find(client, self.owner, "orders").await.unwrap();
            found.unwrap().columns.iter().any(|it| it.field == "note")
        };
        if sums.of_a_note() || self.fixture.ask(has_note).await {
            fields.push(json!({"name": "note", "type": "string"}));
        }
        self.put(fields, sums).await;
    }

    /// Declares other sums of the fields it began with.
    pub async fn try_to_declare(&self, sums: Sums) -> Put<Problem> {
        self.try_to_put(fields(), sums).await
    }

    /// Declares the fields in another order, with one more among them.
    pub async fn declare_moved(&self, sums: Sums) {
        let mut fields = fields();
        fields.reverse();
        fields.insert(2, json!({"name": "note", "type": "string"}));
        self.put(fields, sums).await;
    }

    async fn put(&self, fields: Vec<Value>, sums: Sums) {
        let put = self.try_to_put(fields, sums).await;
        let done = matches!(put, Put::Declared(_) | Put::Evolved(_) | Put::Unchanged(_));
        assert!(done, "{put:?}");
    }

    async fn try_to_put(&self, fields: Vec<Value>, sums: Sums) -> Put<Problem> {
        let mut document = json!({"fields": fields, "sortedBy": "day"});
        if sums != Sums::NONE {
            document["sums"] = json!({"by": sums.0, "of": sums.1});
        }
        let declaration = Declaration::parse(&document).unwrap();
        let declare = async |client: &mut Client| {
            datasets::declare(
                client,
                self.owner,
                "orders",
                &declaration,
                100,
                Quotas::default(),
            )
            .await
        };
        self.fixture.ask(declare).await.unwrap()
    }

    pub async fn dataset(&self) -> Arc<Dataset> {
        let find = async |client: &mut Client| datasets::find(client, self.owner, "orders").await;
        let found = self.fixture.ask(find).await.unwrap();
        found.expect("it is declared")
    }

    /// A completed import of as many rows of three months.
    pub async fn import(&self, rows: i64) -> Import {
        let new = new_import_of(self.owner, self.dataset().await);
        self.complete(new, rows).await
    }

    /// A completed import that has taken the place of another one.
    pub async fn replace(&self, import: &Import, rows: i64) -> Import {
        let new = NewImport {
            replaces: Some(import.number),
            ..new_import_of(self.owner, self.dataset().await)
        };
        self.complete(new, rows).await
    }

    async fn complete(&self, new: NewImport, rows: i64) -> Import {
        let client = &mut *self.fixture.connection().await;
        let dataset = &new.dataset;
        let created = imports::create(client, &new).await.unwrap();
        let Created::Import(import) = created else {
            panic!("the owner may import: {created:?}");
        };
        datasets::ensure_table(client, import.uid).await.unwrap();
        let sql = format!(
            "INSERT INTO {} (import_id, record, c1, c2, c3, c4, c5, c6) \
             SELECT $1, n, nullif('Region ' || h % 5, 'Region 4'), \
                 CASE h % 3 WHEN 0 THEN NULL ELSE h % 3 = 1 END, 2000 + h % 2, \
                 date '2026-01-10' + (h % 70)::integer, nullif(h % 4, 0), \
                 CASE WHEN h % 6 > 0 THEN (h % 1000)::numeric / 100 END \
             FROM (SELECT n, hashint8(n * 7919 + $1)::bigint & 2147483647 AS h \
                   FROM generate_series(1, $2::bigint) AS n) AS r",
            dataset.table
        );
        client.execute(&sql, &[&import.id, &rows]).await.unwrap();
        let plan = "INSERT INTO import_chunk (import_id, number, byte_start, byte_end, first_record, \
                 first_line, records, lines, done_at, rows_imported, rows_rejected) \
             VALUES ($1, 0, 0, 1, 1, 2, $2::bigint, $2::bigint, now(), $2::bigint, 0)";
        client.execute(plan, &[&import.id, &rows]).await.unwrap();
        let state = "UPDATE import SET state = 'finishing', object_size = 1, heading_end_byte = 0, \
                 heading_end_line = 1, chunks_total = 1, chunks_done = 1, rows_imported = $2, \
                 column_order = '{0,1,2,3,4,5}' WHERE id = $1";
        client.execute(state, &[&import.id, &rows]).await.unwrap();
        let import = imports::by_uid(client, import.uid).await.unwrap().unwrap();
        let judged = Judged {
            lines: rows as u64,
            ..Judged::default()
        };
        let finished =
            finishing::finish(client, &import, dataset, &judged, &Quotas::default()).await;
        let (proof, finished) = finished.unwrap();
        assert!(matches!(finished, Finished::Completed(_)), "{proof:?}");
        import
    }

    pub async fn add(&self, import: &Import) {
        let add = async |client: &mut Client| sums::add(client, import.uid).await;
        self.fixture.ask(add).await.unwrap();
    }

    pub async fn take_out(&self, import: &Import) {
        let take_out = async |client: &mut Client| sums::take_out(client, import.uid).await;
        self.fixture.ask(take_out).await.unwrap();
    }

    pub async fn delete(&self, import: &Import) {
        let delete = async |client: &mut Client| {
            imports::delete(client, import.owner, "orders", import.number).await
        };
        self.fixture.ask(delete).await.unwrap();
    }

    pub async fn add_left_out(&self) -> Option<Uuid> {
        let add = async |client: &mut Client| sums::add_left_out(client).await;
        self.fixture.ask(add).await.unwrap()
    }

    /// Moves the times of its imports back.
    pub async fn minutes_pass(&self, minutes: i32) {
        let sql = "UPDATE import SET finished_at = finished_at - make_interval(mins => $2), \
             sum_tried_at = sum_tried_at - make_interval(mins => $2) WHERE owner = $1";
        self.fixture.execute(sql, &[&self.owner, &minutes]).await;
    }

    pub async fn is_summed(&self, import: &Import) -> bool {
        let sql = "SELECT count(*) FROM import WHERE id = $1 AND summed";
        self.fixture.number(sql, &[&import.id]).await == 1
    }

    /// How many sums are kept.
    pub async fn kept(&self) -> i64 {
        let sql = "SELECT count(*) FROM dataset_sum s JOIN dataset d ON d.id = s.dataset_id \
             WHERE d.owner = $1";
        self.fixture.number(sql, &[&self.owner]).await
    }
}
