//! Parameters of queries, fields of bodies, headers.

use domain::catalog::BASELINE;
use domain::filter::{Names, Operator};
use domain::reading::Part;
use openapi::parameters::{
    ALL, CONSOLE, Group, IDEMPOTENCY_KEY, IF_NONE_MATCH, Parameter, READING,
};

use super::source::{after, text, texts};
use super::table::{code, table};

/// A table for each kind of request; the reading of files has its own page.
pub fn page() -> String {
    let tables = ALL.iter().map(|group| match group.title {
        title if title == READING.title => {
            let names: Vec<String> = group.names.iter().map(|it| code(it.name)).collect();
            let names = names.join(", ");
            format!(
                "{title}: {names}. A [table of its own](files.md#readings) says what they mean.\n"
            )
        }
        title => titled(title, group.names.iter().map(row)),
    });
    let authorization = [
        code("Authorization"),
        "`Bearer <access>`, or an [API key](guide.md#let-a-program-work-for-you) in its place"
            .to_owned(),
        "needed by every path under `/collect/` and `/auth/`, but for a sign-up".to_owned(),
    ];
    let headers = [
        authorization,
        row(&CONSOLE),
        row(&IDEMPOTENCY_KEY),
        row(&IF_NONE_MATCH),
    ];
    let headers = titled("**Headers**", headers.into_iter());
    let tables: Vec<String> = tables.chain([headers]).collect();
    "## Parameters\n\n".to_owned() + &tables.join("\n")
}

fn titled(title: &str, rows: impl Iterator<Item = [String; 3]>) -> String {
    let rows = table(["name", "value", "what it does"], rows);
    format!("{title}\n\n{rows}")
}

fn row(it: &Parameter) -> [String; 3] {
    let does = if it.needed { "needed: " } else { "" };
    let does = format!("{does}{}", it.does).replace("needed: needed", "needed");
    [code(it.name), it.value.to_owned(), does]
}

/// The parameters of a reading, and how each is found.
pub fn readings() -> String {
    let rows = READING.names.iter().map(|it| {
        let found = found(Part::of(it.name).unwrap()).to_owned();
        let value = it.value.replace('|', "\\|");
        [code(it.name), value, it.does.to_owned(), found]
    });
    table(["name", "value", "what it is", "found in the file"], rows)
}

/// What is looked for in a file if nothing was said, or why it never is.
fn found(part: Part) -> &'static str {
    match part {
        Part::Encoding => {
            "a byte order mark, or the zeros of UTF-16. Never windows-1252: UTF-8 that is read so is wrong without a sign; a file that is not UTF-8 fails with `not_utf8`"
        }
        Part::Delimiter => {
            "the one of comma, semicolon, tab and pipe under which every column is found, or the one that a first line `sep=;` names"
        }
        Part::Quote | Part::Escape => "never: another one cuts every cell elsewhere",
        Part::SkipInitialSpace => "never: the blanks may be data",
        Part::SkipLines => "the lines before the first that fits",
        Part::HeadingLines => {
            "up to 3, if no single line fits. Never 0: a file without a heading may have its columns in any order (`no_heading`)"
        }
        Part::Decimal => {
            "never: `1,234` is a thousand or one; the refusal names the words that would read it"
        }
        Part::Group => {
            "never, as `decimal`. Digits in groups do not begin with `0`: `0,125` is no 125, whatever is said"
        }
        Part::Currency => {
            "never: amounts in two currencies are not one column; the refusal names it"
        }
        Part::Dates => {
            "never: most days can be read both ways; the [verdict](#verdict) looks at all dates"
        }
    }
}

/// How a name is spelled where it is read.
const READ: [&str; 8] = [
    "said.get(\"",
    "last(request, \"",
    "fields.get(\"",
    "(fields, \"",
    "fields()?, \"",
    "field(\"",
    "flag(\"",
    "value(\"",
];

fn spelled() -> Vec<String> {
    let folders = [
        "auth",
        "upload-file",
        "list-imports",
        "query-data",
        "control-export",
        "declare-dataset",
        "show-audit",
    ];
    let mut sources = texts("shared/lambda/src/http");
    sources.extend(folders.map(|it| texts(&format!("functions/{it}/src"))));
    let uploads = after(
        &text("functions/upload-file/src/parameters.rs"),
        "&str = \"",
    );
    let parts = after(&text("shared/domain/src/reading/shown.rs"), "=> \"");
    let read = READ.iter().flat_map(|it| after(&sources, it));
    let names = read.chain(uploads).chain(parts);
    let names = names.chain(filters());
    let is_name = |it: &String| {
        it.chars()
            .all(|it| it.is_ascii_lowercase() || "_.{}".contains(it))
    };
    names.filter(|it| !it.is_empty() && is_name(it)).collect()
}

/// What filters rows: of the original's routes by name, of any dataset with `{field}` for a field.
fn filters() -> Vec<String> {
    let names = Names(&BASELINE);
    let operators = [
        Operator::Equal,
        Operator::AtLeast,
        Operator::AtMost,
        Operator::In,
        Operator::IsNull,
    ];
    let of_region = operators.map(|it| names.of(0, it));
    let prefixed = format!("f.{}", of_region[0]);
    let any = of_region.into_iter().chain([prefixed]);
    let any = any.inspect(|it| assert!(names.find(it).is_some(), "{it}"));
    let any = any.map(|it| it.replace("region", "{field}"));
    let plain = names.plain().into_iter().map(|it| it.0.to_owned());
    let cursor = after(
        &text("functions/query-data/src/parameters.rs"),
        "CURSOR: &str = \"",
    );
    plain.chain(any).chain(cursor).collect()
}

#[test]
fn no_name_that_is_read_is_left_out() {
    let spelled = spelled();
    let listed = || ALL.iter().flat_map(|it: &Group| it.names);
    for name in &spelled {
        let choice = listed().any(|it| it.value.contains(&code(name)));
        assert!(
            choice || listed().any(|it| it.name == name),
            "{name} is in no table"
        );
    }
    for it in listed() {
        assert!(
            spelled.iter().any(|name| name == it.name),
            "no source reads {}",
            it.name
        );
    }
}
