//! `cargo xtask sbom`: what is in the functions, as a bill of materials in CycloneDX 1.6. It follows
//! from `Cargo.lock` alone: the same lock gives the same text.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use anyhow::{Context as _, Result, anyhow};
use fs_err as fs;
use serde_json::{Value, json};

use crate::{compile, paths};

/// What the functions run on.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Packages that are deployed are below this folder.
const DEPLOYED: &str = "functions";

/// Prints the bill of materials of what is deployed.
pub fn print() -> Result<()> {
    let metadata = metadata()?;
    let lock = fs::read_to_string(paths::root().join("Cargo.lock"))?;
    let bill = bill(&metadata, &checksums(&lock))?;
    println!("{}", serde_json::to_string_pretty(&bill)?);
    Ok(())
}

fn metadata() -> Result<Value> {
    let output = compile::cargo()
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", PLATFORM])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo metadata")?;
    if !output.status.success() {
        return Err(anyhow!("cargo metadata failed; see above"));
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata")
}

/// SHA-256 of each package that comes from a registry, by name and version.
fn checksums(lock: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let field = |name: &str| {
            let (_, rest) = package.split_once(&format!("\n{name} = \""))?;
            rest.split('"').next()
        };
        if let (Some(name), Some(version), Some(sum)) =
            (field("name"), field("version"), field("checksum"))
        {
            found.insert(format!("{name} {version}"), sum.to_owned());
        }
    }
    found
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str> {
    value[name].as_str().with_context(|| format!("no {name}"))
}

fn array<'v>(value: &'v Value, name: &str) -> Result<&'v Vec<Value>> {
    value[name].as_array().with_context(|| format!("no {name}"))
}

fn bill(metadata: &Value, checksums: &BTreeMap<String, String>) -> Result<Value> {
    let nodes = nodes(metadata)?;
    let mut packages = BTreeMap::new();
    for package in array(metadata, "packages")? {
        packages.insert(text(package, "id")?, package);
    }
    let is_deployed = |package: &&Value| {
        let path = package["manifest_path"].as_str().unwrap_or_default();
        path.rsplit('/').nth(2) == Some(DEPLOYED) && package["source"].is_null()
    };
    let deployed = packages.values().copied().filter(is_deployed);
    let deployed: Vec<&str> = deployed.map(|it| text(it, "id")).collect::<Result<_>>()?;
    let linked = reached(&nodes, &deployed);
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for id in linked {
        let package = packages[id];
        components.push(component(package, checksums)?);
        let needs = nodes[id].iter().map(|it| reference(packages[*it]));
        let mut needs: Vec<String> = needs.collect::<Result<_>>()?;
        needs.sort();
        dependencies.push(json!({"ref": reference(package)?, "dependsOn": needs}));
    }
    let order = |one: &Value, other: &Value| one.to_string().cmp(&other.to_string());
    components.sort_by(order);
    dependencies.sort_by(order);
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "collect", "name": "collect",
            "version": env!("CARGO_PKG_VERSION"),
        }},
        "components": components,
        "dependencies": dependencies,
    }))
}

/// What each package is linked with: neither what builds it nor what tests it.
fn nodes(metadata: &Value) -> Result<BTreeMap<&str, Vec<&str>>> {
    let mut nodes = BTreeMap::new();
    for node in array(&metadata["resolve"], "nodes")? {
        let mut needs = Vec::new();
        for need in array(node, "deps")? {
            let kinds = array(need, "dep_kinds")?;
            if kinds.iter().any(|it| it["kind"].is_null()) {
                needs.push(text(need, "pkg")?);
            }
        }
        nodes.insert(text(node, "id")?, needs);
    }
    Ok(nodes)
}

fn reached<'m>(nodes: &BTreeMap<&'m str, Vec<&'m str>>, from: &[&'m str]) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut rest = from.to_vec();
    while let Some(id) = rest.pop() {
        if found.insert(id) {
            rest.extend(nodes.get(id).into_iter().flatten().copied());
        }
    }
    found
}

