//! The description as a page for people: HTML with its style in it, without a script.

mod parts;
mod schema;

use serde_json::Value;

use crate::operation::Operation;
use crate::operations::TOPICS;
use parts::{anchor, escaped, markdown, table};

const STYLE: &str = include_str!("page/style.css");

/// The page of a description that [`crate::document`] has made.
#[must_use]
pub fn page(document: &Value) -> String {
    let topics: Vec<String> = TOPICS.iter().map(|it| topic(it, document)).collect();
    let about = markdown(document["info"]["description"].as_str().unwrap_or_default());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Collect: the API</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <nav aria-label=\"Requests\">\n{}</nav>\n<main>\n<h1>The API</h1>\n<p>{about}</p>\n{}{}</main>\n</body>\n</html>\n",
        contents(),
        topics.concat(),
        schema::all(document),
    )
}

fn contents() -> String {
    let topics = TOPICS.iter().map(|(title, operations)| {
        let links: Vec<String> = operations.iter().map(link).collect();
        format!("<h2>{title}</h2>\n<ul>\n{}</ul>\n", links.concat())
    });
    topics.collect::<String>() + "<h2><a href=\"#objects\">Objects</a></h2>\n"
}

fn link(operation: &Operation) -> String {
    let (id, method) = (operation.id, operation.method);
    let path = escaped(&operation.route.written());
    format!("<li><a href=\"#{id}\"><b class=\"{method}\">{method}</b> {path}</a></li>\n")
}

fn topic((title, operations): &(&str, &[Operation]), document: &Value) -> String {
    let all: Vec<String> = operations.iter().map(|it| section(it, document)).collect();
    format!("<h2>{title}</h2>\n{}", all.concat())
}

fn section(operation: &Operation, document: &Value) -> String {
    let path = operation.route.written();
    let method = operation.method;
    let described = &document["paths"][&path][method.to_lowercase()];
    let parts = [
        parameters(&described["parameters"]),
        body(&described["requestBody"]),
        answers(&described["responses"], document),
    ];
    format!(
        "<section id=\"{}\">\n<h3><b class=\"{method}\">{method}</b> <code>{}</code></h3>\n<p>{}.{}</p>\n{}</section>\n",
        operation.id,
        escaped(&path),
        markdown(&capitalised(operation.to)),
        if operation.route.is_open() {
            " Needs no token."
        } else {
            ""
        },
        parts.concat(),
    )
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn parameters(list: &Value) -> String {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let rows = list.iter().map(|it| {
        let needed = if it["required"] == true {
            " (needed)"
        } else {
            ""
        };
        [
            format!(
                "<code>{}</code>",
                escaped(it["name"].as_str().unwrap_or_default())
            ),
            format!("{}{needed}", it["in"].as_str().unwrap_or_default()),
            markdown(it["description"].as_str().unwrap_or_default()),
        ]
    });
    table("Parameters", ["name", "in", "what it is"], rows)
}

/// The fields of each form that the body may have.
fn body(body: &Value) -> String {
    let content = body["content"].as_object();
    let mut forms: Vec<(Vec<&str>, &Value)> = Vec::new();
    for (kind, it) in content.into_iter().flatten() {
        match forms
            .iter_mut()
            .find(|(_, schema)| **schema == it["schema"])
        {
            Some((kinds, _)) => kinds.push(kind),
            None => forms.push((vec![kind], &it["schema"])),
        }
    }
    let tables = forms.into_iter().map(|(kinds, schema)| {
        let title = format!("Body as {}", kinds.join(" or "));
        match schema["properties"].is_object() {
            true => schema::fields(&title, schema),
            false => format!("<h4>{title}</h4>\n<p>{}</p>\n", schema::kind(schema)),
        }
    });
    tables.collect()
}

fn answers(responses: &Value, document: &Value) -> String {
    let responses = responses.as_object().into_iter().flatten();
    let mut examples = String::new();
    let rows: Vec<[String; 2]> = responses
        .map(|(status, it)| {
            let it = schema::followed(it, document);
            examples += &example(status, it);
            [format!("<code>{status}</code>"), answer(it)]
        })
        .collect();
    table("Answers", ["status", "what it is"], rows) + &examples
}

fn answer(response: &Value) -> String {
    let content = response["content"].as_object();
    let kinds = content.into_iter().flatten().map(|(kind, it)| {
        let is_refusal = it["schema"]["anyOf"].is_array();
        let words = markdown(response["description"].as_str().unwrap_or_default());
        match (is_refusal, kind.as_str()) {
            (true, _) => words,
            (_, "application/json") => schema::kind(&it["schema"]),
            (_, other) => escaped(other),
        }
    });
    let kinds: Vec<String> = kinds.collect();
    if kinds.is_empty() {
        "nothing".to_owned()
    } else {
        kinds.join("; ")
    }
}

fn example(status: &str, response: &Value) -> String {
    match &response["content"]["application/json"]["example"] {
        Value::Null => String::new(),
        seen => format!(
            "<details><summary>An answer with <code>{status}</code></summary><pre>{}</pre></details>\n",
            escaped(&format!("{seen:#}")),
        ),
    }
}

/// Where an object stands on the page.
fn place(name: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", anchor(name), escaped(name))
}
