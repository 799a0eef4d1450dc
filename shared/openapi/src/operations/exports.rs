//! Exports, and what is asked of them.

use contracts::http::routes::Route;

use crate::operation::{Answer, Body, Operation};
use crate::parameters::{EXPORT, IDEMPOTENCY_KEY, IF_NONE_MATCH, LIST, SALES};

pub(super) static ALL: [Operation; 7] = [
    Operation {
        route: Route::Exports,
        method: "POST",
        id: "createExport",
        to: "ask for an export",
        query: &[],
        headers: &[IDEMPOTENCY_KEY],
        body: Body::MayBeFields(&[EXPORT, SALES]),
        answers: &[(201, Answer::Object("ExportObject"))],
        refusals: &[400, 404, 409, 413, 415, 422, 503],
    },
    Operation {
        route: Route::Exports,
        method: "GET",
        id: "listExports",
        to: "list exports, newest first",
        query: &[LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("ExportObject"))],
        refusals: &[503],
    },
    Operation {
        route: Route::Export,
        method: "GET",
        id: "showExport",
        to: "show an export",
        query: &[],
        headers: &[IF_NONE_MATCH],
        body: Body::None,
        answers: &[
            (200, Answer::Object("ExportObject")),
            (304, Answer::Nothing),
        ],
        refusals: &[404],
    },
    Operation {
        route: Route::ConfirmExport,
        method: "POST",
        id: "confirmExport",
        to: "let a large export begin",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(202, Answer::Object("ExportObject"))],
        refusals: &[404, 409],
    },
    Operation {
        route: Route::CancelExport,
        method: "POST",
        id: "cancelExport",
        to: "cancel an export",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(202, Answer::Object("ExportObject"))],
        refusals: &[404, 409],
    },
    Operation {
        route: Route::Export,
        method: "DELETE",
        id: "deleteExport",
        to: "delete an export",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(204, Answer::Nothing)],
        refusals: &[404, 409],
    },
    Operation {
        route: Route::ExportEvents,
        method: "GET",
        id: "listExportEvents",
        to: "list what has happened to an export, in its order",
        query: &[LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("EventEntry"))],
        refusals: &[404],
    },
];
