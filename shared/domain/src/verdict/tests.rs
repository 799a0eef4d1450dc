use super::*;
use crate::catalog::{BASELINE, TEAM};
use crate::reading::ReadingRequest;
use crate::record::{Record, RecordReader};
use crate::row::{Parsed, RowParser};
use crate::witness::Example;

/// Reads a file without its heading to its end, and judges it.
fn judged(dataset: &Dataset, said: &[(&str, &str)], max_errors: MaxErrors, file: &str) -> Verdict {
    let request = ReadingRequest::parse(said.iter().copied()).unwrap();
    let reading = request.reading(dataset).unwrap();
    let order = (0..dataset.columns.len()).map(Some).collect();
    let parser = RowParser::by(dataset, order, &reading);
    let mut witness = Witness::of(dataset);
    let mut totals = Totals {
        whole: true,
        ..Totals::default()
    };
    let mut reader = RecordReader::by(&reading, 1, 2);
    let mut record = Record::default();
    let mut rest = file.as_bytes();
    loop {
        let (taken, complete) = reader.read(rest, &mut record);
        rest = &rest[taken..];
        let last = !complete && rest.is_empty() && reader.finish(&mut record);
        if !complete && !last {
            break;
        }
        match parser.read(&record, &mut witness) {
            Parsed::Row(_) => totals.rows += 1,
            Parsed::Rejected(_) => totals.rejected += 1,
            Parsed::Empty => {}
        }
    }
    judge(dataset, &reading, &witness, totals, max_errors)
}

fn sale(order: &str, ship: &str) -> String {
    format!("Asia,Laos,Snacks,Online,C,{order},700000001,{ship},10,10.13,4.05,101.30,40.50,60.80\n")
}

fn sales(said: &[(&str, &str)], dates: &[(&str, &str)]) -> Verdict {
    let file: String = dates
        .iter()
        .map(|(order, ship)| sale(order, ship))
        .collect();
    judged(&BASELINE, said, BASELINE.reading.max_errors, &file)
}

fn teams(file: &str) -> Verdict {
    judged(&TEAM, &[], MaxErrors::Percent(10), file)
}

fn codes(verdict: &Verdict) -> (&str, Vec<&str>) {
    let failure = verdict.failure.as_ref().map_or("", |it| it.code());
    let warnings = verdict.warnings.iter().map(|it| it.code());
    (failure, warnings.collect())
}

#[test]
fn too_much_rejected_shows_the_first_and_what_could_be_said() {
    let day = ("1/27/2014", "1/30/2014");
    let sale = sale(day.0, day.1);
    let comma = sale.replace("10.13", "\"10,13\"");
    let all = MaxErrors::Percent(10);
    let failure = judged(&BASELINE, &[], all, &comma).failure.unwrap();
    assert_eq!(
        failure.to_string(),
        "The only record of the file was rejected; its row errors say why. \"Unit Price\" on \
         line 2 is \"10,13\". Say decimal=, to read it."
    );
    let first = &failure.found()[0];
    assert_eq!(first.readings, ["decimal=,"]);
    // What could be said comes first, wherever it stands.
    let file = format!("{sale}1\n{}{comma}", sale.replace("1/27/2014", "soon"));
    let failure = judged(&BASELINE, &[], all, &file).failure.unwrap();
    assert_eq!(failure.code(), "too_many_errors");
    let found = failure.found().iter();
    let found: Vec<_> = found.map(|it| (it.line, it.column.as_deref())).collect();
    let expected = [(5, Some("Unit Price")), (3, None), (4, Some("Order Date"))];
    assert_eq!(found, expected);
    let failure = teams("Owls, \"Ada\",1\n").failure.unwrap();
    let words =
        "\"manager_name\" on line 2 is \" \"Ada\"\". Say skip_initial_space=true to read it.";
    assert!(failure.to_string().ends_with(words), "{failure}");
}

#[test]
fn dates_written_day_first_are_named_before_their_many_errors() {
    let day_first = [("13/03/2014", "20/03/2014"), ("04/03/2014", "11/03/2014")];
    let verdict = sales(&[], &day_first);
    assert_eq!(codes(&verdict), ("dates_day_first", vec!["rows_rejected"]));
    let failure = verdict.failure.unwrap();
    assert_eq!(
        failure.to_string(),
        "\"Order Date\" seems to be written day first: 1 date can be nothing else, such as \
         13/03/2014 on line 2. Say dates=dmy if that is meant."
    );
    assert_eq!(failure.found()[0].readings, ["dates=dmy"]);
    assert_eq!(failure.found()[0].column.as_deref(), Some("Order Date"));
    assert_eq!(codes(&sales(&[("dates", "dmy")], &day_first)), ("", vec![]));
    let all = [("13/03/2014", "20/03/2014"); 3];
    assert_eq!(codes(&sales(&[], &all)).0, "dates_day_first");
}

