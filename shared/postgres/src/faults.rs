//! What whoever runs the service is told of an import or export that a fault has ended. The metric
//! filter `EndedByFault` of template.yaml counts these lines.

use domain::export::Export;
use domain::import::Import;
use domain::reason::Reason;

/// Says it of the import that has just failed or is held, if there is one, and a fault is the reason.
pub(crate) fn note_import(ended: Option<Import>, reason: &Reason) -> Option<Import> {
    if let Some(import) = ended.as_ref().filter(|_| reason.is_a_fault()) {
        tracing::error!(import = %import.uid, code = reason.code(), "ended by a fault");
    }
    ended
}

/// The same of an export.
pub(crate) fn note_export(ended: Option<Export>, reason: &Reason) -> Option<Export> {
    if let Some(export) = ended.as_ref().filter(|_| reason.is_a_fault()) {
        tracing::error!(export = %export.uid, code = reason.code(), "ended by a fault");
    }
    ended
}
