//! The paths and declarations in the text of a file.

use std::collections::BTreeMap;

/// By the house's convention, a file's tests are its last module, or a file of their own.
pub fn without_tests(code: &str) -> String {
    let code = code.split("#[cfg(test)]\nmod tests {").next();
    let code = code.unwrap_or_default().replace("#[cfg(test)]\nmod ", "");
    let lines = code.lines().filter_map(|line| line.split("//").next());
    lines.collect::<Vec<_>>().join("\n")
}

/// What follows the keyword in each of the declarations `use …;` or `mod …;`.
pub fn declared<'c>(keyword: &str, code: &'c str) -> Vec<&'c str> {
    let declaration = |statement: &'c str| {
        let start = statement.rfind(&format!("{keyword} "))?;
        let before = statement[..start].rsplit('\n').next()?.trim();
        let begins = before.is_empty() || before.starts_with("pub");
        begins.then(|| statement[start + keyword.len()..].trim())
    };
    code.split(';').filter_map(declaration).collect()
}

/// What the `use` declarations bring: a name, and the path it stands for.
pub fn brought(code: &str) -> BTreeMap<String, Vec<String>> {
    let paths = declared("use", code).into_iter().flat_map(spelled_out);
    let paths = paths.filter(|it| !it.starts_with("::"));
    let named = |path: String| {
        let names = names_of(&path);
        let name = match path.split_once(" as ") {
            Some((_, name)) => name.to_owned(),
            None => names.last()?.clone(),
        };
        Some((name, names))
    };
    paths.filter_map(named).collect()
}

/// Every path in the code that begins with `crate` or `super`, in declarations and elsewhere.
pub fn paths(code: &str) -> Vec<Vec<String>> {
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
