//! Which entries of a list.

use super::{Group, taken};
use crate::shape::Shape::{Choice, Text, Time, Whole};

/// Where a page begins and ends.
pub const LIST: Group = Group {
    title: "**Query of every list**",
    names: &[
        taken(
            "limit",
            Whole(1),
            "a whole number from 1",
            "entries on a page; an invalid value is ignored",
        ),
        taken(
            "offset",
            Whole(0),
            "a whole number from 0",
            "entries before the page; an invalid value is ignored",
        ),
    ],
};

/// Which imports.
pub const STATES: Group = Group {
    title: "**Query of a list of imports**, `GET /collect/{dataset}/`",
    names: &[taken(
        "status",
        Text,
        "states by comma, or `all`",
        "only imports in these states; without it all but cancelled and validated ones",
    )],
};

/// Which imports and exports of all datasets.
pub const EVERYTHING: Group = Group {
    title: "**Query of the list of all imports and exports**, `GET /collect/imports/`. It is read by cursor: follow `next` to its end, also where a page has fewer entries than `limit`, or none",
    names: &[
        taken(
            "status",
            Text,
            "states by comma, or `all`",
            "only what is in these states, of imports or exports; without it in any but deleted",
        ),
        taken(
            "kind",
            Choice(&["import", "export"]),
            "`import` or `export`",
            "only these",
        ),
        taken(
            "dataset",
            Text,
            "a name",
            "only imports of this dataset, and exports of its rows",
        ),
        taken(
            "file",
            Text,
            "text",
            "only what has this in the name of its file, in capitals or not",
        ),
        taken(
            "changed_since",
            Time,
            "a time, `YYYY-MM-DDThh:mm:ssZ`",
            "only what has changed its state at this time or later; ask from some seconds before the last time you saw: a change is seen a moment after its time",
        ),
        taken(
            "cursor",
            Text,
            "empty, or from a link",
            "where the page begins",
        ),
        taken(
            "limit",
            Whole(1),
            "a whole number from 1",
            "entries on a page, at most 100; an invalid value is ignored",
        ),
    ],
};

/// Which acts.
pub const AUDIT: Group = Group {
    title: "**Query of the list of who did what**, `GET /collect/audit/`. It is read by cursor: follow `next` to its end",
    names: &[
        taken(
            "cursor",
            Text,
            "empty, or from a link",
            "where the page begins",
        ),
        taken(
            "limit",
            Whole(1),
            "a whole number from 1",
            "entries on a page, at most 100; an invalid value is ignored",
        ),
    ],
};
