//! How many requests the stage takes, and what AWS WAF looks at.

use contracts::http::routes::Route;
use serde_json::{Value, json};

use super::template::{Template, list, text};

/// What costs a hash, which is slow on purpose.
const SLOW: [(Route, &str); 5] = [
    (Route::Token, "POST"),
    (Route::Users, "POST"),
    (Route::Me, "DELETE"),
    (Route::SetPassword, "POST"),
    (Route::ApiKeys, "POST"),
];

fn settings(template: &Template) -> Vec<&Value> {
    list(&template.resource("Api")["Properties"]["MethodSettings"])
}

/// As CloudFormation wants a path.
fn escaped(path: &str) -> String {
    format!("/{}", path.replace('/', "~1"))
}

#[test]
fn every_method_has_a_limit_and_slow_ones_a_lower_one() {
    let template = Template::load();
    let limited = |rate: &str, burst: &str, path: String, method: &str| {
        json!({
            "ResourcePath": path, "HttpMethod": method,
            "ThrottlingRateLimit": {"Ref": rate}, "ThrottlingBurstLimit": {"Ref": burst},
        })
    };
    let every = limited("RequestsPerSecond", "RequestsAtOnce", "/*".to_owned(), "*");
    let slow = SLOW.map(|(route, method)| {
        let path = escaped(route.path());
        limited("SignInsPerSecond", "SignInsAtOnce", path, method)
    });
    let expected: Vec<Value> = std::iter::once(every).chain(slow).collect();
    let found: Vec<Value> = settings(&template).into_iter().cloned().collect();
    assert_eq!(found, expected);
    let default = |name: &str| template.parameter(name)["Default"].as_u64().unwrap();
    assert!(default("SignInsPerSecond") < default("RequestsPerSecond"));
    assert!(default("SignInsAtOnce") < default("RequestsAtOnce"));
}

/// Nobody pays for it unasked, and the local cloud does not know what ties it to the stage.
#[test]
fn there_is_a_waf_only_where_it_is_asked_for() {
    let template = Template::load();
    assert_eq!(template.parameter("WafRequests")["Default"], 0);
    let asked = &template.conditions()["HasWaf"];
    let none = json!({"Fn::Equals": [{"Ref": "WafRequests"}, "0"]});
    assert_eq!(*asked, json!({"Fn::Not": [none]}));
    for name in ["WebAcl", "WebAclAssociation"] {
        assert_eq!(template.resource(name)["Condition"], "HasWaf", "{name}");
    }
}

#[test]
fn the_waf_looks_at_sign_ins_and_sign_ups() {
    let template = Template::load();
    let rules = list(&template.resource("WebAcl")["Properties"]["Rules"]);
    let [rule] = rules[..] else {
        panic!("{rules:?} are not one rule");
    };
    let rate = &rule["Statement"]["RateBasedStatement"];
    assert_eq!(rate["Limit"], json!({"Ref": "WafRequests"}));
    let statements = list(&rate["ScopeDownStatement"]["OrStatement"]["Statements"]);
    let parts = statements
        .into_iter()
        .map(|it| text(&it["ByteMatchStatement"]["SearchString"]));
    let parts: Vec<String> = parts.collect();
    for &route in Route::ALL {
        let looked_at = parts.iter().any(|it| route.path().contains(it.as_str()));
        let is_about_accounts = matches!(route.function("POST"), "auth");
        assert_eq!(looked_at, is_about_accounts, "{route:?}");
    }
}
