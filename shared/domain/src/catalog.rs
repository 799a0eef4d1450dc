//! The datasets that are built in: a declaration each, and the names of its table and columns in
//! SQL, which a migration creates.

use std::sync::{Arc, LazyLock};

use crate::dataset::Dataset;
use crate::declaration::{Declaration, Place};

/// A dataset that is built in.
struct BuiltIn {
    name: &'static str,
    table: &'static str,
    /// The SQL column of each field; declared datasets have `c1`, `c2`.
    columns: &'static [&'static str],
    document: &'static str,
}

const BASELINE_DOCUMENT: BuiltIn = BuiltIn {
    name: "baseline",
    table: "sales_record",
    columns: &[
        "region",
        "country",
        "item_type",
        "sales_channel",
        "order_priority",
        "order_date",
        "order_id",
        "ship_date",
        "units_sold",
        "unit_price",
        "unit_cost",
        "total_revenue",
        "total_cost",
        "total_profit",
    ],
    document: include_str!("catalog/baseline.json"),
};

const TEAM_DOCUMENT: BuiltIn = BuiltIn {
    name: "team",
    table: "team",
    columns: &["team_name", "manager_name", "manager_phone_number"],
    document: include_str!("catalog/team.json"),
};

impl BuiltIn {
    fn declaration(&self) -> Declaration {
        let document = serde_json::from_str(self.document);
        let document = document.expect("a built-in document is JSON");
        Declaration::stored(&document).expect("a built-in document is a declaration")
    }

    fn dataset(&self) -> Dataset {
        self.declaration().compile(&Place {
            name: self.name.to_owned(),
            table: self.table.to_owned(),
            columns: self.columns.iter().map(|it| (*it).to_owned()).collect(),
            version: 1,
            id: None,
        })
    }
}

/// Sales records: the dataset that `/collect/data/` reads. An owner may have one active import of
/// it at a time.
pub static BASELINE: LazyLock<Arc<Dataset>> =
    LazyLock::new(|| Arc::new(BASELINE_DOCUMENT.dataset()));

/// Teams and who leads them.
pub static TEAM: LazyLock<Arc<Dataset>> = LazyLock::new(|| Arc::new(TEAM_DOCUMENT.dataset()));

/// The names of the datasets that are built in.
pub const NAMES: [&str; 2] = ["baseline", "team"];

/// True for the name of the sales records, which answers of the original's routes do not say.
pub fn is_sales(name: &str) -> bool {
    name == BASELINE_DOCUMENT.name
}

/// Every dataset that is built in, in the order of [`NAMES`].
pub fn all() -> [&'static Arc<Dataset>; NAMES.len()] {
    [&BASELINE, &TEAM]
}

/// The declaration of the built-in dataset of this name, or `None`.
pub fn declaration(name: &str) -> Option<Declaration> {
    let built_in = [BASELINE_DOCUMENT, TEAM_DOCUMENT].into_iter();
    built_in
        .into_iter()
        .find(|it| it.name == name)
        .map(|it| it.declaration())
}

/// The dataset of this name (exactly as in the URL), or `None`.
pub fn find(name: &str) -> Option<Arc<Dataset>> {
    all().into_iter().find(|it| it.name == name).cloned()
}

/// The name of a dataset that this version does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown dataset `{0}`")]
pub struct UnknownDataset(pub String);

/// The dataset of a stored name.
///
/// # Errors
/// Another version has stored it.
pub fn known(name: &str) -> Result<Arc<Dataset>, UnknownDataset> {
    find(name).ok_or_else(|| UnknownDataset(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Kind;
    use crate::dataset::FieldsMatch;
    use crate::limits::TEXT_CHARS_AT_MOST;

    #[test]
    fn datasets_are_found_by_their_exact_name() {
        assert_eq!(find("baseline").unwrap().table, "sales_record");
        assert_eq!(find("team").unwrap().columns.len(), 3);
        assert_eq!(find("Baseline"), None);
        assert_eq!(find(""), None);
        assert_eq!(all().map(|it| it.name.as_str()), NAMES);
    }

    #[test]
    fn rows_are_sorted_by_a_date() {
        assert_eq!(find("baseline").unwrap().key(), ["order_date", "record"]);
        assert_eq!(find("team").unwrap().key(), ["record"]);
        let leading = all()
            .into_iter()
            .filter_map(|it| it.columns.get(it.sorted_by?));
        assert!(leading.clone().all(|column| column.kind.is_date()));
        assert_eq!(leading.count(), 1);
    }

    #[test]
    fn the_totals_are_those_of_the_headings() {
        let words = BASELINE.totals.iter().map(|total| {
            let heading = &BASELINE.columns[total.column].heading;
            format!("{heading} = {}", BASELINE.in_words(total))
        });
        let expected = [
            "Total Revenue = Units Sold × Unit Price",
            "Total Cost = Units Sold × Unit Cost",
            "Total Profit = Total Revenue − Total Cost",
        ];
        assert_eq!(words.collect::<Vec<_>>(), expected);
    }

    /// What the documents say is what files are read by, with nothing that costs a cell more.
    #[test]
    fn the_kinds_are_the_plain_ones() {
        let kinds = |dataset: &Dataset| {
            let columns = dataset.columns.iter();
            columns.map(|it| it.kind.clone()).collect::<Vec<_>>()
        };
        let mut sales = vec![Kind::text(TEXT_CHARS_AT_MOST); 5];
        sales.extend([Kind::DATE, Kind::integer(0, 9_999_999_999), Kind::DATE]);
        sales.push(Kind::integer(0, i64::from(i32::MAX)));
        sales.extend(vec![Kind::MONEY; 5]);
        assert_eq!(kinds(&BASELINE), sales);
        assert_eq!(kinds(&TEAM), [100, 100, 15].map(Kind::text));
        for dataset in all() {
            for column in &dataset.columns {
                assert!(column.required, "{}", column.name);
                assert_eq!(column.missing, [""; 0]);
            }
        }
    }

    /// A file of theirs has every column, and others are ignored: as before there were declarations.
    #[test]
    fn every_column_must_be_there() {
        assert!(
            all()
                .iter()
                .all(|it| it.fields_match == FieldsMatch::Subset)
        );
    }

    /// Columns have the names of their fields, so that both can be told from one.
    #[test]
    fn fields_are_named_as_their_columns() {
        for dataset in all() {
            assert!(dataset.columns.iter().all(|it| it.field == it.name));
        }
    }

    #[test]
    fn names_and_headings_are_unique() {
        for dataset in all() {
            for (i, one) in dataset.columns.iter().enumerate() {
                for other in &dataset.columns[i + 1..] {
                    assert_ne!(one.name, other.name);
                    assert!(!one.heading.eq_ignore_ascii_case(&other.heading));
                }
            }
        }
    }
}
