//! `/collect/datasets/` and what belongs to one dataset: declared, shown, tried, dropped.

use super::case::{Case, FormPart, Request, get, post};
use super::objects::page;
use super::stage::ORDERS;
use super::stage::State::{Declared, Fresh, Ordered, Ordering, Teams};

const ALL: &str = "/collect/datasets/";
const ONE: &str = "/collect/datasets/orders/";
const INFER: &str = "/collect/datasets/infer/";
const VALIDATE: &str = "/collect/datasets/validate/";

/// Three fields, as they are declared, and the one that rows are sorted by.
pub const DECLARATION: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","constraints":{"required":true},"example":"2026-03-02"},{"name":"paid","type":"number","decimals":2,"digits":14}],"sortedBy":"placed"}"#;

/// The same, with a field more.
pub const MORE: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","constraints":{"required":true},"example":"2026-03-02"},{"name":"paid","type":"number","decimals":2,"digits":14},{"name":"country","type":"string"}],"sortedBy":"placed"}"#;

/// Without a field that was there.
const FEWER: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","constraints":{"required":true}}],"sortedBy":"placed"}"#;

/// The document in its canonical form: what an answer shows of [`DECLARATION`].
const SHOWN: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","example":"2026-03-02","constraints":{"required":true}},{"name":"paid","type":"number","decimals":2,"digits":14}],"sortedBy":"placed"}"#;
const MORE_SHOWN: &str = r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date","example":"2026-03-02","constraints":{"required":true}},{"name":"paid","type":"number","decimals":2,"digits":14},{"name":"country","type":"string"}],"sortedBy":"placed"}"#;

/// Two records of which nothing is in doubt.
pub const SAMPLE: &str = "number,placed\r\n1,2026-03-02\r\n2,2026-03-03\r\n";

const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;
const OF_ONE: &str = "GET, PUT, DELETE, HEAD, OPTIONS";

pub fn cases() -> Vec<Case> {
    let topics = [
        lists(),
        declarations(),
        refusals(),
        shown(),
        samples(),
        drops(),
        methods(),
        without_token(),
    ];
    topics.into_iter().flatten().map(Case::added).collect()
}

fn put(path: &'static str) -> Request {
    Request::new("PUT", path)
}

fn delete(path: &'static str) -> Request {
    Request::new("DELETE", path)
}

/// A dataset that is built in, in a list.
pub fn built_in(name: &str) -> String {
    format!(
        r#"{{"name":"{name}","built_in":true,"version":1,"declared_at":null,"changed_at":null}}"#
    )
}

/// The object of the dataset `orders`.
fn dataset(version: i32, declaration: &str) -> String {
    format!(
        r#"{{"name":"orders","built_in":false,"version":{version},"declared_at":"<time>","changed_at":"<time>","declaration":{declaration}}}"#
    )
}

fn lists() -> Vec<Case> {
    let (baseline, team) = (built_in("baseline"), built_in("team"));
    let orders = r#"{"name":"orders","built_in":false,"version":1,"declared_at":"<time>","changed_at":"<time>"}"#;
    let second = format!(
        r#"{{"count":3,"next":"<api>/collect/datasets/?limit=1&offset=2","previous":"<api>/collect/datasets/?limit=1","results":[{team}]}}"#
    );
    let last = format!(
        r#"{{"count":3,"next":null,"previous":"<api>/collect/datasets/?limit=1&offset=1","results":[{orders}]}}"#
    );
    vec![
        Case::new(
            "Datasets of somebody who has declared none",
            get(ALL).by(Fresh),
            200,
            page(&[&baseline, &team]),
        ),
        Case::new(
            "Datasets: those that are built in, then one's own",
            get(ALL).by(Declared),
            200,
            page(&[&baseline, &team, orders]),
        ),
        Case::new(
            "A page within those that are built in",
            get("/collect/datasets/?limit=1&offset=1").by(Declared),
            200,
            second,
        ),
        Case::new(
            "A page after those that are built in",
            get("/collect/datasets/?limit=1&offset=2").by(Declared),
            200,
            last,
        ),
    ]
}

