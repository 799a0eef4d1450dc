use std::collections::BTreeMap;

use domain::dataset::Dataset;
use domain::reading::Reading;
use domain::reason::{Reason, StoredReason, Warning};
use domain::row::RowError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the import of a file ended: completed with rows and row errors, or failed with a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub status: String,
    pub error: Option<StoredReason>,
    pub warnings: Vec<StoredReason>,
    /// The rows as the API shows them, in the order of the file, with their values in the order of
    /// the dataset.
    pub rows: Vec<Vec<Value>>,
    /// The row errors as the API shows them.
    pub row_errors: Vec<Rejected>,
    /// What was said or found of the reading of a file whose import is completed: `found ;`.
    #[serde(default)]
    pub read_as: BTreeMap<String, String>,
}

/// A row error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub record: i64,
    pub line: i64,
    pub column: String,
    pub code: String,
    pub value: String,
    pub message: String,
}

impl From<RowError> for Rejected {
    fn from(error: RowError) -> Self {
        Self {
            record: error.record,
            line: error.line,
            column: error.column,
            code: error.code.to_owned(),
            value: error.value,
            message: error.message,
        }
    }
}

impl Outcome {
    pub fn completed(warnings: &[Warning]) -> Self {
        Self {
            status: "completed".into(),
            error: None,
            warnings: warnings.iter().map(StoredReason::from).collect(),
            rows: Vec::new(),
            row_errors: Vec::new(),
            read_as: BTreeMap::new(),
        }
    }

    /// The parts of a reading that are not as declared, of all: name, who decided and value.
    pub fn read_as(
        dataset: &Dataset,
        parts: impl Iterator<Item = (String, String, String)>,
    ) -> BTreeMap<String, String> {
        let declared = Reading::declared(dataset).read_as(dataset);
        let is_declared = |name: &str, value: &str| {
            let mut declared = declared.iter();
            declared.any(|it| it.part.name() == name && it.value == value)
        };
        let others = parts.filter(|(name, _, value)| !is_declared(name, value));
        others
            .map(|(name, origin, value)| (name, format!("{origin} {value}")))
            .collect()
    }

    /// With more warnings.
    pub fn and(mut self, warnings: &[Warning]) -> Self {
        self.warnings
            .extend(warnings.iter().map(StoredReason::from));
        self
    }

    /// A failed import has no row, and the row errors that its reason shows as examples; what was
    /// rejected before it failed does not matter here.
    pub fn failed(error: &Reason) -> Self {
        Self {
            status: "failed".into(),
            error: Some(error.into()),
            row_errors: error
                .row_errors()
                .iter()
                .cloned()
                .map(Rejected::from)
                .collect(),
            ..Self::completed(&[])
        }
    }

    /// The page: JSON with each row and each row error in one line.
    pub fn page(&self) -> String {
        let json = |value: &dyn Fn() -> Value| serde_json::to_string(&value()).unwrap();
        let lines = |values: Vec<Value>| {
            let lines: Vec<String> = values.iter().map(|it| format!("    {it}")).collect();
            match lines.is_empty() {
                true => "[]".to_owned(),
                false => format!("[\n{}\n  ]", lines.join(",\n")),
            }
        };
        let all = serde_json::to_value(self).unwrap();
        let list = |name: &str| lines(all[name].as_array().unwrap().clone());
        let read_as = match self.read_as.is_empty() {
            true => String::new(),
            false => format!(",\n  \"read_as\": {}", all["read_as"]),
        };
        format!(
            "{{\n  \"status\": {},\n  \"error\": {},\n  \"warnings\": {},\n  \"rows\": {},\n  \"row_errors\": {}{read_as}\n}}\n",
            json(&|| all["status"].clone()),
            json(&|| all["error"].clone()),
            list("warnings"),
            list("rows"),
            list("row_errors"),
        )
    }
}
