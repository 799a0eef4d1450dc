use std::sync::Arc;

use conduct::Conductor;
use finish_import::FinishImport;

#[tokio::main]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("finish-import", &config).await?);
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let work = FinishImport::new(database, conductor);
    lambda::workflow::run(|event| work.finish(event)).await
}
