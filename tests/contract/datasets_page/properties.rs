//! Every property and what it means.

use domain::dataset::FieldsMatch;
use domain::declaration::{
    DIALECT_PROPERTIES, DOCUMENT_PROPERTIES, Type, properties_of_field, refused as not_known,
    refused_types,
};

use super::{code, table};

/// Properties of the document.
const DOCUMENT: [(&str, &str); 12] = [
    (
        "$schema",
        "the profile of Table Schema 2.0 or 2.1, for other programs",
    ),
    (
        "fields",
        "the [fields](#fields), in the order of answers, and of files without a heading; required",
    ),
    ("fieldsMatch", "which columns a file may have: see below"),
    (
        "missingValues",
        "the cells that mean [no value](#missing-values); `[\"\"]` without it",
    ),
    ("dialect", "the [text](#dialect) of files"),
    (
        "sortedBy",
        "the field that rows are read by: see [several fields](#several-fields). Without it rows are in the order of their files",
    ),
    ("totals", "what must add up in each row"),
    ("sums", "which sums are kept"),
    (
        "inOrder",
        "pairs of dates of which the first is never after the second",
    ),
    (
        "maxErrors",
        "how much of a file may be rejected: a count of records, or a percentage of lines such as `\"5%\"`; 10 % without it",
    ),
    (
        "oneAtATime",
        "true if an owner may have one active import of it at a time",
    ),
    (
        "multiline",
        "true if a record may have any number of lines; at most 1,000 without it",
    ),
];

/// Properties of fields beside their constraints.
const FIELD: [(&str, &str); 18] = [
    (
        "name",
        "the key in answers and filters, and a heading in files; required",
    ),
    ("type", "one of the [types](#types); required"),
    ("title", "what people read, and another heading"),
    ("titles", "other [headings](#headings) in files, a list"),
    ("description", "what the field means, for people"),
    (
        "example",
        "a cell as it may be; it must fit. `template.csv` has a record of them",
    ),
    (
        "missingValues",
        "the cells that mean [no value](#missing-values) in this field",
    ),
    (
        "constraints",
        "what a value must be: see [constraints](#constraints)",
    ),
    (
        "format",
        "of a string `email`, `uri` or `uuid`; of dates and times a pattern, such as `%d.%m.%Y`",
    ),
    (
        "formats",
        "several patterns, of which `default` is ISO 8601. Two that read one text as two days are refused (`patterns_disagree`)",
    ),
    (
        "timezone",
        "of a datetime: the zone of cells that say no offset, such as `Europe/Berlin`. A time that does not exist there, or exists twice, is a row error",
    ),
    (
        "decimalChar",
        "the character before decimals, `.` or `,`; the same on all numbers",
    ),
    (
        "groupChar",
        "the character between groups of three digits: `,` `.` `'` `_` or a blank; the same on all numbers and integers. Digits in groups do not begin with `0`: `0,125` is no 125",
    ),
    (
        "bareNumber",
        "false if other characters may stand before and after the number: `12 kg`, `€ 5`",
    ),
    ("decimals", "the most decimals of a number"),
    (
        "digits",
        "the most significant digits of a number, 38 without it. With `decimals`, at most `digits` less `decimals` stand before the point",
    ),
    (
        "trueValues",
        "texts that mean true; `true`, `True`, `TRUE`, `1` without it",
    ),
    (
        "falseValues",
        "texts that mean false; `false`, `False`, `FALSE`, `0` without it",
    ),
];

const DIALECT: [(&str, &str); 11] = [
    (
        "$schema",
        "the profile of Table Dialect 2.0 or 2.1, for other programs",
    ),
    (
        "encoding",
        "`utf-8`, `utf-16le`, `utf-16be` or `windows-1252`",
    ),
    ("delimiter", "what separates cells, one ASCII character"),
    (
        "quoteChar",
        "what stands around a cell that holds syntax, `\"` without it; null for none",
    ),
    (
        "doubleQuote",
        "false if a quote within quotes is not doubled",
    ),
    (
        "escapeChar",
        "the character before a quote within quotes, in the place of doubling",
    ),
    (
        "skipInitialSpace",
        "true if blanks after a delimiter are no part of the next cell",
    ),
    (
        "header",
        "false if the file has no heading: its columns are then in the order of the fields",
    ),
    (
        "headerRows",
        "the lines of the heading, counted from 1: `[3]`, or `[3, 4]` whose cells are joined",
    ),
    (
        "headerJoin",
        "a blank, if it is said: what joins the cells of several lines",
    ),
    ("commentRows", "the lines before the heading: `[1, 2]`"),
];

const SEVERAL: &str = "## Several fields

