use domain::catalog;
use domain::dataset::Dataset;
use domain::import::Import;
use domain::order::Order;
use tokio_postgres::Client;

use crate::Error;

/// Where the rows of a dataset are, and by what they are found there: all that it takes to take an
/// import back. What is declared of the dataset is not asked, so nothing in it stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowTable {
    /// The SQL table.
    pub(crate) name: String,
    /// The column that its key has before the record, and the order of its values.
    pub(crate) sorted_by: Option<(String, Order)>,
    /// False if it is made with the first object of an import.
    pub(crate) is_built_in: bool,
}

impl RowTable {
    /// The SQL columns of the key after `import_id`.
    pub(crate) fn key(&self) -> Vec<&str> {
        let sorted_by = self.sorted_by.iter().map(|(column, _)| column.as_str());
        sorted_by.chain(["record"]).collect()
    }

    /// The order of the rows; `None`: that of their file.
    pub(crate) fn order(&self) -> Option<Order> {
        self.sorted_by.as_ref().map(|it| it.1)
    }
}

impl From<&Dataset> for RowTable {
    fn from(dataset: &Dataset) -> Self {
        let column = dataset.sorted_by.map(|it| &dataset.columns[it]);
        let sorted_by = column.zip(dataset.order());
        Self {
            name: dataset.table.clone(),
            sorted_by: sorted_by.map(|(column, order)| (column.name.clone(), order)),
            is_built_in: dataset.id.is_none(),
        }
    }
}

/// Where the rows of an import are. The column that they are sorted by cannot change while there is
/// an import, so the entry knows it for every version.
///
/// # Errors
/// The server or the connection is at fault, or there is no such dataset.
pub async fn row_table(client: &Client, import: &Import) -> Result<RowTable, Error> {
    let Some(declared) = import.declared else {
        let built_in = catalog::known(&import.dataset);
        let built_in = built_in.map_err(|unknown| Error::Stored(unknown.to_string()))?;
        return Ok(RowTable::from(&*built_in));
    };
    let id = declared.id;
    let sql = "SELECT sorted_column, column_types[array_position(column_numbers, sorted_column)] \
         FROM dataset WHERE id = $1 AND owner = $2";
    let row = client.query_opt(sql, &[&id, &import.owner]).await?;
    let row = row.ok_or_else(|| Error::Stored(format!("dataset {id} is not there")))?;
    let (column, code): (Option<i32>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let sorted_by = match (column, code) {
        (Some(column), Some(code)) => Some((format!("c{column}"), order(&code)?)),
        _ => None,
    };
    Ok(RowTable {
        name: format!("d_{id}"),
        sorted_by,
        is_built_in: false,
    })
}

/// The order of a column whose type has this code.
fn order(code: &str) -> Result<Order, Error> {
    Ok(match code {
        "date" => Order::Dates,
        "timestamp" => Order::DateTimes,
        "timestamptz" => Order::Moments,
        // The bounds say in which bucket a value is, and nothing of where it stands.
        "bigint" => Order::Integers {
            min: i64::MIN,
            max: i64::MAX,
        },
        other => {
            return Err(Error::Stored(format!(
                "rows are sorted by the type {other}"
            )));
        }
    })
}
