use super::*;
use crate::arithmetic::Formula;
use crate::catalog::{BASELINE, TEAM};
use crate::cell::Kind;
use crate::record::RecordReader;

fn record(bytes: &[u8]) -> Record {
    let mut record = Record::default();
    let (_, complete) = RecordReader::new(7, 9).read(bytes, &mut record);
    assert!(complete);
    record
}

fn team(order: &[Option<usize>]) -> RowParser<'static> {
    RowParser::new(&TEAM, order.to_vec())
}

fn error(column: &str, value: &str, code: &'static str, message: &str) -> RowError {
    RowError {
        record: 7,
        line: 9,
        column: column.to_owned(),
        value: value.to_owned(),
        code,
        message: message.to_owned(),
    }
}

#[test]
fn values_come_in_the_order_of_the_dataset() {
    let record = record(b"(674) 566-5530,ignored,Red ,\"O'Neil, Ann\"\r\n");
    let row = team(&[Some(2), None, Some(0), Some(1)]).parse(&record);
    let texts = ["Red ", "O'Neil, Ann", "(674) 566-5530"];
    assert_eq!(row, Ok(texts.map(Value::Text).to_vec()));
}

#[test]
fn every_kind_of_the_baseline() {
    use jiff::civil::date;
    let record = record(
        b"Asia,Laos,Snacks,Online,C,10/8/2014,535113847,2014-10-23,934,152.58,97.44,142509.72,91008.96,51500.76\n",
    );
    let order = (0..14).map(Some).collect();
    let row = RowParser::new(&BASELINE, order).parse(&record);
    let row = row.unwrap();
    assert_eq!(row[1], Value::Text("Laos"));
    assert_eq!(row[5], Value::Date(date(2014, 10, 8)));
    assert_eq!(row[6], Value::Integer(535_113_847));
    assert_eq!(row[7], Value::Date(date(2014, 10, 23)));
    assert_eq!(row[8..10], [Value::Integer(934), Value::Money(15_258)]);
    assert_eq!(row[13], Value::Money(5_150_076));
}

#[test]
fn what_does_not_add_up_is_reported() {
    let order: Vec<_> = (0..14).map(Some).collect();
    let parser = RowParser::new(&BASELINE, order);
    let record = record(
        b"Asia,Laos,Snacks,Online,C,10/8/2014,535113847,2014-10-23,934,152.58,97.44,142509.74,91008.97,51500.70\n",
    );
    let errors = parser.parse(&record).unwrap_err();
    // The cost is a cent off, which is tolerated.
    let revenue = error(
        "Total Revenue",
        "142509.74",
        "wrong_total",
        "This is not Units Sold × Unit Price.",
    );
    let profit = error(
        "Total Profit",
        "51500.70",
        "wrong_total",
        "This is not Total Revenue − Total Cost.",
    );
    assert_eq!(errors, [revenue, profit]);
}

#[test]
fn a_record_whose_quote_is_never_closed_is_not_trusted() {
    let mut reader = RecordReader::new(7, 9);
    let mut record = Record::default();
    reader.read(b"Red,Ann,\"1\na,b,c\n", &mut record);
    assert!(reader.finish(&mut record));
    let errors = team(&[Some(0), Some(1), Some(2)]).parse(&record);
    let errors = errors.unwrap_err();
    assert_eq!((errors.len(), errors[0].code), (1, "open_quote"));
    // The next record of the same reader starts anew.
    reader.read(b"Red,Ann,1\n", &mut record);
    assert!(team(&[Some(0), Some(1), Some(2)]).parse(&record).is_ok());
}

#[test]
fn every_bad_cell_is_reported() {
    let record = record(b"a\0b,ok,1234567890123456\n");
    let errors = team(&[Some(0), Some(1), Some(2)]).parse(&record);
    let expected = vec![
        error(
            "team_name",
            "a\u{fffd}b",
            "nul_character",
            "Null characters are not allowed.",
        ),
        error(
            "manager_phone_number",
            "1234567890123456",
            "too_long",
            "Ensure this field has no more than 15 characters.",
        ),
    ];
    assert_eq!(errors, Err(expected));
}

