//! The modules of a crate form no circle: of two siblings, at most one knows the other. What a
//! module and those inside it know of each other does not count.

mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::Path;

use super::metadata;
use paths::{brought, declared, paths, without_tests};

/// Crates that still have circles.
const NOT_YET: [&str; 1] = ["tests"];

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
        self.names.insert(module.to_vec(), brought(&code));
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
        let inside = declared("mod", &self.code[module]).into_iter();
        let inside: Vec<String> = inside.map(ToOwned::to_owned).collect();
        for name in inside {
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
            "super" => return self.target(at.split_last().map_or(at, |(_, up)| up), rest),
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
            let mut circling = arrows.clone();
            circling.retain(|(one, other)| leads(&arrows, other, one));
            let words = |(one, other)| format!("{parent}{one} → {parent}{other}");
            found.extend(circling.into_iter().map(words));
        }
        found
    }
}

/// True if the arrows lead from one sibling to the other.
fn leads(arrows: &BTreeSet<Arrow>, from: &str, to: &str) -> bool {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.clone();
        let known = arrows.iter().filter(|(one, _)| before.contains(&**one));
        reached.extend(known.map(|(_, other)| &**other));
        if reached == before {
            return reached.contains(to);
        }
    }
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
    const ROOT: &str = "pub mod one; mod two; mod three; pub use two::{Two, Two as Also};";
    const TWO: &str = "use crate::one::{self, One};\nuse super::three;";
    let mut modules = Modules::default();
    let module = |name: &str| vec![name.to_owned()];
    modules.add(&[], &ROOT.replace("; ", ";\n"));
    modules.add(&module("one"), "// crate::three\npub struct One;");
    modules.add(&module("two"), TWO);
    modules.add(&module("three"), "fn f() { crate::one::f::<u8>() }");
    assert_eq!(modules.circles(), [] as [&str; 0]);

    let tests = "#[cfg(test)]\nmod tests { use crate::three; }";
    modules.add(
        &module("one"),
        &format!("use crate::{{\n    Also,\n}};\n{tests}"),
    );
    let expected = ["one → two", "three → one", "two → one", "two → three"];
    assert_eq!(modules.circles(), expected);
}
