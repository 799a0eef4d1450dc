//! Identities that may do less than the operator.

use serde_json::json;
use uuid::Uuid;

use super::{Credentials, Signed, call, operator, role};

/// A user of the account without any permission. The user is deleted with this value.
pub struct Nobody {
    name: String,
    pub credentials: Credentials,
}

impl Nobody {
    pub fn new() -> Self {
        let name = format!("nobody-{}", Uuid::new_v4().simple());
        ask("iam", &format!("Action=CreateUser&UserName={name}"));
        let key = ask("iam", &format!("Action=CreateAccessKey&UserName={name}"));
        let credentials = Credentials {
            access_key: between(&key, "AccessKeyId"),
            secret_key: between(&key, "SecretAccessKey"),
            session_token: None,
        };
        Self { name, credentials }
    }
}

impl Drop for Nobody {
    fn drop(&mut self) {
        let (name, key) = (&self.name, &self.credentials.access_key);
        ask(
            "iam",
            &format!("Action=DeleteAccessKey&UserName={name}&AccessKeyId={key}"),
        );
        ask("iam", &format!("Action=DeleteUser&UserName={name}"));
    }
}

/// The credentials that a function of the stack works with; `resource` is its name in the template.
pub fn credentials_of(resource: &str) -> Credentials {
    assume(resource, "")
}

/// The same, for a session that may do one of its things only.
pub fn narrowed_credentials_of(resource: &str, action: &str) -> Credentials {
    let statement = json!({"Effect": "Allow", "Action": action, "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
    assume(resource, &format!("&Policy={policy}"))
}

fn assume(resource: &str, narrowed: &str) -> Credentials {
    let role = role(resource).replace(':', "%3A").replace('/', "%2F");
    let body = format!("Action=AssumeRole&RoleSessionName=tests&RoleArn={role}{narrowed}");
    let answer = ask("sts", &body);
    Credentials {
        access_key: between(&answer, "AccessKeyId"),
        secret_key: between(&answer, "SecretAccessKey"),
        session_token: Some(between(&answer, "SessionToken")),
    }
}

/// A call in the query protocol, by the operator.
fn ask(service: &str, body: &str) -> String {
    let version = if service == "iam" {
        "2010-05-08"
    } else {
        "2011-06-15"
    };
    let body = format!("{body}&Version={version}");
    let request = Signed {
        service,
        method: "POST",
        path: "/",
        query: &[],
        headers: &[("content-type", "application/x-www-form-urlencoded")],
        body: body.as_bytes(),
    };
    let answer = call(&operator(), &request);
    assert_eq!(answer.status, 200, "{body}: {answer:?}");
    answer.body
}

fn between(xml: &str, tag: &str) -> String {
    let after = xml.split(&format!("<{tag}>")).nth(1).unwrap();
    after.split('<').next().unwrap().to_owned()
}