#[test]
fn a_record_of_another_width_is_one_error() {
    let parser = team(&[Some(0), Some(1), Some(2)]);
    let message = "Expected 3 columns as in the heading, found 2.";
    let expected = error("", "Red,Ann", "wrong_column_count", message);
    assert_eq!(parser.parse(&record(b"Red,Ann\n")), Err(vec![expected]));
    let four = parser.parse(&record(b"a,b,c,\n")).unwrap_err();
    assert!(four[0].message.ends_with("found 4."));
}

/// By today's rules, of columns in the order of the dataset.
fn code(dataset: &Dataset, bytes: &[u8]) -> Option<&'static str> {
    let order = (0..dataset.columns.len()).map(Some).collect();
    let parser = RowParser::by(dataset, order, &Reading::declared(dataset));
    parser.parse(&record(bytes)).err().map(|it| it[0].code)
}

#[test]
fn blank_cells_at_the_end_fit_where_nothing_else_can_be_too_much() {
    let sale = "Asia,Laos,Snacks,Online,C,10/8/2014,535113847,2014-10-23,934,152.58,97.44,\
                142509.72,91008.96,51500.76";
    assert_eq!(code(&BASELINE, format!("{sale},, ,\n").as_bytes()), None);
    let wrong = Some("wrong_column_count");
    assert_eq!(code(&BASELINE, format!("{sale},,x\n").as_bytes()), wrong);
    // A phone number may be empty: the comma in the name may have moved it.
    assert_eq!(code(&TEAM, b"Owls,Lovelace, Ada,\n"), wrong);
    assert_eq!(code(&TEAM, b",Owls,Ada,1,\n"), wrong);
}

#[test]
fn a_cell_that_was_cut_within_its_quotes_is_not_stored() {
    assert_eq!(
        code(&TEAM, b"Owls\"Lovelace, Ada\",1\n"),
        Some("broken_quotes")
    );
    assert_eq!(code(&TEAM, b"12\" Owls,Ada,14\"\n"), None);
}

#[test]
fn bad_values_are_cut_to_whole_characters() {
    let parser = team(&[Some(0), Some(1), Some(2)]);
    let mut bytes = "\u{1F600}".repeat(300).into_bytes();
    bytes.extend(b",b,c\n");
    let errors = parser.parse(&record(&bytes)).unwrap_err();
    assert_eq!(errors[0].value, "\u{1F600}".repeat(200));
    let mut bytes = b"a".to_vec();
    bytes.extend("\u{1F600},".repeat(100_000).into_bytes());
    bytes.extend(b"\xff\n");
    let errors = parser.parse(&record(&bytes)).unwrap_err();
    assert_eq!(errors[0].value.chars().count(), 200);
    assert!(!errors[0].value.contains('\u{fffd}'));
}

#[test]
fn no_value_is_made_up_for_a_column_that_is_not_there() {
    let errors = team(&[Some(0), Some(1)])
        .parse(&record(b"a,b\n"))
        .unwrap_err();
    assert_eq!(errors[0].code, "missing_column");
}

/// Fields with these kinds; the second and the third may have no value.
fn declared(kinds: [Kind; 4]) -> Dataset {
    let column = |(at, kind): (usize, Kind)| Column {
        heading: format!("field {at}"),
        field: format!("field_{at}"),
        titles: Vec::new(),
        name: format!("c{at}"),
        kind,
        required: at == 0 || at == 3,
        missing: vec![String::new(), "n/a".to_owned()],
    };
    Dataset {
        columns: kinds.into_iter().enumerate().map(column).collect(),
        totals: vec![Total {
            column: 3,
            is: Formula::Product(1, 2),
        }],
        ..Dataset::clone(&TEAM)
    }
}

