//! The modules of a crate form no circle: of two siblings, at most one knows the other. What a
//! module and those inside it know of each other does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::Path;

use super::metadata;

/// Crates that still have circles.
const NOT_YET: [&str; 3] = ["bench", "tests", "xtask"];

/// The names that lead to a module from the root of its crate, which has none itself.
type Module = Vec<String>;

/// One sibling that knows another.
type Arrow = (String, String);

/// The modules of a crate.
#[derive(Default)]
struct Modules {
    /// The text of each, without comments and tests.
    code: BTreeMap<Module, String>,
    /// What the `use` declarations of each bring: a name, and the path it stands for.
    names: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

impl Modules {
    fn add(&mut self, module: &[String], code: &str) {
        let code = without_tests(code);
        let mut names = BTreeMap::new();
        let paths = declared("use", &code).into_iter().flat_map(spelled_out);
        for path in paths.filter(|it| !it.starts_with("::")) {
            let (path, name) = path.split_once(" as ").unwrap_or((&path, ""));
            let path = names_of(path);
            let name = Some(name.to_owned()).filter(|it| !it.is_empty());
            names.extend(name.or(path.last().cloned()).map(|name| (name, path)));
        }
        self.names.insert(module.to_vec(), names);
        self.code.insert(module.to_vec(), code);
    }

    /// Adds the module of this file and those inside it.
    fn read(&mut self, file: &Path, module: &[String]) {
        self.add(module, &read_to_string(file).unwrap());
        let (folder, stem) = (file.parent().unwrap(), file.file_stem().unwrap());
        let folder = match module.is_empty() || stem == "mod" {
            true => folder.to_owned(),
            false => folder.join(stem),
        };
        let inside = declared("mod", &self.code[module]);
        for name in inside
            .into_iter()
            .map(ToOwned::to_owned)
            .collect::<Vec<_>>()
        {
            let files = [format!("{name}.rs"), format!("{name}/mod.rs")];
            let mut files = files.iter().map(|it| folder.join(it));
            if let Some(file) = files.find(|it| it.exists()) {
                self.read(&file, &[module, &[name]].concat());
            }
        }
    }

    /// The module that a path leads to, as it stands in the module `at`. Where a module only passes
    /// a name on, this is the module that it has the name from.
    fn target(&self, at: &[String], path: &[String]) -> Module {
        let Some((name, rest)) = path.split_first() else {
            return at.to_vec();
        };
        match name.as_str() {
            "crate" => return self.target(&[], rest),
            "self" => return self.target(at, rest),
            "super" => return self.target(&at[..at.len() - 1], rest),
            _ => {}
        }
        let inside = [at, std::slice::from_ref(name)].concat();
        if self.code.contains_key(&inside) {
            return self.target(&inside, rest);
        }
        match self.names[at].get(name) {
            Some(known) if known[0] != *name => self.target(at, &[known, rest].concat()),
            _ => at.to_vec(),
        }
    }

    /// Which sibling knows which, for each module that has some inside it.
    fn arrows(&self) -> BTreeMap<Module, BTreeSet<Arrow>> {
        let mut arrows = BTreeMap::<Module, BTreeSet<Arrow>>::new();
        for (from, code) in &self.code {
            for to in paths(code).iter().map(|path| self.target(from, path)) {
                let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                if let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) {
                    let siblings = arrows.entry(to[..shared].to_vec()).or_default();
                    siblings.insert((one.clone(), other.clone()));
                }
            }
        }
        arrows
    }

    /// Every arrow that is part of a circle.
    fn circles(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (parent, arrows) in self.arrows() {
            let parent: String = parent.iter().map(|it| format!("{it}::")).collect();
            let circling = arrows
                .iter()
                .filter(|(one, other)| leads(&arrows, other, one));
            found.extend(circling.map(|(one, other)| format!("{parent}{one} → {parent}{other}")));
        }
        found
    }
}

/// True if the arrows lead from one sibling to the other.
fn leads(arrows: &BTreeSet<Arrow>, from: &str, to: &str) -> bool {
    let mut reached = BTreeSet::from([from]);
    loop {
        let next = arrows
            .iter()
            .filter(|(one, _)| reached.contains(one.as_str()));
        let next: Vec<&str> = next.map(|(_, other)| other.as_str()).collect();
        let before = reached.len();
        reached.extend(next);
        if reached.len() == before {
            return reached.contains(to);
        }
    }
}

