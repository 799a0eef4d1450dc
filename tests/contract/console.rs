//! The console as a browser gets it; what it does there is tried in `tests/browser`.

use super::stage::State;
use crate::fixture::client::{Answer, api_url, ask_url};

const PAGE: &str = include_str!("../../functions/console/dist/index.html");

fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    ask_url(
        "GET",
        &format!("{}/console/{path}", api_url()),
        headers,
        None,
    )
}

#[test]
fn the_page_may_send_files_where_upload_urls_lead() {
    let page = get("", &[]);
    let expected = PAGE.replace("__CONSOLE_BASE__", "/console/");
    assert_eq!((page.status, page.body.as_str()), (200, expected.as_str()));
    let policy = page.header("content-security-policy").unwrap();
    let user = State::Fresh.prepare();
    let (_, upload) = user.ask_for_url("team", 1000);
    let url = upload["url"].as_str().unwrap();
    let end = url.match_indices('/').nth(2).unwrap().0;
    let part = format!("connect-src 'self' {};", &url[..end]);
    assert!(policy.contains(&part), "{policy}\n{part}");
}

#[test]
fn what_the_page_loads_is_kept_for_good() {
    let files = PAGE
        .split('"')
        .filter_map(|it| it.strip_prefix("./assets/"));
    let files: Vec<&str> = files.collect();
    assert!(files.len() >= 2, "{files:?}");
    for name in files {
        let file = get(&format!("assets/{name}"), &[]);
        assert_eq!(file.status, 200, "{name}");
        let kept = file.header("cache-control");
        assert_eq!(kept, Some("public, max-age=31536000, immutable"), "{name}");
        assert!(file.body.len() > 1000, "{name}");
    }
}

#[test]
fn the_page_is_asked_for_again_each_time() {
    let page = get("", &[]);
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let tag = page.header("etag").unwrap();
    let again = get("", &[("If-None-Match", tag)]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[test]
fn no_other_file_is_served() {
    for name in ["index.html", "assets/index.js", "app/package.json"] {
        let answer = get(name, &[]);
        assert_eq!(answer.status, 404, "{name}");
    }
}
