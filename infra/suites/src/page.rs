//! The page that is written: `docs/suites.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::run::{Outcome, Outcomes};

/// Published simple scores, for comparison.
const PUBLISHED: [(&str, &str); 4] = [
    ("DuckDB 1.2", "9.961"),
    ("SQLite", "9.955"),
    ("Pandas", "9.895"),
    ("PostgreSQL 15 `COPY`", "0.136"),
];

/// What the scores do not say.
const LIMITS: &str = "## What cannot be told

- Two tables of the same columns in one file are one: nothing tells the second one from more \
records.
- A quote that opens and that no other quote follows fails the file (`open_quote`). If one follows \
that ends its line, both close a cell of several lines, and only the warning \
`records_of_several_lines` says so.
- A quote too many before a cell of several lines leaves a rest of it that is a line of its own. It \
is rejected unless it happens to have as many cells as the heading.
- A heading with a quote or a delimiter too many or too few is refused (`bad_heading`, \
`columns_do_not_fit`), as is a file without one: the columns of such a file are said \
(`heading_lines=0`), never found. Where the first look refuses a file, the score is that of the \
declared reading, and one line of the table counts it as nothing.
- Quotes, escapes, blanks as delimiters and blanks after them are said, never found.
";

/// Files that are named in a list.
const NAMED: usize = 20;

type Way = fn(&Outcomes) -> &Outcome;
const SAID: Way = |it| &it.said;
const FOUND: Way = |it| &it.found;

pub fn write(results: &[Outcomes], seconds: f64) -> String {
    let mut page = String::new();
    let written = [
        intro(results, seconds),
        scores(results),
        families(results),
        lists(results),
        LIMITS.to_owned(),
    ];
    for part in written {
        let _ = writeln!(page, "{part}");
    }
    page.trim_end().to_owned() + "\n"
}

fn intro(results: &[Outcomes], seconds: f64) -> String {
    format!(
        "# Files that nobody here wrote\n\n\
         Written by `cargo xtask suites`; not to be edited. The files are those of \
         [Pollock](https://github.com/HPI-Information-Systems/Pollock), a benchmark of data loading \
         (VLDB 2023): {} broken CSV files, each with its clean form, its dialect and a weight. \
         They are not part of this repository.\n\n\
         Each file is read against a dataset of its clean form's columns, all of them text, with \
         chunks of four sizes that must give the same rows. Scored is what the reader cuts before a \
         verdict, and what the service would reject counts as missing. The score is the published \
         one: success, and precision, recall and F1 of heading, records and cells, added up; dates, \
         times and prices are compared as text.\n\n\
         Taken in {seconds:.1} s on {}.\n",
        results.len(),
        machine()
    )
}

fn scores(results: &[Outcomes]) -> String {
    let mut table = String::from(
        "## Scores\n\n\
         | | simple mean | weighted | refused by a verdict | rows stored that the clean form does not have |\n\
         |---|---|---|---|---|\n",
    );
    for (words, way) in [
        ("each dialect said", SAID),
        ("only what the first look finds", FOUND),
    ] {
        let refused = results.iter().filter(|it| way(it).refused.is_some());
        let stored = results.iter().filter(|it| way(it).stores_wrong());
        let wrong: usize = stored.clone().map(|it| way(it).wrong).sum();
        let files = stored.count();
        let _ = writeln!(
            table,
            "| {words} | {:.3} | {:.3} | {} | {wrong} in {} |",
            mean(results, way, |_| 1.0, false),
            mean(results, way, |it| it.weight, false),
            in_words(refused.count()),
            in_words(files),
        );
    }
    let _ = writeln!(
        table,
        "| only what the first look finds, with 0 for a file that it refuses | {:.3} | {:.3} | | |",
        mean(results, FOUND, |_| 1.0, true),
        mean(results, FOUND, |it| it.weight, true),
    );
    for (name, score) in PUBLISHED {
        let _ = writeln!(table, "| {name}, as published | {score} | | | |");
    }
    table
}