fn component(package: &Value, checksums: &BTreeMap<String, String>) -> Result<Value> {
    let (name, version) = (text(package, "name")?, text(package, "version")?);
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(package)?,
        "name": name,
        "version": version,
    });
    if let Some(licence) = package["license"].as_str() {
        component["licenses"] = json!([{"expression": expression(licence)}]);
    }
    if let Some(sum) = checksums.get(&format!("{name} {version}")) {
        component["purl"] = json!(reference(package)?);
        component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    Ok(component)
}

/// A package of a registry by its address for programs; one of ours by its name.
fn reference(package: &Value) -> Result<String> {
    let (name, version) = (text(package, "name")?, text(package, "version")?);
    Ok(match package["source"].as_str() {
        Some(_) => format!("pkg:cargo/{name}@{version}"),
        None => format!("collect/{name}"),
    })
}

/// Old packages write `MIT/Apache-2.0` where either will do.
fn expression(licence: &str) -> String {
    let choices: Vec<&str> = licence.split('/').map(str::trim).collect();
    choices.join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Value {
        let package = |name: &str, source: Option<&str>, path: &str| {
            json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0",
                   "source": source, "manifest_path": path})
        };
        let need =
            |name: &str, kind: Option<&str>| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let node = |name: &str, deps: Vec<Value>| json!({"id": name, "deps": deps});
        let registry = Some("registry+https://github.com/rust-lang/crates.io-index");
        json!({
            "packages": [
                package("auth", None, "/x/functions/auth/Cargo.toml"),
                package("domain", None, "/x/shared/domain/Cargo.toml"),
                package("argon2", registry, "/c/argon2/Cargo.toml"),
                package("cc", registry, "/c/cc/Cargo.toml"),
                package("proptest", registry, "/c/functions/proptest/Cargo.toml"),
                package("clap", registry, "/c/clap/Cargo.toml"),
            ],
            "resolve": {"nodes": [
                node("auth", vec![need("domain", None), need("argon2", None)]),
                node("domain", vec![need("proptest", Some("dev")), need("cc", Some("build"))]),
                node("argon2", vec![]),
                node("cc", vec![]),
                node("proptest", vec![]),
                node("clap", vec![]),
            ]},
        })
    }

    #[test]
    fn what_is_linked_into_a_function_is_in_the_bill_and_nothing_else() {
        let lock = "[[package]]\nname = \"argon2\"\nversion = \"1.0.0\"\nchecksum = \"ab\"\n";
        let bill = bill(&sample(), &checksums(lock)).unwrap();
        let names = bill["components"].as_array().unwrap().iter();
        let mut names: Vec<&str> = names.map(|it| it["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["argon2", "auth", "domain"]);
        let components = bill["components"].as_array().unwrap();
        let argon2 = components.iter().find(|it| it["name"] == "argon2").unwrap();
        let expected = json!({
            "type": "library", "bom-ref": "pkg:cargo/argon2@1.0.0", "name": "argon2",
            "version": "1.0.0", "licenses": [{"expression": "MIT OR Apache-2.0"}],
            "purl": "pkg:cargo/argon2@1.0.0",
            "hashes": [{"alg": "SHA-256", "content": "ab"}],
        });
        assert_eq!(*argon2, expected);
        let dependencies = bill["dependencies"].as_array().unwrap();
        let auth = dependencies
            .iter()
            .find(|it| it["ref"] == "collect/auth")
            .unwrap();
        assert_eq!(
            auth["dependsOn"],
            json!(["collect/domain", "pkg:cargo/argon2@1.0.0"])
        );
    }

    /// Of this workspace: each function is in it, and each package of a registry has its checksum.
    #[test]
    fn the_bill_of_the_functions_is_whole() {
        let lock = fs::read_to_string(paths::root().join("Cargo.lock")).unwrap();
        let bill = bill(&metadata().unwrap(), &checksums(&lock)).unwrap();
        let components = bill["components"].as_array().unwrap();
        let has = |name: &str| components.iter().any(|it| it["name"] == name);
        for function in crate::stage::names_in(&paths::root().join("functions")).unwrap() {
            assert!(has(&function), "{function}");
        }
        assert!(has("argon2") && !has("proptest") && !has("clap"));
        for component in components {
            let is_ours = component["bom-ref"]
                .as_str()
                .unwrap()
                .starts_with("collect/");
            assert_eq!(component["hashes"].is_null(), is_ours, "{component}");
            assert!(component["licenses"].is_array(), "{component}");
        }
    }
}
