//! The table as a page for people: `docs/api.md`.

use std::fmt::Write as _;

use contracts::http::routes::Route;

use super::case::{Body, Case, FORM, FormPart, Origin, Request};
use super::front;
use super::stage::{ORDERS, REJECTED, SALES, State, TEAMS};
use super::topics;
use crate::fixture::pages;

const START: &str = "# The API

First everything as tables, then [every request with its answer](#every-request-with-its-answer). The tables are made from the code or compared with it by the tests (`tests/contract/front/`). `COLLECT_WRITE_DOCS=1 cargo test --workspace --test all -- contract::page` brings the page up to date.

On AWS the challenge of a 401 arrives as `x-amzn-Remapped-WWW-Authenticate`: API Gateway renames the header of a function. The status and the body say the same. Only what stands in front of the API, CloudFront or a proxy, can give the header its name back, as the local front door does.

";

const EXCHANGES: &str = "# Every request with its answer

Every request below is sent to a running stack by the tests (`tests/contract/`), and status, body and the headers shown are compared to the letter. The page is written from the same table.

Each answer is the one of the Django service that this one succeeds, unless a remark says that it is `Added` or `Differs`. The object of an import is a superset: clients of that service know its `id` and `file`. A remark also says who asks; without one, no user is signed in.

Intended differences that concern many lines: a path without its slash is answered, not redirected; what is not there is JSON, not a page of HTML; a client that is not signed in is told so before it learns that there is no such dataset or number; `OPTIONS` describes no forms; there is no list of accounts, so `GET /auth/users/` with a token is a 405; white space around a password is part of it, where that service dropped it, and who signed up there may go on sending it; wrong passwords and new accounts are counted, and too many of them are refused with 429 ([limits](#limits)); that a name is taken is told once everything else of a sign-up is right.

Intended differences in the tokens, which only a client that looks into one can see: they are signed with EdDSA by a key that the header names (`kid`), where that service used HS256, and besides its claims they hold `iss`, the name of the stack.

Intended differences in what becomes of a file ([files](files.md)), which clients of that service may meet:

- A file of which more than 10 % is rejected fails with `too_many_errors` and leaves no row; `max_errors=100%` takes what fits, as that service did. So does a file none of whose records fits (`no_rows_fit`).
- Empty records, with nothing but blanks and delimiters, are skipped. A record with text after a closing quote, with a quote that opens in the middle of a cell and is closed in another, or of more than 1,000 lines, is rejected.
- A file fails if its dates can only be read in another order than the declared one, if no text of it is UTF-8, if a quote is open at its end, or if hardly any of its first records fits.
- Headings are compared by their letters and digits alone; lines before the heading, and `;`, tabs and `|` between cells, are found. More cells than the heading fit where all others are empty and the last column is not text.
- Dates as `27.1.2016` are taken. The sentences for numbers and dates have an example behind them: `A valid number is required, such as 1234.56.`

`<api>` is the address of the API, `<access>` and `<refresh>` are the user's tokens, `<rotating>` is a refresh token of a sign-in with `rotate` and `<blacklisted>` one that was ended, `<user>` is their name (`<USER>` in capitals, `<ｕser>` with a wide u) and `<new>` a name that no user has. `<read-key>`, `<write-key>`, `<expired-key>` and `<revoked-key>` are API keys of the user, `<cut-key>` lacks the end of the first, `<report>` is the end of the address of the report of a deleted account, and `<next-week>` is a time. In answers, `<bucket>` is the upload bucket; `<number>`, `<time>`, `<token>`, `<uuid>`, `<function>` and `<words>` are what they say. `-F` sends a multipart form, `-d` the body as it is. Every answer with a body has the header `Content-Type: application/json`, and every 401 has `WWW-Authenticate: Bearer realm=\"api\"`. Every answer, of whatever status, has `X-Content-Type-Options: nosniff`, `Cache-Control: no-store` and `Strict-Transport-Security: max-age=31536000; includeSubDomains` (Added); the files of the console, which are no one's data, may be kept.

";

/// The files that the requests send.
const FILES: [(&str, &str); 4] = [
    ("`teams.csv`", TEAMS),
    ("`teams.csv` where a record is rejected", REJECTED),
    ("`sales.csv`", SALES),
    ("`orders.csv`", ORDERS),
];

/// The page.
fn page() -> String {
    let mut page = [START, &front::page(), EXCHANGES].concat();
    for (name, file) in FILES {
        let file = file.replace("\r\n", "\n");
        writeln!(page, "{name}:\n\n```csv\n{file}```\n").unwrap();
    }
    for topic in topics() {
        writeln!(page, "## {}\n", topic.name).unwrap();
        for (route, cases) in by_route(&topic.cases) {
            let entries: Vec<String> = cases.into_iter().map(entry).collect();
            let entries = entries.join("\n");
            writeln!(page, "### `{route}`\n\n```sh\n{entries}```\n").unwrap();
        }
    }
    page.trim_end().to_owned() + "\n"
}

/// Routes in the order of their first request.
fn by_route(cases: &[Case]) -> Vec<(String, Vec<&Case>)> {
    let mut routes: Vec<(String, Vec<&Case>)> = Vec::new();
    for case in cases {
        let route = heading(&case.request);
        match routes.iter_mut().find(|(it, _)| *it == route) {
            Some((_, cases)) => cases.push(case),
            None => routes.push((route, vec![case])),
        }
    }
    routes
}

/// Method and path as the table of routes has it, with its slash; a path that is no route's as it
/// is sent.
pub fn heading(request: &Request) -> String {
    let path = request.path.split('?').next().unwrap_or_default();
    let path = match Route::find(path) {
        Some((route, _)) => route.written(),
        None => format!("/{}/", path.trim_matches('/')).replace("//", "/"),
    };
    format!("{} {path}", request.method)
}

fn entry(case: &Case) -> String {
    let mut entry = format!("# {}{}\n", case.name, remark(case));
    writeln!(entry, "{}\n{}", curl(&case.request), case.status).unwrap();
    for (name, value) in &case.headers {
        writeln!(entry, "{name}: {value}").unwrap();
    }
    if !case.answer.is_empty() {
        writeln!(entry, "{}", case.answer).unwrap();
    }
    entry
}

fn remark(case: &Case) -> String {
    let origin = match case.origin {
        Origin::Original => None,
        Origin::Deviates(how) => Some(format!("Differs: {how}.")),
        Origin::Added => Some("Added.".to_owned()),
    };
    let by = match case.request.by {
        State::NoToken => None,
        state => Some(format!("By {}.", state.told())),
    };
    let remarks: Vec<String> = by.into_iter().chain(origin).collect();
    match remarks.as_slice() {
        [] => String::new(),
        remarks => format!(" -- {}", remarks.join(" ")),
    }
}

fn curl(request: &Request) -> String {
    let mut line = match request.method {
        "GET" => "curl".to_owned(),
        "HEAD" => "curl -I".to_owned(),
        method => format!("curl -X {method}"),
    };
    write!(line, " '<api>{}'", request.path).unwrap();
    let own = (request.by != State::NoToken).then_some("Bearer <access>");
    if let Some(value) = request.authorization.or(own) {
        write!(line, " -H 'Authorization: {value}'").unwrap();
    }
    for (name, value) in &request.headers {
        write!(line, " -H '{name}: {value}'").unwrap();
    }
    line + &body(&request.body)
}

fn body(body: &Body) -> String {
    match body {
        Body::None => String::new(),
        // curl sends the content type of a form unless told otherwise; a header without a value is
        // left out.
        Body::Text(Some(FORM), text) => format!(" -d '{text}'"),
        Body::Text(None, text) => format!(" -H 'Content-Type:' -d '{text}'"),
        Body::Text(Some(content_type), text) => {
            let text = text.replace("\r\n", "\\r\\n");
            format!(" -H 'Content-Type: {content_type}' -d '{text}'")
        }
        Body::Multipart(parts) => parts.iter().map(|it| part(*it)).collect(),
    }
}

fn part(part: FormPart) -> String {
    match part {
        FormPart::Text(name, text) => format!(" -F '{name}={text}'"),
        FormPart::File(name, file, content) if [TEAMS, SALES, ORDERS].contains(&content) => {
            format!(" -F '{name}=@{file}'")
        }
        FormPart::File(name, file, content) => format!(" -F '{name}={content};filename={file}'"),
    }
}

#[test]
fn the_page_is_what_the_table_makes() {
    pages::is_current("api.md", &page(), "the table makes");
}
