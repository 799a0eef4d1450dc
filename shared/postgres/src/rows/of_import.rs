//! The rows of one import, in the order of its file.

use domain::dataset::Dataset;
use domain::import::Import;
use tokio_postgres::{Client, Transaction};

use super::count::ALONG_THE_INDEX;
use super::{Cell, MARK_EVERY, cells, columns};
use crate::Error;
use crate::imports::one_moment;
use crate::sql::of_import::COMPLETED;

/// Count and page of one import's rows, in the order of the file; no rows unless it is completed.
pub async fn import_page(
    client: &mut Client,
    import: &Import,
    dataset: &Dataset,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Vec<Cell>>), Error> {
    let moment = one_moment(client).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    // This was proved when the import was completed, and has not changed since.
    let sql = format!("SELECT rows_imported FROM import WHERE id = $1 AND state = {COMPLETED}");
    let counted = moment.query_opt(&sql, &[&import.id]).await?;
    let count = counted.map_or(Ok(0), |row| row.try_get(0))?;
    let rows = if offset < count {
        page(&moment, import, dataset, limit, offset).await?
    } else {
        Vec::new()
    };
    moment.commit().await?;
    Ok((count, rows))
}

async fn page(
    moment: &Transaction<'_>,
    import: &Import,
    dataset: &Dataset,
    limit: i64,
    offset: i64,
) -> Result<Vec<Vec<Cell>>, Error> {
    let (record, passed) = block_at(moment, import, offset).await?;
    let sql = format!(
        "SELECT {} FROM {} r JOIN import i ON i.id = r.import_id \
         WHERE i.id = $1 AND i.state = {COMPLETED} AND r.import_id = $1 AND r.record >= $2 \
         ORDER BY r.record LIMIT $3 OFFSET $4",
        columns(dataset),
        dataset.table
    );
    let rows = moment
        .query(&sql, &[&import.id, &record, &limit, &passed])
        .await?;
    rows.iter().map(|row| cells(row, dataset, 0)).collect()
}

/// The first record of the block in which the row with this offset stands, and how many rows of
/// the block stand before it.
async fn block_at(
    moment: &Transaction<'_>,
    import: &Import,
    offset: i64,
) -> Result<(i64, i64), Error> {
    let sql = "SELECT above, block FROM import_block WHERE import_id = $1 AND above <= $2 \
         ORDER BY above DESC, block DESC LIMIT 1";
    let entry = moment.query_opt(sql, &[&import.id, &offset]).await?;
    let Some(entry) = entry else {
        let words = format!("import {} has rows in no block", import.uid);
        return Err(Error::Stored(words));
    };
    let (above, block): (i64, i64) = (entry.try_get(0)?, entry.try_get(1)?);
    let beyond = offset - above;
    let block = block + beyond / MARK_EVERY;
    Ok((block * MARK_EVERY + 1, beyond % MARK_EVERY))
}
