//! What is asked of datasets and samples.

use super::{Group, taken};
use crate::shape::Shape::{Declaration, File, Flag, Time, Whole};

/// A sample.
pub const SAMPLE: Group = Group {
    title: "**Body of a sample**, `POST /collect/datasets/infer/` and `POST /collect/datasets/validate/`. Parts of a reading may stand in the query of the second",
    names: &[taken(
        "file",
        File,
        "a file of a multipart form",
        "the sample; `infer` also takes one that is the whole body, as `text/csv`",
    )
    .needed()],
};

/// What a sample is tried with.
pub const TRIED: Group = Group {
    title: "**Body of a sample that is tried**, `POST /collect/datasets/validate/`",
    names: &[taken(
        "declaration",
        Declaration,
        "JSON, in a field or file of the form",
        "needed: what the sample is to be",
    )
    .needed()],
};

/// Which declaration of a dataset.
pub const VERSION: Group = Group {
    title: "**Query of a dataset**, `GET /collect/datasets/{name}/`",
    names: &[taken(
        "version",
        Whole(1),
        "a whole number from 1",
        "the declaration as it was in this version; without it the current one",
    )],
};

/// How a dataset is dropped.
pub const DROP: Group = Group {
    title: "**Query of a drop**, `DELETE /collect/datasets/{name}/`",
    names: &[
        taken(
            "take_back",
            Flag,
            "`true` or `false`",
            "take back and delete each import of the dataset; without it a dataset that has imports is not dropped",
        ),
        taken(
            "declared_at",
            Time,
            "a time, as the dataset shows it",
            "drop the dataset that was declared then and no other: sent again, the request does not drop one that was declared under the name in between",
        ),
    ],
};
