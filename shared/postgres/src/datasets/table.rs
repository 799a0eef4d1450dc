use tokio_postgres::Client;
use trial::point;
use uuid::Uuid;

use crate::Error;
use crate::sql::of_import::AWAITING_UPLOAD;

/// Makes the table of the dataset that the import is of, if it waits for its object and the table is
/// not there: a dataset that nobody imports into costs no table.
pub async fn ensure_table(client: &Client, import: Uuid) -> Result<(), Error> {
    let sql = format!(
        "SELECT make_dataset_table(dataset_id) FROM import \
         WHERE uid = $1 AND dataset_id IS NOT NULL AND state = {AWAITING_UPLOAD}"
    );
    client.execute(&sql, &[&import]).await?;
    point("table-made");
    Ok(())
}
