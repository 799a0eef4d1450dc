//! The payloads of the functions that answer the API, each sent to its function as the gateway
//! sends it. Names and tokens are filled in where a file has a placeholder; nothing else is
//! changed.

use serde_json::{Value, json};
use uuid::Uuid;

use super::audit::{act, asked_in_audit};
use super::datasets::{SAMPLE, built_in, inferred, team_schema, validated};
use super::everything::{asked_for, entry_of_all};
use super::exports::asked;
use super::objects::{not_waiting, page, waiting, with_upload};
use super::pattern::fits;
use crate::fixture::client::{User, api_url};
use crate::fixture::cloud;
use crate::fixture::events::{event, names};
use crate::fixture::stack::variable;

const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;
const UNKNOWN: &str = r#"{"detail":"Authentication credentials were not provided."}"#;

/// The name of an event's file, and the answer to a user whose team import 1 awaits its upload.
type Line = (&'static str, u16, String);

fn auth() -> Vec<Line> {
    let signed_up = r#"{"email":"ada@example.com","username":"<ada>","id":<number>}"#;
    let no_address = r#"{"email":["Enter a valid email address."]}"#;
    let without = signed_up.replace("ada@example.com", "");
    let me = r#"{"email":"","id":<number>,"username":"<user>"}"#;
    let access = r#"{"access":"<token>"}"#;
    let key = r#"{"id":1,"name":"nightly","access":"read","prefix":"ck_<number>_1_","created_at":"<time>","expires_at":"<time>","key":"<token>"}"#;
    vec![
        ("blacklist", 200, "{}".to_owned()),
        ("list-keys", 200, page(&[])),
        ("make-key", 201, key.to_owned()),
        ("me", 200, me.to_owned()),
        ("refresh", 200, access.to_owned()),
        ("refresh-by-cookie", 200, access.to_owned()),
        ("register", 201, signed_up.to_owned()),
        ("register-json", 201, without),
        ("register-multipart", 400, no_address.to_owned()),
        ("revoke-key", 404, NOT_FOUND.to_owned()),
        ("set-password", 204, String::new()),
        (
            "token",
            200,
            r#"{"refresh":"<token>","access":"<token>"}"#.to_owned(),
        ),
        ("token-in-cookie", 200, access.to_owned()),
        ("users-without-token", 401, UNKNOWN.to_owned()),
    ]
}

fn control_import() -> Vec<Line> {
    let refused = |participle: &str| {
        format!(
            r#"{{"detail":"An import in state awaiting_upload cannot be {participle}. It waits for its file: send the file, or cancel it.","code":"wrong_state"}}"#
        )
    };
    let cancelling = waiting("team", "file.csv", 1000);
    let cancelling = not_waiting(&cancelling).replace("awaiting_upload", "cancelling");
    vec![
        ("cancel", 202, cancelling),
        ("delete", 204, String::new()),
        ("pause", 409, refused("paused")),
        ("resume", 409, refused("resumed")),
    ]
}

fn describe_api() -> Vec<Line> {
    vec![
        ("base-path", 200, r#"{"status":"ok"}"#.to_owned()),
        ("front-for-programs", 404, NOT_FOUND.to_owned()),
        ("health", 200, r#"{"status":"ok"}"#.to_owned()),
    ]
}

fn console() -> Vec<Line> {
    let page = include_str!("../../functions/console/dist/index.html");
    let icon = include_str!("../../functions/console/dist/icon.svg");
    vec![
        ("icon", 200, icon.to_owned()),
        ("page", 200, page.replace("__CONSOLE_BASE__", "/console/")),
        ("unknown", 404, NOT_FOUND.to_owned()),
    ]
}

fn list_imports() -> Vec<Line> {
    let not_allowed = r#"{"detail":"Method \"PUT\" not allowed."}"#;
    let link = "<api>/collect/team/?limit=2&status=failed%2Ccancelled";
    let past_the_end = format!(r#"{{"count":0,"next":null,"previous":"{link}","results":[]}}"#);
    let all = entry_of_all(&waiting("team", "file.csv", 1000), "team");
    vec![
        ("base-path", 200, past_the_end.clone()),
        ("chunks", 200, page(&[])),
        ("detail", 200, waiting("team", "file.csv", 1000)),
        ("errors", 200, page(&[])),
        ("events", 200, page(&[&asked_for()])),
        (
            "everything",
            200,
            page(&[&all]).replace(r#""count":1"#, r#""count":null"#),
        ),
        ("head", 200, String::new()),
        ("list", 200, page(&[])),
        ("list-page", 200, past_the_end),
        ("method-not-allowed", 405, not_allowed.to_owned()),
        ("ready", 200, r#"{"status":"ok"}"#.to_owned()),
        ("unknown-path", 404, NOT_FOUND.to_owned()),
    ]
}

/// The import that was asked for, with the sign-in and the sign-up before it.
fn show_audit() -> Vec<Line> {
    let acts = [asked_in_audit("team/1"), act("signed_in"), act("signed_up")];
    let acts = acts.join(",");
    let answer = format!(r#"{{"count":null,"next":null,"previous":null,"results":[{acts}]}}"#);
    vec![("list", 200, answer)]
}

fn control_export() -> Vec<Line> {
    let bad =
        r#"{"from":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]}"#;
    let filters = r#"{"from":"2015-08-01","country":"Azerbaijan "}"#;
    vec![
        ("ask", 201, asked(filters, true, 0)),
        ("bad-date", 400, bad.to_owned()),
        ("cancel", 404, NOT_FOUND.to_owned()),
        ("confirm", 404, NOT_FOUND.to_owned()),
        ("delete", 404, NOT_FOUND.to_owned()),
        ("detail", 404, NOT_FOUND.to_owned()),
        ("events", 404, NOT_FOUND.to_owned()),
        ("list", 200, page(&[])),
    ]
}

fn declare_dataset() -> Vec<Line> {
    let fields = r#"[{"name":"number","type":"integer","constraints":{"required":true}},{"name":"placed","type":"date"}]"#;
    let declared = format!(
        r#"{{"name":"orders","built_in":false,"version":1,"declared_at":"<time>","changed_at":"<time>","declaration":{{"fields":{fields}}}}}"#
    );
    let refused = r#"{"detail":"primaryKey: <words>","code":"bad_declaration","problems":[{"path":"primaryKey","code":"not_supported","message":"<words>"}]}"#;
    let template = "team_name,manager_name,manager_phone_number\r\nFalcons,Ada,(674) 566-5530\r\n";
    vec![
        ("declare", 201, declared),
        ("detail", 404, NOT_FOUND.to_owned()),
        ("drop", 404, NOT_FOUND.to_owned()),
        ("infer", 200, inferred()),
        (
            "list",
            200,
            page(&[&built_in("baseline"), &built_in("team")]),
        ),
        ("not-supported", 400, refused.to_owned()),
        ("schema", 200, team_schema()),
        ("template", 200, template.to_owned()),
        ("validate", 200, validated("2", "0", SAMPLE.len(), "[]", "")),
    ]
}

fn query_data() -> Vec<Line> {
    let bad =
        r#"{"from":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]}"#;
    let link = "<api>/collect/data/?from=2015-08-01&limit=30&offset=30";
    let past_the_end = format!(r#"{{"count":0,"next":null,"previous":"{link}","results":[]}}"#);
    vec![
        ("bad-date", 400, bad.to_owned()),
        ("base-path", 200, past_the_end.clone()),
        ("data", 200, page(&[])),
        ("data-page", 200, past_the_end),
        ("summary", 200, page(&[])),
        ("team-rows", 200, page(&[])),
    ]
}

fn upload_file() -> Vec<Line> {
    let teams = waiting("team", "my_file_1.csv", 83).replace(r#""id":1"#, r#""id":2"#);
    let replacing = teams.replace(r#""replaces":null"#, r#""replaces":1"#);
    let not_ended = r#"{"detail":"An import in state awaiting_upload cannot be retried: it has not ended. Cancel it first.","code":"wrong_state"}"#;
    let empty = r#"{"file":["The submitted file is empty."]}"#;
    let granted = with_upload(&waiting("baseline", "x.csv", 12_484_501), 12_484_501);
    vec![
        (
            "baseline",
            201,
            waiting("baseline", "100000-Sales-Records.csv", 288),
        ),
        ("empty-file", 400, empty.to_owned()),
        ("replace", 201, replacing),
        ("retry", 409, not_ended.to_owned()),
        ("team", 201, teams),
        ("upload-url", 201, granted),
        (
            "upload-url-again",
            200,
            with_upload(&waiting("team", "file.csv", 1000), 1000),
        ),
    ]
}

#[test]
fn events_of_auth() {
    feed("auth", "AuthFunction", &auth());
}

#[test]
fn events_of_control_import() {
    feed("control-import", "ControlImportFunction", &control_import());
}

#[test]
fn events_of_control_export() {
    feed("control-export", "ControlExportFunction", &control_export());
}

#[test]
fn events_of_declare_dataset() {
    feed(
        "declare-dataset",
        "DeclareDatasetFunction",
        &declare_dataset(),
    );
}

#[test]
fn events_of_console() {
    feed("console", "ConsoleFunction", &console());
}

#[test]
fn events_of_list_imports() {
    feed("list-imports", "ListImportsFunction", &list_imports());
}

#[test]
fn events_of_describe_api() {
    feed("describe-api", "DescribeApiFunction", &describe_api());
}

#[test]
fn events_of_query_data() {
    feed("query-data", "QueryDataFunction", &query_data());
}

#[test]
fn events_of_show_audit() {
    feed("show-audit", "ShowAuditFunction", &show_audit());
}

#[test]
fn events_of_upload_file() {
    feed("upload-file", "UploadFileFunction", &upload_file());
}

/// Sends every event of the function, each by a user of its own.
fn feed(function: &str, resource: &str, lines: &[Line]) {
    let expected: Vec<&str> = lines.iter().map(|it| it.0).collect();
    assert_eq!(names(function), expected, "every file has its line");
    for (case, status, body) in lines {
        let user = User::new();
        user.ask_for_url("team", 1000);
        let name = format!("ada_{}", Uuid::new_v4().simple());
        let answer = cloud::invoke(resource, &addressed(function, case, &user, &name)).json();
        let found = answer["body"].as_str().unwrap_or_default();
        assert_eq!(answer["statusCode"], *status, "{function}/{case}: {found}");
        let body = body
            .replace("<ada>", &name)
            .replace("<user>", &user.name)
            .replace("<api>", &api_url())
            .replace("<bucket>", &variable("UPLOAD_BUCKET"));
        assert!(
            fits(&body, found),
            "{function}/{case}\n  expected {body}\n  found    {found}"
        );
        assert_eq!(answer["isBase64Encoded"], false, "{function}/{case}");
    }
}

/// The event as the user sends it: with their tokens, and with their name to sign up or in.
fn addressed(function: &str, case: &str, user: &User, name: &str) -> Value {
    let file = event(function, case).to_string();
    let mut event: Value = serde_json::from_str(
        &file
            .replace("ACCESS-TOKEN", &user.token)
            .replace("REFRESH-TOKEN", &user.refresh),
    )
    .unwrap();
    let name = if case.starts_with("token") {
        &user.name
    } else {
        name
    };
    if function == "auth" {
        let body = event["body"].as_str().map(|it| {
            it.replace("username=ada", &format!("username={name}"))
                .replace(r#""username":"ada""#, &format!(r#""username":"{name}""#))
        });
        event["body"] = json!(body);
    }
    event
}
