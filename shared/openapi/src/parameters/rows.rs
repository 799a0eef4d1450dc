//! Which rows.

use super::{Group, taken};
use crate::shape::Shape::{Choice, Date, Flag, Text, Whole};

/// Which sales records.
pub const SALES: Group = Group {
    title: "**Query of sales records**, `GET /collect/data/` and `GET /collect/data/summary/`, and **body of an export**, `POST /collect/exports/`",
    names: &[
        taken(
            "from",
            Date,
            "a date, `YYYY-MM-DD`",
            "order date on or after it",
        ),
        taken(
            "to",
            Date,
            "a date, `YYYY-MM-DD`",
            "order date on or before it",
        ),
        taken(
            "import",
            Whole(1),
            "a whole number",
            "only rows of the baseline with this `id`",
        ),
        taken("region", Text, "text", "exactly this region"),
        taken("country", Text, "text", "exactly this country"),
        taken("item_type", Text, "text", "exactly this item type"),
        taken("sales_channel", Text, "text", "exactly this sales channel"),
        taken(
            "order_priority",
            Text,
            "text",
            "exactly this order priority",
        ),
    ],
};

/// Which rows of any dataset.
pub const FIELDS: Group = Group {
    title: "**Query of rows and groups of a dataset**, `GET /collect/{dataset}/rows/` and `GET /collect/{dataset}/summary/`; `{field}` is the name of any field",
    names: &[
        taken("{field}", Text, "a value of its type", "exactly this value"),
        taken(
            "{field}__gte",
            Text,
            "a value of its type",
            "this value or a greater one",
        ),
        taken(
            "{field}__lte",
            Text,
            "a value of its type",
            "this value or a lesser one",
        ),
        taken(
            "{field}__in",
            Text,
            "values by comma",
            "one of these values",
        ),
        taken("{field}__isnull", Text, "true or false", "no value, or any"),
        taken(
            "f.{field}",
            Text,
            "as without `f.`",
            "the same for any field, also for one that is called as another parameter is, of an export, too: `f.limit`, `f.from__gte`, `f.dataset`",
        ),
        taken(
            "from",
            Date,
            "a date, `YYYY-MM-DD`",
            "where rows are sorted by dates or times: that day, of UTC, or a later one",
        ),
        taken(
            "to",
            Date,
            "a date, `YYYY-MM-DD`",
            "that day or an earlier one",
        ),
        taken(
            "import",
            Whole(1),
            "a whole number",
            "only rows of the import with this `id`",
        ),
    ],
};

/// Where a page begins, told by the one before it.
pub const CURSOR: Group = Group {
    title: "**Query of rows**, `GET /collect/data/` and `GET /collect/{dataset}/rows/`",
    names: &[taken(
        "cursor",
        Text,
        "empty, or from a link",
        "read by cursor instead of by offset; follow `next`",
    )],
};

/// What rows are added up by.
pub const GROUPS: Group = Group {
    title: "**Query of groups of a dataset**, `GET /collect/{dataset}/summary/`",
    names: &[
        taken("by", Text, "a field, `day`, `month` or `year`", "needed: what the groups have in common; the three times where rows are sorted by dates or times, and `f.` before a field that is called so").needed(),
    ],
};

/// What sales records are added up by.
pub const SALES_GROUPS: Group = Group {
    title: "**Query of a summary**, `GET /collect/data/summary/`",
    names: &[taken(
        "by",
        Choice(&[
            "region",
            "country",
            "item_type",
            "sales_channel",
            "year",
            "month",
        ]),
        "`region`, `country`, `item_type`, `sales_channel`, `year` or `month`",
        "needed: what the groups have in common",
    )
    .needed()],
};

/// How rows are exported, and of which dataset.
pub const EXPORT: Group = Group {
    title: "**Body of an export**, `POST /collect/exports/`",
    names: &[
        taken(
            "dataset",
            Text,
            "a name",
            "the dataset whose rows it is to hold; sales records without it. With it, the filters are those of the rows of that dataset, as below: any field, `{field}__in` also as a list of JSON. A field that is called as one of these is asked for with `f.` before it",
        ),
        taken(
            "gzip",
            Flag,
            "true or false",
            "compress the file; false without it",
        ),
        taken(
            "guard",
            Flag,
            "true or false",
            "put an apostrophe before cells that a spreadsheet would run, and quotes around those that it might cut; true without it",
        ),
        taken(
            "confirm",
            Flag,
            "true or false",
            "begin at once, however large it is; false without it",
        ),
    ],
};
