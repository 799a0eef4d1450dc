//! What no text of a file is.

use super::*;

pub(super) fn dialects() -> Vec<Refused> {
    let said = |dialect: Value| with(json!({ "dialect": dialect }));
    vec![
        (said(json!("excel")), "dialect wrong_type"),
        (
            said(json!({ "commentChar": "#" })),
            "dialect.commentChar not_supported",
        ),
        (
            said(json!({ "lineTerminator": "\n" })),
            "dialect.lineTerminator not_supported",
        ),
        (
            said(json!({ "delimiter": "::" })),
            "dialect.delimiter not_a_character",
        ),
        (
            said(json!({ "delimiter": null })),
            "dialect.delimiter wrong_type",
        ),
        (
            said(json!({ "quoteChar": "a" })),
            "dialect.quoteChar not_a_character",
        ),
        (
            said(json!({ "encoding": "latin-1" })),
            "dialect.encoding not_a_choice",
        ),
        (
            said(json!({ "headerJoin": "-" })),
            "dialect.headerJoin not_a_choice",
        ),
        (
            said(json!({ "delimiter": "\"" })),
            "dialect.quoteChar means_two_things",
        ),
        (
            said(json!({ "escapeChar": "\\", "doubleQuote": true })),
            "dialect.escapeChar means_two_things",
        ),
        (
            said(json!({ "delimiter": "|", "escapeChar": "|" })),
            "dialect.escapeChar means_two_things",
        ),
        (
            said(json!({ "delimiter": " ", "skipInitialSpace": true })),
            "dialect.skipInitialSpace means_two_things",
        ),
        (
            said(json!({ "headerRows": [1, 3] })),
            "dialect.headerRows bad_bounds",
        ),
        (
            said(json!({ "headerRows": [0] })),
            "dialect.headerRows wrong_type",
        ),
        (
            said(json!({ "commentRows": [2] })),
            "dialect.commentRows bad_bounds",
        ),
        (
            said(json!({ "commentRows": [1], "headerRows": [3] })),
            "dialect.headerRows bad_bounds",
        ),
        (
            said(json!({ "header": false, "headerRows": [1] })),
            "dialect.headerRows means_two_things",
        ),
    ]
}

#[test]
fn what_no_text_of_a_file_is() {
    are_told(dialects());
}
