//! The custom resource that migrates, called as CloudFormation calls it.

use serde_json::json;

use crate::fixture::client::User;
use crate::fixture::events::event;
use crate::fixture::{custom_resource, sample};

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
