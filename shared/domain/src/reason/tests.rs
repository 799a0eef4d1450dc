use std::collections::BTreeSet;

use super::*;

fn sorted(codes: impl Iterator<Item = &'static str>) -> BTreeSet<&'static str> {
    codes.collect()
}

#[test]
fn every_code_has_an_example() {
    let reasons = Reason::examples();
    let warnings = Warning::examples();
    let codes = sorted(Reason::CODES.iter().copied());
    assert_eq!(sorted(reasons.iter().map(Reason::code)), codes);
    let codes = sorted(Warning::CODES.iter().copied());
    assert_eq!(sorted(warnings.iter().map(Warning::code)), codes);
}

#[test]
fn codes_are_words_and_details_are_sentences() {
    let reasons = Reason::examples();
    let warnings = Warning::examples();
    let reasons = reasons.iter().map(StoredReason::from);
    for told in reasons.chain(warnings.iter().map(StoredReason::from)) {
        let word = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
        assert!(told.code.bytes().all(word), "{told:?}");
        let ends = told.detail.ends_with(['.', '?']);
        let sentence = ends && !told.detail.contains("  ");
        assert!(sentence, "{told:?}");
    }
}

#[test]
fn what_the_file_or_its_user_did_is_not_held() {
    let held = Reason::examples();
    let held = held.iter().filter(|it| it.resuming_can_help());
    let codes = sorted(held.map(Reason::code));
    let machinery = ["chunk_failed", "execution_lost", "run_expired"];
    assert_eq!(codes, machinery.into());
}

/// An operator is told of these, and of no file and no user.
#[test]
fn faults_are_ours() {
    let faults = Reason::examples();
    assert!(
        faults
            .iter()
            .all(|it| !it.resuming_can_help() || it.is_a_fault())
    );
    let faults = faults.iter().filter(|it| it.is_a_fault());
    #[rustfmt::skip]
    let expected = [
        "chunk_failed", "execution_lost", "not_proven", "not_storable", "object_gone",
        "run_expired", "upload_lost",
    ];
    assert_eq!(sorted(faults.map(Reason::code)), expected.into());
}

#[test]
fn a_reason_of_an_earlier_version_stays_as_it_is() {
    let stored = r#"{"code":"of_old","detail":"As it was."}"#;
    let read: StoredReason = serde_json::from_str(stored).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), stored);
}

#[test]
fn lists_of_names_are_in_sentences() {
    let told = |names: &[&str]| {
        let names = names.iter().map(|it| (*it).to_owned()).collect();
        StoredReason::from(&Warning::UnknownColumns(names)).detail
    };
    let start = "Columns that are not known were ignored:";
    assert_eq!(told(&[""]), format!("{start} \"\"."));
    assert_eq!(told(&["a", "c\n"]), format!("{start} \"a\", \"c \"."));
}

#[test]
fn what_is_not_the_files_fault_is_no_answer_to_a_validation() {
    let others = Reason::examples();
    let others = others.iter().filter(|it| !it.is_about_the_file());
    let codes = sorted(others.map(Reason::code));
    #[rustfmt::skip]
    let expected = [
        "chunk_failed", "execution_lost", "export_too_large", "not_proven", "object_gone",
        "pause_expired", "plan_outdated", "quota_rows", "run_expired", "source_changed",
        "upload_expired", "upload_lost",
    ];
    assert_eq!(codes, expected.into());
}
