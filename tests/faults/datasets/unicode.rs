//! Whatever a user writes is a value for PostgreSQL, and never a part of a statement.

use postgres::Client;
use postgres::datasets::{self, DropBegun, Evolution, Put};
use postgres::imports;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use uuid::Uuid;

use super::entry;
use crate::fixture::database::{Field, Fixture, new_version, put};

const HOSTILE: [&str; 10] = [
    "\"; DROP TABLE import; --",
    "'; DROP TABLE import; --",
    "c1 text); DROP TABLE import; --",
    "$$; DROP TABLE import; $$",
    "%s%I%L",
    "d_1",
    "import_id",
    "\u{202e}\u{200b}\u{feff}",
    "\\'; --",
    "",
];

/// Texts of every kind, NUL aside, which no text of PostgreSQL has.
fn texts(runner: &mut TestRunner, lists: usize) -> Vec<Vec<String>> {
    let text = any::<String>().prop_map(|text| text.replace('\0', "\u{1}"));
    let list = vec(text, 1..8);
    (0..lists)
        .map(|_| list.new_tree(runner).unwrap().current())
        .collect()
}

/// What tables, columns, functions and roles there are.
async fn things(fixture: &Fixture) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM pg_class) + (SELECT count(*) FROM pg_proc) \
         + (SELECT count(*) FROM pg_attribute)";
    fixture.number(sql, &[]).await
}

#[tokio::test]
async fn no_name_of_a_field_reaches_ddl() {
    let fixture = Fixture::new().await;
    let mut lists = texts(&mut TestRunner::deterministic(), 60);
    lists.push(HOSTILE.map(str::to_owned).into());
    for names in lists {
        let fields: Vec<Field<'_>> = names.iter().map(|name| (name.as_str(), "text")).collect();
        let new = new_version(Uuid::new_v4(), "visits", &fields);
        let entry = entry(fixture.ask(async |client| put(client, &new).await).await);
        let make = "SELECT make_dataset_table($1)::integer::bigint";
        assert_eq!(fixture.number(make, &[&entry.id]).await, 1);
        let columns = "SELECT count(*) FROM pg_attribute WHERE attnum > 0 \
             AND attrelid = ('d_' || $1::bigint)::regclass \
             AND attname::text IN (SELECT 'c' || n FROM generate_series(1, $2::bigint) AS n)";
        let number = names.len() as i64;
        assert_eq!(
            fixture.number(columns, &[&entry.id, &number]).await,
            number,
            "{names:?}"
        );
        let owner = new.owner;
        let stored = async |client: &mut Client| {
            datasets::version(client, owner, "visits", None)
                .await
                .unwrap()
        };
        assert_eq!(fixture.ask(stored).await.unwrap().document, new.document);
    }
    let import = "SELECT count(*) FROM import";
    assert_eq!(fixture.number(import, &[]).await, 0, "it is there");
}

#[tokio::test]
async fn a_name_of_a_dataset_is_a_value_in_every_statement() {
    let fixture = Fixture::new().await;
    let before = things(&fixture).await;
    let mut client = fixture.connection().await;
    let random = texts(&mut TestRunner::deterministic(), 40).concat();
    let hostile = HOSTILE.iter().map(|it| (*it).to_owned());
    let nul = ["\0".to_owned(), "a\0".to_owned()];
    for name in hostile.chain(random).chain(nul) {
        let owner = Uuid::new_v4();
        let found = datasets::find(&client, owner, &name).await.unwrap();
        assert_eq!(found, None, "{name:?}");
        let shown = datasets::version(&client, owner, &name, None)
            .await
            .unwrap();
        assert_eq!(shown, None, "{name:?}");
        let dropped = datasets::begin_drop(&mut client, owner, &name, None, false)
            .await
            .unwrap();
        assert_eq!(dropped, DropBegun::NotFound, "{name:?}");
        if !name.contains('\0') {
            let import = imports::by_number(&client, owner, &name, 1).await.unwrap();
            assert!(import.is_none(), "{name:?}");
        }
        // The caller checks names; the entry's own check stands behind it.
        let new = new_version(owner, &name, &[("who", "text")]);
        let same = |_: &Value| Ok(Evolution::<String>::Same);
        match datasets::put(&mut client, &new, same).await {
            Ok(Put::Declared(entry)) => assert_eq!(entry.name, name),
            Ok(other) => panic!("{name:?}: {other:?}"),
            Err(refused) => assert!(!refused.is_transient(), "{name:?}: {refused}"),
        }
    }
    assert_eq!(things(&fixture).await, before);
}

/// PostgreSQL keeps no NUL in jsonb: the declaration is refused before, and here in any case.
#[tokio::test]
async fn a_nul_in_a_declaration_is_an_error_about_data() {
    let fixture = Fixture::new().await;
    let new = new_version(Uuid::new_v4(), "visits", &[("a\0b", "text")]);
    let same = |_: &Value| Ok(Evolution::<String>::Same);
    let put = fixture
        .ask(async |client| datasets::put(client, &new, same).await)
        .await;
    assert!(put.unwrap_err().is_about_data());
    assert_eq!(fixture.number("SELECT count(*) FROM dataset", &[]).await, 0);
}

/// Whoever may write entries cannot write a type into DDL that is none of the codes.
#[tokio::test]
async fn a_type_is_one_of_the_codes() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    for code in [
        "text; DROP TABLE import",
        "TEXT",
        "varchar(5)",
        "",
        "serial",
    ] {
        let insert = "INSERT INTO dataset (owner, name, column_numbers, column_types, columns_used) \
             VALUES (gen_random_uuid(), 'visits', '{1}', ARRAY[$1::text], 1)";
        let refused = client.execute(insert, &[&code]).await.unwrap_err();
        let code = refused.code().map(tokio_postgres::error::SqlState::code);
        assert_eq!(code, Some("23514"));
    }
}
