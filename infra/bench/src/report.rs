//! Where figures go: a line for people, a file for programs.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::environment;

/// Tables stand between these lines of a page.
const BEGIN: &str = "<!-- begin: written by cargo xtask bench -->";
const END: &str = "<!-- end -->";

/// Writes `target/bench/{name}.json`.
pub fn write(name: &str, figures: &Value) -> Result<()> {
    let file = environment::output_folder()?.join(format!("{name}.json"));
    std::fs::write(&file, format!("{figures:#}\n"))?;
    println!("written to {}", file.display());
    Ok(())
}

/// Puts the text between the page's two marks.
pub fn write_into(page: &Path, text: &str) -> Result<()> {
    let old = std::fs::read_to_string(page)?;
    Ok(std::fs::write(page, between_marks(&old, text)?)?)
}

fn between_marks(page: &str, text: &str) -> Result<String> {
    let marks = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = marks.context("the page has no marks to write between")?;
    Ok(format!("{before}{BEGIN}\n{text}\n{END}{after}"))
}

/// 1234567.8 → `1,234,568`
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let table = [
            (0.0, "0"),
            (999.4, "999"),
            (1000.0, "1,000"),
            (1_234_567.8, "1,234,568"),
        ];
        for (number, text) in table {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let expected = format!("before\n{BEGIN}\nnew\n{END}\nafter\n");
        assert_eq!(between_marks(&page, "new").unwrap(), expected);
        assert!(between_marks("no marks", "new").is_err());
    }
}
