use lambda::http::Body;

use super::*;

const EVENT: &str = include_str!("../../../events/console/page.json");

fn app(public_url: Option<&str>) -> App {
    App {
        base: Base::new(public_url),
        policy: policy::sending_to("https://uploads.example.org"),
    }
}

/// The event of a request, with another path and another part of the path below the console.
fn asked(method: &str, before: &str, name: Option<&str>) -> Request {
    let event = EVENT.replace("\"GET\"", &format!("\"{method}\""));
    let event = match name {
        None => event.replace("/base/console/", &format!("{before}/console/")),
        Some(name) => event
            .replace("\"/console\"", "\"/console/{proxy+}\"")
            .replace("/base/console/", &format!("{before}/console/{name}"))
            .replace(
                "\"pathParameters\": null",
                &format!("\"pathParameters\": {{\"proxy\": {name:?}}}"),
            ),
    };
    lambda_http::request::from_str(&event).unwrap()
}

fn text(response: &Response) -> &str {
    match response.body() {
        Body::Text(text) => text,
        _ => "",
    }
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    let value = response.headers().get(name);
    value.map_or("", |it| it.to_str().unwrap())
}

#[tokio::test]
async fn the_page_knows_where_it_is() {
    #[rustfmt::skip]
    let table = [
        (None,                              "/v1",   "/v1/console/"),
        (None,                              "/base", "/base/console/"),
        (None,                              "",      "/console/"),
        (Some("http://localhost:8000"),     "/v1",   "/console/"),
        (Some("https://example.org/base/"), "/v1",   "/base/console/"),
    ];
    for (public_url, before, base) in table {
        let page = app(public_url)
            .handle(asked("GET", before, None))
            .await
            .unwrap();
        let element = format!("<base href=\"{base}\" />");
        assert!(text(&page).contains(&element), "{element}");
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&page, "cache-control"), "no-cache");
        let policy = header(&page, "content-security-policy");
        assert!(policy.contains("connect-src 'self' https://uploads.example.org;"));
    }
}

#[tokio::test]
async fn who_has_the_page_gets_it_only_when_it_has_changed() {
    let app = app(None);
    let page = app.handle(asked("GET", "/v1", None)).await.unwrap();
    let tag = header(&page, "etag").to_owned();
    let asking = |before: &str| {
        let mut request = asked("GET", before, None);
        request
            .headers_mut()
            .insert("if-none-match", tag.parse().unwrap());
        request
    };
    assert_eq!(app.handle(asking("/v1")).await.unwrap().status(), 304);
    // Elsewhere it is another page.
    assert_eq!(app.handle(asking("/other")).await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_is_named_by_its_content_is_kept_for_good() {
    let page = find(PAGE).unwrap();
    let (_, after) = page.split_once("src=\"./").unwrap();
    let script = after.split('"').next().unwrap();
    for before in ["", "/v1", "/base"] {
        let file = app(None)
            .handle(asked("GET", before, Some(script)))
            .await
            .unwrap();
        assert_eq!(
            header(&file, "content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            header(&file, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(Some(text(&file)), find(script));
    }
    let icon = app(None)
        .handle(asked("GET", "", Some("icon.svg")))
        .await
        .unwrap();
    assert_eq!(header(&icon, "cache-control"), "no-cache");
    assert_ne!(header(&icon, "etag"), "");
}

#[tokio::test]
async fn there_is_nothing_else() {
    for name in [
        "index.html",
        "nothing",
        "assets",
        "assets/",
        "../Cargo.toml",
        "%2e%2e/Cargo.toml",
    ] {
        let answer = app(None).handle(asked("GET", "", Some(name))).await;
        assert!(matches!(answer, Err(Refusal::NotFound)), "{name}");
    }
}

#[tokio::test]
async fn it_is_only_read() {
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = app(None).handle(asked(method, "", None)).await;
        assert!(
            matches!(answer, Err(Refusal::MethodNotAllowed { .. })),
            "{method}"
        );
    }
    let options = app(None).handle(asked("OPTIONS", "", None)).await.unwrap();
    assert_eq!(header(&options, "allow"), "GET, HEAD, OPTIONS");
}
