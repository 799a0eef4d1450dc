use aws::objects::Objects;
use conduct::ExportConductor;
use domain::import::Import;
use lambda::Failure;
use postgres::{Database, exports, rollback, upkeep};

/// Removes what deleted imports may have left: an object that was uploaded when its import was gone
/// and whose event was lost, or a chunk's row that a worker held while the plan was deleted.
/// Returns how many imports were swept.
pub async fn sweep(database: &Database, objects: &Objects) -> Result<usize, Failure> {
    let connection = database.connection().await?;
    let unswept = upkeep::unswept(&connection).await?;
    connection.keep().await;
    for import in &unswept {
        sweep_one(database, objects, import).await?;
    }
    Ok(unswept.len())
}

async fn sweep_one(database: &Database, objects: &Objects, import: &Import) -> Result<(), Failure> {
    objects.delete_all_versions(&import.object_key).await?;
    let rejected = import.rejected_key();
    objects.delete_all_versions(&rejected).await?;
    let connection = database.connection().await?;
    while rollback::forget_errors(&connection, import).await? {}
    rollback::forget_plan(&connection, import).await?;
    upkeep::mark_swept(&connection, import).await?;
    connection.keep().await;
    Ok(())
}

/// Removes what ended exports may have left: a part or an object that a writer stored while its
/// export was being removed, and had no time to remove itself. Returns how many exports were swept.
pub async fn sweep_exports(
    database: &Database,
    conductor: &ExportConductor,
) -> Result<usize, Failure> {
    let connection = database.connection().await?;
    let unswept = exports::unswept(&connection).await?;
    connection.keep().await;
    for export in &unswept {
        conductor.remove_object(export).await?;
        let connection = database.connection().await?;
        exports::mark_swept(&connection, export).await?;
        connection.keep().await;
    }
    Ok(unswept.len())
}
