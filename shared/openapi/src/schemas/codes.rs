//! Which words a field may have that is text in its type.

use domain::declaration::ProblemKind;
use domain::infer::DoubtKind;
use domain::reason::{Reason, Warning};
use domain::rejection::Rejection;
use domain::{export, import};
use serde_json::{Map, Value, json};
use strum::VariantNames as _;

/// The warning of a list about a parameter that is nearly a known one.
const UNKNOWN_PARAMETER: &str = "unknown_parameter";

/// Type, field, the only words that it may have.
fn words() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let imports = import::State::ALL.iter().map(|it| it.as_str());
    let exports = export::State::ALL.iter().map(|it| it.as_str());
    vec![
        ("FileObject", "status", imports.collect()),
        ("ExportObject", "status", exports.collect()),
        ("Doubt", "code", DoubtKind::VARIANTS.to_vec()),
        ("Problem", "code", ProblemKind::VARIANTS.to_vec()),
    ]
}

/// Type, field, the words that it has today: what earlier versions have stored is shown as it is.
fn stored() -> [(&'static str, &'static str, Vec<&'static str>); 2] {
    let warnings = Warning::VARIANTS;
    let is_warning = |it: &&str| warnings.contains(it);
    let reasons = Reason::VARIANTS.iter().copied();
    let reasons = reasons.filter(|it| !is_warning(it));
    let reasons = reasons.chain(warnings.iter().copied());
    let reasons = reasons.chain([UNKNOWN_PARAMETER]);
    [
        ("StoredReason", "code", reasons.collect()),
        ("ErrorEntry", "code", Rejection::VARIANTS.to_vec()),
    ]
}

/// Adds the words to the schemas of these types.
///
/// # Panics
/// A type has lost such a field.
pub(super) fn fill_in(schemas: &mut Map<String, Value>) {
    for (name, field, words) in words() {
        text(schemas, name, field)["enum"] = json!(words);
    }
    for (name, field, words) in stored() {
        let property = text(schemas, name, field);
        let said = property["description"].as_str().unwrap_or_default();
        property["description"] = json!(format!("{said} Today: `{}`.", words.join("`, `")));
    }
}

fn text<'s>(schemas: &'s mut Map<String, Value>, name: &str, field: &str) -> &'s mut Value {
    let property = &mut schemas[name]["properties"][field];
    assert!(property["type"] == "string", "{name} has no {field}");
    property
}
