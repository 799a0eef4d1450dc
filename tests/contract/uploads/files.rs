//! A file in the body of a request.

use super::*;

pub(super) fn files() -> Vec<Case> {
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

pub(super) fn refusals() -> Vec<Case> {
    let none = r#"{"file":["No file was submitted."]}"#;
    let refused =
        |name, request: Request, answer: &str| Case::new(name, request.by(Fresh), 400, answer);
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
