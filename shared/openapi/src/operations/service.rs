//! What the service says of itself.

use contracts::http::routes::Route;

use crate::operation::{Answer, Body, Operation};

pub(super) static ALL: [Operation; 6] = [
    Operation {
        route: Route::Console,
        method: "GET",
        id: "console",
        to: "open the console: imports and exports live, data, datasets, your account",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Html)],
        refusals: &[],
    },
    Operation {
        route: Route::Docs,
        method: "GET",
        id: "docs",
        to: "read this, as a page",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Html)],
        refusals: &[],
    },
    Operation {
        route: Route::Description,
        method: "GET",
        id: "description",
        to: "get this description",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Description)],
        refusals: &[],
    },
    Operation {
        route: Route::Health,
        method: "GET",
        id: "health",
        to: "ask whether the API is up",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Object("Health"))],
        refusals: &[],
    },
    Operation {
        route: Route::Readiness,
        method: "GET",
        id: "readiness",
        to: "ask whether the database is reached; the answer is at most 5 seconds old",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Object("Health"))],
        refusals: &[503],
    },
    Operation {
        route: Route::Usage,
        method: "GET",
        id: "usage",
        to: "see how much you have of what you may have",
        query: &[],
        headers: &[],
        body: Body::None,
        answers: &[(200, Answer::Object("UsageObject"))],
        refusals: &[],
    },
];