#[test]
fn dates_in_two_orders() {
    let mixed = [
        ("1/2/2014", "1/27/2014"),
        ("1/2/2014", "27/1/2014"),
        ("1/2/2014", "2/2/2014"),
    ];
    let verdict = sales(&[], &mixed);
    assert_eq!(codes(&verdict).0, "dates_mixed");
    let cells: Vec<_> = verdict
        .failure
        .iter()
        .flat_map(Reason::found)
        .map(|it| &it.cell)
        .collect();
    assert_eq!(cells, ["27/1/2014", "1/27/2014"]);
    let said = sales(&[("dates", "mdy")], &mixed);
    assert_eq!(codes(&said), ("", vec!["dates_mixed", "rows_rejected"]));
    // One bad date beside others that can only be read one way is one bad date.
    let typo = [
        [("1/27/2014", "1/27/2014"); 19].as_slice(),
        &[("27/1/2014", "2/27/2014")],
    ]
    .concat();
    assert_eq!(codes(&sales(&[], &typo)), ("", vec!["rows_rejected"]));
}

#[test]
fn dates_with_points_are_day_first() {
    let verdict = sales(&[], &[("1.27.2014", "3.2.2014"), ("1.2.2014", "3.2.2014")]);
    assert_eq!(codes(&verdict).0, "dates_month_first");
}

#[test]
fn dates_that_nothing_tells() {
    let dates: Vec<String> = (1..=12)
        .map(|it| format!("{it}/{}/2014", 13 - it))
        .collect();
    let pairs: Vec<_> = dates.iter().map(|it| (it.as_str(), "2014-12-30")).collect();
    let verdict = sales(&[], &pairs);
    assert_eq!(codes(&verdict), ("", vec!["dates_ambiguous"]));
    assert!(
        verdict.warnings[0]
            .to_string()
            .contains("\"Order Date\" (\"1/12/2014\" on line 2)")
    );
}

#[test]
fn dates_in_the_wrong_order() {
    let verdict = sales(
        &[],
        &[
            ("1/27/2014", "1/26/2014"),
            ("1/27/2014", "1/27/2014"),
            ("1/27/2014", "1/1/2014"),
        ],
    );
    assert_eq!(codes(&verdict), ("", vec!["dates_out_of_order"]));
    assert!(verdict.warnings[0].to_string().contains("2 of 3 rows"));
}

#[test]
fn a_file_in_another_encoding_fails_as_a_whole() {
    let request = Reading::declared(&BASELINE);
    let invalid = Witness {
        text: crate::witness::TextWitness {
            valid: 0,
            invalid: 3,
            first_invalid: Some(crate::witness::Example {
                line: 7,
                cell: "caf\u{fffd}".into(),
            }),
        },
        ..Witness::default()
    };
    let totals = Totals {
        rows: 100,
        rejected: 3,
        whole: true,
    };
    let limit = MaxErrors::Percent(100);
    let verdict = judge(&BASELINE, &request, &invalid, totals, limit);
    assert_eq!(codes(&verdict).0, "not_utf8");
    let mut some = invalid;
    some.text.valid = 1;
    let verdict = judge(&BASELINE, &request, &some, totals, limit);
    assert_eq!(codes(&verdict), ("", vec!["rows_rejected"]));
}

#[test]
fn an_open_quote_comes_first() {
    let verdict = teams("Owls,Ada,1\n\"Foxes,Bo,2\nx,y,z\n");
    assert_eq!(codes(&verdict).0, "open_quote");
    assert!(verdict.failure.unwrap().to_string().contains("line 3"));
}

#[test]
fn rows_are_needed() {
    assert_eq!(codes(&teams("a,b\n")).0, "no_rows_fit");
    assert_eq!(codes(&teams("a,b\nc\nd\n")).0, "no_rows_fit");
    assert_eq!(codes(&teams("\n,,\n \n")).0, "no_records");
}

#[test]
fn a_tenth_of_the_lines_may_be_rejected() {
    let file = |good: usize, bad: usize| "a,b,1\n".repeat(good) + &"x\n".repeat(bad);
    assert_eq!(codes(&teams(&file(1, 1))), ("", vec!["rows_rejected"]));
    assert_eq!(codes(&teams(&file(18, 2))).0, "");
    let verdict = teams(&file(17, 3));
    assert_eq!(codes(&verdict).0, "too_many_errors");
    assert!(
        verdict
            .failure
            .unwrap()
            .to_string()
            .contains("3 of 20 lines; at most 10 %")
    );
    // Empty lines make no file better.
    assert_eq!(
        codes(&teams(&(file(17, 3) + &",,\n".repeat(100)))).0,
        "too_many_errors"
    );
}

#[test]
fn what_is_told_of_lines_and_blanks() {
    let verdict = teams("Owls,\"Ada\nLovelace\",1\n Foxes,Bo,2\n");
    let expected = vec!["records_of_several_lines"];
    assert_eq!(codes(&verdict), ("", expected));
    let verdict = teams("Owls,Ada,1\n Owls,Bo,2\n");
    assert_eq!(codes(&verdict), ("", vec!["blanks_around_text"]));
}

#[test]
fn what_could_not_be_decoded_fails_records_and_not_the_file() {
    let said = ReadingRequest::parse([("encoding", "windows-1252")]).unwrap();
    let reading = said.reading(&BASELINE).unwrap();
    let mut witness = Witness::of(&BASELINE);
    witness.text.invalid = 3;
    witness.text.first_invalid = Some(Example {
        line: 17,
        cell: "C\u{fffd}te".into(),
    });
    let totals = Totals {
        rows: 97,
        rejected: 3,
        whole: true,
    };
    let verdict = judge(
        &BASELINE,
        &reading,
        &witness,
        totals,
        MaxErrors::Percent(100),
    );
    assert_eq!(codes(&verdict), ("", vec!["rows_rejected"]));
}
