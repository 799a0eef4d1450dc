//! Exports of declared datasets: the file comes back as the same rows, and a drop takes it along.

use std::sync::Arc;

use domain::dataset::Dataset;
use domain::declaration::Declaration;
use domain::export::{Export, Part, State};
use domain::filter::{Filter, Names, StoredFilter};
use domain::first_look::look;
use domain::quota::Quotas;
use domain::reading::Reading;
use domain::record::{Record, RecordReader};
use domain::row::RowParser;
use jiff::{SignedDuration, Timestamp};
use postgres::Client;
use postgres::copy::{RowBuffer, RowSink};
use postgres::datasets::{self, DropBegun, NewVersion};
use postgres::exports::{self, Created, NewExport, RowStream};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::database::{FIELDS, Fixture, MORE_FIELDS, put};

/// A declaration with a field of every type, whose files look as those of few do.
fn everything() -> Value {
    json!({
        "fields": [
            {"name": "code", "type": "string", "title": "The code", "constraints": {"required": true}},
            {"name": "note", "type": "string", "missingValues": ["-", ""]},
            {"name": "id", "type": "string", "format": "uuid"},
            {"name": "count", "type": "integer", "groupChar": "."},
            {"name": "huge", "type": "integer", "groupChar": ".", "constraints": {"maximum": "99999999999999999999"}},
            {"name": "price", "type": "number", "decimalChar": ",", "groupChar": ".", "decimals": 2, "digits": 14},
            {"name": "ratio", "type": "number", "decimalChar": ",", "groupChar": "."},
            {"name": "paid", "type": "boolean", "trueValues": ["yes", "y"], "falseValues": ["no"]},
            {"name": "day", "type": "date", "formats": ["%d.%m.%Y", "default"], "constraints": {"required": true}},
            {"name": "due", "type": "date"},
            {"name": "at", "type": "datetime", "format": "%Y-%m-%d %H:%M"},
            {"name": "moment", "type": "datetime", "timezone": "Europe/Berlin"},
            {"name": "clock", "type": "time"},
            {"name": "year", "type": "year"},
            {"name": "month", "type": "yearmonth"}
        ],
        "missingValues": ["n/a", ""],
        "dialect": {"delimiter": ";", "quoteChar": "'", "doubleQuote": false, "escapeChar": "\\",
                    "commentRows": [1, 2]},
        "sortedBy": "day"
    })
}

const FILE: &str = "A title\r\n\r\n\
    The code;note;id;count;huge;price;ratio;paid;day;due;at;moment;clock;year;month\r\n\
    '=1;\\'a\\'';'\\\\N';123e4567-e89b-12d3-a456-426614174000;-1.234;99.999.999.999.999.999.999;1.234,50;-0,125;y;27.01.2026;2026-01-28;2026-01-27 14:05;2026-07-01T12:00:00;10:00:00.5;2026;2026-02\r\n\
    n;-;n/a;n/a;n/a;;;n/a;2026-01-26;;;;;;\r\n\
    '\u{6771}\u{4eac}\r\ntwo\tlines';' blank';;7;1;0;1e-45;no;1.1.0001;0001-01-01;9999-12-31 23:59;2026-07-01T12:00:00.000001-03:00;23:59:59;0001;9999-12\r\n";

/// The same without a dialect, which is then the usual one.
fn in_usual_dialect() -> Value {
    let mut document = everything();
    document.as_object_mut().unwrap().remove("dialect");
    document
}

const USUAL_FILE: &str = "The code,note,count,price,day,paid,due,id,huge,ratio,at,moment,clock,year,month\r\n\
    \"=1,\"\"a\"\"\",\\N,-1.234,\"1.234,50\",27.01.2026,y,2026-01-28,,,\"-0,125\",,,,,\r\n\
    'x;|,-,n/a,\"0,10\",26.01.2026,n/a,,,,,2026-01-27 14:05,2026-07-01T12:00:00,,,2026-02\r\n";

