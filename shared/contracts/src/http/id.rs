//! How an import or export is named.

use std::fmt::{Display, Formatter, Result};

use serde::{Serialize, Serializer};

/// Its number alone, or where the list is of more than one dataset, the path of which it is the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectId {
    /// `12`
    Number(i32),
    /// `baseline/12`, `exports/3`
    Path(String, i32),
}

impl ObjectId {
    /// The same below `/collect/`, in this list.
    #[must_use]
    pub fn of_all(self, list: &str) -> Self {
        match self {
            Self::Number(number) | Self::Path(_, number) => Self::Path(list.to_owned(), number),
        }
    }
}

impl Display for ObjectId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Path(list, number) => write!(f, "{list}/{number}"),
        }
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i32(*number),
            Self::Path(..) => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_path() {
        let number = ObjectId::Number(12);
        let json = |id: &ObjectId| serde_json::to_string(id).unwrap();
        assert_eq!(json(&number), "12");
        let path = number.of_all("baseline");
        assert_eq!(json(&path), "\"baseline/12\"");
        assert_eq!(path.of_all("exports").to_string(), "exports/12");
    }
}
