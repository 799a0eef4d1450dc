//! Which entries of a list.

use super::{Group, taken};
use crate::shape::Shape::{Text, Whole};

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
