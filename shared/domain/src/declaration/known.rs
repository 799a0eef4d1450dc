//! Every property and word that a declaration knows, and what to do about those of Table Schema and
//! Table Dialect that it does not.

use crate::cell::Kind;

/// A type of Table Schema.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::IntoStaticStr,
    strum::VariantArray,
    strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Type {
    /// Text; with the format `uuid` stored as one.
    String,
    /// A whole number.
    Integer,
    /// A decimal number.
    Number,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A day and a time of day.
    Datetime,
    /// A time of day.
    Time,
    /// A year.
    Year,
    /// A month of a year.
    Yearmonth,
}

/// The names of the types.
pub(super) const TYPES: &[&str] = <Type as strum::VariantNames>::VARIANTS;

impl Type {
    /// Every type.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its name in Table Schema.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The type of this name.
    pub fn of(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|it| it.name() == name).copied()
    }
}

/// What can order pages.
pub(super) const NOT_SORTED_BY: &str = "Rows are sorted by a required field that is a date, a \
    datetime, or an integer with `minimum` and `maximum`.";

/// Properties of the document.
pub const DOCUMENT_PROPERTIES: [&str; 12] = [
    "$schema",
    "fields",
    "fieldsMatch",
    "missingValues",
    "dialect",
    "sortedBy",
    "totals",
    "sums",
    "inOrder",
    "maxErrors",
    "oneAtATime",
    "multiline",
];

/// Profiles of Table Schema whose documents are read.
pub(super) const SCHEMA_PROFILES: [(&str, ()); 2] = [
    ("https://datapackage.org/profiles/2.0/tableschema.json", ()),
    ("https://datapackage.org/profiles/2.1/tableschema.json", ()),
];

/// Properties of every field.
const EVERY_FIELD: [&str; 8] = [
    "name",
    "type",
    "title",
    "titles",
    "description",
    "example",
    "missingValues",
    "constraints",
];

/// Properties of a field of this type, and of its constraints.
pub fn properties_of_field(it: Type, uuid: bool) -> (Vec<&'static str>, Vec<&'static str>) {
    let (own, constraints): (&[&str], &[&str]) = match it {
        Type::String if uuid => (&["format"], &[]),
        Type::String => (&["format"], &["minLength", "maxLength", "pattern"]),
        Type::Integer => (&["groupChar", "bareNumber"], BOUNDS),
        Type::Number => (
            &[
                "decimalChar",
                "groupChar",
                "bareNumber",
                "decimals",
                "digits",
            ],
            BOUNDS,
        ),
        Type::Boolean => (&["trueValues", "falseValues"], &[]),
        Type::Date | Type::Time => (&["format", "formats"], BOUNDS),
        Type::Datetime => (&["format", "formats", "timezone"], BOUNDS),
        Type::Year | Type::Yearmonth => (&[], BOUNDS),
    };
    let field = EVERY_FIELD.iter().chain(own).copied().collect();
    let every = ["required", "enum"];
    (field, every.iter().chain(constraints).copied().collect())
}

const BOUNDS: &[&str] = &["minimum", "maximum"];

/// Properties of the dialect.
pub const DIALECT_PROPERTIES: [&str; 11] = [
    "$schema",
    "encoding",
    "delimiter",
    "quoteChar",
    "doubleQuote",
    "escapeChar",
    "skipInitialSpace",
    "header",
    "headerRows",
    "headerJoin",
    "commentRows",
];

/// Profiles of Table Dialect whose documents are read.
pub(super) const DIALECT_PROFILES: [(&str, ()); 2] = [
    ("https://datapackage.org/profiles/2.0/tabledialect.json", ()),
    ("https://datapackage.org/profiles/2.1/tabledialect.json", ()),
];

/// What Table Schema and Table Dialect know and Collect does not, and what to do.
const ADVICE: [(&str, &str); 29] = [
    (
        "primaryKey",
        "Leave it out: the same record twice is two rows.",
    ),
    (
        "uniqueKeys",
        "Leave it out: rows of several imports are not compared.",
    ),
    (
        "foreignKeys",
        "Leave it out: rows of several datasets are not compared.",
    ),
    (
        "unique",
        "Leave it out: rows are not compared with one another.",
    ),
    ("exclusiveMinimum", "Use `minimum`."),
    ("exclusiveMaximum", "Use `maximum`."),
    (
        "jsonSchema",
        "Leave it out: a cell with JSON in it is kept as a string.",
    ),
    ("categories", "Use `enum` in `constraints`."),
    (
        "categoriesOrdered",
        "Leave it out: rows are not ordered by categories.",
    ),
    ("rdfType", "Use `description` for what a field means."),
    ("delimiter", "It belongs to `dialect`."),
    ("encoding", "It belongs to `dialect`."),
    ("required", "It belongs to `constraints`."),
    (
        "minimum",
        "It belongs to `constraints`, of a type that has an order.",
    ),
    (
        "maximum",
        "It belongs to `constraints`, of a type that has an order.",
    ),
    ("minLength", "It belongs to `constraints` of a string."),
    ("maxLength", "It belongs to `constraints` of a string."),
    ("pattern", "It belongs to `constraints` of a string."),
    ("enum", "It belongs to `constraints`."),
    ("lineTerminator", "Leave it out: every line break is taken."),
    (
        "nullSequence",
        "Use `missingValues`, which cells are compared with.",
    ),
    (
        "commentChar",
        "Leave it out: lines before the heading are `commentRows`.",
    ),
    (
        "caseSensitiveHeader",
        "Leave it out: headings are compared by letters and digits alone.",
    ),
    ("property", "Leave it out: files are CSV."),
    ("itemType", "Leave it out: files are CSV."),
    ("itemKeys", "Leave it out: files are CSV."),
    (
        "sheetNumber",
        "Leave it out: files are CSV. Export a sheet as CSV.",
    ),
    (
        "sheetName",
        "Leave it out: files are CSV. Export a sheet as CSV.",
    ),
    ("table", "Leave it out: files are CSV."),
];

/// What to do about a property that is not known.
pub(super) fn advice(name: &str) -> Option<&'static str> {
    let known = ADVICE.iter().find(|(it, _)| *it == name);
    known.map(|(_, advice)| *advice)
}

/// Every property that is known elsewhere and refused here, with what to do: for documents.
pub fn refused() -> impl Iterator<Item = (&'static str, &'static str)> {
    ADVICE.into_iter()
}

/// Types of Table Schema that are not known, and what to do.
const OTHER_TYPES: [(&str, &str); 7] = [
    ("any", "Say which type it is; `string` takes any text."),
    ("object", "Use `string`: the cell is kept as it is."),
    ("array", "Use `string`: the cell is kept as it is."),
    ("list", "Use `string`: the cell is kept as it is."),
    ("geojson", "Use `string`: the cell is kept as it is."),
    ("geopoint", "Use two fields of `number`, or `string`."),
    ("duration", "Use `string`, or `number` for seconds."),
];

/// Every type that is known elsewhere and refused here, with what to do: for documents.
pub fn refused_types() -> impl Iterator<Item = (&'static str, &'static str)> {
    OTHER_TYPES.into_iter()
}

/// What to do about a type of Table Schema that is not known.
pub(super) fn instead_of_type(name: &str) -> Option<&'static str> {
    let known = OTHER_TYPES.iter().find(|(it, _)| *it == name);
    known.map(|(_, advice)| *advice)
}

/// How values of a kind are stored, by the code of their SQL type.
pub(super) fn stored(kind: &Kind) -> &'static str {
    kind.sql().code()
}
