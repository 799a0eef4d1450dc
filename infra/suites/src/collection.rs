//! The collection: broken files, what each of them means, and how it is to be read.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// One file of the collection.
pub struct Case {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The names of the columns in its clean form; none if it has no heading.
    pub heading: Vec<String>,
    /// The records of its clean form.
    pub records: Vec<Vec<String>>,
    /// Its dialect, as parameters of an upload.
    pub said: BTreeMap<&'static str, String>,
    pub weight: f64,
}

/// Reads all of it into memory.
pub fn read(dir: &Path) -> Result<Vec<Case>> {
    let files = dir.join("polluted_files");
    let weights = fs_err::read_to_string(dir.join("pollock_weights.json"))?;
    let weights: BTreeMap<String, f64> = serde_json::from_str(&weights).context("the weights")?;
    let mut cases = Vec::new();
    for entry in fs_err::read_dir(files.join("csv"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let weight = weights.get(&name);
        let weight = *weight.with_context(|| format!("{name} has no weight"))?;
        let case = one(&files, &name, weight).with_context(|| name.clone())?;
        cases.push(case);
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    ensure!(!cases.is_empty(), "there are no files");
    Ok(cases)
}

fn one(files: &Path, name: &str, weight: f64) -> Result<Case> {
    let parameters = files.join("parameters");
    let parameters = fs_err::read_to_string(parameters.join(format!("{name}_parameters.json")))?;
    let parameters: Value = serde_json::from_str(&parameters)?;
    let mut records = clean(&fs_err::read(files.join("clean").join(name))?)?;
    let heading = match parameters["header_lines"].as_u64() {
        Some(0) => Vec::new(),
        _ => records.remove(0),
    };
    Ok(Case {
        name: name.to_owned(),
        bytes: fs_err::read(files.join("csv").join(name))?,
        heading,
        records,
        said: said(&parameters),
        weight,
    })
}

/// The clean form is read by another reader than ours.
fn clean(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).from_reader(bytes);
    let cells = |record: csv::ByteRecord| {
        let cells = record.iter().map(String::from_utf8_lossy);
        cells.map(|it| it.into_owned()).collect()
    };
    let records = reader.byte_records();
    Ok(records
        .map(|it| it.map(cells))
        .collect::<csv::Result<Vec<_>>>()?)
}

/// What a user who knows the dialect would say.
fn said(parameters: &Value) -> BTreeMap<&'static str, String> {
    let text = |name: &str| parameters[name].as_str().unwrap_or_default().to_owned();
    let lines = |name: &str| parameters[name].as_u64().unwrap_or_default().to_string();
    let (delimiter, quote, escape) = (text("delimiter"), text("quotechar"), text("escapechar"));
    let mut said = BTreeMap::from([
        ("skip_lines", lines("preamble_lines")),
        ("heading_lines", lines("header_lines")),
    ]);
    if delimiter.is_empty() {
        return said;
    }
    said.insert("skip_initial_space", delimiter.ends_with(", ").to_string());
    said.insert("delimiter", delimiter.chars().take(1).collect());
    if delimiter.starts_with('\t') {
        said.insert("delimiter", "tab".into());
    }
    let escape = match escape == quote {
        true => "doubled".into(),
        false => escape,
    };
    said.extend([("quote", quote), ("escape", escape)]);
    said
}
