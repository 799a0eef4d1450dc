//! Which package may depend on which.

use cargo_metadata::Package;

use super::{metadata, root};

/// Shared packages and the packages that they, and their tests, may depend on.
const SHARED: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("settings", &[]),
    ("trial", &[]),
    ("contracts", &["domain"]),
    ("postgres", &["domain", "trial"]),
    ("prepare", &["domain"]),
    ("aws", &["contracts", "domain", "trial"]),
    // postgres only with the feature `database`: see below.
    (
        "lambda",
        &["aws", "contracts", "domain", "postgres", "settings"],
    ),
    ("openapi", &["contracts", "domain"]),
    (
        "conduct",
        &[
            "postgres",
            "aws",
            "contracts",
            "domain",
            "settings",
            "trial",
        ],
    ),
];

const FUNCTIONS: &[&str] = &[
    "conduct",
    "lambda",
    "postgres",
    "aws",
    "contracts",
    "domain",
    "prepare",
];

/// The package's folder, from the top of the repository.
fn folder(package: &Package) -> String {
    let folder = package.manifest_path.parent().unwrap();
    let folder = folder.strip_prefix(root()).unwrap();
    folder.as_str().to_owned()
}

/// The packages of this repository that a package in this folder may depend on; `None` for all.
fn allowed(folder: &str) -> Option<&'static [&'static str]> {
    match folder.split_once('/') {
        Some(("shared", name)) => {
            let known = SHARED.iter().find(|(it, _)| *it == name);
            let (_, allowed) = known.unwrap_or_else(|| panic!("{folder} has no rule yet"));
            Some(allowed)
        }
        Some(("functions", _)) => Some(FUNCTIONS),
        // It measures everything, so it may know everything, as the tests do.
        Some(("infra", "bench")) => None,
        // It scores what reads files.
        Some(("infra", "suites")) => Some(&["domain"]),
        // Its checks compare the template with the table of routes.
        Some(("infra", "xtask")) => Some(&["contracts"]),
        Some(("infra", _)) => Some(&[]),
        Some(("tests", "model")) => Some(&["domain"]),
        None if folder == "tests" => None,
        _ => panic!("{folder}: no rule says what it may depend on"),
    }
}

#[test]
fn packages_depend_only_on_what_they_may_know() {
    let metadata = metadata();
    assert!(metadata.packages.len() > 15, "not all packages were found");
    let mut forbidden = Vec::new();
    for package in &metadata.packages {
        let Some(allowed) = allowed(&folder(package)) else {
            continue;
        };
        let ours = package.dependencies.iter().filter(|it| it.path.is_some());
        for dependency in ours.filter(|it| !allowed.contains(&it.name.as_str())) {
            forbidden.push(format!("{} → {}", package.name, dependency.name));
        }
    }
    assert!(forbidden.is_empty(), "{}", forbidden.join(", "));
}

/// The table of the architecture page.
fn table() -> String {
    let line = |name: &str, allowed: &[&str]| {
        let names: Vec<String> = allowed.iter().map(|it| format!("`{it}`")).collect();
        let names = if names.is_empty() {
            "–".to_owned()
        } else {
            names.join(", ")
        };
        format!("| {name} | {names} |\n")
    };
    let shared = SHARED
        .iter()
        .map(|(it, allowed)| line(&format!("`{it}`"), allowed));
    shared.chain([line("a function", FUNCTIONS)]).collect()
}

#[test]
fn the_architecture_page_shows_these_arrows() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let table = table();
    assert!(page.contains(&table), "it needs these lines:\n{table}");
}

#[test]
fn lambda_depends_on_postgres_only_with_its_feature() {
    let metadata = metadata();
    let lambda = metadata.packages.iter().find(|it| it.name == "lambda");
    let lambda = lambda.unwrap();
    let postgres = lambda.dependencies.iter().find(|it| it.name == "postgres");
    assert!(postgres.is_none_or(|it| it.optional));
    let with_postgres = lambda.features.iter();
    let with_postgres = with_postgres
        .filter(|(_, parts)| parts.iter().any(|it| it.contains("postgres")))
        .map(|(name, _)| name.as_str());
    assert!(with_postgres.eq(["database"]));
}
