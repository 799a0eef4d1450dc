//! The datasets there are. A new one needs a file beside the others, its name here, and a migration
//! that creates its table.

use std::sync::{Arc, LazyLock};

use crate::dataset::Dataset;

mod baseline;
mod team;

/// Sales records: the dataset that `/collect/data/` reads. An owner may have one active import of
/// it at a time.
pub static BASELINE: LazyLock<Arc<Dataset>> = LazyLock::new(|| Arc::new(baseline::dataset()));

/// Teams and who leads them.
pub static TEAM: LazyLock<Arc<Dataset>> = LazyLock::new(|| Arc::new(team::dataset()));

/// The names of the datasets that are built in.
pub const NAMES: [&str; 2] = ["baseline", "team"];

/// Every dataset that is built in, in the order of [`NAMES`].
pub fn all() -> [&'static Arc<Dataset>; NAMES.len()] {
    [&BASELINE, &TEAM]
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
        assert!(leading.clone().all(|column| column.kind == Kind::Date));
        assert_eq!(leading.count(), 1);
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
