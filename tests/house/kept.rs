//! What is kept how long is one table, of `docs/security.md`, and true: days are those of the code and of
//! the template, and each prefix of the bucket has its rule.

use std::fs::read_to_string;

use domain::limits::{ORIGINAL_KEPT_FOR, VERSIONS_KEPT};

use super::root;

fn template() -> String {
    read_to_string(root().join("template.yaml")).unwrap()
}

/// The rows of the table, cell by cell.
fn table() -> Vec<Vec<String>> {
    let page = read_to_string(root().join("docs/security.md")).unwrap();
    let (_, section) = page.split_once("\n## What is kept how long\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|it| it.strip_prefix("| "));
    let cells = |row: &str| row.split('|').map(|it| it.trim().to_owned()).collect();
    rows.skip(1).map(cells).collect()
}

/// How long what begins so is kept.
fn kept(what: &str) -> String {
    let rows = table();
    let row = rows.iter().find(|it| it[0].starts_with(what));
    row.unwrap_or_else(|| panic!("no row of {what}"))[1].clone()
}

/// The default of a parameter.
fn default(parameter: &str) -> u32 {
    let template = template();
    let begin = format!("  {parameter}: ");
    let line = template.lines().find(|it| it.starts_with(&begin)).unwrap();
    let (_, rest) = line.split_once("Default: ").unwrap();
    rest.split(',').next().unwrap().parse().unwrap()
}

/// The rules of the bucket, each on its line, by their names.
fn rules() -> Vec<(String, String)> {
    let template = template();
    let lines = template
        .lines()
        .filter_map(|it| it.trim().strip_prefix("- {Id: "));
    let named = |line: &str| {
        let (name, rest) = line.split_once(',').unwrap();
        (name.to_owned(), rest.to_owned())
    };
    lines.map(named).collect()
}

#[test]
fn days_are_those_of_code_and_template() {
    let begins = |what: &str, days: &str| {
        let kept = kept(what);
        assert!(kept.starts_with(days), "{what}: {kept}");
    };
    let days = |it: u32| format!("{it} days");
    begins("file of a completed import", &days(default("UploadDays")));
    begins("file of an export", &days(default("ExportDays")));
    let original = ORIGINAL_KEPT_FOR.as_hours() / 24;
    begins("file of an import that failed", &format!("{original} days"));
    let versions = format!("the last {VERSIONS_KEPT} versions");
    assert!(kept("declaration").contains(&versions));
    let seconds = template();
    let (_, seconds) = seconds.split_once("MessageRetentionPeriod: ").unwrap();
    let seconds = seconds.split('}').next().unwrap();
    let seconds: u32 = seconds.parse().unwrap();
    begins("message of a chunk", &days(seconds / 86_400));
}

#[test]
fn every_rule_of_the_bucket_is_in_the_table_and_none_besides() {
    let rules = rules();
    let removed_by: String = table().iter().map(|it| it[3].clone()).collect();
    for (name, _) in &rules {
        assert!(removed_by.contains(&format!("`{name}`")), "{name}");
    }
    let told = removed_by.split('`').skip(1).step_by(2);
    let told: Vec<&str> = told
        .filter(|it| it.starts_with("expire-") || it.starts_with("abort-"))
        .collect();
    assert_eq!(told.len(), rules.len(), "{told:?}");
}

/// What is stored below a prefix that no rule names would stay for ever if its removal fails.
#[test]
fn every_prefix_of_the_bucket_has_its_rule() {
    for (prefix, days) in [
        ("uploads/", "UploadDays"),
        ("rejected/", "UploadDays"),
        ("prepared/", "UploadDays"),
        ("exports/", "ExportDays"),
    ] {
        let of = format!("Prefix: {prefix}, ExpirationInDays: !Ref {days}");
        let rules = rules();
        let rule = rules.iter().find(|it| it.1.contains(&of));
        let (_, rule) = rule.unwrap_or_else(|| panic!("no rule of {prefix}"));
        assert!(rule.contains("Status: Enabled"), "{prefix}");
        // The bucket has versions: what expires is there still, under another name.
        assert!(rule.contains("NoncurrentVersionExpiration"), "{prefix}");
    }
    let incomplete = "AbortIncompleteMultipartUpload: {DaysAfterInitiation: 2}";
    assert!(rules().iter().any(|it| it.1.contains(incomplete)));
    assert!(kept("parts of an upload").starts_with("2 days"));
}

/// The file is there for as long as an import may need it: it waits, is paused and held for a day each,
/// runs a day, and can be retried for a week after its end.
#[test]
fn no_rule_takes_a_file_that_is_needed() {
    let template = template();
    let line = template.lines().find(|it| it.starts_with("  UploadDays: "));
    let (_, least) = line.unwrap().split_once("MinValue: ").unwrap();
    let least: i64 = least.split(',').next().unwrap().parse().unwrap();
    assert!(least >= ORIGINAL_KEPT_FOR.as_hours() / 24 + 5, "{least}");
}
