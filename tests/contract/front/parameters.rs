//! Parameters of queries, fields of bodies, headers.

use domain::catalog::BASELINE;
use domain::filter::{Names, Operator};
use domain::reading::Part;

use super::source::{after, text, texts};
use super::table::{code, table};

/// What is taken, by what kind of request: name, what it may be, what it does.
struct Taken {
    by: &'static str,
    names: &'static [[&'static str; 3]],
}

const TAKEN: [Taken; 18] = [
    Taken {
        by: "**Body of a sign-up**, `POST /auth/users/`",
        names: &[
            ["username", "letters, digits and `@.+-_`", "needed"],
            [
                "password",
                "not too short, common, numeric, or like the name or the address",
                "needed",
            ],
            ["email", "an address", "may be missing or empty"],
        ],
    },
    Taken {
        by: "**Body of a new API key**, `POST /auth/keys/`",
        names: &[
            ["name", "text", "needed: what you call it"],
            [
                "access",
                "`read` or `write`",
                "needed: whether the key may only read, or do all that its user may",
            ],
            [
                "days",
                "a whole number from 1 to 365",
                "the key ends so many days from now; 90 without it",
            ],
            [
                "expires_at",
                "a time with its offset: `2027-01-31T00:00:00Z`",
                "the key ends then, in place of `days`",
            ],
            [
                "current_password",
                "text",
                "needed: your password, so that an access token that is stolen does not become a key",
            ],
        ],
    },
    Taken {
        by: "**Body of a change of password**, `POST /auth/users/set_password/`",
        names: &[
            ["new_password", "as for a sign-up", "needed"],
            ["current_password", "text", "needed"],
        ],
    },
    Taken {
        by: "**Body of a sign-in**, `POST /token/`",
        names: &[
            ["username", "text", "needed"],
            ["password", "text", "needed"],
            [
                "rotate",
                "true or false",
                "the refresh token is exchanged for another one whenever it is used; false without it",
            ],
            [
                "cookie",
                "true or false",
                "the refresh token, one that is exchanged, comes in the cookie `collect_refresh` instead of the body; needs the header `X-Collect-Console`; false without it",
            ],
        ],
    },
    Taken {
        by: "**Body of a refresh or a sign-out**, `POST /token/refresh/` and `POST /token/blacklist/`",
        names: &[
            [
                "refresh",
                "a refresh token",
                "needed, unless the cookie has it",
            ],
            [
                "all",
                "true or false",
                "sign-out only: end every token of the user that was issued until now; without it only this one and its family",
            ],
        ],
    },
    Taken {
        by: "**Body of an upload**, `POST /collect/{dataset}/` and `POST /collect/{dataset}/{id}/replace/`",
        names: &[
            ["file", "a file of a multipart form", "the file itself"],
            [
                "filename",
                "text, in JSON",
                "what the file is called; asks for an upload URL",
            ],
            [
                "size",
                "a whole number from 1, in JSON",
                "bytes of the file; asks for an upload URL",
            ],
        ],
    },
    Taken {
        by: "**Query of an upload or a retry**, or fields of its body by the same names; what a retry does not say is as it was in the import that it retries, but for `validate_only`",
        names: &[
            [
                "max_errors",
                "`100` or `5%`",
                "the import fails when more is rejected: more records, or lines of rejected records of a hundred lines; `10%` without it, `100%` takes all",
            ],
            [
                "on_failure",
                "`hold`",
                "hold the import if it fails and resuming can help",
            ],
            [
                "validate_only",
                "true or false",
                "only say what an import would say: no row is ever visible, and all are taken back; false without it; not for a replacement",
            ],
        ],
    },
    Taken {
        by: "**Reading of a file**, in the query of an upload or a retry or as fields of its body",
        names: &[
            [
                "encoding",
                "`utf-8`, `utf-16`, `utf-16le`, `utf-16be`, `windows-1252`, `latin-1`",
                "how text is stored; without it UTF-8, and UTF-16 where the file begins like it",
            ],
            [
                "delimiter",
                "one character, or `tab`",
                "what separates cells; without it comma, semicolon, tab or pipe, whichever fits the heading",
            ],
            [
                "quote",
                "one character, or empty for none",
                "`\"` without it",
            ],
            [
                "escape",
                "`doubled`, one character, or empty for none",
                "how a quote is written inside quotes; doubled without it",
            ],
            [
                "skip_initial_space",
                "true or false",
                "blanks after a delimiter are no part of the next cell; false without it",
            ],
            [
                "skip_lines",
                "a whole number from 0",
                "lines before the heading; without it the heading is looked for in the first 20 lines",
            ],
            [
                "heading_lines",
                "a whole number from 0",
                "records that make the heading; 1 without it, 0 for a file without one, whose columns are in the declared order",
            ],
            ["decimal", "`.` or `,`", "the character before decimals"],
            [
                "group",
                "`,`, `.`, `'`, `_`, `blank`, or empty for none",
                "the character between groups of three digits",
            ],
            [
                "currency",
                "a sign or a word: `$`, `EUR`",
                "may stand before or after amounts",
            ],
            [
                "dates",
                "`mdy`, `dmy` or `ymd`",
                "the order of day, month and year in dates of numbers; YYYY-MM-DD is always taken",
            ],
        ],
    },
    Taken {
        by: "**Body of a sample**, `POST /collect/datasets/infer/` and `POST /collect/datasets/validate/`. Parts of a reading may stand in the query of the second",
        names: &[
            [
                "file",
                "a file of a multipart form",
                "the sample; `infer` also takes one that is the whole body, as `text/csv`",
            ],
            [
                "declaration",
                "JSON, in a field or file of the form",
                "`validate` only, needed: what the sample is to be",
            ],
        ],
    },
    Taken {
        by: "**Query of a dataset**, `GET /collect/datasets/{name}/`",
        names: &[[
            "version",
            "a whole number from 1",
            "the declaration as it was in this version; without it the current one",
        ]],
    },
    Taken {
        by: "**Query of a drop**, `DELETE /collect/datasets/{name}/`",
        names: &[
            [
                "take_back",
                "`true` or `false`",
                "take back and delete each import of the dataset; without it a dataset that has imports is not dropped",
            ],
            [
                "declared_at",
                "a time, as the dataset shows it",
                "drop the dataset that was declared then and no other: sent again, the request does not drop one that was declared under the name in between",
            ],
        ],
    },
    Taken {
        by: "**Query of a list of imports**, `GET /collect/{dataset}/`",
        names: &[[
            "status",
            "states by comma, or `all`",
            "only imports in these states; without it all but cancelled and validated ones",
        ]],
    },
    Taken {
        by: "**Query of every list**",
        names: &[
            [
                "limit",
                "a whole number from 1",
                "entries on a page; an invalid value is ignored",
            ],
            [
                "offset",
                "a whole number from 0",
                "entries before the page; an invalid value is ignored",
            ],
        ],
    },
    Taken {
        by: "**Query of sales records**, `GET /collect/data/`, and **body of an export**, `POST /collect/exports/`",
        names: &[
            ["from", "a date, `YYYY-MM-DD`", "order date on or after it"],
            ["to", "a date, `YYYY-MM-DD`", "order date on or before it"],
            [
                "import",
                "a whole number",
                "only rows of the baseline with this `id`",
            ],
            ["region", "text", "exactly this region"],
            ["country", "text", "exactly this country"],
            ["item_type", "text", "exactly this item type"],
            ["sales_channel", "text", "exactly this sales channel"],
            ["order_priority", "text", "exactly this order priority"],
            [
                "cursor",
                "empty, or from a link",
                "`GET` only: read by cursor instead of by offset; follow `next`",
            ],
            [
                "dataset",
                "a name",
                "export only: the dataset whose rows it is to hold; sales records without it. With it, the filters are those of the rows of that dataset, as below: any field, `{field}__in` also as a list of JSON. A field that is called as one of these is asked for with `f.` before it",
            ],
            [
                "gzip",
                "true or false",
                "export only: compress the file; false without it",
            ],
            [
                "guard",
                "true or false",
                "export only: put an apostrophe before cells that a spreadsheet would run, and quotes around those that it might cut; true without it",
            ],
            [
                "confirm",
                "true or false",
                "export only: begin at once, however large it is; false without it",
            ],
        ],
    },
    Taken {
        by: "**Query of rows and groups of a dataset**, `GET /collect/{dataset}/rows/` and `GET /collect/{dataset}/summary/`; `{field}` is the name of any field",
        names: &[
            ["{field}", "a value of its type", "exactly this value"],
            [
                "{field}__gte",
                "a value of its type",
                "this value or a greater one",
            ],
            [
                "{field}__lte",
                "a value of its type",
                "this value or a lesser one",
            ],
            ["{field}__in", "values by comma", "one of these values"],
            ["{field}__isnull", "true or false", "no value, or any"],
            [
                "f.{field}",
                "as without `f.`",
                "the same for any field, also for one that is called as another parameter is, of an export, too: `f.limit`, `f.from__gte`, `f.dataset`",
            ],
            [
                "from",
                "a date, `YYYY-MM-DD`",
                "where rows are sorted by dates or times: that day, of UTC, or a later one",
            ],
            ["to", "a date, `YYYY-MM-DD`", "that day or an earlier one"],
            [
                "import",
                "a whole number",
                "only rows of the import with this `id`",
            ],
            [
                "cursor",
                "empty, or from a link",
                "rows only: read by cursor instead of by offset; follow `next`",
            ],
        ],
    },
    Taken {
        by: "**Query of groups of a dataset**, `GET /collect/{dataset}/summary/`",
        names: &[[
            "by",
            "a field, `day`, `month` or `year`",
            "needed: what the groups have in common; the three times where rows are sorted by dates or times, and `f.` before a field that is called so",
        ]],
    },
    Taken {
        by: "**Query of a summary**, `GET /collect/data/summary/`",
        names: &[
            [
                "by",
                "`region`, `country`, `item_type`, `sales_channel`, `year` or `month`",
                "needed: what the groups have in common",
            ],
            [
                "from",
                "as for sales records",
                "and so are `to`, `import`, `region`, `country`, `item_type`, `sales_channel`, `order_priority`: only the rows that the list would show are added up",
            ],
        ],
    },
    Taken {
        by: "**Headers**",
        names: &[
            [
                "Authorization",
                "`Bearer <access>`, or an [API key](guide.md#let-a-program-work-for-you) in its place",
                "needed by every path under `/collect/` and `/auth/`, but for a sign-up",
            ],
            [
                "X-Collect-Console",
                "`1`",
                "`/token/` with `cookie`, and wherever the cookie is to be read: `/token/refresh/` and `/token/blacklist/`, if the body has no `refresh`",
            ],
            [
                "Idempotency-Key",
                "ASCII text",
                "upload, replacement, retry, export: the same request with the same key is carried out once",
            ],
        ],
    },
];

