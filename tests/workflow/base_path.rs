//! A domain of one's own that leads to the API by a base path, which the events of the gateway keep.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{Answer, User, api_url, ask_url};
use crate::fixture::cloud::{Signed, call, operator};
use crate::fixture::sample;
use crate::fixture::stack::variable;

/// A domain, removed with this value.
struct Domain(String);

impl Domain {
    /// Leads to the stack's API below a base path; without one, to the API alone.
    fn new(base: Option<&str>) -> Self {
        let domain = Self(format!("{}.collect.invalid", Uuid::new_v4().simple()));
        let name = json!({"domainName": domain.0});
        manage("POST", "/domainnames", &name).expect(201);
        let mut mapping = json!({"restApiId": api(), "stage": "v1"});
        if let Some(base) = base {
            mapping["basePath"] = json!(base);
        }
        let path = format!("/domainnames/{}/basepathmappings", domain.0);
        manage("POST", &path, &mapping).expect(201);
        domain
    }

    fn ask(&self, method: &str, path: &str, user: &User, body: Option<&Value>) -> Answer {
        let url = format!("{}{path}", variable("AWS_ENDPOINT_URL"));
        let bearer = format!("Bearer {}", user.token);
        let headers = [
            ("Host", self.0.as_str()),
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let body = body.map(Value::to_string);
        ask_url(method, &url, &headers, body.as_deref().map(str::as_bytes))
    }
}

impl Drop for Domain {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let removed = manage("DELETE", &format!("/domainnames/{}", self.0), &json!({}));
            assert_eq!(removed.status, 202, "{removed:?}");
        }
    }
}

fn manage(method: &str, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let request = Signed {
        service: "apigateway",
        method,
        path,
        query: &[],
        headers: &[("content-type", "application/json")],
        body: body.as_bytes(),
    };
    call(&operator(), &request)
}

/// The API of the stack.
fn api() -> String {
    let apis = manage("GET", "/restapis", &json!({})).expect(200);
    let apis = apis.get("item").or(apis.get("items")).unwrap().as_array();
    let name = variable("STACK_NAME");
    let own = apis.unwrap().iter().find(|it| it["name"] == name.as_str());
    own.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn routes_are_found_and_links_lead_to_the_public_address_whatever_the_base_path() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(171, 40));
    import.ends("completed");
    for base in [None, Some("base"), Some("collect"), Some("a/b")] {
        let domain = Domain::new(base);
        let before = base.map(|it| format!("/{it}")).unwrap_or_default();
        let get = |path: &str| domain.ask("GET", &format!("{before}{path}"), &user, None);
        // With a slash at the end and without, a fixed path, one with variables, and none of ours.
        for path in ["/collect/team/", "/collect/team"] {
            assert_eq!(get(path).expect(200)["count"], 1, "{base:?} {path}");
        }
        let detail = get("/collect/team/1/").expect(200);
        assert_eq!(detail["id"], 1, "{base:?}");
        assert_eq!(get("/healthz").expect(200)["status"], "ok", "{base:?}");
        get("/collect/team/1/nothing/").is(404, r#"{"detail":"Not found."}"#);
        let page = get("/collect/team/1/rows/?limit=10").expect(200);
        let next = format!("{}/collect/team/1/rows/?limit=10&offset=10", api_url());
        assert_eq!(page["next"], next, "{base:?}");
        // Without the base path there is no such address.
        if base.is_some() {
            let elsewhere = domain.ask("GET", "/collect/team/1/", &user, None);
            let ours = elsewhere.status == 200 && elsewhere.json()["id"] == 1;
            assert!(!ours, "{base:?} {elsewhere:?}");
        }
    }
    let domain = Domain::new(Some("base"));
    let file = json!({"filename": "t.csv", "size": 10});
    let asked = domain.ask("POST", "/base/collect/team/", &user, Some(&file));
    let created = asked.expect(201);
    let place = asked.header("location").unwrap();
    assert_eq!(place, format!("{}/collect/team/2/", api_url()), "{created}");
    let cancel = "/base/collect/team/2/cancel/";
    domain.ask("POST", cancel, &user, None).expect(202);
}