#[test]
fn what_means_no_value_is_null_where_it_may_be() {
    let kinds = [
        Kind::text(9),
        Kind::integer(0, 99),
        Kind::MONEY,
        Kind::MONEY,
    ];
    let dataset = declared(kinds);
    let order: Vec<_> = (0..4).map(Some).collect();
    let parser = |order| RowParser::by(&dataset, order, &Reading::declared(&dataset));
    let row = |bytes: &[u8]| {
        let record = record(bytes);
        let parsed = parser(order.clone()).parse(&record);
        parsed
            .map(|it| format!("{it:?}"))
            .map_err(|it| it.iter().map(|it| it.code).collect::<Vec<_>>())
    };
    assert_eq!(
        row(b"a,2,1.50,3\n").unwrap(),
        "[Text(\"a\"), Integer(2), Money(150), Money(300)]"
    );
    // A total of which a part is missing is not judged.
    assert_eq!(
        row(b"a,n/a,,7\n").unwrap(),
        "[Text(\"a\"), Null, Null, Money(700)]"
    );
    assert_eq!(row(b"a,2,1.50,4\n"), Err(vec!["wrong_total"]));
    // Compared before blanks are dropped, and only where it may be.
    assert_eq!(
        row(b"a, n/a, ,7\n"),
        Err(vec!["not_an_integer", "required"])
    );
    assert_eq!(row(b"n/a,1,1,1\n"), Err(vec!["required"]));
    assert_eq!(row(b"a,1,1,\n"), Err(vec!["required"]));
    // A file may lack a column that may have no value.
    let lacking = parser(vec![Some(0), Some(3)]);
    let record = record(b"a,7\n");
    let expected = vec![
        Value::Text("a"),
        Value::Null,
        Value::Null,
        Value::Money(700),
    ];
    assert_eq!(lacking.parse(&record), Ok(expected));
    let errors = parser(vec![Some(0), Some(1), Some(2)])
        .parse(&record)
        .unwrap_err();
    assert_eq!(errors[0].code, "wrong_column_count");
}

#[test]
fn a_row_that_no_page_holds_is_one_error() {
    let mut dataset = declared([const { Kind::text(9) }; 4]);
    dataset.totals.clear();
    let mut column = dataset.columns[0].clone();
    column.kind = Kind::text(500);
    dataset.columns = vec![column; 400];
    let order = (0..400).map(Some).collect();
    let parser = RowParser::by(&dataset, order, &Reading::declared(&dataset));
    let line = |cell: &str| record(format!("{}\n", vec![cell; 400].join(",")).as_bytes());
    assert!(parser.parse(&line("1234567890")).is_ok());
    // Long texts are moved to another table, and what points to them is short.
    assert!(parser.parse(&line(&"1".repeat(500))).is_ok());
    let record = line("12345678901234567890");
    let mut witness = Witness::of(&dataset);
    let Parsed::Rejected(errors) = parser.read(&record, &mut witness) else {
        panic!("it is stored");
    };
    assert_eq!((errors.len(), errors[0].code), (1, "row_too_wide"));
    assert_eq!((witness.lines.rows, witness.lines.rejected), (0, 1));
}

#[test]
fn a_cell_that_could_not_be_decoded_says_so() {
    let request = crate::reading::ReadingRequest::parse([("encoding", "windows-1252")]).unwrap();
    let dataset = &TEAM;
    let order = vec![Some(0), Some(1), Some(2)];
    let decoded = RowParser::by(dataset, order.clone(), &request.reading(dataset).unwrap());
    let plain = RowParser::by(dataset, order, &Reading::declared(dataset));
    for (bytes, of_decoded) in [
        (&b"Red,\xffnn,674\n"[..], "not_decodable"),
        (b"Red,\xc3nn,674\n", "not_utf8"),
    ] {
        let record = record(bytes);
        let codes = |parser: &RowParser| parser.parse(&record).unwrap_err()[0].code;
        assert_eq!(codes(&decoded), of_decoded);
        assert_eq!(codes(&plain), "not_utf8");
    }
}

#[test]
fn a_row_of_totals_is_one_error() {
    let errors = |record: &str| {
        let file = record.as_bytes();
        let reading = Reading::declared(&BASELINE);
        let order = (0..BASELINE.columns.len()).map(Some).collect();
        let parser = RowParser::by(&BASELINE, order, &reading);
        let mut reader = RecordReader::by(&reading, 1, 2);
        let mut record = Record::default();
        let (_, complete) = reader.read(file, &mut record);
        assert!(complete || reader.finish(&mut record));
        let errors = parser.parse(&record).unwrap_err();
        errors.iter().map(|it| it.code).collect::<Vec<_>>()
    };
    for record in [
        "Total,,,,,,,,10,,,101.30,40.50,60.80",
        "Grand total:,101.30",
    ] {
        assert_eq!(errors(record), ["row_of_totals"], "{record}");
    }
    // A record that only begins so has what is wrong with it.
    let record = "Total,Laos,Snacks,Online,C,soon,1,1/1/2014,10,10.13,4.05,101.30,40.50,60.80";
    assert_eq!(errors(record), ["bad_date"]);
    assert_eq!(errors("Asia,,,,,,1,1/1/2014,1,1,1,1,1,0"), ["required"]);
}