const READING: &str = "**Reading of a file**";

/// A table for each kind of request; the reading of files has its own page.
pub fn page() -> String {
    let tables = TAKEN.iter().map(|it| {
        if it.by.starts_with(READING) {
            let names: Vec<String> = it.names.iter().map(|it| code(it[0])).collect();
            let names = names.join(", ");
            return format!(
                "{}: {names}. A [table of its own](files.md#readings) says what they mean.\n",
                it.by
            );
        }
        let rows = it
            .names
            .iter()
            .map(|[name, value, what]| [code(name), (*value).to_owned(), (*what).to_owned()]);
        format!(
            "{}\n\n{}",
            it.by,
            table(["name", "value", "what it does"], rows)
        )
    });
    "## Parameters\n\n".to_owned() + &tables.collect::<Vec<_>>().join("\n")
}

/// The parameters of a reading, and how each is found.
pub fn readings() -> String {
    let taken = TAKEN.iter().find(|it| it.by.starts_with(READING)).unwrap();
    let rows = taken.names.iter().map(|[name, value, what]| {
        let found = found(Part::of(name).unwrap()).to_owned();
        let value = value.replace('|', "\\|");
        [code(name), value, (*what).to_owned(), found]
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
        Part::Decimal | Part::Group => {
            "never: `1,234` is a thousand or one; the refusal names the words that would read it"
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
    let listed = || TAKEN.iter().flat_map(|it| it.names).map(|it| it[0]);
    for name in &spelled {
        let choice = TAKEN
            .iter()
            .flat_map(|it| it.names)
            .any(|it| it[1].contains(&code(name)));
        assert!(
            choice || listed().any(|it| it == name),
            "{name} is in no table"
        );
    }
    for name in listed().filter(|it| !it.contains(char::is_uppercase)) {
        assert!(
            spelled.iter().any(|it| it == name),
            "no source reads {name}"
        );
    }
}
