//! Alarms over several metrics: that none of what they are about is left out.

use std::collections::BTreeSet;

use serde_json::Value;

use super::template::{Template, list, text};

/// The metrics of an alarm, each as the pair of its name and of what it is about.
fn metrics(template: &Template, alarm: &str) -> BTreeSet<(String, String)> {
    let alarm = &template.resource(alarm)["Properties"];
    let stats = list(&alarm["Metrics"]).into_iter();
    let metrics = stats.filter_map(|it| it.pointer("/MetricStat/Metric"));
    metrics
        .map(|it| {
            let about = &it["Dimensions"][0]["Value"]["Ref"];
            (text(&it["MetricName"]), text(about))
        })
        .collect()
}

/// What runs for imports and exports while no request waits: tasks of workflows, and the worker.
fn work(template: &Template) -> BTreeSet<String> {
    let machines = template.of_type("AWS::Serverless::StateMachine");
    let substituted = machines.flat_map(|(_, machine)| {
        let names = machine["Properties"]["DefinitionSubstitutions"].as_object();
        names.unwrap().keys().cloned()
    });
    let functions = substituted.filter(|it| it.ends_with("Function"));
    functions
        .chain(["ImportChunkFunction".to_owned()])
        .collect()
}

#[test]
fn errors_and_throttles_are_those_of_all_work() {
    let template = Template::load();
    let work = work(&template);
    assert!(work.len() >= 6, "{work:?}");
    for (alarm, metric) in [
        ("WorkFailingAlarm", "Errors"),
        ("ThrottlesAlarm", "Throttles"),
    ] {
        let expected = work.iter().map(|it| (metric.to_owned(), it.clone()));
        assert_eq!(metrics(&template, alarm), expected.collect(), "{alarm}");
    }
}

/// SAM names the rule of an event after the function and the event.
#[test]
fn events_that_are_lost_are_those_of_all_rules() {
    let template = Template::load();
    let mut rules = BTreeSet::new();
    for (function, resource) in template.of_type("AWS::Serverless::Function") {
        let events = resource["Properties"]["Events"].as_object();
        for event in events.into_iter().flat_map(|it| it.keys()) {
            let rule = format!("{function}{event}");
            rules.insert(("FailedInvocations".to_owned(), rule));
        }
    }
    assert_eq!(rules.len(), 3);
    assert_eq!(metrics(&template, "EventsLostAlarm"), rules);
}

/// What is missing is said: with nothing to count, all is well, but for what must come each minute.
#[test]
fn every_alarm_says_what_no_data_means() {
    for path in ["template.yaml", "infra/database.yaml"] {
        let template = Template::at(path);
        for (name, alarm) in template.of_type("AWS::CloudWatch::Alarm") {
            let expected = match name {
                "ReconcileSilentAlarm" => "breaching",
                _ => "notBreaching",
            };
            let missing: &Value = &alarm["Properties"]["TreatMissingData"];
            assert_eq!(missing, expected, "{name}");
        }
    }
}
