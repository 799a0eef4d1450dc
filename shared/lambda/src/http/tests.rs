mod logged;

use contracts::http::headers::ON_EVERY_ANSWER;

use super::*;

fn get() -> Request {
    Request::default().with_raw_http_path("/x/")
}

fn text(response: &Response) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

#[tokio::test]
async fn an_internal_error_says_nothing() {
    let failing = |_| async { Err(std::io::Error::other("secret").into()) };
    let response = answer(&failing, &Front::default(), get()).await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(text(&response), r#"{"detail":"Internal server error."}"#);
}

#[tokio::test]
async fn a_panic_says_nothing() {
    async fn panicking(request: Request) -> Result<Response, Refusal> {
        panic!("secret of {request:?}")
    }
    let response = answer(&panicking, &Front::default(), get()).await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(text(&response), r#"{"detail":"Internal server error."}"#);
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let fine = |_| async { Ok(respond::json(200, &[1, 2])) };
    let mut request = get();
    *request.method_mut() = lambda_http::http::Method::HEAD;
    let response = answer(&fine, &Front::default(), request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.body().is_empty());
}

#[tokio::test]
async fn every_answer_has_the_headers_of_every_answer() {
    let handlers: [fn() -> Result<Response, Refusal>; 5] = [
        || Ok(respond::json(200, &[1])),
        || Ok(respond::no_content()),
        || Err(Refusal::NotFound),
        || Err(std::io::Error::other("secret").into()),
        || panic!("secret"),
    ];
    for handler in handlers {
        let answering = move |_| async move { handler() };
        let response = answer(&answering, &Front::default(), get()).await.unwrap();
        for (name, value) in ON_EVERY_ANSWER {
            assert_eq!(response.headers()[name], value, "{}", response.status());
        }
    }
}

/// The handler is not asked, and would refuse.
#[tokio::test]
async fn a_preflight_has_the_headers_of_every_answer_too() {
    let mut request = Request::default().with_raw_http_path("/collect/team/");
    *request.method_mut() = "OPTIONS".parse().unwrap();
    let asked = [
        ("origin", "https://app.example.org"),
        ("access-control-request-method", "POST"),
    ];
    for (name, value) in asked {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let front = Front {
        origins: Origins::listed("https://app.example.org"),
        ..Front::default()
    };
    let refusing = |_| async { Err(Refusal::NotFound) };
    let response = answer(&refusing, &front, request).await.unwrap();
    assert_eq!(response.status(), 204);
    for (name, value) in ON_EVERY_ANSWER {
        assert_eq!(response.headers()[name], value);
    }
}

#[tokio::test]
async fn an_answer_may_say_how_long_it_is_kept() {
    let kept = |_| async {
        let response = respond::json(200, &[1]);
        Ok(respond::with_header(
            response,
            "cache-control",
            "max-age=60",
        ))
    };
    let response = answer(&kept, &Front::default(), get()).await.unwrap();
    let found: Vec<_> = response.headers().get_all("cache-control").iter().collect();
    assert_eq!(found, ["max-age=60"]);
}

/// The event files of the API's functions are what the gateway sends.
#[test]
fn event_files_are_requests() {
    let events = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");
    let functions = [
        "auth",
        "upload-file",
        "list-imports",
        "control-import",
        "query-data",
    ];
    for function in functions {
        for file in std::fs::read_dir(format!("{events}/{function}")).unwrap() {
            let path = file.unwrap().path();
            let event: serde_json::Value =
                serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let request = lambda_http::request::from_str(&event.to_string()).unwrap();
            let name = path.display();
            assert_eq!(request.raw_http_path(), event["path"], "{name}");
            assert_eq!(request.method().as_str(), event["httpMethod"], "{name}");
            let media_type = request.headers().get("content-type");
            let sent = &event["headers"]["Content-Type"];
            assert_eq!(
                media_type.and_then(|it| it.to_str().ok()),
                sent.as_str(),
                "{name}"
            );
            assert_eq!(request.body().is_empty(), event["body"].is_null(), "{name}");
        }
    }
}
