//! The alarms that the stack was deployed with. `house::runbook` checks whom they notify, which the
//! local cloud does not show.

use serde_json::{Value, json};

use crate::fixture::client::{Import, User};
use crate::fixture::stack::{variable, wait_until};
use crate::fixture::{cloud, sample};

#[test]
fn every_alarm_is_there() {
    let body = "Action=DescribeAlarms&Version=2010-08-01&MaxRecords=100";
    let request = cloud::Signed {
        service: "monitoring",
        method: "POST",
        path: "/",
        query: &[],
        headers: &[("content-type", "application/x-www-form-urlencoded")],
        body: body.as_bytes(),
    };
    let described = cloud::call(&cloud::operator(), &request);
    assert_eq!(described.status, 200, "{described:?}");
    let start = format!("<AlarmName>{}-", variable("STACK_NAME"));
    let alarms: Vec<&str> = described.body.split(&start).skip(1).collect();
    for name in [
        "DeadLettersAlarm",
        "DeadLettersUnjudgedAlarm",
        "OldestChunkAlarm",
        "RollbackFailedAlarm",
        "ReconcileFailingAlarm",
        "ReconcileSilentAlarm",
        "RefusalsAlarm",
        "GuessesAlarm",
        "FaultsAlarm",
        "EndedByFaultAlarm",
        "ExecutionsFailingAlarm",
        "WorkFailingAlarm",
        "ThrottlesAlarm",
        "SlowAnswersAlarm",
        "EventsLostAlarm",
    ] {
        let found = alarms.iter().any(|it| it.starts_with(name));
        assert!(found, "no {name} in {}", described.body);
    }
}

/// Names and values of which the filter of this metric asks for one, as it was deployed.
fn asked_for(metric: &str) -> Vec<(String, String)> {
    let body = json!({"logGroupName": variable("LOG_GROUP")});
    let action = "Logs_20140328.DescribeMetricFilters";
    let described = cloud::call_json(&cloud::operator(), "logs", action, &body).expect(200);
    let filters = described["metricFilters"].as_array().unwrap();
    let filter = filters
        .iter()
        .find(|it| it["metricTransformations"][0]["metricName"] == metric)
        .unwrap_or_else(|| panic!("no {metric} in {described}"));
    let pattern = filter["filterPattern"].as_str().unwrap();
    let conditions = pattern.trim_matches(['{', '}', ' ']).split(" || ");
    let read = |condition: &str| {
        let inner = condition.strip_prefix("($.")?.strip_suffix("\")")?;
        let (name, value) = inner.split_once(" = \"")?;
        Some((name.to_owned(), value.to_owned()))
    };
    conditions.map(|it| read(it).expect(it)).collect()
}

/// The emulator keeps the filter and counts nothing, so it is held against what the functions logged.
#[test]
fn guesses_are_counted_and_nothing_else() {
    let asked_for = asked_for("Guesses");
    let user = User::new();
    let wrong = json!({"username": user.name, "password": "12ab34ce"});
    user.post_json("/token/", &wrong).expect(401);
    let wrong = json!({"new_password": "blue kettle 7", "current_password": "12ab34ce"});
    user.post_json("/auth/users/set_password/", &wrong)
        .expect(400);
    user.get("/auth/users/me/").expect(200);
    let counted = |line: &Value| {
        let has = |(name, value): &(String, String)| line[name] == value.as_str();
        asked_for.iter().any(has)
    };
    let lines = || -> Vec<Value> {
        let lines = cloud::logged("AuthFunction").into_iter();
        let lines = lines.filter_map(|it| serde_json::from_str::<Value>(&it).ok());
        lines.filter(|it| it["user"] == user.id).collect()
    };
    let me = |it: &Value| it["path"] == "/auth/users/me/";
    wait_until("the last line", || lines().iter().any(me));
    let lines = lines();
    let guesses: Vec<&Value> = lines.iter().filter(|it| counted(it)).collect();
    let words: Vec<&Value> = guesses
        .iter()
        .map(|it| {
            if it["act"].is_null() {
                &it["refused"]
            } else {
                &it["act"]
            }
        })
        .collect();
    assert_eq!(words, ["no_active_account", "password_refused"]);
    assert!(lines.len() >= 7, "{lines:?}");
}

/// Whether the metric `EndedByFault` counts a line.
fn tells_of_a_fault(line: &Value) -> bool {
    let conditions = asked_for("EndedByFault");
    conditions
        .iter()
        .any(|(name, value)| line[name] == value.as_str())
}

/// The lines of a log that name the import.
fn lines_about(import: &Import<'_>) -> Vec<Value> {
    let lines = cloud::logged_by_all().into_iter();
    let lines = lines.filter_map(|(_, it)| serde_json::from_str::<Value>(&it).ok());
    let uid = import.uid.to_string();
    lines.filter(|it| it["import"] == uid.as_str()).collect()
}

/// Waits until the log says that a fault has ended this import, which rings.
pub fn a_fault_is_told(import: &Import<'_>, code: &str) {
    let tells = |it: &Value| tells_of_a_fault(it) && it["code"] == code;
    wait_until("the log tells of a fault", || {
        lines_about(import).iter().any(tells)
    });
}

#[test]
fn neither_a_bad_file_nor_a_cancel_is_told_as_a_fault() {
    let user = User::new();
    let bad = user.upload("team", b"no heading of teams\n1\n");
    let detail = bad.ends("failed");
    let cancelled = user.upload("team", &sample::teams(142, 20));
    cancelled.post("cancel");
    cancelled.ends("cancelled");
    let refused = |it: &Value| it["message"] == "refused";
    wait_until("the planner has said why", || {
        lines_about(&bad).iter().any(refused)
    });
    for import in [&bad, &cancelled] {
        let told: Vec<Value> = lines_about(import);
        assert!(!told.is_empty());
        let faults: Vec<&Value> = told.iter().filter(|it| tells_of_a_fault(it)).collect();
        assert!(faults.is_empty(), "{detail}: {faults:?}");
    }
}
