//! Shown: a dataset, its columns, and a file to fill in.

use super::*;

pub(super) fn shown() -> Vec<Case> {
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
