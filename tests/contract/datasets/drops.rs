//! Dropped; and what every route has: methods and tokens.

use super::*;

pub(super) fn drops() -> Vec<Case> {
    let in_use = r#"{"detail":"The dataset has 1 import. Delete them first, or add ?take_back=true: then each is taken back and deleted, with every row of it.","code":"in_use","imports":1}"#;
    let dropping =
        r#"{"name":"orders","imports_left":<number>,"rows_deleted":<number>,"rows_remaining":0}"#;
    vec![
        Case::new("Drop a dataset", delete(ONE).by(Declared), 204, ""),
        Case::new(
            "A dataset that has imports is not dropped",
            delete(ONE).by(Ordered),
            409,
            in_use,
        ),
        Case::new(
            "Take back its imports first",
            delete("/collect/datasets/orders/?take_back=true").by(Ordered),
            202,
            dropping,
        ),
        Case::new(
            "Take back, said in another way",
            delete("/collect/datasets/orders/?take_back=yes").by(Ordered),
            400,
            r#"{"take_back":["Must be a valid boolean."]}"#,
        ),
        Case::new(
            "Drop a dataset that was declared at another time",
            delete("/collect/datasets/orders/?declared_at=2026-01-01T00:00:00Z").by(Declared),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "Drop a dataset that was declared at no time",
            delete("/collect/datasets/orders/?declared_at=now").by(Declared),
            400,
            r#"{"declared_at":["Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."]}"#,
        ),
        Case::new(
            "Drop a dataset of somebody else",
            delete(ONE).by(Fresh),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "Drop a dataset that is built in",
            delete("/collect/datasets/team/").by(Teams),
            409,
            r#"{"detail":"`team` means something else here: use another name.","code":"name_taken"}"#,
        ),
    ]
}

pub(super) fn methods() -> Vec<Case> {
    let refused = |name, method, path, allow| {
        let answer = format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
        let request = Request::new(method, path).by(Fresh);
        Case::new(name, request, 405, answer).with_header("allow", allow)
    };
    let options = |name, path, allow, renders, parses: &[&str]| {
        let request = Request::new("OPTIONS", path).by(Fresh);
        let parses: Vec<String> = parses.iter().map(|it| format!("\"{it}\"")).collect();
        let answer = format!(
            r#"{{"name":"Collect","description":"","renders":["{renders}"],"parses":[{}]}}"#,
            parses.join(",")
        );
        Case::new(name, request, 200, answer).with_header("allow", allow)
    };
    let json = "application/json";
    let read = "GET, HEAD, OPTIONS";
    let head =
        |name, path, status| Case::new(name, Request::new("HEAD", path).by(Declared), status, "");
    vec![
        refused("POST to the datasets", "POST", ALL, read),
        refused("POST to a dataset", "POST", ONE, OF_ONE),
        refused("PATCH of a dataset", "PATCH", ONE, OF_ONE),
        refused("GET of a look at a sample", "GET", INFER, "POST, OPTIONS"),
        refused(
            "PUT to a trial of a sample",
            "PUT",
            VALIDATE,
            "POST, OPTIONS",
        ),
        refused("DELETE of columns", "DELETE", "/collect/team/schema/", read),
        refused(
            "POST to a file to fill in",
            "POST",
            "/collect/team/template.csv",
            read,
        ),
        head("HEAD of the datasets", ALL, 200),
        head("HEAD of a dataset", ONE, 200),
        head(
            "HEAD of a dataset that is not there",
            "/collect/datasets/other/",
            404,
        ),
        head("HEAD of columns", "/collect/orders/schema/", 200),
        options("OPTIONS of the datasets", ALL, read, json, &[]),
        options("OPTIONS of a dataset", ONE, OF_ONE, json, &[json]),
        options(
            "OPTIONS of a look at a sample",
            INFER,
            "POST, OPTIONS",
            json,
            &["multipart/form-data", "text/csv"],
        ),
        options(
            "OPTIONS of a trial of a sample",
            VALIDATE,
            "POST, OPTIONS",
            json,
            &["multipart/form-data"],
        ),
        options(
            "OPTIONS of a file to fill in",
            "/collect/team/template.csv",
            read,
            "text/csv",
            &[],
        ),
    ]
}

pub(super) fn without_token() -> Vec<Case> {
    let refused = |name, request| {
        let answer = r#"{"detail":"Authentication credentials were not provided."}"#;
        Case::new(name, request, 401, answer)
    };
    vec![
        refused("Datasets without a token", get(ALL)),
        refused("A dataset without a token", get(ONE)),
        refused("A declaration without a token", put(ONE).json(DECLARATION)),
        refused("A drop without a token", delete(ONE)),
        refused(
            "A sample without a token",
            post(INFER).file("orders.csv", ORDERS),
        ),
        refused("Columns without a token", get("/collect/team/schema/")),
        refused(
            "A file to fill in without a token",
            get("/collect/team/template.csv"),
        ),
    ]
}
