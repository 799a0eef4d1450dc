//! Methods that a route of imports does not have, and those that it has besides its own: HEAD and
//! OPTIONS.

use super::case::{Case, Request};
use super::stage::State::Teams;

const TEAM: &str = "/collect/team/";
const ONE: &str = "/collect/team/1/";
const OPTIONS: &str = r#"{"name":"Collect","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}"#;
const OF_THE_LIST: &str = "GET, POST, HEAD, OPTIONS";
const OF_ONE: &str = "GET, DELETE, HEAD, OPTIONS";
const FEWER: &str = "there, the name is the view's own, and forms are described";

pub fn cases() -> Vec<Case> {
    let refused = |name, method, path, allow| {
        let answer = format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
        Case::new(name, Request::new(method, path).by(Teams), 405, answer)
            .with_header("allow", allow)
    };
    let upload = "there, 403";
    let options = |name, path, allow| {
        Case::new(name, Request::new("OPTIONS", path).by(Teams), 200, OPTIONS)
            .with_header("allow", allow)
            .deviates(FEWER)
    };
    vec![
        refused("PUT to a list", "PUT", TEAM, OF_THE_LIST).deviates(upload),
        refused("PATCH of a list", "PATCH", TEAM, OF_THE_LIST).deviates(upload),
        refused("DELETE of a list", "DELETE", TEAM, OF_THE_LIST),
        refused("PUT to an import", "PUT", ONE, OF_ONE).deviates(upload),
        refused("PATCH of an import", "PATCH", ONE, OF_ONE).deviates(upload),
        refused("POST to an import", "POST", ONE, OF_ONE),
        refused(
            "GET of a command",
            "GET",
            "/collect/team/1/cancel/",
            "POST, OPTIONS",
        )
        .added(),
        refused(
            "GET of a replacement",
            "GET",
            "/collect/team/1/replace/",
            "POST, OPTIONS",
        )
        .added(),
        refused(
            "GET of a retry",
            "GET",
            "/collect/team/1/retry/",
            "POST, OPTIONS",
        )
        .added(),
        refused(
            "POST of errors",
            "POST",
            "/collect/team/1/errors/",
            "GET, HEAD, OPTIONS",
        )
        .added(),
        refused(
            "DELETE of rows",
            "DELETE",
            "/collect/team/1/rows/",
            "GET, HEAD, OPTIONS",
        )
        .added(),
        Case::new(
            "HEAD of a list",
            Request::new("HEAD", TEAM).by(Teams),
            200,
            "",
        ),
        Case::new(
            "HEAD of an import",
            Request::new("HEAD", ONE).by(Teams),
            200,
            "",
        ),
        Case::new(
            "HEAD of what is not there",
            Request::new("HEAD", "/collect/team/2/").by(Teams),
            404,
            "",
        ),
        options("OPTIONS of a list", TEAM, OF_THE_LIST),
        options("OPTIONS of an import", ONE, OF_ONE),
        options(
            "OPTIONS of a command",
            "/collect/team/1/cancel/",
            "POST, OPTIONS",
        )
        .added(),
    ]
}
