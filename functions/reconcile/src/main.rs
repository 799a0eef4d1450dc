use std::sync::Arc;

use aws::objects::Objects;
use conduct::{Conductor, ExportConductor};
use reconcile::Reconcile;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("reconcile", &config).await?);
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let objects = Objects::new(&config, lambda::settings::required("UPLOAD_BUCKET")?);
    let chunk_timeout = lambda::settings::parsed("CHUNK_TIMEOUT_SECONDS")?;
    let exports = ExportConductor::from_environment(&config, database.clone(), objects.clone())?;
    let work = Reconcile::new(database, conductor, exports, objects, chunk_timeout);
    lambda::workflow::run(|event| work.reconcile(event)).await
}
