#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    lambda::workflow::run(|request| migrate_database::migrate(&config, request)).await
}