| property | value | what it means |
|---|---|---|
| `sortedBy` | the name of a required date, datetime, or integer with `minimum` and `maximum` | pages are read, and counts kept, by it |
| `totals` | a list of `{\"field\": \"total\", \"product\": [\"count\", \"price\"]}` and `{\"field\": \"profit\", \"difference\": [\"revenue\", \"cost\"]}` | each row must add up to within 1 cent, or is the row error `wrong_total`; it is not judged where one is null. Amounts are numbers with `decimals` of 2 and `digits` of 14, the count of a product is an integer |
| `sums` | `{\"by\": [\"region\"], \"of\": [\"amount\"]}` | sums by month of `sortedBy`, a date then, are kept. A summary by one of these fields, by month or by year, of all rows or of a range of days, needs no rows but those of the months at the ends of the range, and of imports that were completed a moment ago. `by` names strings, booleans or years, `of` integers and numbers. An import with more than 100,000 different sums, or a value of more than 1,000 bytes, is read each time |
| `inOrder` | a list of `[\"ordered\", \"shipped\"]` | dates that are read in the wrong order show by it |

```json
{
  \"fields\": [
    {\"name\": \"region\", \"type\": \"string\", \"constraints\": {\"required\": true, \"maxLength\": 50}},
    {\"name\": \"ordered\", \"type\": \"date\", \"constraints\": {\"required\": true}},
    {\"name\": \"shipped\", \"type\": \"date\"},
    {\"name\": \"count\", \"type\": \"integer\", \"constraints\": {\"minimum\": 0, \"maximum\": 100000}},
    {\"name\": \"price\", \"type\": \"number\", \"decimals\": 2, \"digits\": 14},
    {\"name\": \"total\", \"type\": \"number\", \"decimals\": 2, \"digits\": 14}
  ],
  \"sortedBy\": \"ordered\",
  \"totals\": [{\"field\": \"total\", \"product\": [\"count\", \"price\"]}],
  \"sums\": {\"by\": [\"region\"], \"of\": [\"count\", \"total\"]},
  \"inOrder\": [[\"ordered\", \"shipped\"]],
  \"maxErrors\": 5
}
```

";

pub fn page() -> String {
    let matches = FieldsMatch::WORDS.map(|(word, it)| {
        let fewer = if it.may_have_fewer() { "yes" } else { "no" };
        let others = if it.may_have_others() {
            "yes, ignored"
        } else {
            "no"
        };
        let usual = if it == FieldsMatch::default() {
            " (without it)"
        } else {
            ""
        };
        [
            format!("`{word}`{usual}"),
            fewer.to_owned(),
            others.to_owned(),
        ]
    });
    format!(
        "## The document\n\n{}\n{}\nThe words are those of Table Schema, whose own default (`exact`: columns without headings, by their order) is `header` in the [dialect](#dialect) here. The columns of required fields must be there in any case.\n\n## Fields\n\n{}\n",
        described(&DOCUMENT),
        table(
            ["`fieldsMatch`", "may lack fields", "may have other columns"],
            matches
        ),
        fields(),
    )
}

fn described(properties: &[(&str, &str)]) -> String {
    let rows = properties
        .iter()
        .map(|(name, what)| [code(name), (*what).to_owned()]);
    table(["property", "what it is"], rows)
}

/// The properties of fields, with the types that have them.
fn fields() -> String {
    let rows = FIELD.iter().map(|(name, what)| {
        let has = |it: &&Type| properties_of_field(**it, false).0.contains(name);
        let all = Type::ALL;
        let of: Vec<String> = all.iter().filter(has).map(|it| code(it.name())).collect();
        let of = match of.len() == all.len() {
            true => "all".to_owned(),
            false => of.join(", "),
        };
        [code(name), of, (*what).to_owned()]
    });
    table(["property", "types", "what it is"], rows)
}

pub fn dialect() -> String {
    format!(
        "## Dialect\n\nThe text of files. What is not declared is found in each file, where exactly one fits, or [said with the upload](files.md#readings); what is said goes before what is declared.\n\n{}\n```json\n{{\n  \"fields\": [{{\"name\": \"note\", \"type\": \"string\"}}, {{\"name\": \"paid\", \"type\": \"boolean\", \"trueValues\": [\"yes\"], \"falseValues\": [\"no\"]}}],\n  \"dialect\": {{\"encoding\": \"windows-1252\", \"delimiter\": \"|\", \"headerRows\": [3], \"commentRows\": [1, 2]}},\n  \"missingValues\": [\"\", \"n/a\"]\n}}\n```\n\n",
        described(&DIALECT)
    )
}

pub fn several() -> String {
    SEVERAL.to_owned()
}

pub fn refused() -> String {
    let line = |(name, advice): (&str, &str)| [code(name), advice.to_owned()];
    format!(
        "## What is refused\n\nOf Table Schema and Table Dialect, by name (`not_supported`):\n\n{}\n{}\n",
        table(["property", "what to do"], not_known().map(line)),
        table(["type", "what to do"], refused_types().map(line)),
    )
}

/// Every property that is known is described, and none besides.
#[test]
fn every_property_is_described() {
    let names = |it: &[(&'static str, &str)]| it.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(names(&DOCUMENT), DOCUMENT_PROPERTIES);
    assert_eq!(names(&DIALECT), DIALECT_PROPERTIES);
    let described = names(&FIELD);
    for of in Type::ALL {
        for name in properties_of_field(*of, false).0 {
            assert!(described.contains(&name), "{name}");
        }
    }
}
