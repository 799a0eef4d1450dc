use std::sync::Arc;

use aws::objects::Objects;
use conduct::Conductor;
use start_import::StartImport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("start-import", &config).await?);
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let objects = Objects::new(&config, lambda::settings::required("UPLOAD_BUCKET")?);
    let work = StartImport::new(database, conductor, objects);
    lambda::workflow::run(|event| work.start(event)).await
}
