//! The description of the API for machines, held to every exchange: each status is described, and
//! each answer is as its schema says. `functions/describe-api/src/openapi.json` and `docs.html` beside it are
//! written from here.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use contracts::http::routes::Route;
use openapi::{Examples, Operation, document, operations};
use serde_json::{Map, Value};

use super::case::Case;
use super::topics;
use crate::fixture::pages;

const FILE: &str = "functions/describe-api/src/openapi.json";
const PAGE: &str = "functions/describe-api/src/docs.html";
const NAME: &str = "https://collect.invalid/openapi.json";

/// What placeholders stand for in examples; the name of any other stands for itself.
const SEEN: [(&str, &str); 8] = [
    ("<number>", "1"),
    ("<function>", "import-chunk"),
    ("<time>", "2026-01-01T00:00:00Z"),
    ("<next-week>", "2026-01-08T00:00:00Z"),
    ("<uuid>", "3f2b8c1e-5d4a-4f6b-9c7d-8e9f0a1b2c3d"),
    ("<api>", "https://collect.example.org"),
    ("<bucket>", "collect-uploads"),
    ("<user>", "ada"),
];

/// The operation that a case asks for.
pub fn operation_of(case: &Case) -> Option<&'static Operation> {
    let path = case.request.path.split('?').next().unwrap_or_default();
    let (route, _) = Route::find(path)?;
    operations::all().find(|it| it.route == route && it.method == case.request.method)
}

/// The answer of a case as it may be seen, if it is JSON.
fn answer(case: &Case) -> Option<Value> {
    let seen = SEEN
        .iter()
        .fold(case.answer.clone(), |text, (name, value)| {
            text.replace(name, value)
        });
    serde_json::from_str(&seen.replace(['<', '>'], "")).ok()
}

/// The first answer with each status to each request that is carried out.
fn examples() -> Examples {
    let mut examples = Map::new();
    let topics = topics();
    for case in topics.iter().flat_map(|it| &it.cases) {
        if let (Some(operation), Some(answer)) = (operation_of(case), answer(case)) {
            let name = format!("{} {}", operation.request(), case.status);
            examples.entry(name).or_insert(answer);
        }
    }
    examples
}

/// Schemas of the description by their place in it.
struct Description {
    whole: Value,
    schemas: Schemas,
    compiler: Compiler,
}

impl Description {
    fn new() -> Self {
        let whole = document(&examples());
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(NAME, whole.clone()).unwrap();
        Self {
            whole,
            schemas: Schemas::new(),
            compiler,
        }
    }

    fn schema(&mut self, pointer: &str) -> SchemaIndex {
        let place = format!("{NAME}#{pointer}");
        self.compiler.compile(&place, &mut self.schemas).unwrap()
    }

    /// Where the schema of such an answer is.
    fn pointer(&self, operation: &Operation, status: u16) -> String {
        let path = operation.route.written().replace('/', "~1");
        let method = operation.method.to_lowercase();
        let place = match status {
            400.. => format!("/components/responses/{status}"),
            _ => format!("/paths/{path}/{method}/responses/{status}"),
        };
        format!("{place}/content/application~1json/schema")
    }

    fn complaint(&mut self, case: &Case) -> Option<String> {
        let operation = operation_of(case)?;
        if !operation.statuses().contains(&case.status) {
            let request = operation.request();
            return Some(format!(
                "{}: {request} may be answered {}",
                case.name, case.status
            ));
        }
        let answer = answer(case)?;
        let pointer = self.pointer(operation, case.status);
        assert!(
            self.whole.pointer(&pointer).is_some(),
            "{}: no schema at {pointer}",
            case.name
        );
        let schema = self.schema(&pointer);
        let result = self.schemas.validate(&answer, schema);
        result
            .err()
            .map(|it| format!("{}: {answer}\n{it:#}", case.name))
    }
}

#[test]
fn every_exchange_is_described() {
    let mut description = Description::new();
    let topics = topics();
    let cases = topics.iter().flat_map(|it| &it.cases);
    let complaints: Vec<String> = cases.filter_map(|it| description.complaint(it)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_description_is_what_the_code_makes() {
    let document = document(&examples());
    let text = format!("{document:#}\n");
    pages::file_is_current(FILE, &text, "the code makes");
    pages::file_is_current(PAGE, &openapi::page(&document), "the code makes");
}
