//! A file that is only validated is reported on as its import would be, and leaves no row.

use serde_json::Value;
use xtask::random::Random;

use crate::fixture::client::{Import, User, ask_url};
use crate::fixture::sample;

const FILES: u64 = 24;
const HEADING: &str = "team_name,manager_name,manager_phone_number";

/// A file of teams as people have them: some records are bad, ragged, quoted or empty, and now and
/// then the heading or the whole file is wrong.
fn file(random: &mut Random) -> String {
    let heading = match random.between(0, 11) {
        0 => "team_name,manager_name",
        1 => "team_name,manager_name,manager_phone_number,note",
        2 => "",
        _ => HEADING,
    };
    let end = *random.pick(&["\n", "\r\n"]);
    let mut file = format!("{heading}{end}");
    let bad_percent = *random.pick(&[0, 0, 5, 30, 100]);
    for number in 0..random.between(0, 60) {
        let record = match random.percent(bad_percent) {
            false => *random.pick(&["Owls,Ada,1", "\"Owls, \"\"B\"\"\",Ada,1", "Füchse,Åsa,2"]),
            true => *random.pick(&[
                "Owls,Ada",
                "Owls,Ada,1234567890123456",
                ",,,,",
                "",
                "\"a\"b,c,d",
            ]),
        };
        file += &format!("{record}{}", if number % 7 == 6 { "\n" } else { end });
    }
    if random.percent(10) {
        file += "\"open,Ada,1";
    }
    file
}

/// What an import says of its file, without its end.
fn report(user: &User, import: &Import<'_>, detail: &Value) -> Value {
    let errors = user.get(&format!("{}errors/?limit=100", import.path));
    let mut progress = detail["progress"].clone();
    for varies in [
        "percent",
        "rows_visible",
        "last_stored_at",
        "rows_per_second",
        "eta_seconds",
    ] {
        progress[varies] = Value::Null;
    }
    serde_json::json!({
        "error": detail["error"], "warnings": detail["warnings"], "progress": progress,
        "row_errors": errors.expect(200)["results"],
    })
}

fn rejected_rows(detail: &Value) -> Option<String> {
    let url = detail["rejected_rows_url"].as_str()?;
    let answer = ask_url("GET", url, &[], None);
    assert_eq!(answer.status, 200, "{answer:?}");
    Some(answer.body)
}

fn is_end(detail: &Value) -> bool {
    let status = detail["status"].as_str().unwrap();
    ["completed", "failed", "validated"].contains(&status)
}

/// The property: whatever the file, the two reports are one.
#[test]
fn its_report_is_the_report_of_the_import() {
    let mut random = Random::new(14_003);
    // Two users: of one, the same content again would be warned about.
    let [user, other_user] = [User::new(), User::new()];
    let files: Vec<String> = (0..FILES).map(|_| file(&mut random)).collect();
    let limits = ["", "max_errors=3", "max_errors=20%25"];
    let both = files.iter().enumerate().map(|(index, file)| {
        let limit = limits[index % limits.len()];
        let only = format!("{limit}&validate_only=true");
        let validated = other_user.upload_saying("team", &only, file.as_bytes());
        (
            file,
            user.upload_saying("team", limit, file.as_bytes()),
            validated,
        )
    });
    let (mut completed, mut failed) = (0, 0);
    for (file, import, validated) in both.collect::<Vec<_>>() {
        let (real, only) = (import.until(is_end), validated.ends("validated"));
        let (one, other) = (
            report(&user, &import, &real),
            report(&other_user, &validated, &only),
        );
        assert_eq!(other, one, "{file}");
        let good = real["status"] == "completed";
        assert_eq!(only["error"].is_null(), good, "{file}");
        if good {
            assert_eq!(rejected_rows(&only), rejected_rows(&real), "{file}");
        }
        assert_eq!(validated.rows_stored(), 0, "{file}");
        assert_eq!(validated.rows_seen(), 0, "{file}");
        assert_eq!(only["rollback"]["rows_remaining"], 0, "{file}");
        completed += u32::from(good);
        failed += u32::from(!good);
    }
    assert!(completed > 5 && failed > 5, "{completed} {failed}");
}

#[test]
fn a_baseline_is_validated_and_then_imported_from_its_original() {
    let user = User::new();
    let file = sample::sales(141, 300);
    let answer = user.send("/collect/baseline/?validate_only=true", "s.csv", &file);
    let validated = Import::of(&user, "baseline", &answer.expect(201));
    let detail = validated.ends("validated");
    assert_eq!(detail["error"], Value::Null, "{detail}");
    assert_eq!(detail["progress"]["rows_imported"], 300, "{detail}");
    assert_eq!(detail["rollback"]["rows_deleted"], 300, "{detail}");
    assert_eq!(user.sales_seen(), 0);
    let answer = validated.post("retry").expect(201);
    assert_eq!(answer["validate_only"], false, "{answer}");
    Import::of(&user, "baseline", &answer).ends("completed");
    assert_eq!(user.sales_seen(), 300);
}
