//! The schema's steps.

use crate::fixture::Fixture;

/// A step that came to the house behind later ones would be passed over in silence.
#[tokio::test]
async fn a_step_that_is_missing_behind_later_ones_is_told() {
    let fixture = Fixture::new().await;
    let again = fixture.ask(postgres::migrations::run).await;
    assert_eq!(again.unwrap(), 0);
    let forget = "DELETE FROM refinery_schema_history WHERE version = 5";
    fixture.execute(forget, &[]).await;
    let refused = fixture.ask(postgres::migrations::run).await.unwrap_err();
    let said = refused.to_string();
    assert!(said.contains("step 5 of the schema is missing"), "{said}");
}

/// The code before the newest steps runs on them, after a deploy that was taken back.
#[tokio::test]
async fn a_step_from_the_future_is_no_error() {
    let fixture = Fixture::new().await;
    let future = "INSERT INTO refinery_schema_history \
        SELECT 9999, 'from_the_future', applied_on, '1' FROM refinery_schema_history LIMIT 1";
    fixture.execute(future, &[]).await;
    assert_eq!(fixture.ask(postgres::migrations::run).await.unwrap(), 0);
}
