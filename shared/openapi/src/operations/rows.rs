//! Rows, and what they add up to.

use contracts::http::routes::Route;

use crate::operation::{Answer, Body, Operation};
use crate::parameters::{CURSOR, FIELDS, GROUPS, LIST, SALES, SALES_GROUPS};

pub(super) static ALL: [Operation; 5] = [
    Operation {
        route: Route::Rows,
        method: "GET",
        id: "listRowsOfImport",
        to: "list the rows of a completed team import, in the order of its file",
        query: &[LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("RowEntry"))],
        refusals: &[404, 503],
    },
    Operation {
        route: Route::DatasetRows,
        method: "GET",
        id: "listRows",
        to: "list rows of a dataset by its fields: the greatest value first where they are sorted by a field, else in the order of the files",
        query: &[FIELDS, CURSOR, LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("FieldsEntry"))],
        refusals: &[400, 404, 503],
    },
    Operation {
        route: Route::DatasetSummary,
        method: "GET",
        id: "sumRows",
        to: "add rows of a dataset up",
        query: &[GROUPS, FIELDS, LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("GroupEntry"))],
        refusals: &[400, 404, 503],
    },
    Operation {
        route: Route::Sales,
        method: "GET",
        id: "listSales",
        to: "list sales records, newest order date first",
        query: &[SALES, CURSOR, LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("SalesEntry"))],
        refusals: &[400, 503],
    },
    Operation {
        route: Route::Summary,
        method: "GET",
        id: "sumSales",
        to: "add sales records up",
        query: &[SALES_GROUPS, SALES, LIST],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Page("SummaryEntry"))],
        refusals: &[400, 503],
    },
];
