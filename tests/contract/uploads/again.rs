//! Replaced, only validated, and imported again.

use super::*;

pub(super) fn replacements() -> Vec<Case> {
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

pub(super) fn validations() -> Vec<Case> {
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

pub(super) fn retries() -> Vec<Case> {
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
