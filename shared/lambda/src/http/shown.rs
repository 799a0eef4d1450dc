//! Imports, exports and their events as every function that shows them shows them, with the links
//! that it signs.

use aws::objects::Objects;
use contracts::http::events::EventEntry;
use contracts::http::exports::{Download, ExportObject};
use contracts::http::imports::FileObject;
use domain::dataset::Dataset;
use domain::export::{self, Export};
use domain::import::Import;
use domain::limits::LINK_VALID_FOR;
use domain::waiting::Queue;
use jiff::Timestamp;
use postgres::events::Event;

use super::Refusal;

/// The object of an import, with the link to its rejects file.
///
/// # Errors
/// The link cannot be signed.
pub async fn import(
    objects: &Objects,
    import: Import,
    dataset: &Dataset,
    queue: &Queue,
    now: Timestamp,
) -> Result<FileObject, Refusal> {
    let url = objects.url(&import.object_key);
    let rejected = import.has_rejected_file(now);
    let rejected = rejected.then(|| import.rejected_key());
    let mut object = FileObject::with_queue(import, dataset, url, queue, now);
    if let Some(key) = rejected {
        let name = format!("rejected-{}.csv", object.id);
        let link = objects.presign_get(&key, &name, LINK_VALID_FOR);
        object.rejected_rows_url = Some(link.await?.url);
    }
    Ok(object)
}

/// The object of an export, with the link to its file.
///
/// # Errors
/// The link cannot be signed.
pub async fn export(
    objects: &Objects,
    export: Export,
    now: Timestamp,
) -> Result<ExportObject, Refusal> {
    let download = match export.seen_as() {
        export::State::Completed if export.expires_at > Some(now) => {
            Some(download(objects, &export).await?)
        }
        _ => None,
    };
    Ok(ExportObject::new(export, download, now))
}

async fn download(objects: &Objects, export: &Export) -> Result<Download, Refusal> {
    let file = export.file_name();
    let link = objects
        .presign_get(&export.object_key, &file, LINK_VALID_FOR)
        .await?;
    Ok(Download {
        url: link.url,
        expires_at: link.expires_at,
        bytes: export.bytes_done,
        file,
    })
}

/// A change of state.
pub fn event(event: Event) -> EventEntry {
    EventEntry {
        number: event.number,
        at: event.at,
        was: event.was,
        status: event.state,
        by: event.actor,
        code: event.code,
    }
}
