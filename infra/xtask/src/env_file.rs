//! `.local/<stack>/env`: KEY=VALUE lines, for people, scripts and tests.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use fs_err as fs;

pub type Variables = Vec<(String, String)>;

pub fn write(path: &Path, variables: &Variables) -> Result<()> {
    let lines: String = variables
        .iter()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    Ok(fs::write(path, lines)?)
}

pub fn read(path: &Path) -> Result<Variables> {
    let text = fs::read_to_string(path)
        .map_err(|_| anyhow!("nothing is up: run `cargo xtask up` first"))?;
    Ok(parse(&text))
}

fn parse(text: &str) -> Variables {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

pub fn get<'a>(variables: &'a Variables, key: &str) -> Result<&'a str> {
    let found = variables.iter().find(|(name, _)| name == key);
    found
        .map(|(_, value)| value.as_str())
        .with_context(|| format!("{key} is missing in the env file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        let variables = parse("A=1\nURL=postgresql://u:p@h/d?x=y\n\n");
        assert_eq!(get(&variables, "URL").unwrap(), "postgresql://u:p@h/d?x=y");
        assert!(get(&variables, "B").is_err());
    }
}
