//! Declared, declared again, and refused.

use super::*;

pub(super) fn declarations() -> Vec<Case> {
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

pub(super) fn refusals() -> Vec<Case> {
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
