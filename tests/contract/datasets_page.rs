//! How a dataset is declared, as a page for people: `docs/datasets.md`.

mod changes;
mod other_forms;
mod properties;
mod types;

use domain::declaration::{Declaration, ProblemKind};
use domain::infer::DoubtKind;
use domain::limits::*;
use serde_json::Value;

use super::front::table::{bytes, code, examples_of, number, table};
use crate::fixture::pages;

const START: &str = "# Datasets

How a dataset is declared: one JSON document that says what its files are. It is a subset of [Table Schema 2](https://datapackage.org/standard/table-schema/), with a part of [Table Dialect](https://datapackage.org/standard/table-dialect/) and a few properties more. What the subset does not know is refused by its name and place, never ignored. The tables are made from the code by the tests; `COLLECT_WRITE_DOCS=1 cargo test --workspace --test all -- contract::datasets_page` brings the page up to date. A JSON Schema of it is `shared/domain/src/declaration/schema.json`: an editor that knows it completes and checks a document while it is written.

[In short](#in-short) · [document](#the-document) · [fields](#fields) · [types](#types) · [constraints](#constraints) · [missing values](#missing-values) · [headings](#headings) · [dialect](#dialect) · [several fields](#several-fields) · [changes](#changes-of-a-declaration) · [problems](#problems) · [a proposal](#a-proposal) · [what is refused](#what-is-refused) · [limits](#limits-of-a-declaration) · [from CREATE TABLE, JSON Schema or a pandas frame](#from-create-table-json-schema-or-a-pandas-frame)

";

const SHORT: &str = "## In short

A shop exports its orders like this:

```csv
Order No.;Customer;Ordered;Status;Amount
1001;ada@example.org;27.01.2026;paid;1.234,50
1002;;28.01.2026;open;9,00
```

They are declared like this:

```json
{
  \"fields\": [
    {\"name\": \"order_no\", \"title\": \"Order No.\", \"type\": \"integer\", \"groupChar\": \".\", \"constraints\": {\"required\": true, \"minimum\": 1, \"maximum\": 9999999}},
    {\"name\": \"customer\", \"type\": \"string\", \"format\": \"email\"},
    {\"name\": \"ordered\", \"type\": \"date\", \"format\": \"%d.%m.%Y\", \"constraints\": {\"required\": true}},
    {\"name\": \"status\", \"type\": \"string\", \"constraints\": {\"required\": true, \"enum\": [\"open\", \"paid\", \"returned\"]}},
    {\"name\": \"amount\", \"type\": \"number\", \"decimalChar\": \",\", \"groupChar\": \".\", \"decimals\": 2, \"digits\": 14}
  ],
  \"dialect\": {\"delimiter\": \";\"},
  \"sortedBy\": \"ordered\"
}
```

Only `name` and `type` of each field are needed. Whatever a cell is that does not fit, its record is rejected with a [row error](files.md#row-errors); nothing is rounded, cut or guessed. What the text of a file is (delimiter, quotes, encoding, lines before the heading) need not be declared: it is found where exactly one [reading](files.md#readings) fits.

";

const HEADINGS: &str = "## Headings

A column of a file is found by any heading of its field: `name`, `title` and `titles`. Headings are compared by their letters and digits alone (`Order_Date`, `OrderDate` and `order date ` are one); one that has none, such as `#`, by its characters. The order of columns does not matter. Two fields of which one heading would be the same are refused (`same_heading`).

`name` is the key in answers and filters; `title`, if there is one, is what people read in sentences, row errors and exports. In SQL a field is neither: tables are `d_17`, columns `c1`, `c2`, and no text of a declaration becomes SQL.

Names of datasets have 1 to 48 lower-case letters, digits and underscores, and begin with a letter. Taken are ";

const MISSING: &str = "## Missing values

`missingValues` are the cells that mean no value (null). Unless they are declared it is the empty cell alone: `[\"\"]`. A field may have its own, which then take the place of those of the document. They are compared with the cell as it stands in the file, before blanks are dropped: `\" \"` is not `\"\"`.

- In a text field an empty cell is null unless `missingValues` is `[]`: then it is the text `\"\"`.
- In every other field a cell with nothing but blanks that is no missing value is the row error `required`.
- A null in a field that is `required` is a row error, and a file without the column of such a field fails (`bad_heading`). The column of any other may be missing, and is null, where `fieldsMatch` says so.
- Null is null in JSON, and the first of the missing values in an export.

";

const EXPORTS: &str = "## Exports

`POST /collect/exports/` with `{\"dataset\": \"orders\"}` writes the rows of all completed imports into one file, filtered by any field as `/collect/orders/rows/` is. The file is what an import of the dataset takes, as the declaration says that was current when it was asked for: the fields in its order, each by its `title` or `name`; its delimiter, quotes and escape, with as many lines before the heading and of it as are declared; the decimal character, the first of the words for true and false, the first of the formats that holds a date; null as the first of the missing values. Imported again with `guard=false` it gives the same rows. What a declaration makes impossible stays so:

- The text is UTF-8. Where another encoding is declared, say `encoding=utf-8` with the upload.
- Rows are read again by the rules of today. A null in a field that has become required since is a row error, and so is a value that the rules no longer allow. A null of a text field with no missing values comes back as the text `\"\"`.
- A dialect without quotes and escape, or with quotes that nothing escapes, cannot hold a text with a delimiter, line break or quote in it. No file in that dialect has brought one, but one for which another dialect was said may have. It is written in quotes, with those in it doubled.

A dataset that is dropped takes its exports along: no link to a file of it is left.

";

fn taken() -> String {
    let names: Vec<String> = domain::declaration::name::TAKEN.iter().map(code).collect();
    format!("{}.\n\n", names.join(", "))
}

fn problems() -> String {
    let examples = ProblemKind::examples();
    let rows = ProblemKind::CODES.iter().map(|it| {
        let of = examples.iter().filter(|example| example.code() == *it);
        [code(it), examples_of(of)]
    });
    format!(
        "## Problems\n\nA document that is refused is answered with all of its problems, up to {PROBLEMS_TOLD_AT_MOST}. Each has the `path` of what is wrong (`fields[3].constraints.pattern`), a `code` for programs and a `message` for people:\n\n{}\n",
        table(["code", "sentence"], rows)
    )
}

fn doubts() -> String {
    let examples = DoubtKind::examples();
    let rows = DoubtKind::CODES.iter().map(|it| {
        let of = examples
            .iter()
            .filter(|example| <&str>::from(*example) == *it);
        [code(it), examples_of(of)]
    });
    format!(
        "## A proposal\n\n`POST /collect/datasets/infer/` looks at the first {} of a file and answers `{{\"declaration\": …, \"doubts\": […]}}`: a declaration that reads every record it has seen, and what a person should look at before declaring it. It guesses nothing that would change a value in silence: a column whose days or numbers can be read in two ways is text until someone says which, and so is one whose digits may be names, such as `01.10` or `+4915112345678`. No field is `required`, none is sorted by: a sample cannot know.\n\n{}\n",
        bytes(SAMPLE_BYTES_LOOKED_AT as i64),
        table(["doubt", "sentence"], rows)
    )
}

fn limits() -> String {
    let count = |it: usize| number(it as i64);
    let rows = [
        (
            "document, without its blanks",
            bytes(DECLARATION_BYTES_AT_MOST as i64),
        ),
        ("fields", count(DATASET_FIELDS_AT_MOST)),
        (
            "characters of a `name`, a `title`",
            count(HEADING_CHARS_AT_MOST),
        ),
        ("`titles` of a field", count(TITLES_AT_MOST)),
        (
            "characters of a `description`",
            count(DESCRIPTION_CHARS_AT_MOST),
        ),
        ("characters of an `example`", count(EXAMPLE_CHARS_AT_MOST)),
        (
            "`missingValues`, `trueValues`, `falseValues`",
            count(MISSING_VALUES_AT_MOST),
        ),
        (
            "characters of each of them",
            count(MISSING_VALUE_CHARS_AT_MOST),
        ),
        ("values of an `enum`", count(CHOICES_AT_MOST)),
        ("characters of each of them", count(CHOICE_CHARS_AT_MOST)),
        ("characters of a `pattern`", count(PATTERN_CHARS_AT_MOST)),
        (
            "memory of a `pattern`, compiled",
            bytes(PATTERN_BYTES_AT_MOST as i64),
        ),
        (
            "memory of all patterns together",
            bytes(PATTERNS_BYTES_AT_MOST as i64),
        ),
        ("`formats` of a field", count(DATE_FORMATS_AT_MOST)),
        (
            "different `formats` of a document",
            count(DATE_PATTERNS_AT_MOST),
        ),
        ("`totals`, `inOrder`", count(TOTALS_AT_MOST)),
        (
            "fields in `by` and `of` of `sums`",
            count(SUMMED_COLUMNS_AT_MOST),
        ),
        (
            "bytes of a row in PostgreSQL, beside what is stored elsewhere",
            count(ROW_BYTES_AT_MOST),
        ),
    ];
    let rows = rows.map(|(what, limit)| [what.to_owned(), limit]);
    format!(
        "## Limits of a declaration\n\n{}\n",
        table(["what", "at most"], rows)
    )
}

/// The page.
fn page() -> String {
    [
        START.to_owned(),
        SHORT.to_owned(),
        properties::page(),
        types::page(),
        types::constraints(),
        MISSING.to_owned(),
        HEADINGS.to_owned(),
        taken(),
        properties::dialect(),
        properties::several(),
        changes::page(),
        EXPORTS.to_owned(),
        problems(),
        doubts(),
        properties::refused(),
        limits(),
        other_forms::PAGE.to_owned(),
    ]
    .concat()
}

#[test]
fn the_page_is_what_the_code_says() {
    pages::is_current("datasets.md", &page(), "the code says");
}

/// Every document on the page is one: a reader may copy it.
#[test]
fn every_document_on_the_page_is_taken() {
    let page = page();
    let blocks = page.split("```json\n").skip(1);
    let blocks: Vec<&str> = blocks.map(|it| it.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 5, "not all documents were found");
    for block in blocks {
        let document: Value = serde_json::from_str(block).unwrap();
        let parsed = Declaration::parse(&document);
        assert!(parsed.is_ok(), "{block}\n{:?}", parsed.err());
    }
}