/// By the house's convention, a file's tests are its last module, or a file of their own.
fn without_tests(code: &str) -> String {
    let code = code.split("#[cfg(test)]\nmod tests {").next();
    let code = code.unwrap_or_default().replace("#[cfg(test)]\nmod ", "");
    let lines = code.lines().filter_map(|line| line.split("//").next());
    lines.collect::<Vec<_>>().join("\n")
}

/// What follows the keyword in each of the declarations `use …;` or `mod …;`.
fn declared<'c>(keyword: &str, code: &'c str) -> Vec<&'c str> {
    let declaration = |statement: &'c str| {
        let start = statement.rfind(&format!("{keyword} "))?;
        let before = statement[..start].rsplit('\n').next()?.trim();
        let begins = before.is_empty() || before.starts_with("pub");
        begins.then(|| statement[start + keyword.len()..].trim())
    };
    code.split(';').filter_map(declaration).collect()
}

/// Every path in the code that begins with `crate` or `super`, in declarations and elsewhere.
fn paths(code: &str) -> Vec<Vec<String>> {
    let starts = ["crate::", "super::"].map(|it| code.match_indices(it));
    let starts = starts.into_iter().flatten().map(|(start, _)| start);
    let begins = |start: &usize| !code[..*start].ends_with(|it| in_path(it) || it == '$');
    let spelled = starts
        .filter(begins)
        .flat_map(|it| spelled_out(whole(&code[it..])));
    spelled.map(|it| names_of(&it)).collect()
}

fn in_path(it: char) -> bool {
    it.is_alphanumeric() || it == '_' || it == ':'
}

/// The path that the code begins with, and its group in braces if it has one.
fn whole(code: &str) -> &str {
    let end = code.find(|it| !in_path(it)).unwrap_or(code.len());
    if !code[..end].ends_with("::") || !code[end..].starts_with('{') {
        return &code[..end];
    }
    let mut depth = 0;
    let closes = |it| {
        depth += depth_of(it);
        depth == 0
    };
    let close = code[end..].find(closes).unwrap_or(0);
    &code[..=end + close]
}

fn depth_of(it: char) -> i32 {
    i32::from(it == '{') - i32::from(it == '}')
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn spelled_out(path: &str) -> Vec<String> {
    let Some((before, group)) = path.split_once('{') else {
        return vec![path.trim().to_owned()];
    };
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let mut depth = 0;
    let parts = group.split(|it| {
        depth += depth_of(it);
        depth == 0 && it == ','
    });
    let parts = parts.map(str::trim).filter(|it| !it.is_empty());
    parts
        .flat_map(|it| spelled_out(&format!("{before}{it}")))
        .collect()
}

/// The names of a path; `self` after the first is no name of its own.
fn names_of(path: &str) -> Vec<String> {
    let path = path.split(" as ").next().unwrap_or_default();
    let path = path.strip_suffix("::self").unwrap_or(path);
    let names = path.split("::").map(str::trim);
    names
        .filter(|it| !it.is_empty() && *it != "*")
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn no_modules_form_a_circle() {
    let mut circles = Vec::new();
    let mut crates = 0;
    for package in metadata().packages {
        if NOT_YET.contains(&package.name.as_str()) {
            continue;
        }
        for target in package.targets.iter().filter(|it| !it.is_custom_build()) {
            let mut modules = Modules::default();
            modules.read(target.src_path.as_std_path(), &[]);
            let found = modules.circles().into_iter();
            circles.extend(found.map(|it| format!("{} ({}): {it}", package.name, target.kind[0])));
            crates += 1;
        }
    }
    assert!(crates > 30, "not all crates were found");
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let mut modules = Modules::default();
    modules.add(
        &[],
        "pub mod one;\nmod two;\nmod three;\npub use two::{Two, Two as Also};",
    );
    let module = |name: &str| vec![name.to_owned()];
    modules.add(
        &module("one"),
        "// crate::three\nuse std::fmt;\npub struct One;",
    );
    modules.add(&module("three"), "fn f() { crate::one::f::<u8>() }");
    modules.add(
        &module("two"),
        "use crate::one::{self, One};\nuse super::three;",
    );
    assert_eq!(modules.circles(), [] as [&str; 0]);

    modules.add(
        &module("one"),
        "use crate::{\n    Also,\n};\n#[cfg(test)]\nmod tests {crate::three}",
    );
    assert_eq!(
        modules.circles(),
        ["one → two", "three → one", "two → one", "two → three"]
    );
}
