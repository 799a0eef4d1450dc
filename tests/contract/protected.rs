//! Requests without a valid token, and which refusal comes first if there are several reasons.

use super::case::{Case, Request, get, post};
use super::datasets::{SAMPLE, inferred};
use super::objects::{page, waiting, with_upload};
use super::stage::State::{Fresh, WithKeys};

const DATA: &str = "/collect/data/";
const NOT_PROVIDED: &str = r#"{"detail":"Authentication credentials were not provided."}"#;
const TWO_VALUES: &str = r#"{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}"#;
const INVALID: &str = r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]}"#;
const WRONG_TYPE: &str = r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token has wrong type"}]}"#;
const READ_ONLY: &str = r#"{"detail":"This API key may only read: send one whose access is write, or an access token.","code":"read_only_key"}"#;
const UNKNOWN_KEY: &str = r#"{"detail":"API key is unknown or was revoked: sign in and make another at /auth/keys/","code":"key_not_valid"}"#;
const EXPIRED_KEY: &str = r#"{"detail":"API key expired at 2020-01-01T00:00:00Z: sign in and make another at /auth/keys/","code":"key_expired"}"#;
const CUT_KEY: &str = r#"{"detail":"API key was cut short or mistyped: send it as it was shown when it was made","code":"key_not_valid"}"#;
const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;

pub fn cases() -> Vec<Case> {
    [headers(), keys(), routes(), order(), nowhere()]
        .into_iter()
        .flatten()
        .collect()
}

fn headers() -> Vec<Case> {
    let refused =
        |name, header, answer| Case::new(name, get(DATA).authorization(header), 401, answer);
    let no_user = r#"{"detail":"Token contained no recognizable user identification","code":"token_not_valid"}"#;
    let gone = r#"{"detail":"User not found","code":"user_not_found"}"#;
    vec![
        Case::new("No token", get(DATA), 401, NOT_PROVIDED),
        Case::new(
            "A token and white space",
            get(DATA).by(Fresh).authorization("Bearer   <access>"),
            200,
            page(&[]),
        ),
        refused("Another scheme", "Basic YTpi", NOT_PROVIDED),
        refused("The scheme in lower case", "bearer <access>", NOT_PROVIDED),
        refused("A scheme and nothing else", "Bearer", TWO_VALUES),
        refused("Two tokens", "Bearer <access> <access>", TWO_VALUES),
        refused("No token of ours", "Bearer nonsense", INVALID),
        refused("A token without a signature", "Bearer <unsigned>", INVALID),
        refused("A signature cut short", "Bearer <cut>", INVALID),
        refused(
            "A token signed with another key",
            "Bearer <of-another-key>",
            INVALID,
        ),
        refused("An expired token", "Bearer <expired>", INVALID),
        refused("A refresh token", "Bearer <refresh>", WRONG_TYPE),
        refused(
            "A token of an unknown user",
            "Bearer <without-user>",
            no_user,
        ),
        refused(
            "A token of somebody who is no more",
            "Bearer <of-unknown>",
            gone,
        ),
    ]
}

