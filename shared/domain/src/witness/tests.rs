use proptest::prelude::*;

use super::*;
use crate::catalog::{BASELINE, TEAM};
use crate::forms::DateOrder;
use crate::reading::{Reading, ReadingRequest};
use crate::record::RecordReader;
use crate::row::{Parsed, RowParser};

fn reading(said: &[(&str, &str)]) -> Reading {
    let request = ReadingRequest::parse(said.iter().copied()).unwrap();
    request.reading(&BASELINE).unwrap()
}

/// Counts these bytes, which begin with a record, as a worker does.
fn count(dataset: &Dataset, reading: &Reading, bytes: &[u8], start: (u64, u64)) -> Witness {
    let order = (0..dataset.columns.len()).map(Some).collect();
    let parser = RowParser::by(dataset, order, reading);
    let mut reader = RecordReader::by(reading, start.0, start.1);
    let mut witness = Witness::of(dataset);
    let mut record = Record::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (taken, complete) = reader.read(rest, &mut record);
        rest = &rest[taken..];
        if complete {
            parser.read(&record, &mut witness);
        }
    }
    if reader.finish(&mut record) {
        parser.read(&record, &mut witness);
    }
    witness.lines.empty += reader.empty_lines();
    witness
}

fn sale(order: &str, ship: &str) -> String {
    format!("Asia,Laos,Snacks,Online,C,{order},700000001,{ship},10,10.13,4.05,101.30,40.50,60.80\n")
}

fn sales(said: &[(&str, &str)], dates: &[(&str, &str)]) -> Witness {
    let file: String = dates
        .iter()
        .map(|(order, ship)| sale(order, ship))
        .collect();
    count(&BASELINE, &reading(said), file.as_bytes(), (1, 2))
}

fn teams(file: &[u8]) -> Witness {
    count(&TEAM, &reading(&[]), file, (1, 2))
}

#[test]
fn orders_of_dates() {
    let dates = [
        ("13/03/2014", "1/27/2014"),
        ("04/03/2014", "2014-03-11"),
        ("2014-04-03", "soon"),
    ];
    let witness = sales(&[], &dates);
    let [order, ship] = &witness.dates[..] else {
        panic!("two columns")
    };
    assert_eq!((order.column, ship.column), (5, 7));
    assert_eq!((order.as_read, order.against, order.both), (0, 1, 1));
    assert_eq!((ship.as_read, ship.against, ship.both), (1, 0, 0));
    let first = order.first_against.as_ref().unwrap();
    assert_eq!((first.line, first.cell.as_str()), (2, "13/03/2014"));
    assert_eq!(order.order_against, Some(DateOrder::Dmy));
    assert_eq!(order.distinct, [20_140_403]);
    let said = sales(&[("dates", "dmy")], &dates);
    assert_eq!((said.dates[0].as_read, said.dates[0].against), (1, 0));
    assert_eq!(said.dates[1].order_against, Some(DateOrder::Mdy));
}

#[test]
fn a_date_with_the_year_first_says_nothing_of_an_order() {
    let dates = [("2016-02-03", "2016-02-27"), (" 2016-03-04", "2016-13-45")];
    for said in [&[][..], &[("dates", "dmy")][..]] {
        let seen = sales(said, &dates).dates;
        let counts = seen.iter().map(|it| (it.as_read, it.both, it.against));
        assert!(counts.eq([(0, 0, 0); 2]), "{seen:?}");
    }
}

#[test]
fn many_dates_that_fit_both_orders() {
    let varying: Vec<String> = (1..=10)
        .map(|it| format!("{it}/{}/2014", 11 - it))
        .collect();
    let dates: Vec<_> = varying
        .iter()
        .map(|it| (it.as_str(), "12/12/2014"))
        .collect();
    let witness = sales(&[], &dates);
    assert!(witness.dates[0].is_ambiguous() && !witness.dates[1].is_ambiguous());
    assert!(
        !sales(&[], &dates[1..]).dates[0].is_ambiguous(),
        "nine are too few"
    );
    let firsts: Vec<String> = (1..=12).map(|it| format!("{it}/1/2014")).collect();
    let dates: Vec<_> = firsts.iter().map(|it| (it.as_str(), "1/1/2015")).collect();
    assert!(
        !sales(&[], &dates).dates[0].is_ambiguous(),
        "firsts of months"
    );
}

#[test]
fn dates_that_are_declared_to_be_in_order() {
    let witness = sales(&[], &[("3/4/2014", "3/3/2014"), ("3/4/2014", "3/4/2014")]);
    let pair = &witness.in_order[0];
    assert_eq!((pair.rows, pair.reversed), (2, 1));
    assert_eq!(pair.first_reversed.as_ref().unwrap().cell, "2014-03-03");
}

