//! `POST /collect/{dataset}/`.

use super::case::{Case, FormPart, get, post};
use super::objects::{copied, waiting, with_upload};
use super::stage::State::{
    Cancelled, Exported, Failed, Fresh, Keyed, Paused, Replaced, Sales, Teams, Validated, Waiting,
};
use super::stage::{HEADLESS, KEYED, REJECTED, SALES, TEAMS};

const TEAM: &str = "/collect/team/";
const BASELINE: &str = "/collect/baseline/";
const NO_FILE: &str =
    r#"{"file":["The submitted data was not a file. Check the encoding type on the form."]}"#;
const ACTIVE: &str = r#"{"detail":"You do not have permission to perform this action.","code":"baseline_active","import":1,"until":"<time>"}"#;

pub fn cases() -> Vec<Case> {
    [
        files(),
        refusals(),
        second_baselines(),
        urls(),
        keys(),
        held(),
        limited(),
        replacements(),
        validations(),
        retries(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn files() -> Vec<Case> {
    let teams = waiting("team", "teams.csv", TEAMS.len());
    let sales = waiting("baseline", "sales.csv", SALES.len());
    let named = |name, file, stored: &str| {
        let request = post(TEAM).by(Fresh).file(file, "x");
        Case::new(name, request, 201, waiting("team", stored, 1))
    };
    vec![
        Case::new(
            "Upload teams",
            post(TEAM).by(Fresh).file("teams.csv", TEAMS),
            201,
            &*teams,
        ),
        Case::new(
            "Upload a baseline",
            post(BASELINE).by(Fresh).file("sales.csv", SALES),
            201,
            &*sales,
        ),
        Case::new(
            "Upload without a slash at the end",
            post("/collect/team").by(Fresh).file("teams.csv", TEAMS),
            201,
            teams,
        )
        .deviates("there, a path without its slash is redirected"),
        named("A file of one byte", "x.csv", "x.csv"),
        named("A name with a path", "../../x.csv", "x.csv"),
        named(
            "A name with spaces and brackets",
            "my file (1).csv",
            "my_file_1.csv",
        ),
        named(
            "A name in another script",
            "Verkäufe.csv",
            "Verk%C3%A4ufe.csv",
        ),
        Case::new(
            "Of two files in one field the last one counts",
            post(TEAM).by(Fresh).multipart(&[
                FormPart::File("file", "one.csv", "1"),
                FormPart::File("file", "two.csv", "22"),
            ]),
            201,
            waiting("team", "two.csv", 2),
        ),
        Case::new(
            "Other fields are ignored",
            post(TEAM).by(Fresh).multipart(&[
                FormPart::Text("id", "7"),
                FormPart::File("file", "teams.csv", "x"),
                FormPart::File("other", "other.csv", "y"),
            ]),
            201,
            waiting("team", "teams.csv", 1),
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let none = r#"{"file":["No file was submitted."]}"#;
    let refused = |name, request: super::case::Request, answer: &str| {
        Case::new(name, request.by(Fresh), 400, answer)
    };
    vec![
        refused("No body", post(TEAM), none),
        refused("An empty object", post(TEAM).json("{}"), none),
        refused(
            "A form without a file",
            post(TEAM).multipart(&[FormPart::Text("name", "x")]),
            none,
        ),
        refused(
            "A file in another field",
            post(TEAM).multipart(&[FormPart::File("data", "teams.csv", TEAMS)]),
            none,
        ),
        refused("A file input left empty", post(TEAM).file("", ""), NO_FILE),
        refused(
            "An empty file",
            post(TEAM).file("teams.csv", ""),
            r#"{"file":["The submitted file is empty."]}"#,
        ),
        refused(
            "Text instead of a file",
            post(TEAM).multipart(&[FormPart::Text("file", "x")]),
            NO_FILE,
        ),
        refused("Text in a form", post(TEAM).form("file=x"), NO_FILE),
        refused("Text in JSON", post(TEAM).json(r#"{"file":"x"}"#), NO_FILE),
        refused(
            "A null",
            post(TEAM).json(r#"{"file":null}"#),
            r#"{"file":["This field may not be null."]}"#,
        ),
        refused(
            "A list",
            post(TEAM).json("[]"),
            r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
        ),
        refused(
            "JSON that is none",
            post(TEAM).json("{"),
            r#"{"detail":"JSON parse error - <words>"}"#,
        )
        .deviates("the words after the dash are the parser's own"),
        Case::new(
            "A media type that is not read",
            post(TEAM).by(Fresh).text(Some("text/csv"), TEAMS),
            415,
            r#"{"detail":"Unsupported media type \"text/csv\" in request."}"#,
        ),
    ]
}

fn second_baselines() -> Vec<Case> {
    let refused = |name, request| Case::new(name, request, 403, ACTIVE);
    let waits = || post(BASELINE).by(Waiting);
    vec![
        refused("A second baseline", waits().file("sales.csv", SALES)),
        refused(
            "A second baseline while one is paused",
            post(BASELINE).by(Paused).file("s.csv", SALES),
        ),
        refused("Before the file is looked at", waits()),
        refused(
            "Before the body is looked at",
            waits().text(Some("text/plain"), "x"),
        ),
        refused(
            "A second baseline by URL",
            waits().json(r#"{"filename":"s.csv","size":5}"#),
        )
        .added(),
        Case::new(
            "A baseline after a completed one",
            post(BASELINE).by(Sales).file("sales.csv", SALES),
            201,
            waiting("baseline", "sales.csv", SALES.len()).replace(r#""id":1"#, r#""id":2"#),
        ),
        Case::new(
            "Teams beside a baseline",
            post(TEAM).by(Waiting).file("teams.csv", TEAMS),
            201,
            waiting("team", "teams.csv", TEAMS.len()),
        ),
    ]
}

fn urls() -> Vec<Case> {
    let ask = |json| post(TEAM).by(Fresh).json(json);
    let refused = |name, json, answer: &str| Case::new(name, ask(json), 400, answer).added();
    let granted = with_upload(&waiting("team", "x.csv", 12_484_501), 12_484_501);
    vec![
        Case::new(
            "Ask for an upload URL",
            ask(r#"{"filename":"x.csv","size":12484501}"#),
            201,
            granted,
        )
        .added(),
        Case::new(
            "An upload URL once more, while the import waits for its file",
            get("/collect/baseline/1/upload/").by(Waiting),
            200,
            with_upload(&waiting("baseline", "sales.csv", 1000), 1000),
        )
        .added(),
        Case::new(
            "An upload URL of what has its file",
            get("/collect/team/1/upload/").by(Teams),
            409,
            r#"{"detail":"An import in state completed waits for no file. POST to the list for another import.","code":"wrong_state"}"#,
        )
        .added(),
        refused(
            "An upload URL for nothing",
            r#"{"filename":"x.csv","size":0}"#,
            r#"{"size":["Ensure this value is greater than or equal to 1."]}"#,
        ),
        refused(
            "A size that is none",
            r#"{"filename":"x.csv","size":"many"}"#,
            r#"{"size":["A valid integer is required."]}"#,
        ),
        refused(
            "No size",
            r#"{"filename":"x.csv"}"#,
            r#"{"size":["This field is required."]}"#,
        ),
        refused(
            "No name",
            r#"{"size":5}"#,
            r#"{"filename":["This field is required."]}"#,
        ),
        refused(
            "A size above 5 GB",
            r#"{"filename":"x.csv","size":5368709121}"#,
            r#"{"detail":"An upload URL takes at most 5368709120 bytes.","code":"use_multipart"}"#,
        ),
    ]
}

fn keys() -> Vec<Case> {
    let again = with_upload(&waiting("baseline", "sales.csv", 1000), 1000);
    let reused = r#"{"detail":"This Idempotency-Key was used for another request.","code":"idempotency_key_reused"}"#;
    let bad = r#"{"detail":"An Idempotency-Key has 1 to 255 ASCII characters.","code":"bad_idempotency_key"}"#;
    let asked = |name, key, json, status, answer: &str| {
        let request = post(BASELINE)
            .by(Keyed)
            .header("Idempotency-Key", key)
            .json(json);
        Case::new(name, request, status, answer).added()
    };
    let other = r#"{"filename":"sales.csv","size":1001}"#;
    vec![
        asked(
            "The same request with the same key",
            "k",
            KEYED,
            201,
            &again,
        ),
        asked("Another request with the same key", "k", other, 422, reused),
        asked("Another key", "another", KEYED, 403, ACTIVE),
        Case::new(
            "A key that is none",
            post(TEAM)
                .by(Fresh)
                .header("Idempotency-Key", " ")
                .json(KEYED),
            400,
            bad,
        )
        .added(),
    ]
}

fn limited() -> Vec<Case> {
    let no_limit = r#"{"max_errors":["A whole number or a percentage is required: 100 or 5%."]}"#;
    let sent = |path| post(path).by(Fresh).file("teams.csv", TEAMS);
    let (count, percentage) = (
        "/collect/team/?max_errors=100",
        "/collect/team/?max_errors=5%25",
    );
    let object = || waiting("team", "teams.csv", TEAMS.len());
    let stopped =
        "At most this number of records may be rejected, or the import is stopped and taken back";
    let percent = "At most this percentage of records may be rejected";
    vec![
        Case::new(stopped, sent(count), 201, object()).added(),
        Case::new(percent, sent(percentage), 201, object()).added(),
        Case::new(
            "A limit that is none",
            sent("/collect/team/?max_errors=few"),
            400,
            no_limit,
        )
        .added(),
    ]
}

fn held() -> Vec<Case> {
    let on_failure =
        r#"{"on_failure":["\"later\" is not a valid choice. Choose one of these: hold."]}"#;
    vec![
        Case::new(
            "To be held if it fails and resuming might help",
            post("/collect/team/?on_failure=hold")
                .by(Fresh)
                .file("teams.csv", TEAMS),
            201,
            waiting("team", "teams.csv", TEAMS.len()),
        )
        .added(),
        Case::new(
            "Another choice for a failure",
            post("/collect/team/?on_failure=later")
                .by(Fresh)
                .file("teams.csv", TEAMS),
            400,
            on_failure,
        )
        .added(),
    ]
}

fn replacements() -> Vec<Case> {
    let being_replaced = r#"{"detail":"Import 2 is on its way to take the place of import 1: replace or cancel import 2, or wait until it has ended.","code":"being_replaced","import":2}"#;
    let instead = |object: String| {
        object
            .replace(r#""id":1,"#, r#""id":2,"#)
            .replace(r#""replaces":null"#, r#""replaces":1"#)
    };
    let swaps = |object: String, exports: &str| {
        let object = instead(object);
        let object = object.strip_suffix('}').unwrap();
        format!(r#"{object},"swaps":1,"removes_exports":[{exports}]}}"#)
    };
    let case =
        |name, request, status, answer: &str| Case::new(name, request, status, answer).added();
    vec![
        case(
            "Another file in the place of a baseline that is paused",
            post("/collect/baseline/1/replace/")
                .by(Paused)
                .file("sales.csv", SALES),
            201,
            &instead(waiting("baseline", "sales.csv", SALES.len())),
        ),
        case(
            "An upload URL in the place of a baseline that awaits its upload",
            post("/collect/baseline/1/replace/").by(Waiting).json(KEYED),
            201,
            &instead(with_upload(&waiting("baseline", "sales.csv", 1000), 1000)),
        ),
        case(
            "In the place of what is completed: its rows go when those of the new file come",
            post("/collect/team/1/replace/")
                .by(Teams)
                .file("teams.csv", TEAMS),
            201,
            &swaps(waiting("team", "teams.csv", TEAMS.len()), ""),
        ),
        case(
            "The exports that go with the rows are named",
            post("/collect/baseline/1/replace/")
                .by(Exported)
                .file("sales.csv", SALES),
            201,
            &swaps(waiting("baseline", "sales.csv", SALES.len()), "1"),
        ),
        case(
            "In the place of what failed",
            post("/collect/team/1/replace/")
                .by(Failed)
                .file("teams.csv", TEAMS),
            201,
            &instead(waiting("team", "teams.csv", TEAMS.len())),
        ),
        case(
            "In the place of what another import is to replace",
            post("/collect/team/1/replace/")
                .by(Replaced)
                .file("teams.csv", TEAMS),
            409,
            being_replaced,
        ),
        case(
            "In the place of what is not there",
            post("/collect/team/9/replace/")
                .by(Teams)
                .file("teams.csv", TEAMS),
            404,
            r#"{"detail":"Not found."}"#,
        ),
        case(
            "In the place of another, without a file",
            post("/collect/baseline/1/replace/").by(Waiting).json("{}"),
            400,
            r#"{"file":["No file was submitted."]}"#,
        ),
    ]
}

fn validations() -> Vec<Case> {
    let case =
        |name, request, status, answer: &str| Case::new(name, request, status, answer).added();
    let validates =
        |object: String| object.replace(r#""validate_only":false"#, r#""validate_only":true"#);
    vec![
        case(
            "Only validate a file",
            post("/collect/team/?validate_only=true")
                .by(Fresh)
                .file("teams.csv", TEAMS),
            201,
            &validates(waiting("team", "teams.csv", TEAMS.len())),
        ),
        case(
            "An upload URL for a file that is only validated",
            post(TEAM)
                .by(Fresh)
                .json(r#"{"filename":"x.csv","size":1000,"validate_only":true}"#),
            201,
            &validates(with_upload(&waiting("team", "x.csv", 1000), 1000)),
        ),
        case(
            "Neither validate nor not",
            post("/collect/team/?validate_only=perhaps")
                .by(Fresh)
                .file("teams.csv", TEAMS),
            400,
            r#"{"validate_only":["Use true or false."]}"#,
        ),
        case(
            "In the place of another, only to be validated",
            post("/collect/baseline/1/replace/?validate_only=true")
                .by(Waiting)
                .json(KEYED),
            400,
            r#"{"validate_only":["An import that is only validated stores no row, so it cannot replace another import. Leave validate_only out, or upload the file without replacing one."]}"#,
        ),
    ]
}

fn retries() -> Vec<Case> {
    let path = "/collect/team/1/retry/";
    let case =
        |name, request, status, answer: &str| Case::new(name, request, status, answer).added();
    let again = |size| {
        copied(&waiting("team", "teams.csv", size))
            .replace(r#""id":1,"#, r#""id":2,"#)
            .replace(r#""retry_of":null"#, r#""retry_of":1"#)
    };
    vec![
        case(
            "The original of a failed import again",
            post(path).by(Failed).json(r#"{"delimiter":";"}"#),
            201,
            &again(HEADLESS.len()),
        ),
        case(
            "What was validated is imported",
            post(path).by(Validated),
            201,
            &again(REJECTED.len()),
        ),
        case(
            "The original again, only to be validated",
            post("/collect/team/1/retry/?validate_only=true").by(Failed),
            201,
            &again(HEADLESS.len()).replace(r#""validate_only":false"#, r#""validate_only":true"#),
        ),
        case(
            "A retry with a delimiter that is none",
            post(path).by(Failed).json(r#"{"delimiter":"ab"}"#),
            400,
            r#"{"delimiter":["Use one ASCII character that is no line break and no letter or digit, or the word tab: , or ; or tab or |."]}"#,
        ),
        case(
            "A retry of what is completed",
            post(path).by(Teams),
            409,
            r#"{"detail":"An import in state completed cannot be retried: its rows would be stored twice. Replace it to import the file in another way.","code":"wrong_state"}"#,
        ),
        case(
            "A retry of what has no original",
            post(path).by(Cancelled),
            409,
            r#"{"detail":"The original of this import is not there any more: it is kept for 7 days after an import has ended without being completed. Upload the file again.","code":"object_expired"}"#,
        ),
        case(
            "A retry of what is not there",
            post("/collect/team/9/retry/").by(Teams),
            404,
            r#"{"detail":"Not found."}"#,
        ),
    ]
}
