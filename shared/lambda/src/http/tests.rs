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
    let response = answer(&failing, get()).await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(text(&response), r#"{"detail":"Internal server error."}"#);
}

#[tokio::test]
async fn a_panic_says_nothing() {
    async fn panicking(request: Request) -> Result<Response, Refusal> {
        panic!("secret of {request:?}")
    }
    let response = answer(&panicking, get()).await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(text(&response), r#"{"detail":"Internal server error."}"#);
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let fine = |_| async { Ok(respond::json(200, &[1, 2])) };
    let mut request = get();
    *request.method_mut() = lambda_http::http::Method::HEAD;
    let response = answer(&fine, request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.body().is_empty());
}
