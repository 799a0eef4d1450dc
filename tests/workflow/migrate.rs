//! The custom resources of the function that migrates, called as CloudFormation calls it.

use std::net::TcpListener;

use serde_json::json;

use crate::fixture::client::User;
use crate::fixture::events::event;
use crate::fixture::{custom_resource, sample};

/// Asked before a migration: the subnets of a deploy may have no way to what functions need.
#[test]
fn what_is_not_reached_is_named_in_the_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap().to_string();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = gone.local_addr().unwrap().to_string();
    drop(gone);
    let mut request = event("migrate-database", "way-out");
    let answer = |request| custom_resource::answer_to("MigrateDatabaseFunction", request);
    request["ResourceProperties"]["Hosts"] = json!([open]);
    let reached = answer(request.clone());
    assert_eq!(reached["Status"], "SUCCESS", "{reached}");
    assert_eq!(reached["PhysicalResourceId"], "collect-way-out");
    request["ResourceProperties"]["Hosts"] = json!([open, closed]);
    let missed = answer(request);
    assert_eq!(missed["Status"], "FAILED", "{missed}");
    let said = missed["Reason"].as_str().unwrap();
    let expected = format!("SubnetIds have no way to {closed}: they need a NAT gateway");
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn the_schema_is_brought_up_to_date_again_and_stays_when_the_stack_is_deleted() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(141, 20));
    import.ends("completed");
    for case in ["create", "update", "delete"] {
        let request = event("migrate-database", case);
        let answer = custom_resource::answer_to("MigrateDatabaseFunction", request.clone());
        let expected = json!({
            "Status": "SUCCESS",
            "Reason": "The schema is up to date.",
            "PhysicalResourceId": "collect-schema",
            "StackId": request["StackId"],
            "RequestId": request["RequestId"],
            "LogicalResourceId": "Migration",
        });
        assert_eq!(answer, expected, "{case}");
        assert_eq!(import.rows_seen(), 20, "{case}");
    }
}
