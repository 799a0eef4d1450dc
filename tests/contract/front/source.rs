//! What the sources say about themselves: the words in front of fields and variants, constants,
//! names in calls. The pages of tables are made of it, so that they cannot say anything else.

use std::any::type_name;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// A field of a struct.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// As it is written in Rust.
    pub kind: String,
    pub words: String,
    /// What serde is told about it.
    pub attributes: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file, from the top of the repository, up to its tests.
pub fn text(path: &str) -> String {
    let text = read_to_string(root().join(path)).unwrap_or_else(|it| panic!("{path}: {it}"));
    let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..tests].to_owned()
}

/// The text of all sources in a folder, without tests.
pub fn texts(folder: &str) -> String {
    let mut all = String::new();
    for entry in root()
        .join(folder)
        .read_dir()
        .unwrap()
        .map(|it| it.unwrap())
    {
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() && !path.ends_with("/tests") {
            all += &texts(&path);
        } else if path.ends_with(".rs") && !path.ends_with("/tests.rs") {
            all += &text(&path);
        }
    }
    all
}

/// The name of a type, without its module and its parameters.
pub fn name<T>() -> &'static str {
    let whole = type_name::<T>().split('<').next().unwrap();
    whole.rsplit("::").next().unwrap()
}

/// The file that a type of a shared package is in.
fn file<T>() -> String {
    let whole = type_name::<T>().split('<').next().unwrap();
    let mut modules: Vec<&str> = whole.split("::").collect();
    modules.pop();
    let package = modules.remove(0);
    format!("shared/{package}/src/{}.rs", modules.join("/"))
}

/// The fields of a struct, in their order.
pub fn fields<T>() -> Vec<Field> {
    let text = text(&file::<T>());
    let name = name::<T>();
    let ends = ["<", " "].map(|end| format!("pub struct {name}{end}"));
    let begin = ends.iter().find_map(|it| text.find(it));
    let begin = begin.unwrap_or_else(|| panic!("no struct {name}"));
    let body = text[begin..].split_once("{\n").unwrap().1;
    fields_in(body.split_once("\n}").unwrap().0)
}

fn fields_in(body: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let (mut words, mut attributes) = (Vec::new(), String::new());
    for line in body.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("///") {
            words.push(said.trim());
        } else if let Some((name, kind)) =
            line.strip_prefix("pub ").and_then(|it| it.split_once(": "))
        {
            fields.push(Field {
                name: name.to_owned(),
                kind: kind.trim_end_matches(',').to_owned(),
                words: std::mem::take(&mut words).join(" "),
                attributes: std::mem::take(&mut attributes),
            });
        } else {
            attributes += line;
        }
    }
    fields
}

/// What the source says about a variant of an enum.
pub fn variant<T: std::fmt::Debug>(value: &T) -> String {
    let text = text(&file::<T>());
    let name = format!("{value:?}");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declares = |line: &&str| {
        let rest = line.strip_prefix(name.as_str());
        rest.is_some_and(|it| it.starts_with([',', ' ']))
    };
    let at = lines.iter().position(declares);
    let at = at.unwrap_or_else(|| panic!("no variant {name}"));
    let before = lines[..at].iter().rev();
    let said = before.take_while(|it| it.starts_with("///") || it.starts_with("#["));
    let words: Vec<&str> = said
        .filter_map(|it| it.strip_prefix("///"))
        .map(str::trim)
        .collect();
    words.into_iter().rev().collect::<Vec<_>>().join(" ")
}

/// What stands in a source between these words and the next quote.
pub fn after(text: &str, words: &str) -> Vec<String> {
    let found = text
        .split(words)
        .skip(1)
        .filter_map(|it| it.split(['"', '\'']).next());
    found.map(str::to_owned).collect()
}

#[test]
fn fields_and_their_words() {
    let body = "    /// One\n    /// line.\n    pub id: i32,\n    #[serde(flatten)]\n    pub group: Map<A, B>,";
    let field = |name: &str, kind: &str, words: &str, attributes: &str| Field {
        name: name.into(),
        kind: kind.into(),
        words: words.into(),
        attributes: attributes.into(),
    };
    let expected = [
        field("id", "i32", "One line.", ""),
        field("group", "Map<A, B>", "", "#[serde(flatten)]"),
    ];
    assert_eq!(fields_in(body), expected);
}