/// API keys in the place of a token.
fn keys() -> Vec<Case> {
    const LIST: &str = "/collect/team/";
    let json = r#"{"filename":"teams.csv","size":1000}"#;
    let read = |request: Request| request.by(WithKeys).authorization("Bearer <read-key>");
    let write = |request: Request| request.by(WithKeys).authorization("Bearer <write-key>");
    let refused = |name, header, answer| {
        let request = get(DATA).by(WithKeys).authorization(header);
        Case::new(name, request, 401, answer)
    };
    let refresh = post("/token/refresh/").json(r#"{"refresh":"<write-key>"}"#);
    let cases = vec![
        Case::new("A key that may read", read(get(DATA)), 200, page(&[])),
        Case::new(
            "A key that may read, and a sample, of which nothing is stored",
            read(post("/collect/datasets/infer/").file("orders.csv", SAMPLE)),
            200,
            inferred(),
        ),
        Case::new(
            "A key that may read, and an upload",
            read(post(LIST).json(json)),
            403,
            READ_ONLY,
        ),
        Case::new(
            "A key that may read, and a URL that takes a file",
            read(get("/collect/team/1/upload/")),
            403,
            READ_ONLY,
        ),
        Case::new(
            "A key that may write",
            write(post(LIST).json(json)),
            201,
            with_upload(&waiting("team", "teams.csv", 1000), 1000),
        ),
        refused(
            "A key that was revoked",
            "Bearer <revoked-key>",
            UNKNOWN_KEY,
        ),
        refused(
            "A key that has expired",
            "Bearer <expired-key>",
            EXPIRED_KEY,
        ),
        refused("A key that was cut short", "Bearer <cut-key>", CUT_KEY),
        Case::new(
            "A key is no refresh token",
            refresh.by(WithKeys),
            401,
            r#"{"detail":"Token is invalid or expired","code":"token_not_valid"}"#,
        ),
        Case::new(
            "A key that has expired does not matter where one signs in",
            post("/token/")
                .form("username=<user>&password=12ab34cd")
                .by(WithKeys)
                .authorization("Bearer <expired-key>"),
            200,
            r#"{"refresh":"<token>","access":"<token>"}"#,
        ),
        Case::new(
            "405 before 403",
            read(Request::new("PUT", LIST)),
            405,
            r#"{"detail":"Method \"PUT\" not allowed."}"#,
        ),
        Case::new(
            "403 of a key before 404",
            read(post("/collect/team/99/cancel/")),
            403,
            READ_ONLY,
        ),
    ];
    cases.into_iter().map(Case::added).collect()
}

/// Every route demands a token.
fn routes() -> Vec<Case> {
    let asks = |name, request| Case::new(name, request, 401, NOT_PROVIDED);
    let added = |name, request| asks(name, request).added();
    vec![
        asks("The list of baselines", get("/collect/baseline/")),
        asks("The list of teams", get("/collect/team/")),
        asks(
            "An upload of a baseline",
            post("/collect/baseline/").file("sales.csv", "x"),
        ),
        asks(
            "An upload of a team",
            post("/collect/team/").file("teams.csv", "x"),
        ),
        asks("One import", get("/collect/team/1/")),
        asks(
            "The deletion of an import",
            Request::new("DELETE", "/collect/team/1/"),
        ),
        asks("HEAD of a list", Request::new("HEAD", "/collect/team/")).empty(),
        asks(
            "OPTIONS of a list",
            Request::new("OPTIONS", "/collect/team/"),
        ),
        added("The list of API keys", get("/auth/keys/")),
        added(
            "The revocation of an API key",
            Request::new("DELETE", "/auth/keys/1/"),
        ),
        added("The errors of an import", get("/collect/team/1/errors/")),
        added("The rows of an import", get("/collect/team/1/rows/")),
        added("A cancellation", post("/collect/team/1/cancel/")),
        added("A pause", post("/collect/team/1/pause/")),
        added("A resumption", post("/collect/team/1/resume/")),
    ]
}

/// The order of the refusals: 401, 405, 404, 403, 400. The 403 of an API key comes before 404.
fn order() -> Vec<Case> {
    let text = post("/collect/team/").text(Some("text/plain"), "x");
    let put = r#"{"detail":"Method \"PUT\" not allowed."}"#;
    vec![
        Case::new(
            "401 before 405",
            Request::new("PUT", "/collect/team/"),
            401,
            NOT_PROVIDED,
        ),
        Case::new(
            "401 before 404",
            get("/collect/players/"),
            401,
            NOT_PROVIDED,
        )
        .deviates("there, a dataset is part of the route: 404"),
        Case::new("401 before 415", text, 401, NOT_PROVIDED),
        Case::new(
            "405 before 404",
            Request::new("PUT", "/collect/team/99/").by(Fresh),
            405,
            put,
        ),
        Case::new(
            "404 before 400",
            post("/collect/players/").json("{").by(Fresh),
            404,
            NOT_FOUND,
        )
        .deviates("there, the body is a page of HTML"),
    ]
}

fn nowhere() -> Vec<Case> {
    let html = "there, the body is a page of HTML";
    vec![
        Case::new(
            "A path that does not exist",
            get("/nowhere/"),
            404,
            NOT_FOUND,
        )
        .deviates(html),
        Case::new("The root", get("/"), 404, NOT_FOUND).deviates(html),
        Case::new(
            "A part that does not exist",
            post("/collect/team/1/explode/").by(Fresh),
            404,
            NOT_FOUND,
        )
        .deviates(html),
    ]
}