#[test]
fn bytes_above_ascii_by_cells() {
    let witness = teams(b"caf\xc3\xa9,a,1\nb,caf\xe9,\xff\n");
    assert_eq!((witness.text.valid, witness.text.invalid), (1, 2));
    assert_eq!(witness.text.first_invalid.unwrap().line, 3);
}

#[test]
fn every_line_is_counted() {
    let witness = teams(b"a,\"b\nc\",1\n\n,,\nx\n\"d\n\n\ne\",f\n\x1a");
    let lines = Lines {
        rows: 2,
        rejected: 5,
        empty: 3,
    };
    assert_eq!((witness.lines, witness.empty), (lines, 2));
    let long = LongRecords {
        records: 2,
        lines: 6,
        longest: 4,
        longest_at: 7,
    };
    assert_eq!(witness.long, long);
    let open = teams(b"a,b,1\nc,\"d\ne\n");
    assert_eq!(open.open_quote, Some(3));
}

#[test]
fn blanks_that_make_two_groups_of_one() {
    let two = teams(b"Owls,Ada,1\nOwls , Bo,2\n");
    let named: Vec<_> = two.blanks.iter().map(Blanks::make_two_groups).collect();
    assert_eq!(named, [true, false, false]);
    assert_eq!(two.blanks[0].first.as_ref().unwrap().cell, "Owls ");
}

#[test]
fn sums_of_content_are_those_of_any_cut() {
    let bytes: Vec<u8> = (0..10_000u32).map(|it| (it * 7 % 251) as u8).collect();
    let sum = |bytes: &[u8]| {
        let mut counter = ContentCounter::default();
        counter.push(bytes);
        counter.finish()
    };
    for cuts in [[0, 0], [0, 10_000], [1, 2], [17, 9_999], [5_000, 5_000]] {
        let (one, rest) = bytes.split_at(cuts[0]);
        let (two, three) = rest.split_at(cuts[1] - cuts[0]);
        let combined = sum(one).then(sum(two)).then(sum(three));
        assert_eq!(combined, sum(&bytes), "{cuts:?}");
    }
}

#[test]
fn a_record_of_too_many_lines_is_rejected() {
    let file = |lines: usize| format!("a,b,\"{}\"\n", "\n".repeat(lines - 1));
    let rejected = |lines| {
        let reading = reading(&[]);
        let parser = RowParser::by(&TEAM, (0..3).map(Some).collect(), &reading);
        let mut record = Record::default();
        RecordReader::by(&reading, 1, 1).read(file(lines).as_bytes(), &mut record);
        let mut witness = Witness::of(&TEAM);
        match parser.read(&record, &mut witness) {
            Parsed::Rejected(errors) => errors[0].code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(rejected(1_000), "too_long");
    assert_eq!(rejected(1_001), "too_many_lines");
}

fn any_sales() -> impl Strategy<Value = Vec<String>> {
    let date = prop_oneof![
        (1..32, 1..32).prop_map(|(one, other)| format!("{one}/{other}/2014")),
        (1..13, 1..32).prop_map(|(one, other)| format!("{other}.{one}.2014")),
        Just("2014-01-02".to_owned()),
        Just("caf\u{e9}".to_owned()),
        Just("\"x\n\ny\"".to_owned()),
    ];
    let record = prop_oneof![
        8 => (date.clone(), date).prop_map(|(order, ship)| sale(&order, &ship)),
        1 => Just(",,,\n".to_owned()),
        1 => Just("\n".to_owned()),
    ];
    prop::collection::vec(record, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn counts_of_parts_are_the_count_of_the_whole(records in any_sales(), at in 0usize..40, swap in any::<bool>()) {
        let at = at.min(records.len());
        let (one, two) = (records[..at].concat(), records[at..].concat());
        let lines = |text: &str| text.matches('\n').count() as u64;
        let reading = reading(&[]);
        let first = count(&BASELINE, &reading, one.as_bytes(), (1, 2));
        let second = count(&BASELINE, &reading, two.as_bytes(), (100, 2 + lines(&one)));
        let (mut sum, other) = if swap { (second, first) } else { (first, second) };
        sum.merge(&other);
        let mut whole = count(&BASELINE, &reading, (one + &two).as_bytes(), (1, 2));
        prop_assert_eq!(whole.lines.all(), lines(&records.concat()));
        for witness in [&mut sum, &mut whole] {
            witness.blanks.clear();
        }
        let json = serde_json::to_string(&sum).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Witness>(&json).unwrap(), &sum);
        prop_assert_eq!(sum, whole);
    }
}
