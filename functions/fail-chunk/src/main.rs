use std::sync::Arc;

use conduct::Conductor;
use fail_chunk::FailChunk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("fail-chunk", &config).await?);
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let work = FailChunk::new(database, conductor);
    lambda::workflow::run(|event| work.receive(event)).await
}
