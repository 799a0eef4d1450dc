use aws::objects::Objects;
use conduct::ExportConductor;
use domain::import::Import;
use lambda::{Failure, chain};
use postgres::datasets::{self, DropEnded};
use postgres::{Database, exports, preparing, rollback, upkeep};

/// Removes what deleted imports may have left: an object that was uploaded when its import was gone
/// and whose event was lost, or a chunk's row that a worker held while the plan was deleted.
/// Returns how many imports were swept.
pub async fn sweep(database: &Database, objects: &Objects) -> Result<usize, Failure> {
    let unswept = database
        .run(async |client| upkeep::unswept(client).await)
        .await?;
    for import in &unswept {
        sweep_one(database, objects, import).await?;
    }
    Ok(unswept.len())
}

async fn sweep_one(database: &Database, objects: &Objects, import: &Import) -> Result<(), Failure> {
    objects.delete_all_versions(&import.object_key).await?;
    let rejected = import.rejected_key();
    objects.delete_all_versions(&rejected).await?;
    database
        .run(async |client| {
            while rollback::forget_errors(client, import).await? {}
            rollback::forget_plan(client, import).await?;
            Ok(upkeep::mark_swept(client, import).await?)
        })
        .await
}

/// Removes the originals of imports that are kept no longer, and their rejects files. Returns how many
/// imports this was done for.
pub async fn expire_originals(
    database: &Database,
    objects: &Objects,
    upload_days: i32,
) -> Result<usize, Failure> {
    let expired = database
        .run(async |client| upkeep::expired(client, upload_days).await)
        .await?;
    for import in &expired {
        objects.delete_all_versions(&import.object_key).await?;
        let rejected = import.rejected_key();
        objects.delete_all_versions(&rejected).await?;
        database
            .run(async |client| upkeep::mark_expired(client, import).await)
            .await?;
    }
    Ok(expired.len())
}

/// Removes what ended exports may have left: a part or an object that a writer stored while its
/// export was being removed, and had no time to remove itself. Returns how many exports were swept.
pub async fn sweep_exports(
    database: &Database,
    conductor: &ExportConductor,
) -> Result<usize, Failure> {
    let unswept = database
        .run(async |client| exports::unswept(client).await)
        .await?;
    for export in &unswept {
        conductor.remove_object(export).await?;
        database
            .run(async |client| exports::mark_swept(client, export).await)
            .await?;
    }
    Ok(unswept.len())
}

/// Removes what was prepared for ended imports: the object that was read in place of the one that
/// arrived, and what a preparer stored after its import had ended. Returns how many imports were
/// swept.
pub async fn sweep_prepared(database: &Database, objects: &Objects) -> Result<usize, Failure> {
    let unswept = database
        .run(async |client| upkeep::unswept_prepared(client).await)
        .await?;
    for import in &unswept {
        let keys = import.prepared_keys();
        objects.abort_uploads_below(&keys).await?;
        objects.delete_all_below(&keys).await?;
        database
            .run(async |client| {
                preparing::forget_parts(client, import).await?;
                upkeep::mark_prepared_swept(client, import).await
            })
            .await?;
    }
    Ok(unswept.len())
}

/// Drops the datasets that are marked and whose imports are all deleted and swept: their tables and
/// their entries. Returns how many are gone. One whose table is locked is left for the next pass.
pub async fn drop_datasets(database: &Database) -> Result<usize, Failure> {
    let marked = database
        .run(async |client| datasets::dropping(client).await)
        .await?;
    let (mut gone, mut failed) = (0, None);
    for id in marked {
        let ended = database
            .run(async |client| datasets::end_drop(client, id).await)
            .await;
        match ended {
            Ok(DropEnded::Gone) => gone += 1,
            Ok(waits) => tracing::warn!(dataset = id, ?waits, "not dropped yet"),
            // One that cannot be dropped holds up none of the others.
            Err(error) => {
                tracing::error!(dataset = id, cause = chain(&error), "not dropped");
                failed = Some(error);
            }
        }
    }
    match failed {
        None => Ok(gone),
        Some(error) => Err(error.into()),
    }
}
