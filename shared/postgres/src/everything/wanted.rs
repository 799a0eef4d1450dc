use std::fmt::{Formatter, Result};

use domain::paging::change::Kind;
use jiff::Timestamp;

use crate::exports::UNCHANGED;
use crate::sql::of_export::{COMPLETED, EXPIRING};
use crate::sql::of_import::DELETED;
use crate::sql::{Sql, Word};

/// Which entries of the list are asked for; nothing asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In one of these states, of imports or exports.
    pub states: Option<Vec<String>>,
    /// Of this dataset.
    pub dataset: Option<String>,
    /// With this in the name of their file, in capitals or not.
    pub file: Option<String>,
    /// Whose state has changed at this time or later.
    pub since: Option<Timestamp>,
}

/// SQL: whether what the event `l` is of is there and wanted. `$7` is the kind, `$8` the states, `$9` the
/// dataset, `$10` what is in the name of the file. An export counts as what it is seen as. One row at a
/// time, by its uid: joins would read whole tables, of all owners, if the page is long enough.
pub(super) const WANTED: Sql = Sql(|f| {
    let of_import = Sql(|f| wanted(f, "import", &Sql(|f| f.write_str("import.state"))));
    let of_export = Sql(|f| wanted(f, "export", &SEEN_AS));
    let import = Word(Kind::Import);
    write!(
        f,
        "coalesce(CASE WHEN $7::text <> l.kind THEN false \
             WHEN l.kind = {import} THEN (SELECT {of_import} FROM import WHERE import.uid = l.uid) \
             ELSE (SELECT {of_export} FROM export WHERE export.uid = l.uid) END, false)"
    )
});

const SEEN_AS: Sql = Sql(|f| {
    write!(
        f,
        "CASE WHEN export.state = {COMPLETED} AND NOT {UNCHANGED} THEN {EXPIRING} \
             ELSE export.state END"
    )
});

/// SQL: whether a row of `table` is there and wanted.
fn wanted(f: &mut Formatter<'_>, table: &str, state: &Sql) -> Result {
    write!(
        f,
        "{table}.goal IS DISTINCT FROM {DELETED} \
          AND ($8::text[] IS NULL OR ({state}) = ANY($8::text[])) \
          AND ($9::text IS NULL OR {table}.dataset = $9::text) \
          AND ($10::text IS NULL \
               OR strpos(lower(substring({table}.object_key FROM '[^/]*$')), lower($10::text)) > 0)"
    )
}