async fn declared(client: &mut Client, name: &str, document: &Value) -> Arc<Dataset> {
    let owner = Uuid::new_v4();
    let declaration = Declaration::parse(document).unwrap();
    let fields = declaration.fields.iter();
    let new = NewVersion {
        owner,
        name: name.to_owned(),
        document: declaration.to_json(),
        types: fields.map(|it| it.kind.sql().code()).collect(),
        sorted_by: declaration.sorted_by,
        sums: declaration.sums.clone(),
        stack_at_most: 2_000,
        quotas: Quotas::UNLIMITED,
    };
    put(client, &new).await;
    let dataset = datasets::find(client, owner, name).await.unwrap().unwrap();
    let make = "SELECT make_dataset_table($1)";
    client.execute(make, &[&dataset.id]).await.unwrap();
    dataset
}

/// Stores each record of a file, read by what is declared alone, as a row of this import.
async fn import(client: &Client, dataset: &Dataset, import: i64, file: &[u8]) -> i64 {
    let declared = Reading::declared(dataset);
    let look = look(file, 0, true, dataset, &declared).unwrap().unwrap();
    let start = look.heading.data_start();
    let parser = RowParser::by(dataset, look.heading.column_order.clone(), &look.reading);
    let mut reader = RecordReader::by(&look.reading, 1, start.line as u64);
    let mut rest = &file[start.byte as usize..];
    let mut sink = RowSink::open(client, dataset, import, RowBuffer::default())
        .await
        .unwrap();
    let mut record = Record::default();
    let mut records = 0;
    while !rest.is_empty() {
        let (read, complete) = reader.read(rest, &mut record);
        if !complete {
            assert_eq!(rest, b"\n", "only the end of the last line is left");
            break;
        }
        rest = &rest[read..];
        let row = parser.parse(&record);
        let row = row.unwrap_or_else(|it| panic!("{it:?} in {}", String::from_utf8_lossy(file)));
        records += 1;
        sink.push(records, &row).await.unwrap();
    }
    sink.finish().await.unwrap();
    records
}

async fn exported(client: &Client, dataset: &Arc<Dataset>, import: i64, guard: bool) -> Vec<u8> {
    let mut part = Part::new(false, 1_000_000);
    part.heading(dataset, guard);
    let filter = Filter::default();
    let rows = RowStream::open(client, dataset.clone(), import, None, &filter, guard);
    let mut rows = rows.await.unwrap();
    assert!(!rows.fill(&mut part).await.unwrap());
    part.finish()
}

/// The rows of an import as the server has them, in the order of its key.
async fn stored(client: &Client, dataset: &Dataset, import: i64) -> Vec<String> {
    let columns: Vec<&str> = dataset.columns.iter().map(|it| it.name.as_str()).collect();
    let sql = format!(
        "SELECT row({})::text FROM {} WHERE import_id = $1 ORDER BY {}",
        columns.join(", "),
        dataset.table,
        dataset.key().join(", ")
    );
    let rows = client.query(&sql, &[&import]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_file_of_every_type_comes_back_as_the_same_rows() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    for (name, document, file) in [
        ("declared", everything(), FILE),
        ("usual", in_usual_dialect(), USUAL_FILE),
    ] {
        let dataset = declared(&mut client, name, &document).await;
        let records = import(&client, &dataset, 1, file.as_bytes()).await;
        let file = exported(&client, &dataset, 1, false).await;
        assert_eq!(import(&client, &dataset, 2, &file).await, records);
        let rows = stored(&client, &dataset, 1).await;
        assert_eq!(rows.len() as i64, records);
        let text = String::from_utf8_lossy(&file);
        assert_eq!(stored(&client, &dataset, 2).await, rows, "{text}");
        // A file that is written again is the same.
        assert_eq!(exported(&client, &dataset, 2, false).await, file);
        let guarded = exported(&client, &dataset, 1, true).await;
        let guarded = String::from_utf8(guarded).unwrap();
        assert!(
            guarded.contains("'=1") && guarded.contains("n/a"),
            "{guarded}"
        );
    }
}

#[tokio::test]
async fn the_file_is_as_its_declaration_says() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    let dataset = declared(&mut client, "declared", &everything()).await;
    import(&client, &dataset, 1, FILE.as_bytes()).await;
    let file = String::from_utf8(exported(&client, &dataset, 1, false).await).unwrap();
    let lines: Vec<&str> = file.split("\r\n").collect();
    assert_eq!(lines[..2], ["", ""], "as many lines before the heading");
    let heading = "The code;note;id;count;huge;price;ratio;paid;day;due;at;moment;clock;year;month";
    assert_eq!(lines[2], heading);
    assert_eq!(
        lines[5],
        "n;-;n/a;n/a;n/a;n/a;n/a;n/a;26.01.2026;n/a;n/a;n/a;n/a;n/a;n/a"
    );
    let full = "'=1;\\'a\\'';'\\\\N';123e4567-e89b-12d3-a456-426614174000;-1234;99999999999999999999;\
        '1234,5';'-0,125';yes;27.01.2026;2026-01-28;2026-01-27 14:05;2026-07-01T12:00:00+02:00;10:00:00.5;\
        2026;2026-02";
    assert_eq!(lines[6], full);
}