fn in_words(files: usize) -> String {
    format!("{files} {}", if files == 1 { "file" } else { "files" })
}

/// The mean score; with `strict`, a file that the first look refuses has none.
fn mean(results: &[Outcomes], way: Way, weight: fn(&Outcomes) -> f64, strict: bool) -> f64 {
    let all: f64 = results.iter().map(weight).sum();
    let score = |it: &Outcomes| match strict && way(it).at_first_look {
        true => 0.0,
        false => way(it).score.sum() * weight(it),
    };
    results.iter().map(score).sum::<f64>() / all
}

/// Files that are broken in the same way, but for the place.
fn family(name: &str) -> &str {
    let end = match name.starts_with("row_") {
        true => name.find(|it: char| it.is_ascii_digit()),
        false => name.strip_suffix(".csv").map(str::len),
    };
    name[..end.unwrap_or(name.len())].trim_end_matches('_')
}

fn families(results: &[Outcomes]) -> String {
    let mut families: BTreeMap<&str, Vec<&Outcomes>> = BTreeMap::new();
    for it in results {
        families.entry(family(&it.name)).or_default().push(it);
    }
    let mut table = String::from(
        "## By family\n\n\
         Missing is the most records that one file of the family loses.\n\n\
         | family | files | weight | said | missing | refused | found | missing | refused |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, files) in families {
        let weight: f64 = files.iter().map(|it| it.weight).sum();
        let cells = [SAID, FOUND].map(|way| of_family(&files, way));
        let _ = writeln!(
            table,
            "| `{name}` | {} | {weight:.1} | {} |",
            files.len(),
            cells.join(" | ")
        );
    }
    table
}

fn of_family(files: &[&Outcomes], way: Way) -> String {
    let score: f64 = files.iter().map(|it| way(it).score.sum()).sum();
    let missing = files.iter().map(|it| way(it).missing).max();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for code in files.iter().filter_map(|it| way(it).refused) {
        *codes.entry(code).or_default() += 1;
    }
    let codes: Vec<String> = codes
        .iter()
        .map(|(code, count)| format!("{count} `{code}`"))
        .collect();
    format!(
        "{:.3} | {} | {}",
        score / files.len() as f64,
        missing.unwrap_or_default(),
        codes.join(", ")
    )
}

fn lists(results: &[Outcomes]) -> String {
    let mut text = String::new();
    for (words, way) in [("dialect said", SAID), ("first look", FOUND)] {
        for (rows, stored) in [
            ("Rows stored", true),
            ("Rows cut of files that are refused", false),
        ] {
            let wrong = results.iter().filter(|it| way(it).wrong > 0);
            let wrong = wrong.filter(|it| way(it).stores_wrong() == stored);
            let wrong = wrong.map(|it| format!("`{}` ({})", it.name, way(it).wrong));
            let title = format!("{rows}, which the clean form does not have, {words}");
            list(&mut text, &title, wrong);
        }
        let lost = results.iter().filter(|it| it.name.starts_with("row_"));
        let lost = lost.filter(|it| way(it).missing > 2);
        let lost = lost.map(|it| format!("`{}` ({})", it.name, way(it).missing));
        list(
            &mut text,
            &format!(
                "Files with one broken record that lose more than it and the one after, {words}"
            ),
            lost,
        );
    }
    text
}

fn list(text: &mut String, title: &str, names: impl Iterator<Item = String>) {
    let names: Vec<String> = names.collect();
    let shown = match names.len() {
        0 => "None.".to_owned(),
        some if some > NAMED => {
            format!("{}, and {} more.", names[..NAMED].join(", "), some - NAMED)
        }
        _ => names.join(", ") + ".",
    };
    let _ = writeln!(text, "**{title}**: {shown}\n");
}

fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(':'));
    let model = model.map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let day = jiff::Zoned::now().date();
    format!("{cores} cores ({model}), {day}")
}