fn declarations() -> Vec<Case> {
    vec![
        Case::new(
            "Declare a dataset",
            put(ONE).by(Fresh).json(DECLARATION),
            201,
            dataset(1, SHOWN),
        ),
        Case::new(
            "The same declaration again changes nothing",
            put(ONE).by(Declared).json(DECLARATION),
            200,
            dataset(1, SHOWN),
        ),
        Case::new(
            "One more field, which is optional, is another version",
            put(ONE).by(Declared).json(MORE),
            200,
            dataset(2, MORE_SHOWN),
        ),
        Case::new(
            "Without imports a declaration may become any other",
            put(ONE).by(Declared).json(FEWER),
            200,
            dataset(2, FEWER),
        ),
        Case::new(
            "With imports, too, a field may be added",
            put(ONE).by(Ordered).json(MORE),
            200,
            dataset(2, MORE_SHOWN),
        ),
        Case::new(
            "A field is not taken from the imports that have it",
            put(ONE).by(Ordered).json(FEWER),
            409,
            r#"{"detail":"The dataset has imports that this declaration does not fit. Declare it under another name, or delete the imports first.","code":"incompatible","problems":[{"path":"fields","code":"field_removed","message":"The field \"paid\" is gone, and rows have it. A new name is a new field."}]}"#,
        ),
        Case::new(
            "No field is added while an import is under way",
            put(ONE).by(Ordering).json(MORE),
            409,
            r#"{"detail":"A field cannot be added while an import of the dataset is under way: wait until it has ended, or cancel it.","code":"imports_under_way"}"#,
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let refused = |name, json, detail: &str, problems: &str| {
        let answer =
            format!(r#"{{"detail":"{detail}","code":"bad_declaration","problems":[{problems}]}}"#);
        Case::new(name, put(ONE).by(Fresh).json(json), 400, answer)
    };
    let problem = |path: &str, code: &str| {
        format!(r#"{{"path":"{path}","code":"{code}","message":"<words>"}}"#)
    };
    let named = |name, path, status, answer: &str| {
        Case::new(name, put(path).by(Fresh).json(DECLARATION), status, answer)
    };
    vec![
        refused(
            "A property that is not supported",
            r#"{"fields":[{"name":"number","type":"integer"}],"primaryKey":["number"]}"#,
            "primaryKey: <words>",
            &problem("primaryKey", "not_supported"),
        ),
        refused(
            "Several problems, each with its place",
            r#"{"fields":[{"name":"number","type":"integer","constraints":{"required":"yes"}},{"name":"placed"}]}"#,
            "fields[0].constraints.required: Use true or false. One more problem is listed.",
            &[
                problem("fields[0].constraints.required", "wrong_type"),
                problem("fields[1].type", "required"),
            ]
            .join(","),
        ),
        refused("No document", "", "<words>", &problem("", "wrong_type")),
        refused("A list", "[]", "<words>", &problem("", "wrong_type")),
        Case::new(
            "A property that is said twice",
            put(ONE).by(Fresh).json(r#"{"fields":[],"fields":[]}"#),
            400,
            r#"{"detail":"JSON parse error - \"fields\" is said twice at line 1 column <number>"}"#,
        ),
        Case::new(
            "A declaration that is no JSON",
            put(ONE).by(Fresh).json("{"),
            400,
            r#"{"detail":"JSON parse error - <words>"}"#,
        ),
        Case::new(
            "A declaration in a form",
            put(ONE).by(Fresh).form("fields=x"),
            415,
            r#"{"detail":"Unsupported media type \"application/x-www-form-urlencoded\" in request."}"#,
        ),
        named(
            "A name that is built in",
            "/collect/datasets/team/",
            409,
            r#"{"detail":"`team` means something else here: use another name.","code":"name_taken"}"#,
        ),
        named(
            "A name that means something else in a path",
            "/collect/datasets/rows/",
            409,
            r#"{"detail":"`rows` means something else here: use another name.","code":"name_taken"}"#,
        ),
        named(
            "A name that cannot be one",
            "/collect/datasets/My-Orders/",
            400,
            r#"{"detail":"Use 1 to <number> lower-case letters of English, digits and underscores, and begin with a letter.","code":"bad_name"}"#,
        ),
    ]
}

fn shown() -> Vec<Case> {
    let columns = [
        column("number", "integer", "string", false),
        column("placed", "date", "string", false),
        column("paid", "number", "number", true),
    ];
    let schema = format!(
        r#"{{"dataset":"orders","version":1,"columns":[{}],"declaration":{SHOWN}}}"#,
        columns.join(",")
    );
    let csv = |name, path, file: &'static str, answer: &str| {
        Case::new(name, get(path).by(Declared), 200, answer)
            .with_header("content-type", "text/csv; charset=utf-8")
            .with_header("content-disposition", file)
    };
    vec![
        Case::new("A dataset", get(ONE).by(Declared), 200, dataset(1, SHOWN)),
        Case::new(
            "A version of a dataset",
            get("/collect/datasets/orders/?version=1").by(Declared),
            200,
            dataset(1, SHOWN),
        ),
        Case::new(
            "A version that it does not have",
            get("/collect/datasets/orders/?version=2").by(Declared),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "A version that is no number",
            get("/collect/datasets/orders/?version=last").by(Declared),
            400,
            r#"{"version":["A valid integer is required."]}"#,
        ),
        Case::new(
            "The dataset of somebody else",
            get(ONE).by(Fresh),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "The columns of a dataset",
            get("/collect/orders/schema/").by(Declared),
            200,
            schema,
        ),
        Case::new(
            "The columns of a dataset of somebody else",
            get("/collect/orders/schema/").by(Fresh),
            404,
            NOT_FOUND,
        ),
        csv(
            "A file to fill in, with the examples of its fields",
            "/collect/orders/template.csv",
            r#"attachment; filename="orders.csv""#,
            "number,placed,paid\r\n\"\",2026-03-02,\r\n",
        ),
        csv(
            "A file of a dataset that is built in",
            "/collect/team/template.csv",
            r#"attachment; filename="team.csv""#,
            "team_name,manager_name,manager_phone_number\r\nFalcons,Ada,(674) 566-5530\r\n",
        ),
        Case::new(
            "A file of a dataset of somebody else",
            get("/collect/orders/template.csv").by(Fresh),
            404,
            NOT_FOUND,
        ),
    ]
}

/// What is made of [`SAMPLE`].
pub fn inferred() -> String {
    let fields = r#"[{"name":"number","type":"integer"},{"name":"placed","type":"date"}]"#;
    format!(
        r#"{{"declaration":{{"fields":{fields},"dialect":{{"delimiter":","}}}},"doubts":[],"bytes_looked_at":{}}}"#,
        SAMPLE.len()
    )
}

/// The columns of the built-in dataset `team`.
pub fn team_schema() -> String {
    let of = |name: &str, example: &str, chars: u32| {
        let column = column(name, "string", "string", false);
        let field = format!(
            r#"{{"name":"{name}","type":"string","example":"{example}","constraints":{{"required":true,"maxLength":{chars}}}}}"#
        );
        (column, field)
    };
    let (columns, fields): (Vec<String>, Vec<String>) = [
        of("team_name", "Falcons", 100),
        of("manager_name", "Ada", 100),
        of("manager_phone_number", "(674) 566-5530", 15),
    ]
    .into_iter()
    .unzip();
    format!(
        r#"{{"dataset":"team","version":1,"columns":[{}],"declaration":{{"fields":[{}],"fieldsMatch":"subset","missingValues":[]}}}}"#,
        columns.join(","),
        fields.join(",")
    )
}

fn column(field: &str, kind: &str, answered: &str, nullable: bool) -> String {
    format!(
        r#"{{"field":"{field}","heading":"{field}","type":"{kind}","answered_as":"{answered}","nullable":{nullable}}}"#
    )
}

fn samples() -> Vec<Case> {
    let no_file = r#"{"file":["No file was submitted."]}"#;
    let sample = |declaration| {
        let parts = [
            FormPart::Text("declaration", declaration),
            FormPart::File("file", "orders.csv", ORDERS),
        ];
        post(VALIDATE).by(Fresh).multipart(&parts)
    };
    let warning = r#"{"code":"rows_rejected","detail":"<words>"}"#;
    let error = r#"{"record":3,"line":4,"column":"placed","value":"2026-02-30","code":"bad_date","message":"<words>"}"#;
    vec![
        Case::new(
            "A declaration of a sample",
            post(INFER).by(Fresh).file("orders.csv", SAMPLE),
            200,
            inferred(),
        ),
        Case::new(
            "A sample that is the whole body",
            post(INFER).by(Fresh).text(Some("text/csv"), SAMPLE),
            200,
            inferred(),
        ),
        Case::new("A sample of nothing", post(INFER).by(Fresh), 400, no_file),
        Case::new(
            "An empty sample",
            post(INFER).by(Fresh).file("orders.csv", ""),
            400,
            r#"{"file":["The submitted file is empty."]}"#,
        ),
        Case::new(
            "A sample in JSON",
            post(INFER).by(Fresh).json("{}"),
            400,
            no_file,
        ),
        Case::new(
            "A sample without a declaration",
            post(VALIDATE).by(Fresh).file("orders.csv", ORDERS),
            400,
            r#"{"declaration":["This field is required."]}"#,
        ),
        Case::new(
            "A sample that does not fit in one record",
            sample(DECLARATION),
            200,
            validated("2", "1", ORDERS.len(), &format!("[{error}]"), warning),
        ),
        Case::new(
            "A declaration that is none, with a sample",
            sample(r#"{"fields":[]}"#),
            400,
            r#"{"detail":"fields: <words>","code":"bad_declaration","problems":[{"path":"fields","code":"blank","message":"<words>"}]}"#,
        ),
    ]
}

/// What an import of so many records would say.
pub fn validated(rows: &str, rejected: &str, bytes: usize, errors: &str, warning: &str) -> String {
    let part = |name: &str, value: &str, origin: &str| {
        format!(r#""{name}":{{"value":"{value}","origin":"{origin}"}}"#)
    };
    let read_as = [
        part("encoding", "utf-8", "declared"),
        part("delimiter", ",", "found"),
        part("quote", "\\\"", "declared"),
        part("escape", "doubled", "declared"),
        part("skip_initial_space", "false", "declared"),
        part("skip_lines", "0", "declared"),
        part("heading_lines", "1", "declared"),
        part("decimal", ".", "declared"),
        part("group", "", "declared"),
        part("currency", "", "declared"),
        part("dates", "<words>", "declared"),
    ];
    format!(
        r#"{{"error":null,"warnings":[{warning}],"read_as":{{{}}},"rows_imported":{rows},"rows_rejected":{rejected},"records_empty":0,"row_errors":{errors},"bytes_looked_at":{bytes}}}"#,
        read_as.join(","),
    )
}

fn drops() -> Vec<Case> {
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

fn methods() -> Vec<Case> {
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

fn without_token() -> Vec<Case> {
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
