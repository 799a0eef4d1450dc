use std::sync::Arc;

use aws::objects::Objects;
use conduct::Conductor;
use domain::limits::LONG_FUNCTION_BUDGET;
use plan_chunks::PlanChunks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("plan-chunks", &config).await?);
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let objects = Objects::new(&config, lambda::settings::required("UPLOAD_BUCKET")?);
    let work = PlanChunks::new(database, conductor, objects, LONG_FUNCTION_BUDGET);
    lambda::workflow::run(|event| work.plan(event)).await
}
