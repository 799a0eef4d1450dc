//! What is sent with a file.

use super::{Group, taken};
use crate::shape::Shape::{Choice, File, Flag, Pattern, Text, Whole};

/// The file, or what an upload URL is asked for with.
pub const UPLOAD: Group = Group {
    title: "**Body of an upload**, `POST /collect/{dataset}/` and `POST /collect/{dataset}/{id}/replace/`",
    names: &[
        taken(
            "file",
            File,
            "a file of a multipart form",
            "the file itself",
        ),
        taken(
            "filename",
            Text,
            "text, in JSON",
            "what the file is called; asks for an upload URL",
        ),
        taken(
            "size",
            Whole(1),
            "a whole number from 1, in JSON",
            "bytes of the file; asks for an upload URL",
        ),
    ],
};

/// What an import is told.
pub const IMPORT_OPTIONS: Group = Group {
    title: "**Query of an upload or a retry**, or fields of its body by the same names; what a retry does not say is as it was in the import that it retries, but for `validate_only`",
    names: &[
        taken(
            "max_errors",
            Pattern("^[0-9]+%?$"),
            "`100` or `5%`",
            "the import fails when more is rejected: more records, or lines of rejected records of a hundred lines; `10%` without it, `100%` takes all",
        ),
        taken(
            "on_failure",
            Choice(&["hold"]),
            "`hold`",
            "hold the import if it fails and resuming can help",
        ),
        taken(
            "validate_only",
            Flag,
            "true or false",
            "only say what an import would say: no row is ever visible, and all are taken back; false without it; not for a replacement",
        ),
    ],
};

/// How a file is read, each part by its name.
pub const READING: Group = Group {
    title: "**Reading of a file**, in the query of an upload or a retry or as fields of its body",
    names: &[
        taken(
            "encoding",
            Choice(&[
                "utf-8",
                "utf-16",
                "utf-16le",
                "utf-16be",
                "windows-1252",
                "latin-1",
            ]),
            "`utf-8`, `utf-16`, `utf-16le`, `utf-16be`, `windows-1252`, `latin-1`",
            "how text is stored; without it UTF-8, and UTF-16 where the file begins like it",
        ),
        taken(
            "delimiter",
            Text,
            "one character, or `tab`",
            "what separates cells; without it comma, semicolon, tab or pipe, whichever fits the heading",
        ),
        taken(
            "quote",
            Text,
            "one character, or empty for none",
            "`\"` without it",
        ),
        taken(
            "escape",
            Text,
            "`doubled`, one character, or empty for none",
            "how a quote is written inside quotes; doubled without it",
        ),
        taken(
            "skip_initial_space",
            Flag,
            "true or false",
            "blanks after a delimiter are no part of the next cell; false without it",
        ),
        taken(
            "skip_lines",
            Whole(0),
            "a whole number from 0",
            "lines before the heading; without it the heading is looked for in the first 20 lines",
        ),
        taken(
            "heading_lines",
            Whole(0),
            "a whole number from 0",
            "records that make the heading; 1 without it, 0 for a file without one, whose columns are in the declared order",
        ),
        taken(
            "decimal",
            Choice(&[".", ","]),
            "`.` or `,`",
            "the character before decimals",
        ),
        taken(
            "group",
            Text,
            "`,`, `.`, `'`, `_`, `blank`, or empty for none",
            "the character between groups of three digits",
        ),
        taken(
            "currency",
            Text,
            "a sign or a word: `$`, `EUR`",
            "may stand before or after amounts",
        ),
        taken(
            "dates",
            Choice(&["mdy", "dmy", "ymd"]),
            "`mdy`, `dmy` or `ymd`",
            "the order of day, month and year in dates of numbers; YYYY-MM-DD is always taken",
        ),
    ],
};
