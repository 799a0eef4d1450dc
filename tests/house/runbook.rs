//! The runbook is complete: every alarm has its page, and every way to be stuck has its test.

use std::fs::read_to_string;
use std::path::Path;

use super::root;

fn page(name: &str) -> String {
    let path = root().join("docs/runbook").join(name);
    read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `DeadLettersAlarm` → `dead-letters.md`
fn page_of(alarm: &str) -> String {
    let mut name = String::new();
    for letter in alarm.trim_end_matches("Alarm").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name + ".md"
}

/// A template, and what its alarms say of where they go.
const TEMPLATES: [(&str, &str); 2] = [
    ("template.yaml", "AlarmActions: [!Ref AlarmTopic]"),
    (
        "infra/database.yaml",
        "AlarmActions: !If [AlarmsAreSent, [!Ref AlarmTopicArn], ",
    ),
];

/// The names of the alarms in a template, each with its text.
fn alarms(template: &str) -> Vec<(String, String)> {
    let template = read_to_string(root().join(template)).unwrap();
    let resources: Vec<&str> = template.split("\n  ").collect();
    let mut alarms = Vec::new();
    for (index, line) in resources.iter().enumerate() {
        if resources
            .get(index + 1)
            .is_some_and(|it| it.trim() == "Type: AWS::CloudWatch::Alarm")
        {
            let text = resources[index..]
                .iter()
                .skip(1)
                .take_while(|it| it.starts_with(' '));
            let text: Vec<&str> = text.copied().collect();
            alarms.push((line.trim_end_matches(':').to_owned(), text.join("\n")));
        }
    }
    alarms
}

#[test]
fn every_alarm_has_its_page_and_goes_to_the_topic() {
    let mut pages = 0;
    for (template, topic) in TEMPLATES {
        let alarms = alarms(template);
        assert!(alarms.len() >= 3, "the alarms of {template} were not found");
        pages += alarms.len();
        for (alarm, text) in alarms {
            has_its_page(&alarm, &text);
            assert!(text.contains(topic), "{alarm} does not go to the topic");
        }
    }
    let told = page("README.md");
    let rows = told.lines().filter(|it| it.contains("Alarm` | [")).count();
    assert_eq!(rows, pages, "the README has a row for each alarm");
}

fn has_its_page(alarm: &str, text: &str) {
    let name = page_of(alarm);
    let page_of_alarm = page(&name);
    assert!(page_of_alarm.starts_with(&format!("# {alarm}\n")), "{name}");
    for part in ["**Means.**", "**Look.**", "**Do.**", "**Heals by itself.**"] {
        assert!(page_of_alarm.contains(part), "{name} has no {part}");
    }
    assert!(
        page("README.md").contains(&format!("[{name}]({name})")),
        "{name} is not in the README"
    );
    assert!(
        text.contains(&format!("docs/runbook/{name}")),
        "{alarm} does not name its page"
    );
}

#[test]
fn every_way_to_be_stuck_has_its_test() {
    let mut sources = String::new();
    for folder in ["tests", "shared/domain/src"] {
        collect(&root().join(folder), &mut sources);
    }
    let page = page("stuck.md");
    let rows: Vec<&str> = page
        .lines()
        .filter(|it| it.starts_with("| "))
        .skip(1)
        .collect();
    assert!(rows.len() > 20, "the table was not found");
    for row in rows {
        let cell = row.trim_end_matches(" |").rsplit("| ").next().unwrap();
        let name = cell.trim_matches('`');
        assert!(
            sources.contains(&format!("fn {name}()")),
            "no test is named {name}"
        );
    }
}

fn collect(folder: &Path, sources: &mut String) {
    for entry in folder.read_dir().unwrap().map(|it| it.unwrap().path()) {
        if entry.is_dir() {
            collect(&entry, sources);
        } else if entry.extension().is_some_and(|it| it == "rs") {
            sources.push_str(&read_to_string(&entry).unwrap());
        }
    }
}