async fn created(fixture: &Fixture, owner: Uuid, dataset: &Arc<Dataset>, filter: Filter) -> Export {
    let uid = Uuid::new_v4();
    let new = NewExport {
        uid,
        owner,
        dataset: dataset.clone(),
        filters: StoredFilter::new(&filter, dataset),
        gzip: false,
        guard: true,
        object_key: format!("exports/{uid}/{}.csv", dataset.name),
        confirmed: true,
        confirm_expires_at: Timestamp::now() + SignedDuration::from_hours(1),
        idempotency: None,
        quotas: Quotas::UNLIMITED,
    };
    let create = async |client: &mut Client| {
        let pinned = exports::pin(client, owner, dataset, &filter, false).await?;
        exports::create(client, &new, &pinned).await
    };
    match fixture.ask(create).await.unwrap() {
        Created::Export(export) => *export,
        other => panic!("a new owner may export: {other:?}"),
    }
}

/// Neither the next version of its dataset nor that there is no table yet changes what it is.
#[tokio::test]
async fn an_export_is_written_by_the_version_that_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let mut filter = Filter::default();
    let names = Names(&visits);
    let parameter = names.find("visits__gte").unwrap();
    names.add(&mut filter, parameter, "3").unwrap();
    let export = created(&fixture, owner, &visits, filter).await;
    assert_eq!(
        (export.declared, export.unchanged),
        (visits.declared(), true)
    );
    assert_eq!(export.file_name(), "visits-1.csv");
    let evolved = fixture.declared(owner, &MORE_FIELDS).await;
    assert_eq!(evolved.version, visits.version + 1);
    let mut client = fixture.connection().await;
    let pinned = exports::dataset(&client, &export).await.unwrap();
    assert_eq!(pinned, visits);
    let counted = exports::prove(&mut client, &export, &pinned).await.unwrap();
    assert_eq!(counted, Some(0));
}

/// Also one without a row, and one whose writer has not begun: no link is left, and nothing is
/// written by a declaration that is gone.
#[tokio::test]
async fn a_dropped_dataset_takes_its_exports_along() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let id = visits.id.unwrap();
    let whole = created(&fixture, owner, &visits, Filter::default()).await;
    let begun = created(&fixture, owner, &visits, Filter::default()).await;
    let client = fixture.connection().await;
    let run = exports::begin(&client, whole.uid, whole.run)
        .await
        .unwrap()
        .unwrap();
    let completed = exports::complete(&client, &run, 7).await.unwrap().unwrap();
    assert_eq!(completed.seen_as(), State::Completed);
    assert_eq!(exports::files_of(&client, id).await.unwrap(), [whole.uid]);
    let marks = async |client: &mut Client| {
        datasets::begin_drop(client, owner, "visits", None, false).await
    };
    assert_eq!(fixture.ask(marks).await.unwrap(), DropBegun::Marked(id));
    // As soon as it is marked, and when its entry is gone.
    for entry_is_gone in [false, true] {
        if entry_is_gone {
            let ends = async |client: &mut Client| datasets::end_drop(client, id).await;
            fixture.ask(ends).await.unwrap();
        }
        let seen = exports::by_number(&client, owner, whole.number)
            .await
            .unwrap();
        assert_eq!(seen.unwrap().seen_as(), State::Expiring);
        assert!(
            exports::unfinished(&client)
                .await
                .unwrap()
                .contains(&whole.uid)
        );
        let run = exports::begin(&client, begun.uid, begun.run)
            .await
            .unwrap()
            .unwrap();
        assert!(!run.unchanged);
        assert!(exports::complete(&client, &run, 7).await.unwrap().is_none());
        // A later dataset of the name is another one.
        let later = fixture.declared(owner, &FIELDS).await;
        assert_ne!(later.id, Some(id));
    }
}
