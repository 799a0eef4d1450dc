//! The numbered steps of the schema, and the table of those that were applied.

use crate::fixture::database::Fixture;

/// Without this check, a step that is added below the newest one would never run, and no error
/// would say so.
#[tokio::test]
async fn a_step_that_is_missing_below_the_newest_is_an_error() {
    let fixture = Fixture::new().await;
    let again = fixture.ask(postgres::migrations::run).await;
    assert_eq!(again.unwrap(), 0);
    let forget = "DELETE FROM refinery_schema_history WHERE version = 5";
    fixture.execute(forget, &[]).await;
    let refused = fixture.ask(postgres::migrations::run).await.unwrap_err();
    let said = refused.to_string();
    assert!(said.contains("step 5 of the schema is missing"), "{said}");
}

/// After a deploy is undone, the previous code runs on the newer schema.
#[tokio::test]
async fn a_step_from_the_future_is_no_error() {
    let fixture = Fixture::new().await;
    let future = "INSERT INTO refinery_schema_history \
        SELECT 9999, 'from_the_future', applied_on, '1' FROM refinery_schema_history LIMIT 1";
    fixture.execute(future, &[]).await;
    assert_eq!(fixture.ask(postgres::migrations::run).await.unwrap(), 0);
}
