use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::catalog;
use domain::dataset::Dataset;

use super::outcome::Outcome;

/// A golden file of this folder.
pub struct Golden {
    /// The trap that the file sets: its name without the extension.
    pub trap: String,
    pub dataset: Arc<Dataset>,
    pub bytes: Vec<u8>,
    /// What is said with the upload: names and values.
    pub said: Vec<(String, String)>,
    page: PathBuf,
}

impl Golden {
    /// All golden files, sorted by name.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
        let files = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
        let mut all: Vec<Self> = files.filter_map(|path| Self::of(&path)).collect();
        all.sort_by(|one, other| one.trap.cmp(&other.trap));
        assert!(all.len() > 60, "{} files", all.len());
        all
    }

    fn of(path: &Path) -> Option<Self> {
        let bytes = match path.extension()?.to_str()? {
            "csv" => fs::read(path).unwrap(),
            "rule" => written_out(&fs::read_to_string(path).unwrap()),
            _ => return None,
        };
        let trap = path.file_stem()?.to_str()?.to_owned();
        let sales = trap.starts_with("sales");
        Some(Self {
            trap,
            dataset: catalog::find(if sales { "baseline" } else { "team" }).unwrap(),
            bytes,
            said: said(&path.with_extension("said")),
            page: path.with_extension("json"),
        })
    }

    /// The outcome that its import must have.
    pub fn expected(&self) -> Outcome {
        let page = fs::read_to_string(&self.page);
        let page = page.unwrap_or_else(|error| panic!("{}: {error}", self.page.display()));
        serde_json::from_str(&page).unwrap()
    }

    /// Writes the outcome to the page, for a person to check.
    pub fn write(&self, outcome: &Outcome) {
        fs::write(&self.page, outcome.page()).unwrap();
    }
}

/// The parameters of the upload, a line each: `dates=dmy`.
fn said(path: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let pairs = text.lines().map(|line| line.split_once('=').unwrap());
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    pairs.map(owned).collect()
}

/// A rule is the text of the file, in which `{text*7}` stands for seven times the text.
fn written_out(rule: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = rule;
    while let Some((before, after)) = rest.split_once('{') {
        let (braced, after) = after.split_once('}').unwrap();
        let (text, times) = braced.rsplit_once('*').unwrap();
        bytes.extend_from_slice(before.as_bytes());
        bytes.extend(text.repeat(times.parse().unwrap()).into_bytes());
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
